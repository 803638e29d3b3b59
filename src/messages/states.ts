export const channels = ["email", "sms", "whatsapp"] as const;
export type Channel = (typeof channels)[number];

/** `suppressed`: the person does not want it, or the address is known to be dead. `bounced`: refused for good. */
export const messageStates = ["queued", "sending", "sent", "failed", "suppressed", "bounced"] as const;
export type MessageState = (typeof messageStates)[number];

/**
 * What is told of a mail after it was taken: it is held up and still being tried, was given up for now, cannot arrive
 * at this address, or its reader complained of it.
 */
export const returnKinds = ["delayed", "failed", "bounced", "complained"] as const;
export type ReturnKind = (typeof returnKinds)[number];
