import type { DonationView } from "../../giving/donation-view.ts";
import { isPositive, type Money } from "../../kernel/money.ts";
import { newFormKey } from "./form-key.ts";
import { type FormValues, formValues } from "./form-values.ts";
import { type Offer, offerOften } from "./offer.ts";
import { parseAmount } from "./parse-amount.ts";
import { typedAmount } from "./read-amounts.ts";
import { isFrequency } from "./read-frequency.ts";

/** What a link may ask the form to start with. `campaign` is taken and not yet used. */
export type PrefillQuery = {
  /** As a donor would type it, in whole units: `500` or `500.50`. */
  readonly amount?: string | undefined;
  readonly fund?: string | undefined;
  /** One of `frequencyWords`. */
  readonly frequency?: string | undefined;
};

/** A fresh form with what the link asked for; whatever cannot be honoured is left at its default. */
export function prefilled(query: PrefillQuery, offer: Offer, today: string): FormValues {
  const asked = query.amount ? parseAmount(query.amount, offer.currency, "en-US") : undefined;
  const fund = offer.funds.find((known) => known.code === query.fund) ?? offer.funds[0];
  const often = isFrequency(query.frequency ?? "");
  return formValues.parse({
    ...(asked?.ok ? amountFields(asked.value, offer) : {}),
    fund: fund?.code ?? "",
    frequency: often ? query.frequency : "once",
    starts_on: today,
    method: offerOften(offer, query.frequency ?? "").methods[0]?.type ?? offer.methods[0]?.type ?? "",
    key: newFormKey(),
  });
}

/**
 * A fresh form for trying again: the same gift, nothing about the donor. A gift's link can be passed on, and what
 * the church knows of a donor must not travel with it; script fills those fields from the donor's own browser.
 */
export function prefilledAgain(view: DonationView, offer: Offer, today: string): FormValues {
  const split = view.allocations.length > 1;
  const offered = offer.methods.some((method) => method.type === view.method);
  return formValues.parse({
    ...amountFields(view.amount, offer),
    fund: view.allocations[0]?.fund ?? offer.funds[0]?.code ?? "",
    ...(split ? { split: "1", parts: partsOf(view, offer) } : {}),
    frequency: "once",
    starts_on: today,
    method: offered ? view.method : (offer.methods[0]?.type ?? ""),
    ...(isPositive(view.feeCover) ? { cover_fees: "1" } : {}),
    ...(view.anonymous ? { anonymous: "1" } : {}),
    key: newFormKey(),
  });
}

function partsOf(view: DonationView, offer: Offer): Record<string, string> {
  return Object.fromEntries(
    view.allocations.map((part) => [part.fund, typedAmount(part.amount, offer.locale)]),
  );
}

function amountFields(amount: Money, offer: Offer): Pick<FormValues, "amount" | "amount_other"> {
  return offer.suggestedAmounts.includes(amount.minor)
    ? { amount: String(amount.minor), amount_other: "" }
    : { amount: "other", amount_other: typedAmount(amount, offer.locale) };
}
