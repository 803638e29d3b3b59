import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Colombia's tarjeta de identidad, of those under eighteen: ten digits, eleven on older cards; no check digit.
 */
export const coTarjetaIdentidadDocument = identityDocument({
  type: "ti",
  label: {
    es: "Tarjeta de identidad",
    en: "Tarjeta de identidad (Colombian minor's card)",
    pt: "Tarjeta de identidade",
  },
  why: {
    es: "El medio de pago pide la tarjeta de identidad de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's identity card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a tarjeta de identidade de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "1002003004",
  mend: "a tarjeta de identidad of 10 or 11 digits such as 1002003004",
  read: shaped(/^\d{10,11}$/),
});
