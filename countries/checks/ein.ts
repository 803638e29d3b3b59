import { stdnum } from "stdnum";
import type { IdentityDocument } from "../../src/gateway/country-profile.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { text } from "../define.ts";

// stdnum takes hyphens anywhere; 911-14-4442 is how a social security number is written, and must not pass as an EIN.
const shape = /^\d{2}-?\d{7}$/;
const ein = stdnum.US?.ein;

/** The IRS's Employer Identification Number: nine digits after a prefix the IRS has used; it has no check digit. */
export const einDocument: IdentityDocument = {
  type: "ein",
  label: text("EIN", "EIN"),
  example: "91-1144442",
  check(given) {
    const spelled = given.trim();
    const verdict = shape.test(spelled) ? ein?.validate(spelled) : undefined;
    return verdict?.isValid ? ok(verdict.compact) : err("must be an EIN of nine digits such as 91-1144442");
  },
  format: (compact) => ein?.format(compact) ?? compact,
};
