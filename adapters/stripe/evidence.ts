import type { CollectDonor, CollectOrder, Evidence } from "../../src/gateway/payment.ts";

/** Values of the donor that must not survive in anything we store: names, e-mail, telephone, document, street. */
export type DonorWords = readonly string[];

/** The donor's own words in an order, for {@link scrub}. */
export const donorWords = (order: CollectOrder): DonorWords => wordsOf(order.donor);

export const wordsOf = ({ name, email, phone, taxId, address }: CollectDonor): DonorWords =>
  [name, email, phone, taxId?.number, address?.street].filter((word) => word !== undefined);

const secrets = /\b(?:sk|rk|pk|whsec|ek|ephkey|btok|tok|ctoken)_[A-Za-z0-9_*.]+/g;
const clientSecrets = /\b(?:pi|seti|cs|src)_[A-Za-z0-9_]+_secret_[A-Za-z0-9_]+/g;
const emails = /[^\s"'<>:,;()]+@[^\s"'<>,;()]+/g;
const urls = /(https?:\/\/[^\s"'?#]+)[?#][^\s"']*/g;
/** Card, CLABE, account and telephone numbers: seven digits or more that are not part of an id. */
const longNumbers = /(?<![A-Za-z0-9_])\+?\d(?:[ ().-]{0,2}\d){6,}(?![A-Za-z0-9_])/g;
const longest = 500;

/**
 * Takes secrets and donor data out of a text of Stripe's: keys, client secrets, e-mail addresses, numbers long
 * enough to be a card, an account or a telephone, and the donor's own words wherever they are echoed (names are
 * only known that way). Cut to 500 characters. A word of the donor shorter than three letters is left alone.
 */
export function scrub(text: string, words: DonorWords = []): string {
  let clean = text
    .replace(clientSecrets, "[secret]")
    .replace(secrets, "[secret]")
    .replace(urls, "$1")
    .replace(emails, "[email]");
  for (const word of words.flatMap((w) => [w, ...w.split(/\s+/)])) {
    if (word.length >= 3) clean = clean.replaceAll(new RegExp(escaped(word), "giu"), "[donor]");
  }
  return clean.replace(longNumbers, "[number]").slice(0, longest);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Leaves out what is undefined, as `exactOptionalPropertyTypes` wants. */
export function evidence(parts: { [K in keyof Evidence]: Evidence[K] | undefined | null }): Evidence {
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined && value !== null),
  );
}
