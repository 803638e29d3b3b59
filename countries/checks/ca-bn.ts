import { luhnHolds } from "../../src/kernel/check-digits.ts";
import { plain, written } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

const shape = /^\d{9}R[CMPRTZ]\d{4}$/;

/**
 * Canada's business number with its program account; RR is a registered charity's. Luhn's check digit over the first
 * nine. The nine alone are not taken: they could be a person's social insurance number, which is never stored. Own
 * check: stdnum does not know RR.
 */
export const caBusinessNumberDocument = identityDocument({
  type: "bn",
  label: { es: "Número de empresa (BN)", en: "Business number (BN)", pt: "Número de empresa (BN)" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el número de registro de la CRA.",
    en: "It identifies the church to the authority and stands on receipts: the registration number of the CRA.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o número de registro da CRA.",
  },
  example: "12345 6782 RR0001",
  mend: "a business number with its program account such as 123456782RR0001",
  read: (text) => {
    const compact = plain(text);
    return shape.test(compact) && luhnHolds(compact.slice(0, 9)) ? compact : undefined;
  },
  write: written("##### #### ######"),
});
