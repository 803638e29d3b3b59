import { stdnum } from "stdnum";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Peru's Registro Único de Contribuyentes: a check digit, verified by stdnum.
 */
export const peRucDocument = identityDocument({
  type: "ruc",
  label: { es: "RUC", en: "RUC (Peruvian tax number)", pt: "RUC" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el RUC de la SUNAT.",
    en: "It identifies the church to the authority and stands on receipts: the RUC of the SUNAT.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o RUC da SUNAT.",
  },
  example: "20512333797",
  mend: "a RUC of 11 digits such as 20512333797",
  read: provenBy(stdnum.PE?.ruc),
});
