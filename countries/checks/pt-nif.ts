import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Portugal's Número de Identificação Fiscal, and the NIPC of organisations, which is built alike: a check digit,
 * verified by stdnum.
 */
export const ptNifDocument = identityDocument({
  type: "nif",
  label: { es: "NIF", en: "NIF (Portuguese tax number)", pt: "NIF" },
  why: {
    es: "Para que tu iglesia pueda poner tu NIF, que Finanzas pide para desgravar en tu recibo.",
    en: "So that your church can put your NIF, which the tax office wants for the deduction on your receipt.",
    pt: "Para que sua igreja possa pôr o seu NIF, que as Finanças pedem para a dedução no seu recibo.",
  },
  example: "501 964 843",
  mend: "a NIF of 9 digits such as 501 964 843",
  read: provenBy(stdnum.PT?.nif),
  write: written("### ### ###"),
});
