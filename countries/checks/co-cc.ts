import { inThousands } from "../../src/kernel/written-number.ts";
import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Colombia's cédula de ciudadanía: six to ten digits, no check digit (facts: methods §2).
 */
export const coCedulaDocument = identityDocument({
  type: "cc",
  label: {
    es: "Cédula de ciudadanía",
    en: "Cédula de ciudadanía (Colombian citizen's card)",
    pt: "Cédula de ciudadania",
  },
  why: {
    es: "El medio de pago pide la cédula de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's citizen's card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "1020304050",
  mend: "a cédula de ciudadanía of 6 to 10 digits such as 1020304050",
  read: shaped(/^[1-9]\d{5,9}$/),
  write: inThousands,
});
