import { uuidv7 } from "uuidv7";

/**
 * Every id is a branded string: a three-letter prefix, `_`, and the 32 hexadecimal digits of a time-ordered
 * UUIDv7 (RFC 9562). The database keeps the bare UUID; the prefix exists at the edges and in the types, so
 * a fund's id can never be passed where a donor's is meant.
 */
export type Id<P extends string> = string & { readonly __prefix: P };

export const idPrefixes = {
  church: "ch",
  platform: "plt",
  legalEntity: "len",
  donor: "dnr",
  fund: "fnd",
  donation: "don",
  allocation: "alc",
  attempt: "att",
  refund: "rfd",
  dispute: "dsp",
  receipt: "rcp",
  event: "evt",
  webhookEndpoint: "whe",
  delivery: "dlv",
  inboxEvent: "inb",
  gatewayAccount: "gwa",
  entry: "ent",
  account: "acc",
  apiKey: "key",
  bankStatement: "bst",
  bankLine: "bsl",
  approval: "apr",
  debitAccount: "dba",
  debitFile: "dbf",
  offlineBatch: "obt",
  mandate: "mdt",
  recurringGift: "rcg",
  occurrence: "occ",
  message: "msg",
} as const;

export type IdKind = keyof typeof idPrefixes;
export type IdOf<K extends IdKind> = Id<(typeof idPrefixes)[K]>;

export type ChurchId = IdOf<"church">;
export type PlatformId = IdOf<"platform">;
export type LegalEntityId = IdOf<"legalEntity">;
export type DonorId = IdOf<"donor">;
export type FundId = IdOf<"fund">;
export type DonationId = IdOf<"donation">;
export type AttemptId = IdOf<"attempt">;
export type RefundId = IdOf<"refund">;
export type DisputeId = IdOf<"dispute">;
export type EventId = IdOf<"event">;
export type WebhookEndpointId = IdOf<"webhookEndpoint">;
export type DeliveryId = IdOf<"delivery">;
export type InboxEventId = IdOf<"inboxEvent">;
export type GatewayAccountId = IdOf<"gatewayAccount">;
export type EntryId = IdOf<"entry">;
export type AccountId = IdOf<"account">;
export type ApiKeyId = IdOf<"apiKey">;
export type BankStatementId = IdOf<"bankStatement">;
export type BankLineId = IdOf<"bankLine">;
export type ApprovalId = IdOf<"approval">;
export type DebitAccountId = IdOf<"debitAccount">;
export type DebitFileId = IdOf<"debitFile">;
export type OfflineBatchId = IdOf<"offlineBatch">;
export type MandateId = IdOf<"mandate">;
export type RecurringGiftId = IdOf<"recurringGift">;
export type OccurrenceId = IdOf<"occurrence">;
export type MessageId = IdOf<"message">;

const hex32 = /^[0-9a-f]{32}$/;

/** A fresh id of the kind named. Ids made later sort later. */
export function newId<K extends IdKind>(kind: K): IdOf<K> {
  return toId(kind, uuidv7());
}

/** The prefixed id for a bare UUID as the database keeps it. */
export function toId<K extends IdKind>(kind: K, uuid: string): IdOf<K> {
  return `${idPrefixes[kind]}_${uuid.replaceAll("-", "")}` as IdOf<K>;
}

/** The id if `text` is one of the kind named, else `undefined`; nothing else turns outside text into an id. */
export function parseId<K extends IdKind>(kind: K, text: string | null | undefined): IdOf<K> | undefined {
  const prefix = `${idPrefixes[kind]}_`;
  return text?.startsWith(prefix) && hex32.test(text.slice(prefix.length)) ? (text as IdOf<K>) : undefined;
}

/** The bare UUID inside a prefixed id, in the database's spelling. */
export function uuidOf(id: Id<string>): string {
  const h = id.slice(id.indexOf("_") + 1);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}
