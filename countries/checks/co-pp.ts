import { identityDocument, shaped } from "./identity-document.ts";

/**
 * A passport, of any country, as Colombian rails take it: letters and digits, at least one digit, no check digit.
 */
export const coPassportDocument = identityDocument({
  type: "pp",
  label: { es: "Pasaporte", en: "Passport", pt: "Passaporte" },
  why: {
    es: "El medio de pago pide el pasaporte de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's passport number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede o passaporte de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "AB123456",
  mend: "a passport number of 5 to 16 letters and digits such as AB123456",
  read: shaped(/^(?=.*\d)[0-9A-Z]{5,16}$/),
});
