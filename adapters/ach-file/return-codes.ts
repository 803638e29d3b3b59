import type { Decline, DeclineReason, RetryAdvice } from "../../src/gateway/payment.ts";

/** Why a donor's bank gives a debit back, in our one set of reasons (facts: methods §6.6 and §8; Nacha's return codes). */
const meanings: Readonly<Record<string, readonly [DeclineReason, RetryAdvice]>> = {
  R01: ["insufficient_funds", "later"],
  R02: ["account_invalid", "fix_details"],
  R03: ["account_invalid", "fix_details"],
  R04: ["account_invalid", "fix_details"],
  R05: ["mandate_invalid", "never"],
  R06: ["declined_generic", "new_method"],
  R07: ["mandate_invalid", "never"],
  R08: ["mandate_invalid", "new_method"],
  R09: ["insufficient_funds", "later"],
  R10: ["mandate_invalid", "never"],
  R11: ["mandate_invalid", "never"],
  R12: ["account_invalid", "fix_details"],
  R13: ["account_invalid", "fix_details"],
  R14: ["account_invalid", "never"],
  R15: ["account_invalid", "never"],
  R16: ["account_invalid", "new_method"],
  R17: ["account_invalid", "fix_details"],
  R20: ["method_not_allowed", "new_method"],
  R21: ["declined_generic", "new_method"],
  R22: ["declined_generic", "new_method"],
  R23: ["declined_generic", "never"],
  R24: ["duplicate", "never"],
  R28: ["account_invalid", "fix_details"],
  R29: ["mandate_invalid", "never"],
  R31: ["declined_generic", "new_method"],
  R33: ["declined_generic", "new_method"],
  R37: ["mandate_invalid", "never"],
  R38: ["mandate_invalid", "never"],
  R39: ["mandate_invalid", "never"],
  R51: ["mandate_invalid", "never"],
  R52: ["mandate_invalid", "never"],
  R53: ["mandate_invalid", "never"],
};

/** Every code above, for tests and the capability matrix. */
export const knownReturnCodes: readonly string[] = Object.keys(meanings);

/** The holder says they did not agree; it may come up to 60 days after the money moved. */
const protests: ReadonlySet<string> = new Set(["R05", "R07", "R10", "R11", "R29", "R37", "R51", "R53"]);

/** A return of an entry: R01 to R59. The codes beyond are between the banks, about returns themselves. */
export const isReturnCode = (code: string): boolean => /^R(0[1-9]|[1-5]\d)$/.test(code);

/** A code we do not know is a generic decline: the money is gone all the same. */
export function declineOf(code: string): Decline {
  const [reason, retry] = meanings[code] ?? ["declined_generic", "new_method"];
  return { reason, retry, rawCode: code };
}

export const isProtest = (code: string): boolean => protests.has(code);
