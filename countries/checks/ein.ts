import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

// stdnum takes hyphens anywhere; 911-14-4442 is how a social security number is written, and must not pass as an EIN.
const shape = /^\d{2}-?\d{7}$/;
const proven = provenBy(stdnum.US?.ein);

/** The IRS's Employer Identification Number: nine digits after a prefix the IRS has used; it has no check digit. */
export const einDocument = identityDocument({
  type: "ein",
  label: { es: "EIN", en: "EIN", pt: "EIN" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el EIN del IRS.",
    en: "It identifies the church to the authority and stands on receipts: the EIN of the IRS.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o EIN do IRS.",
  },
  example: "91-1144442",
  mend: "an EIN of nine digits such as 91-1144442",
  read: (text) => (shape.test(text.trim()) ? proven(text) : undefined),
  write: written("##-#######"),
});
