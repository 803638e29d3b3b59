import type { CollectOrder, Evidence } from "../../src/gateway/payment.ts";

/** What belongs to the donor and must not survive in anything stored. */
export type DonorWords = readonly string[];

/** Everything an order says of the donor, for {@link scrub}. */
export function donorWords({ donor, method }: CollectOrder): DonorWords {
  const { address, device } = donor;
  const told = [
    donor.name,
    donor.email,
    donor.phone,
    donor.taxId?.number,
    device?.ipAddress,
    address?.street,
    address?.district,
    address?.city,
    method.token,
  ];
  return told.filter((word) => word !== undefined);
}

/** What must never be kept, by its shape, and what is written in its place. */
const shapes: readonly (readonly [RegExp, string])[] = [
  [/\b(?:APP_USR|TEST)-[\w-]{8,}/g, "[secret]"],
  [/\b[0-9a-f]{32}\b/gi, "[token]"],
  [/(https?:\/\/[^\s"'?#]+)[?#][^\s"']*/g, "$1"],
  [/[^\s"'<>:,;()]+@[^\s"'<>,;()]+/g, "[email]"],
];
/** Cards, CLABEs, documents, telephones: seven digits or more that are no part of a word. */
const longNumber = /(?<![A-Za-z0-9_])\+?\d(?:[ ().-]{0,2}\d){6,}(?![A-Za-z0-9_])/g;

const special = /[.*+?^${}()|[\]\\]/g;

/** A text of the gateway's without secrets and without the donor, at most 500 characters of it. */
export function scrub(text: string, words: DonorWords = []): string {
  let clean = shapes.reduce((said, [shape, instead]) => said.replace(shape, instead), text);
  const parts = words.flatMap((word) => [word, ...word.split(/[\s:]+/)]).filter((part) => part.length > 2);
  for (const part of parts.sort((a, b) => b.length - a.length)) {
    clean = clean.replaceAll(new RegExp(part.replace(special, "\\$&"), "giu"), "[donor]");
  }
  return clean.replace(longNumber, "[number]").slice(0, 500);
}

/** Evidence with what is unknown left out. */
export function evidenceOf(parts: { [K in keyof Evidence]: Evidence[K] | undefined }): Evidence {
  const known = Object.entries(parts).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known);
}
