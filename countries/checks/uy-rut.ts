import { weightedSum } from "../../src/kernel/check-digits.ts";
import { plain, written } from "../../src/kernel/written-number.ts";
import { identityDocument } from "./identity-document.ts";

// Registry 01 to 22, a serial that is not nought, 001, and the check digit.
const shape = /^(?:0[1-9]|1\d|2[0-2])(?!000000)\d{6}001\d$/;

/**
 * Uruguay's Registro Único Tributario: twelve digits, the last a check digit; 10 is never issued (facts: methods §2).
 * Own check: stdnum knows registries up to 21, and 22 is in use.
 */
export const uyRutDocument = identityDocument({
  type: "rut",
  label: { es: "RUT", en: "RUT (Uruguayan tax number)", pt: "RUT" },
  why: {
    es: "Identifica a la iglesia ante la autoridad y aparece en los recibos: el RUT de la DGI.",
    en: "It identifies the church to the authority and stands on receipts: the RUT of the DGI.",
    pt: "Identifica a igreja perante a autoridade e aparece nos recibos: o RUT da DGI.",
  },
  example: "21-100342-001-7",
  mend: "a RUT of 12 digits such as 21-100342-001-7",
  read: (text) => {
    const compact = plain(text, " -").replace(/^UY/, "");
    const sum = weightedSum(compact.slice(0, 11), [4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    return shape.test(compact) && (sum + Number(compact[11])) % 11 === 0 ? compact : undefined;
  },
  write: written("##-######-###-#"),
});
