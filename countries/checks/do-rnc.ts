import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * The Dominican Registro Nacional del Contribuyente: a check digit, verified by stdnum.
 */
export const doRncDocument = identityDocument({
  type: "rnc",
  label: { es: "RNC", en: "RNC (Dominican tax number)", pt: "RNC" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el RNC de la DGII.",
    en: "It identifies the church to the authority and stands on receipts: the RNC of the DGII.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o RNC da DGII.",
  },
  example: "1-01-85004-3",
  mend: "a RNC of 9 digits such as 1-01-85004-3",
  read: provenBy(stdnum.DO?.rnc),
  write: written("#-##-#####-#"),
});
