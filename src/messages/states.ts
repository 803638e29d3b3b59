export const channels = ["email", "sms", "whatsapp"] as const;
export type Channel = (typeof channels)[number];

/** `suppressed`: the person does not want it, or the address is known to be dead. `bounced`: refused for good. */
export const messageStates = ["queued", "sending", "sent", "failed", "suppressed", "bounced"] as const;
export type MessageState = (typeof messageStates)[number];
