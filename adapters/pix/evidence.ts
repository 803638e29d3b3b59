import type { CollectDonor, Evidence } from "../../src/gateway/payment.ts";

/** Values of the donor that must not survive in anything we store. */
export type DonorWords = readonly string[];

export const donorWords = (donor: CollectDonor): DonorWords =>
  [donor.name, donor.email, donor.phone, donor.taxId?.number].filter((word) => word !== undefined);

const tokens = /\b(?:Bearer|Basic)\s+[\w.~+/=-]+/gi;
const webTokens = /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g;
const emails = /[^\s"'<>:,;()]+@[^\s"'<>,;()]+/g;
const randomKeys = /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi;
const urls = /(https?:\/\/[^\s"'?#]+)[?#][^\s"']*/g;
const companies = /\b[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}\/?[0-9A-Z]{4}-?\d{2}\b/g;
/** CPF, CNPJ, account and telephone numbers: seven digits or more that are not part of an id. */
const longNumbers = /(?<![A-Za-z0-9_])\+?\d(?:[ ()./-]{0,2}\d){6,}(?![A-Za-z0-9_])/g;
const longest = 500;

/**
 * Takes secrets and donor data out of a provider's text: tokens, Pix keys, documents, telephones, e-mail addresses and
 * the donor's own words wherever they are echoed. Cut to 500 characters.
 */
export function scrub(text: string, words: DonorWords = []): string {
  let clean = text
    .replace(tokens, "[secret]")
    .replace(webTokens, "[secret]")
    .replace(urls, "$1")
    .replace(emails, "[email]")
    .replace(randomKeys, "[key]");
  for (const word of words.flatMap((one) => [one, ...one.split(/\s+/)])) {
    if (word.length >= 3) clean = clean.replaceAll(new RegExp(escaped(word), "giu"), "[donor]");
  }
  return clean.replace(companies, "[number]").replace(longNumbers, "[number]").slice(0, longest);
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Leaves out what is undefined, as `exactOptionalPropertyTypes` wants. */
export function evidence(parts: { [K in keyof Evidence]: Evidence[K] | undefined }): Evidence {
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
}
