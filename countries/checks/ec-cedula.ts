import { stdnum } from "stdnum";
import { written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Ecuador's cédula de identidad: a province, a serial and a check digit, verified by stdnum.
 */
export const ecCedulaDocument = identityDocument({
  type: "cedula",
  label: { es: "Cédula", en: "Cédula (Ecuadorian identity card)", pt: "Cédula" },
  why: {
    es: "El medio de pago pide la cédula de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's identity card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "171430710-3",
  mend: "a cédula of 10 digits such as 1714307103",
  read: provenBy(stdnum.EC?.ci),
  write: written("#########-#"),
});
