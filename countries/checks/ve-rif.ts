import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Venezuela's Registro de Identificación Fiscal: a letter for who it is, digits and a check digit, verified by stdnum.
 */
export const veRifDocument = identityDocument({
  type: "rif",
  label: { es: "RIF", en: "RIF (Venezuelan tax number)", pt: "RIF" },
  why: {
    es: "Para que tu iglesia pueda poner tu RIF en tu recibo.",
    en: "So that your church can put your RIF on your receipt.",
    pt: "Para que sua igreja possa pôr seu RIF no seu recibo.",
  },
  example: "V-11470283-4",
  mend: "a RIF such as V-11470283-4",
  read: provenBy(stdnum.VE?.rif),
  write: written("#-########-#"),
});
