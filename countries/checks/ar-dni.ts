import { stdnum } from "stdnum";
import { inThousands } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

/**
 * Argentina's Documento Nacional de Identidad: seven or eight digits, no check digit.
 */
export const arDniDocument = identityDocument({
  type: "dni",
  label: { es: "DNI", en: "DNI (Argentine identity number)", pt: "DNI" },
  why: {
    es: "El medio de pago pide el DNI de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's DNI; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede o DNI de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "20.123.456",
  mend: "a DNI of 7 or 8 digits such as 20.123.456",
  read: provenBy(stdnum.AR?.dni),
  write: inThousands,
});
