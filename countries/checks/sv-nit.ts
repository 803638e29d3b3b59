import { weightedSum } from "../../src/kernel/check-digits.ts";
import { plain, written } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

function checkDigit(nit: string): number {
  const number = nit.slice(0, 13);
  if (nit.slice(10, 13) <= "100") {
    return (weightedSum(number, [14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10;
  }
  return ((11 - (weightedSum(number, [2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10;
}

/**
 * El Salvador's Número de Identificación Tributaria: place, date, serial, check digit. Serials up to 100 are checked by
 * the old rule. Own check: stdnum takes the old rule for serial 100 alone, and errs where the rest is 0.
 */
export const svNitDocument = identityDocument({
  type: "nit",
  label: { es: "NIT", en: "NIT (Salvadoran tax number)", pt: "NIT" },
  why: {
    es: "Para que tu iglesia pueda poner tu NIT en tu recibo.",
    en: "So that your church can put your NIT on your receipt.",
    pt: "Para que sua igreja possa pôr seu NIT no seu recibo.",
  },
  example: "0614-050707-104-8",
  mend: "a NIT of 14 digits such as 0614-050707-104-8",
  read: (text) => {
    const compact = plain(text, " -").replace(/^SV/, "");
    return /^[019]\d{13}$/.test(compact) && checkDigit(compact) === Number(compact[13]) ? compact : undefined;
  },
  write: written("####-######-###-#"),
});
