import type { Validator } from "stdnum";
import type { IdentityDocument } from "../../src/gateway/country-profile.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { maskNumber, plain } from "../../src/kernel/written-number.ts";

/** What a document's own file says of it; the rest is the same for all. */
type Description = Pick<IdentityDocument, "type" | "label" | "why" | "example"> & {
  /** Ends the sentence "must be …": what a right number looks like. */
  readonly mend: string;
  /** The compact form, or `undefined` where the number is not right. */
  readonly read: (text: string) => string | undefined;
  /** How the compact form is written on the document; as it is where absent. */
  readonly write?: (compact: string) => string;
};

/** A document from its description. `check` never throws, whatever the text. */
export const identityDocument = ({ mend, read, write, ...said }: Description): IdentityDocument => ({
  ...said,
  check(text) {
    const compact = text.length > longest ? undefined : read(text);
    return compact === undefined ? err(`must be ${mend}`) : ok(compact);
  },
  format: write ?? ((compact) => compact),
  mask: maskNumber,
});

/** No document is longer, however generously spaced: nothing beyond it is even looked at. */
const longest = 60;

/** Reads a number that has a shape and no check digit. */
export const shaped =
  (shape: RegExp, marks?: string) =>
  (text: string): string | undefined => {
    const compact = plain(text, marks);
    return shape.test(compact) ? compact : undefined;
  };

/** Reads what the library `stdnum` finds right and says in which form. */
export const provenBy =
  (validator: Validator | undefined) =>
  (text: string): string | undefined => {
    const verdict = validator?.validate(text.trim().toUpperCase());
    return verdict?.isValid ? verdict.compact : undefined;
  };

/** Digits that are all the same: right by arithmetic, and never issued. */
export const isOneDigitRepeated = (digits: string): boolean => /^(\d)\1+$/.test(digits);
