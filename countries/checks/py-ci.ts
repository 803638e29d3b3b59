import { inThousands } from "../../src/kernel/written-number.ts";
import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Paraguay's cédula de identidad: up to eight digits, no check digit (facts: methods §2).
 */
export const pyCedulaDocument = identityDocument({
  type: "ci",
  label: {
    es: "Cédula de identidad",
    en: "Cédula de identidad (Paraguayan identity card)",
    pt: "Cédula de identidade",
  },
  why: {
    es: "El medio de pago pide la cédula de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's identity card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "4.321.765",
  mend: "a cédula of 5 to 8 digits such as 4.321.765",
  read: shaped(/^[1-9]\d{4,7}$/),
  write: inThousands,
});
