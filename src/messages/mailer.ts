/**
 * The ways out: e-mail, and texts to a phone. What answers is a value; a throw is taken for `retry`. An answer's words
 * are kept in the log of tries, so an implementation leaves addresses out of them.
 */
export type SendAnswer = { readonly answer: string; readonly providerId?: string } & (
  | { readonly kind: "sent" }
  /** Not now: the server is busy or away. */
  | { readonly kind: "retry" }
  /** This address takes nothing, now or ever. */
  | { readonly kind: "bounced" }
  /** This person asked to be left alone, and the carrier knows it. */
  | { readonly kind: "opted_out" }
  /** Refused for a reason that lies with us; repeating it changes nothing. */
  | { readonly kind: "failed" }
);

export type Mail = {
  readonly to: string;
  /** The church's name, shown before the service's own address. */
  readonly fromName: string;
  readonly replyTo: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly inline: readonly InlineImage[];
  /** The same at every try, so that a mail system which sees it twice can tell. */
  readonly messageId: string;
  /** One click leaves (RFC 8058); absent where there is nothing to leave. */
  readonly unsubscribeUrl: string | undefined;
  /** Where it comes back to when it cannot arrive: the envelope's sender. Absent: the service's own address. */
  readonly returnTo: string | undefined;
};
export type InlineImage = { readonly cid: string; readonly png: Uint8Array; readonly alt: string };

export type Mailer = { send(mail: Mail): Promise<SendAnswer> };

export type PhoneChannel = "sms" | "whatsapp";
export type PhoneText = {
  readonly channel: PhoneChannel;
  /** With country code, e.g. `+525512345678`. */
  readonly to: string;
  /** The church's name: some carriers take nothing but its place in an approved form of words. */
  readonly church: string;
  readonly body: string;
  /** Where the carrier tells what became of it. */
  readonly statusUrl: string;
};

export type TextSender = {
  /** The ways it has a number of ours for. */
  readonly channels: readonly PhoneChannel[];
  send(text: PhoneText): Promise<SendAnswer>;
};

/** Servers repeat the address they refuse; the log keeps none. */
export const withoutAddresses = (words: string): string =>
  words.replaceAll(/[^\s<>@]+@[^\s<>@]+/g, "<address>");
