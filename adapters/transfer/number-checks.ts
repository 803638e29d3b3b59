import { checkAbaRouting } from "../../src/kernel/bank-numbers/aba-routing.ts";
import { checkBic } from "../../src/kernel/bank-numbers/bic.ts";
import { checkCbu } from "../../src/kernel/bank-numbers/cbu.ts";
import { checkClabe } from "../../src/kernel/bank-numbers/clabe.ts";
import { checkIban } from "../../src/kernel/bank-numbers/iban.ts";
import { checkSortCode } from "../../src/kernel/bank-numbers/uk-account.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { plain } from "../../src/kernel/written-number.ts";

/** What the number of an account can be; `phone` is Costa Rica's SINPE Móvil. */
export const railKinds = ["clabe", "cbu", "iban", "account", "phone"] as const;
export type RailKind = (typeof railKinds)[number];
/** What finds the bank where the number does not. */
export type RouteKind = "bic" | "aba" | "sort_code" | "branch";

/** The compact form when the number is right, else a sentence on how to mend it. */
export const checks: Readonly<Record<RailKind | RouteKind, (text: string) => Result<string, string>>> = {
  clabe: checkClabe,
  cbu: checkCbu,
  iban: checkIban,
  account: shaped(/^[0-9A-Z]{4,34}$/, "must be an account number of 4 to 34 digits and letters"),
  phone: checkSinpePhone,
  bic: checkBic,
  aba: checkAbaRouting,
  sort_code: checkSortCode,
  branch: shaped(/^[0-9A-Z]{1,10}$/, "must be a branch of 1 to 10 digits and letters"),
};

function shaped(shape: RegExp, complaint: string): (text: string) => Result<string, string> {
  return (text) => {
    const compact = plain(text);
    return shape.test(compact) ? ok(compact) : err(complaint);
  };
}

/** Eight digits, mobile numbers beginning with 5 to 8; with or without Costa Rica's +506. */
function checkSinpePhone(text: string): Result<string, string> {
  const digits = plain(text, " .-()+").replace(/^(00)?506(?=\d{8}$)/, "");
  return /^[5-8]\d{7}$/.test(digits)
    ? ok(`+506${digits}`)
    : err("must be a mobile number of Costa Rica such as +506 8888 1234");
}
