import { err, ok, type Result } from "../result.ts";
import { maskNumber, plain, written } from "../written-number.ts";
import { clabeBanks } from "./clabe-banks.ts";

const weights = [3, 7, 1];

/**
 * Mexico's CLABE: bank 3, plaza 3, account 11, check digit (facts: methods §6.4). A bank we do not know is no error:
 * banks are born faster than lists are mended, and the check digit has caught what a slip of the finger does.
 */
export function checkClabe(text: string): Result<string, string> {
  const compact = plain(text);
  const isRight = /^(?!000)\d{18}$/.test(compact) && clabeCheckDigit(compact.slice(0, 17)) === compact[17];
  return isRight ? ok(compact) : err("must be a CLABE of 18 digits such as 032180000118359719");
}

/** The eighteenth digit for the first seventeen: each digit by 3, 7, 1, of each product the last digit. */
export function clabeCheckDigit(seventeen: string): string {
  const sum = [...seventeen].reduce((total, c, i) => total + ((Number(c) * (weights[i % 3] ?? 0)) % 10), 0);
  return String((10 - (sum % 10)) % 10);
}

/** The bank's short name as Banxico gives it; `undefined` where our list has none. */
export const clabeBank = (compact: string): string | undefined => clabeBanks.get(compact.slice(0, 3));

/** `032 180 00011835971 9` */
export const formatClabe = written("### ### ########### #");

export const maskClabe = maskNumber;
