import { stdnum } from "stdnum";
import { inThousands } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Colombia's Número de Identificación Tributaria: its check digit is verified by stdnum. Asked of the church, and of
 * donors who give as a company.
 */
export const coNitDocument = identityDocument({
  type: "nit",
  label: { es: "NIT", en: "NIT (Colombian tax number)", pt: "NIT" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el NIT de la DIAN.",
    en: "It identifies the church to the authority and stands on receipts: the NIT of the DIAN.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o NIT da DIAN.",
  },
  example: "900.373.913-4",
  mend: "a NIT with its check digit such as 900.373.913-4",
  read: provenBy(stdnum.CO?.nit),
  write: (compact) => `${inThousands(compact.slice(0, -1))}-${compact.slice(-1)}`,
});
