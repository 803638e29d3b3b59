import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Argentina's CUIT of companies and the self-employed, and CUIL of employees, which is built alike: a check digit,
 * verified by stdnum.
 */
export const cuitDocument = identityDocument({
  type: "cuit",
  label: { es: "CUIT o CUIL", en: "CUIT or CUIL (Argentine tax number)", pt: "CUIT ou CUIL" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el CUIT de la ARCA.",
    en: "It identifies the church to the authority and stands on receipts: the CUIT of the ARCA.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o CUIT da ARCA.",
  },
  example: "20-05536168-2",
  mend: "a CUIT of 11 digits such as 20-05536168-2",
  read: provenBy(stdnum.AR?.cuit),
  write: written("##-########-#"),
});
