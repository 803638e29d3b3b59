import { identityDocument, shaped } from "./identity-document.ts";

/**
 * Panama's cédula: province (or PE, E, N, PI), book and entry. The hyphens are kept, because the groups have no fixed
 * length; no check digit (facts: methods §2).
 */
export const paCedulaDocument = identityDocument({
  type: "cedula",
  label: { es: "Cédula", en: "Cédula (Panamanian identity card)", pt: "Cédula" },
  why: {
    es: "El medio de pago pide la cédula de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's identity card number; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede a cédula de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "8-123-4567",
  mend: "a cédula with its hyphens such as 8-123-4567, PE-12-345 or E-8-12345",
  read: shaped(/^(?:(?:[1-9]|1[0-3])(?:AV|PI)?|PE|E|N|PI)-\d{1,4}-\d{1,6}$/, " ."),
});
