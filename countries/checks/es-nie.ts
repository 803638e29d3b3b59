import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Spain's Número de Identidad de Extranjero: X, Y or Z, seven digits and a letter, verified by stdnum.
 */
export const esNieDocument = identityDocument({
  type: "nie",
  label: { es: "NIE", en: "NIE (Spanish foreigner's number)", pt: "NIE" },
  why: {
    es: "Para que tu iglesia pueda poner tu NIE, que Hacienda pide para desgravar en tu recibo.",
    en: "So that your church can put your NIE, which the tax office wants for the deduction on your receipt.",
    pt: "Para que sua igreja possa pôr seu NIE, que o fisco espanhol pede para a dedução no seu recibo.",
  },
  example: "X-2482300-W",
  mend: "a NIE such as X-2482300-W",
  read: provenBy(stdnum.ES?.nie),
  write: written("#-#######-#"),
});
