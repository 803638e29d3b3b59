import { weightedSum } from "../../src/kernel/check-digits.ts";
import { plain, written } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

const shape = /^(\d{8})(\d)(?:0[1-9]|1\d|2[0-2])(?!00)\d{2}$/;

/**
 * Guatemala's Documento Personal de Identificación, by its CUI: eight digits, a check digit, a department and a
 * municipality. Own check: stdnum's count of municipalities is older than the newest of them.
 */
export const gtDpiDocument = identityDocument({
  type: "dpi",
  label: { es: "DPI (CUI)", en: "DPI (Guatemalan identity number)", pt: "DPI (CUI)" },
  why: {
    es: "El medio de pago pide el DPI de quien paga; con él tu iglesia también puede emitir tu recibo.",
    en: "The payment method asks for the payer's DPI; your church can also use it for your receipt.",
    pt: "O meio de pagamento pede o DPI de quem paga; com ele sua igreja também pode emitir seu recibo.",
  },
  example: "2530 09472 0101",
  mend: "a DPI of 13 digits such as 2530 09472 0101",
  read: (text) => {
    const [, number = "", digit] = shape.exec(plain(text, " -")) ?? [];
    if (number === "") return undefined;
    return Number(digit) === (weightedSum(number, [2, 3, 4, 5, 6, 7, 8, 9]) % 11) % 10
      ? plain(text, " -")
      : undefined;
  },
  write: written("#### ##### ####"),
});
