import type { GiveRequest } from "../../giving/give-request.ts";
import { add, compare, equals, type Money } from "../../kernel/money.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import type { OfferedMethod } from "../../routing/offered-methods.ts";
import { amountText } from "../i18n/format.ts";
import type { Translate } from "../i18n/language.ts";
import type { FormValues } from "./form-values.ts";
import { type Offer, presentationFor } from "./offer.ts";
import { type Part, readAmount, readParts } from "./read-amounts.ts";

/** Where on the form a fault is shown; `part_…` is a fund's share, `form` is above everything. */
export type FaultPlace = "amount" | "fund" | "method" | DonorField | "note" | "form" | `part_${string}`;
export type DonorField = "name" | "email" | "phone" | "tax_id";
/** One thing to mend, in the donor's language. */
export type Fault = { readonly place: FaultPlace; readonly text: string };

/** The part of a request to give that the donor decides. */
export type CheckedGift = Pick<
  GiveRequest,
  "amount" | "method" | "donor" | "allocations" | "coverFees" | "anonymous" | "note"
>;

export const noteMost = 500;
const lineMost = 200;

/** Everything wrong with what was sent, all at once, or the gift it asks for. Amount limits include the fee cover. */
export function checkForm(
  values: FormValues,
  offer: Offer,
  t: Translate,
): Result<CheckedGift, readonly Fault[]> {
  const faults: Fault[] = [];
  const amount = readAmount(values, offer, t);
  if (!amount.ok) faults.push({ place: "amount", text: amount.error });
  const allocations = checkFunds(values, offer, amount.ok ? amount.value : undefined, t, faults);
  const method = offer.methods.find((offered) => offered.type === values.method);
  if (!method)
    faults.push({ place: "method", text: t(values.method ? "errors.method_gone" : "errors.method") });
  const donor = checkDonor(values, method, offer, t, faults);
  const note = values.note.trim();
  if ([...note].length > noteMost) faults.push({ place: "note", text: t("errors.too_long") });
  if (method && amount.ok) checkLimits(values, method, amount.value, offer, t, faults);
  if (faults.length > 0 || !amount.ok || !method) return err(faults);
  return ok({
    amount: amount.value,
    method: { type: method.type, presentation: presentationFor(method, values.script) },
    donor,
    allocations: allocations.map((part) => ({ fund: part.fund, amount: part.amount })),
    coverFees: values.cover_fees,
    anonymous: values.anonymous,
    ...(note === "" ? {} : { note }),
  });
}

function checkLimits(
  values: FormValues,
  method: OfferedMethod,
  gift: Money,
  offer: Offer,
  t: Translate,
  faults: Fault[],
): void {
  const charged = values.cover_fees && method.feeCover ? add(gift, method.feeCover) : gift;
  const said = (limit: Money) => amountText(limit, offer.locale);
  if (method.minimum && compare(charged, method.minimum) < 0) {
    faults.push({ place: "amount", text: t("errors.amount_low", { minimum: said(method.minimum) }) });
  } else if (method.maximum && compare(charged, method.maximum) > 0) {
    faults.push({ place: "amount", text: t("errors.amount_high", { maximum: said(method.maximum) }) });
  }
}

function checkFunds(
  values: FormValues,
  offer: Offer,
  amount: Money | undefined,
  t: Translate,
  faults: Fault[],
): readonly Part[] {
  if (!values.split || offer.funds.length < 2) {
    const fund = offer.funds.find((known) => known.code === values.fund);
    if (!fund) faults.push({ place: "fund", text: t("errors.fund") });
    return fund && amount ? [{ fund: fund.code, amount }] : [];
  }
  const read = readParts(values, offer, t);
  faults.push(...read.faults.map(({ fund, text }): Fault => ({ place: `part_${fund}`, text })));
  if (read.faults.length > 0) return [];
  const first = `part_${offer.funds[0]?.code ?? ""}` as const;
  if (read.parts.length === 0) faults.push({ place: first, text: t("errors.split_empty") });
  else if (amount && !equals(read.total, amount)) {
    const said = { sum: amountText(read.total, offer.locale), amount: amountText(amount, offer.locale) };
    faults.push({ place: first, text: t("errors.split_sum", said) });
  }
  return read.parts;
}

function checkDonor(
  values: FormValues,
  method: OfferedMethod | undefined,
  offer: Offer,
  t: Translate,
  faults: Fault[],
): CheckedGift["donor"] {
  const taken: { name?: string; email?: string; phone?: string; taxId?: string } = {};
  for (const { field, required } of method?.donorFields ?? []) {
    const typed = values[field].trim().replace(/\s+/g, " ");
    if (typed === "") {
      if (required) faults.push({ place: field, text: missing(field, offer, t) });
    } else if (typed.length > lineMost) {
      faults.push({ place: field, text: t("errors.too_long") });
    } else {
      const wrong = wrongShape(field, typed, offer, t);
      if (wrong) faults.push({ place: field, text: wrong });
      else taken[field === "tax_id" ? "taxId" : field] = typed;
    }
  }
  return taken;
}

function missing(field: DonorField, offer: Offer, t: Translate): string {
  return field === "tax_id" ? t("errors.tax_id", { document: documentName(offer) }) : t(`errors.${field}`);
}

/** The names of the documents a donor of this country may give: "RFC", "RFC / CURP". */
export function documentName(offer: Offer): string {
  return offer.country.donorDocuments.map((document) => document.label[offer.language]).join(" / ");
}

function wrongShape(field: DonorField, typed: string, offer: Offer, t: Translate): string | undefined {
  if (field === "email") {
    return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(typed) ? undefined : t("errors.email_shape");
  }
  if (field === "phone")
    return /^\+[1-9]\d{6,14}$/.test(typed.replace(/[\s().-]/g, "")) ? undefined : t("errors.phone_shape");
  if (field !== "tax_id") return undefined;
  const documents = offer.country.donorDocuments;
  if (documents.some((document) => document.check(typed).ok)) return undefined;
  const example = documents.map((document) => document.example).join(" / ");
  return t("errors.tax_id_shape", { document: documentName(offer), example });
}
