import type { CollectDonor, Evidence } from "../../src/gateway/payment.ts";

/** Values of the donor that must not survive in anything we store: names, e-mail, telephone, document. */
export type DonorWords = readonly string[];

/** The donor's own words, for {@link scrub}. */
export const donorWords = (donor: CollectDonor): DonorWords =>
  [donor.name, donor.email, donor.phone, donor.taxId?.number, donor.address?.street].filter(
    (word) => word !== undefined,
  );

type Rule = readonly [RegExp, string];
/** In this order: access tokens of PayPal, authorization headers, addresses with a query, e-mail, long numbers. */
const rules: readonly Rule[] = [
  [/\bA(?:21AA|103\.)[\w.-]+/g, "[secret]"],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, "$1 [secret]"],
  [/(https?:\/\/[^\s"'?#]+)[?#][^\s"']*/g, "$1"],
  [/[^\s"'<>:,;()[\]]+@[^\s"'<>,;()[\]]+/g, "[email]"],
];
/** Card, account and telephone numbers: seven digits or more that are no part of an id. */
const longNumbers = /(?<!\w)\+?\d(?:[ ().-]{0,2}\d){6,}(?!\w)/g;
const longest = 500;
const special = /[$()*+.?[\\\]^{|}]/g;

/**
 * Takes secrets and donor data out of a text of PayPal's: tokens, e-mail addresses, numbers long enough to be a
 * card or a telephone, and the donor's own words (a name is only known that way). Cut to 500 characters; words
 * of the donor shorter than three letters are left alone.
 */
export function scrub(text: string, words: DonorWords = []): string {
  const plain = rules.reduce((clean, [pattern, stand]) => clean.replace(pattern, stand), text);
  const whole = words.flatMap((word) => [word, ...word.split(/\s+/)]).filter((word) => word.length >= 3);
  const spelled = whole.map((word) => new RegExp(word.replace(special, "\\$&"), "giu"));
  return spelled
    .reduce((clean, pattern) => clean.replaceAll(pattern, "[donor]"), plain)
    .replace(longNumbers, "[number]")
    .slice(0, longest);
}

/** An `Evidence` of what is known, leaving the rest out. */
export function evidence(parts: { [K in keyof Evidence]: Evidence[K] | undefined }): Evidence {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
