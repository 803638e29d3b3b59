import { weightedFromRight } from "../../src/kernel/check-digits.ts";
import { plain } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

/**
 * Paraguay's Registro Único de Contribuyentes: weights 2, 3, 4 … from the right; a rest below 2 gives 0, else eleven
 * minus it (facts: methods §2). Own check: stdnum writes 1 where the rest is 0, and refuses right numbers.
 */
export const pyRucDocument = identityDocument({
  type: "ruc",
  label: { es: "RUC", en: "RUC (Paraguayan tax number)", pt: "RUC" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el RUC de la DNIT.",
    en: "It identifies the church to the authority and stands on receipts: the RUC of the DNIT.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o RUC da DNIT.",
  },
  example: "80028061-0",
  mend: "a RUC with its check digit such as 80028061-0",
  read: (text) => {
    const [, number = "", digit] = /^(\d{1,8})(\d)$/.exec(plain(text)) ?? [];
    const rest = weightedFromRight(number, [2, 3, 4, 5, 6, 7, 8, 9]) % 11;
    return number !== "" && Number(digit) === (rest < 2 ? 0 : 11 - rest) ? number + digit : undefined;
  },
  write: (compact) => `${compact.slice(0, -1)}-${compact.slice(-1)}`,
});
