/** Fills an array with random bytes; a test gives a counting one. */
export type RandomBytes = (target: Uint8Array) => Uint8Array;

const letters = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** PayPal's spellings of ids. */
export type Ids = {
  /** Orders, captures, refunds, transactions and setup tokens: 17 capital letters and digits. */
  payment(): string;
  /** Payer ids: 13. */
  payer(): string;
  /** `WH-` and two groups of 17. */
  event(): string;
  dispute(): string;
  /** Payment tokens of the vault: lower case. */
  vault(): string;
  customer(): string;
  debug(): string;
  uuid(): string;
  accessToken(): string;
};

export function makeIds(random: RandomBytes): Ids {
  const bytes = (length: number) => [...random(new Uint8Array(length))];
  const text = (length: number) =>
    bytes(length)
      .map((byte) => letters[byte % letters.length])
      .join("");
  const hex = (length: number) =>
    bytes(length)
      .map((byte) => (byte % 16).toString(16))
      .join("");
  const digits = (length: number) =>
    bytes(length)
      .map((byte) => byte % 10)
      .join("");
  return {
    payment: () => text(17),
    payer: () => text(13),
    event: () => `WH-${text(17)}-${text(17)}`,
    dispute: () => `PP-R-${text(3)}-${digits(8)}`,
    vault: () => text(17).toLowerCase(),
    customer: () => text(10),
    debug: () => hex(13),
    uuid: () => `${hex(8)}-${hex(4)}-11f0-9${hex(3)}-${hex(12)}`,
    accessToken: () => `A21AA${text(80)}`,
  };
}
