import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * The Dominican cédula de identidad y electoral: Luhn's check digit, verified by stdnum.
 */
export const doCedulaDocument = identityDocument({
  type: "cedula",
  label: { es: "Cédula", en: "Cédula (Dominican identity card)", pt: "Cédula" },
  why: {
    es: "El medio de pago pide la cédula de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's identity card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "001-1391820-5",
  mend: "a cédula of 11 digits such as 001-1391820-5",
  read: provenBy(stdnum.DO?.cedula),
  write: written("###-#######-#"),
});
