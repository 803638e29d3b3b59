import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Bolivia's Número de Identificación Tributaria: digits; its check digit's rule is not published (facts: methods §2).
 */
export const boNitDocument = identityDocument({
  type: "nit",
  label: { es: "NIT", en: "NIT (Bolivian tax number)", pt: "NIT" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el NIT de Impuestos Nacionales.",
    en: "It identifies the church to the authority and stands on receipts: the NIT of Impuestos Nacionales.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o NIT de Impuestos Nacionales.",
  },
  example: "1023456021",
  mend: "a NIT of 7 to 12 digits such as 1023456021",
  read: shaped(/^[1-9]\d{6,11}$/),
});
