import { weightedFromRight } from "../check-digits.ts";
import { err, ok, type Result } from "../result.ts";
import { maskNumber, plain, written } from "../written-number.ts";

const weights = [3, 1, 7, 9];
const holds = (block: string): boolean =>
  (weightedFromRight(block.slice(0, -1), weights) + Number(block.slice(-1))) % 10 === 0;

/**
 * Argentina's CBU (a bank account) and CVU (an account at a payment company): two blocks, 7 + 1 and 13 + 1 digits,
 * each with its check digit (facts: methods §2). Own check: stdnum refuses blocks whose check digit is 0.
 */
export function checkCbu(text: string): Result<string, string> {
  const compact = plain(text);
  const isRight = /^(?!0{22})\d{22}$/.test(compact) && holds(compact.slice(0, 8)) && holds(compact.slice(8));
  return isRight ? ok(compact) : err("must be a CBU or CVU of 22 digits such as 2850590940090418135201");
}

/** Which of the two it is: payment companies' numbers begin with 000. */
export const cbuKind = (compact: string): "cbu" | "cvu" => (compact.startsWith("000") ? "cvu" : "cbu");

/** `28505909 40090418135201` */
export const formatCbu = written("######## ##############");

export const maskCbu = maskNumber;
