import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Colombia's cédula de extranjería, of residents from abroad: digits alone, no check digit.
 */
export const coCedulaExtranjeriaDocument = identityDocument({
  type: "ce",
  label: {
    es: "Cédula de extranjería",
    en: "Cédula de extranjería (Colombian foreigner's card)",
    pt: "Cédula de estrangeiro",
  },
  why: {
    es: "El medio de pago pide la cédula de extranjería de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's foreigner's card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de estrangeiro de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "374582",
  mend: "a cédula de extranjería of 5 to 10 digits such as 374582",
  read: shaped(/^\d{5,10}$/),
});
