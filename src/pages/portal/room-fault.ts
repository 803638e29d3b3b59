import type { Problem } from "../../kernel/problem.ts";
import type { Translate } from "../i18n/language.ts";

/** Why something was not done, and what to do, as a sentence for a donor; the problem's own words are for engineers. */
export function roomFault(problem: Problem, t: Translate): string {
  const at = (pointer: string) => problem.errors?.some((error) => error.pointer.startsWith(pointer)) ?? false;
  switch (problem.code) {
    case "amount_out_of_range":
      return t("portal.errors.ceiling");
    case "payment_method_not_offered":
      return t(at("/frequency") ? "portal.errors.cadence" : "errors.method_gone");
    case "donor_field_missing":
      return t(at("/payment_method/bank") ? "errors.bank" : "portal.errors.fields");
    case "invalid_request":
      if (at("/resumes_on")) return t("portal.errors.pause");
      return t(at("/starts_on") ? "portal.errors.date_past" : "portal.errors.nothing");
    case "conflict":
      return t(at("/due_on") ? "portal.errors.conflict" : "portal.errors.not_now");
    case "gateway_unavailable":
    case "gateway_refused":
      return t("errors.gateway");
    case "overloaded":
    case "too_many_requests":
      return t("errors.busy");
    default:
      return t("portal.errors.nothing");
  }
}
