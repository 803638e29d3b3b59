import { err, ok, type Result } from "../result.ts";
import { maskNumber, plain, written } from "../written-number.ts";

/**
 * The shape of a sort code, which names a branch in the United Kingdom: six digits. Whether it and an account belong
 * together is told by the banks' own tables, which are not ours to carry; the shape is what can be seen.
 */
export function checkSortCode(text: string): Result<string, string> {
  const compact = plain(text);
  return /^(?!000000)\d{6}$/.test(compact)
    ? ok(compact)
    : err("must be a sort code of 6 digits such as 20-00-00");
}

/** The shape of an account number of the United Kingdom: eight digits; older ones of six or seven get zeros before. */
export function checkUkAccount(text: string): Result<string, string> {
  const compact = plain(text);
  return /^\d{6,8}$/.test(compact) && Number(compact) > 0
    ? ok(compact.padStart(8, "0"))
    : err("must be an account number of 8 digits such as 55779911");
}

/** `20-00-00` */
export const formatSortCode = written("##-##-##");

/** An account number is written as it is. */
export const formatUkAccount = (compact: string): string => compact;

export const maskUkAccount = maskNumber;
