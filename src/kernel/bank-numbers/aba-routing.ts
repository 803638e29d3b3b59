import { weightedSum } from "../check-digits.ts";
import { err, ok, type Result } from "../result.ts";
import { maskNumber, plain } from "../written-number.ts";

/**
 * The ABA routing number of a bank of the United States: nine digits, weights 3, 7, 1, sum 0 modulo 10 (facts:
 * methods §2). Whether a bank answers to it only the Federal Reserve's directory could say.
 */
export function checkAbaRouting(text: string): Result<string, string> {
  const compact = plain(text, " ");
  return /^(?!0{9})\d{9}$/.test(compact) && weightedSum(compact, [3, 7, 1]) % 10 === 0
    ? ok(compact)
    : err("must be a routing number of 9 digits such as 021000021");
}

/** The number for its first eight digits, as Nacha files split it. */
export const withAbaCheckDigit = (eight: string): string =>
  `${eight}${(10 - (weightedSum(eight, [3, 7, 1]) % 10)) % 10}`;

/** A routing number is written as it is. */
export const formatAbaRouting = (compact: string): string => compact;

export const maskAbaRouting = maskNumber;
