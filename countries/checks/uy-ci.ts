import { stdnum } from "stdnum";
import { plain, written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

const proven = provenBy(stdnum.UY?.cedula);

/**
 * Uruguay's cédula de identidad: seven digits and a check digit, verified by stdnum.
 */
export const uyCedulaDocument = identityDocument({
  type: "ci",
  label: {
    es: "Cédula de identidad",
    en: "Cédula de identidad (Uruguayan identity card)",
    pt: "Cédula de identidade",
  },
  why: {
    es: "El medio de pago pide la cédula de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's identity card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "1.234.567-2",
  mend: "a cédula of 8 digits such as 1.234.567-2",
  read: (text) => {
    const digits = plain(text);
    // Cards below a million have one digit less; the number is the same with a zero before it.
    return /^\d{7,8}$/.test(digits) ? proven(digits.padStart(8, "0")) : undefined;
  },
  write: written("#.###.###-#"),
});
