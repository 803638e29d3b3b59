import { weightedSum } from "../../../src/kernel/check-digits.ts";
import type { Site } from "../sites.ts";

const remainder = (text: string, weights: readonly number[]): string => {
  const rest = weightedSum(text, weights) % 11;
  return rest < 2 ? "0" : String(11 - rest);
};

const cpfWeights = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];

function isCpf(number: string): boolean {
  if (!/^\d{11}$/.test(number) || /^(\d)\1+$/.test(number)) return false;
  const first = remainder(number.slice(0, 9), cpfWeights.slice(1));
  return number.slice(9) === first + remainder(number.slice(0, 9) + first, cpfWeights);
}

/** Which documents a site takes, and their shapes; a CPF is checked, as the gateway checks it. */
const documents: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  MLB: { CPF: /^\d{11}$/, CNPJ: /^[0-9A-Z]{12}\d{2}$/ },
  MLA: { DNI: /^\d{7,8}$/, CUIT: /^\d{11}$/, CUIL: /^\d{11}$/, CI: /^\d{6,9}$/ },
  MLC: { RUT: /^\d{7,8}[0-9K]$/ },
  MCO: {
    CC: /^\d{5,10}$/,
    CE: /^\d{1,15}$/,
    NIT: /^\d{9,10}$/,
    TI: /^\d{10,11}$/,
    PAS: /^[0-9A-Z]{1,15}$/,
    RC: /^\d{1,15}$/,
    TE: /^\d{1,15}$/,
  },
  MLM: { RFC: /^[A-ZÑ&]{3,4}\d{6}[A-Z0-9]{3}$/, CURP: /^[A-Z]{4}\d{6}[A-Z0-9]{8}$/ },
  MPE: { DNI: /^\d{8}$/, "C.E": /^[0-9A-Z]{8,12}$/, RUC: /^\d{11}$/ },
  MLU: { CI: /^\d{7,8}$/, RUT: /^\d{12}$/ },
};

/** What `GET /v1/identification_types` tells; none in Mexico. */
export const documentTypesOf = (site: Site): readonly { readonly id: string; readonly name: string }[] =>
  site.country === "mx" ? [] : Object.keys(documents[site.id] ?? {}).map((id) => ({ id, name: id }));

/** Whether the gateway would take this document of a payer in this country. */
export function isDocument(site: Site, type: string, number: string): boolean {
  const shape = documents[site.id]?.[type];
  if (!shape?.test(number)) return false;
  return type !== "CPF" || isCpf(number);
}
