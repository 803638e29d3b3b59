import { modulo97, weightedSum } from "../check-digits.ts";
import { err, ok, type Result } from "../result.ts";
import { inGroups, maskNumber, plain } from "../written-number.ts";
import { ibanStructures } from "./iban-structures.ts";

/**
 * An IBAN (ISO 13616): a country of the registry, the structure it gave its accounts, the two check digits, and the
 * country's own check where it has one and we know it. `Err` tells which of these is amiss.
 */
export function checkIban(text: string): Result<string, string> {
  const compact = plain(text);
  const country = compact.slice(0, 2);
  const structure = ibanStructures.get(country);
  if (structure === undefined) return err("must begin with a country that has IBANs, such as DE or ES");
  const bban = compact.slice(4);
  if (!/^\d\d/.test(compact.slice(2)) || !structure.pattern.test(bban)) {
    return err(`must have the ${structure.length} characters of an IBAN of ${country}`);
  }
  if (modulo97(bban + compact.slice(0, 4)) !== 1) return err("must be an IBAN whose check digits are right");
  const nationalCheck = nationalChecks[country];
  if (nationalCheck && !nationalCheck(bban))
    return err("must be an account number whose check digits are right");
  return ok(compact);
}

/** `DE89 3704 0044 0532 0130 00` */
export const formatIban = (compact: string): string => inGroups(compact, 4);

export const maskIban = maskNumber;

/** Eleven minus the rest, 10 written 1 and 11 written 0: Spain's digit. */
const spanishDigit = (part: string): string =>
  "01987654321"[weightedSum(part, [1, 2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11] ?? "";

const nationalChecks: Readonly<Record<string, (bban: string) => boolean>> = {
  BE: (bban) => bban.slice(-2) === String(Number(bban.slice(0, -2)) % 97 || 97).padStart(2, "0"),
  ES: (bban) => bban.slice(8, 10) === spanishDigit(`00${bban.slice(0, 8)}`) + spanishDigit(bban.slice(10)),
  ME: (bban) => modulo97(bban) === 1,
  NO: (bban) => weightedSum(bban, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0,
};
