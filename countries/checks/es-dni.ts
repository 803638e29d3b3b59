import { stdnum } from "stdnum";
import { plain, written } from "../../src/kernel/written-number.ts";
import { identityDocument, provenBy } from "./identity-document.ts";

const proven = provenBy(stdnum.ES?.dni);

/**
 * Spain's Documento Nacional de Identidad: eight digits and a letter, verified by stdnum, which would also let pass
 * K, L and M numbers without looking at their letter: those are a NIF, not a DNI.
 */
export const esDniDocument = identityDocument({
  type: "dni",
  label: { es: "DNI", en: "DNI (Spanish identity number)", pt: "DNI" },
  why: {
    es: "Para que tu iglesia pueda poner tu DNI, que Hacienda pide para desgravar en tu recibo.",
    en: "So that your church can put your DNI, which the tax office wants for the deduction on your receipt.",
    pt: "Para que sua igreja possa pôr seu DNI, que o fisco espanhol pede para a dedução no seu recibo.",
  },
  example: "12345678Z",
  mend: "a DNI of 8 digits and a letter such as 12345678Z",
  read: (text) => (/^\d{8}[A-Z]$/.test(plain(text)) ? proven(plain(text)) : undefined),
  write: written("########-#"),
});
