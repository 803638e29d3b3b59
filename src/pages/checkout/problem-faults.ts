import type { Problem } from "../../kernel/problem.ts";
import type { Translate } from "../i18n/language.ts";
import type { Fault, LineField } from "./check-form.ts";
import { documentName } from "./check-form.ts";
import type { Offer } from "./offer.ts";

const lines: readonly LineField[] = ["name", "email", "phone", "tax_id"];

/**
 * A refusal of the use case as sentences for a donor. Problem texts are for engineers and never shown; a problem
 * of ours becomes one sentence that says nothing was charged.
 */
export function faultsOf(problem: Problem, offer: Offer, t: Translate): readonly Fault[] {
  const form = (text: string): readonly Fault[] => [{ place: "form", text }];
  switch (problem.code) {
    case "amount_invalid":
    case "currency_unknown":
      return [{ place: "amount", text: t("errors.amount_missing") }];
    case "amount_out_of_range":
      return [{ place: "amount", text: t("errors.amount_outside") }];
    case "invalid_request":
      return named(problem, "/starts_on")
        ? [{ place: "starts_on", text: t("often.errors.starts_on") }]
        : form(t("errors.other"));
    case "payment_method_not_offered":
      if (named(problem, "/frequency")) return [{ place: "frequency", text: t("often.errors.cadence") }];
      return [{ place: "method", text: t("errors.method_gone") }];
    case "gateway_account_missing":
      return [{ place: "method", text: t("errors.method_gone") }];
    case "fund_unknown":
    case "allocations_do_not_add_up":
      return [{ place: "fund", text: t("errors.fund") }];
    case "donor_field_missing":
    case "donor_field_invalid":
      return donorFaults(problem, offer, t);
    case "idempotency_key_reused":
      return form(t("errors.used"));
    case "idempotency_in_flight":
      return form(t("errors.in_flight"));
    case "gateway_unavailable":
    case "gateway_refused":
      return form(t("errors.gateway"));
    case "overloaded":
    case "too_many_requests":
      return form(t("errors.busy"));
    default:
      return form(t("errors.other"));
  }
}

const named = (problem: Problem, pointer: string): boolean =>
  problem.errors?.some((error) => error.pointer.startsWith(pointer)) ?? false;

function donorFaults(problem: Problem, offer: Offer, t: Translate): readonly Fault[] {
  const document = documentName(offer);
  const example = offer.country.donorDocuments.map((known) => known.example).join(" / ");
  const missing = problem.code === "donor_field_missing";
  const faults: Fault[] = lines
    .filter((field) => named(problem, `/donor/${field}`))
    .map((field): Fault => {
      if (field === "name") return { place: field, text: t("errors.name") };
      if (field === "tax_id") {
        return {
          place: field,
          text: t(missing ? "errors.tax_id" : "errors.tax_id_shape", { document, example }),
        };
      }
      return { place: field, text: t(missing ? `errors.${field}` : `errors.${field}_shape`) };
    });
  if (named(problem, "/donor/address")) faults.push({ place: "address", text: t("errors.address") });
  if (named(problem, "/payment_method/bank")) faults.push({ place: "bank", text: t("errors.bank") });
  return faults.length > 0 ? faults : [{ place: "form", text: t("errors.other") }];
}
