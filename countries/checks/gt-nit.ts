import { weightedFromRight } from "../../src/kernel/check-digits.ts";
import { plain } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

/**
 * Guatemala's Número de Identificación Tributaria: weights 2, 3, 4 … from the right modulo 11, 10 written K (facts:
 * methods §2). Own check: stdnum keeps leading zeros, so one number would have two compact forms.
 */
export const gtNitDocument = identityDocument({
  type: "nit",
  label: { es: "NIT", en: "NIT (Guatemalan tax number)", pt: "NIT" },
  why: {
    es: "Para que tu iglesia pueda poner tu NIT en tu recibo.",
    en: "So that your church can put your NIT on your receipt.",
    pt: "Para que sua igreja possa pôr seu NIT no seu recibo.",
  },
  example: "576937-K",
  mend: "a NIT with its check digit such as 576937-K",
  read: (text) => {
    const [, number = "", digit] = /^0*(\d{1,11})([\dK])$/.exec(plain(text, " -")) ?? [];
    if (number === "") return undefined;
    const rest = weightedFromRight(number, [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]) % 11;
    return digit === "0K987654321"[rest] ? number + digit : undefined;
  },
  write: (compact) => `${compact.slice(0, -1)}-${compact.slice(-1)}`,
});
