import { stdnum } from "stdnum";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Spain's Número de Identificación Fiscal: a DNI, a NIE, a CIF, or a K, L or M number, each with its check, verified by
 * stdnum.
 */
export const esNifDocument = identityDocument({
  type: "nif",
  label: { es: "NIF", en: "NIF (Spanish tax number)", pt: "NIF" },
  why: {
    es: "Para que tu iglesia pueda poner tu NIF, que Hacienda pide para desgravar en tu recibo.",
    en: "So that your church can put your NIF, which the tax office wants for the deduction on your receipt.",
    pt: "Para que sua igreja possa pôr seu NIF, que o fisco espanhol pede para a dedução no seu recibo.",
  },
  example: "12345678Z",
  mend: "a NIF such as 12345678Z, X2482300W or R2800011E",
  read: provenBy(stdnum.ES?.nif),
});
