import { stdnum } from "stdnum";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Peru's Documento Nacional de Identidad: eight digits; the check digit or letter printed after them may be given too,
 * and is then verified by stdnum.
 */
export const peDniDocument = identityDocument({
  type: "dni",
  label: { es: "DNI", en: "DNI (Peruvian identity number)", pt: "DNI" },
  why: {
    es: "El medio de pago pide el DNI de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's DNI; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede o DNI de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "10117410",
  mend: "a DNI of 8 digits such as 10117410",
  read: provenBy(stdnum.PE?.cui),
  write: (compact) => (compact.length > 8 ? `${compact.slice(0, 8)}-${compact.slice(8)}` : compact),
});
