import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Costa Rica's DIMEX, of residents from abroad: eleven or twelve digits that begin with 1, no check digit. stdnum
 * refuses those of eleven.
 */
export const crDimexDocument = identityDocument({
  type: "dimex",
  label: { es: "DIMEX", en: "DIMEX (Costa Rican foreigner's card)", pt: "DIMEX" },
  why: {
    es: "El medio de pago pide el DIMEX de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's DIMEX; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede o DIMEX de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "155812994816",
  mend: "a DIMEX of 11 or 12 digits such as 155812994816",
  read: shaped(/^1\d{10,11}$/, " -"),
});
