import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Peru's carné de extranjería, of residents from abroad: nine digits, no check digit.
 */
export const peCarneExtranjeriaDocument = identityDocument({
  type: "ce",
  label: {
    es: "Carné de extranjería",
    en: "Carné de extranjería (Peruvian foreigner's card)",
    pt: "Carnê de estrangeiro",
  },
  why: {
    es: "El medio de pago pide el carné de extranjería de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's foreigner's card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede o carnê de estrangeiro de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "001043328",
  mend: "a carné de extranjería of 9 digits such as 001043328",
  read: shaped(/^\d{9}$/),
});
