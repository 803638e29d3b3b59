import { plain } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

const shape = /^(\d{5,10})(\d[A-Z])?(?:LP|OR|PT|CB|CH|TJ|SC|BE|BN|PD|PA)?$/;

/**
 * Bolivia's cédula de identidad: digits, two characters more where an older card has the same number, no check digit
 * (facts: methods §2). The department of issue, once written after it, is no part of the number and is left out.
 */
export const boCedulaDocument = identityDocument({
  type: "ci",
  label: {
    es: "Cédula de identidad",
    en: "Cédula de identidad (Bolivian identity card)",
    pt: "Cédula de identidade",
  },
  why: {
    es: "El medio de pago pide la cédula de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's identity card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "6734218-1A",
  mend: "a cédula of 5 to 10 digits, with its complement where it has one, such as 6734218-1A",
  read: (text) => {
    const [, number = "", complement] = shape.exec(plain(text)) ?? [];
    if (number === "") return undefined;
    return complement === undefined ? number : `${number}-${complement}`;
  },
});
