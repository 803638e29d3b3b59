import { modulo97 } from "../check-digits.ts";
import { err, ok, type Result } from "../result.ts";
import { inGroups, plain } from "../written-number.ts";

/**
 * ISO 11649's creditor reference, which a payer quotes and every bank carries whole: `RF`, two check digits, and up to
 * 21 letters and digits of ours (facts: methods §6.6).
 */
export function checkCreditorReference(text: string): Result<string, string> {
  const compact = plain(text);
  return /^RF\d\d[0-9A-Z]{1,21}$/.test(compact) && modulo97(compact.slice(4) + compact.slice(0, 4)) === 1
    ? ok(compact)
    : err("must be a creditor reference such as RF18 5390 0754 7034");
}

/** The reference for a text of ours; `Err` where it is empty, longer than 21, or has other characters. */
export function buildCreditorReference(own: string): Result<string, string> {
  const body = plain(own);
  if (!/^[0-9A-Z]{1,21}$/.test(body)) return err("must have 1 to 21 letters and digits");
  return ok(`RF${String(98 - modulo97(`${body}RF00`)).padStart(2, "0")}${body}`);
}

/** `RF18 5390 0754 7034` */
export const formatCreditorReference = (compact: string): string => inGroups(compact, 4);
