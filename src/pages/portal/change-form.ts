import { equals, type Money, moneyJson } from "../../kernel/money.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import type { ChangeWish } from "../../recurring/decide-change.ts";
import type { RecurringGift } from "../../recurring/recurring-gift.ts";
import { checkFunds, type Fault } from "../checkout/check-form.ts";
import { type FormValues, formValues } from "../checkout/form-values.ts";
import type { Offer } from "../checkout/offer.ts";
import { type Part, readAmount, typedAmount } from "../checkout/read-amounts.ts";
import { type FrequencyValues, frequencyOf, readRule } from "../checkout/read-frequency.ts";
import type { Translate } from "../i18n/language.ts";

export type ChangeValues = FormValues;

/** The form as the recurring gift is now. */
export function changeValues(gift: RecurringGift, offer: Offer): ChangeValues {
  const shares = sharesOf(gift, offer);
  const parts = shares.map(({ fund, amount }) => [fund, typedAmount(amount, offer.locale)] as const);
  return formValues.parse({
    amount: "other",
    amount_other: typedAmount(gift.amount, offer.locale),
    fund: shares[0]?.fund ?? "",
    ...(shares.length > 1 ? { split: "1", parts: Object.fromEntries(parts) } : {}),
    ...frequencyNow(gift),
  });
}

/** How often, with the day named that the first date implied. */
function frequencyNow(gift: RecurringGift): FrequencyValues {
  const values = frequencyOf(gift.rule);
  const anchor = new Date(`${gift.anchor}T00:00Z`);
  return {
    ...values,
    weekday: values.weekday === "" ? String(((anchor.getUTCDay() + 6) % 7) + 1) : values.weekday,
    month_day: values.month_day === "" ? String(anchor.getUTCDate()) : values.month_day,
  };
}

/** By fund code, as forms have it; a fund that takes no more gifts keeps its share until it is changed. */
const sharesOf = (gift: RecurringGift, offer: Offer): readonly Part[] =>
  gift.shares.map(({ fundId, amount }) => ({
    fund: offer.funds.find((fund) => fund.id === fundId)?.code ?? fundId,
    amount,
  }));

/** What is to change, and nothing that stays; or everything to be mended. */
export function readChange(
  values: ChangeValues,
  gift: RecurringGift,
  offer: Offer,
  t: Translate,
): Result<ChangeWish, readonly Fault[]> {
  const faults: Fault[] = [];
  const amount = readAmount(values, offer, t);
  if (!amount.ok) faults.push({ place: "amount", text: amount.error });
  const shares = checkFunds(values, offer, amount.ok ? amount.value : undefined, t, faults);
  const rule = readRule(values);
  if (!rule) faults.push({ place: "frequency", text: t("often.errors.frequency") });
  if (faults.length > 0 || !amount.ok || !rule) return err(faults);
  const isSameTime = sameFrequency(values, frequencyNow(gift));
  const isSameSplit = sameShares(shares, sharesOf(gift, offer));
  return ok({
    ...(equals(amount.value, gift.amount) ? {} : { amount: minorOf(amount.value) }),
    ...(isSameSplit
      ? {}
      : { allocations: shares.map((part) => ({ fund: part.fund, amount: minorOf(part.amount) })) }),
    ...(isSameTime ? {} : { rule }),
  });
}

const minorOf = (amount: Money): number => moneyJson(amount).amount;

/** The day counts where the frequency has one: what a hidden list says is nobody's wish. */
function sameFrequency(one: FrequencyValues, other: FrequencyValues): boolean {
  const text = (values: FrequencyValues) => JSON.stringify(readRule(values));
  return text(one) === text(other);
}

const sameShares = (one: readonly Part[], other: readonly Part[]): boolean =>
  one.length === other.length &&
  one.every(({ fund, amount }, at) => {
    const same = other[at];
    return same !== undefined && same.fund === fund && equals(same.amount, amount);
  });
