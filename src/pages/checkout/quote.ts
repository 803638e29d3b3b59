import { amountText } from "../../kernel/format.ts";
import { add, compare, type Money, subtract } from "../../kernel/money.ts";
import type { Translate } from "../i18n/language.ts";
import type { FormValues } from "./form-values.ts";
import { type Offer, offerOften } from "./offer.ts";
import { fits } from "./pay-fields.tsx";
import { readParts } from "./read-amounts.ts";
import { isFrequency } from "./read-frequency.ts";

/** Sentences the form's script puts in place, already in the donor's language: it does no arithmetic of its own. */
export type FormQuote = {
  readonly submit: string;
  readonly cover: string;
  readonly split: string;
  /** Method types that do not take this amount. */
  readonly outside: readonly string[];
  /** For giving again and again: what each method that can do so does on each date. */
  readonly recurs: Readonly<Record<string, string>>;
};

/** What the form in hand would charge, exactly; with no clear amount, the sentences that name none. */
export function quoteForm(
  values: FormValues,
  offer: Offer,
  amount: Money | undefined,
  t: Translate,
): FormQuote {
  const { methods } = offerOften(offer, values.frequency);
  const method = methods.find((offered) => offered.type === values.method);
  const cover = method?.feeCover;
  const isStanding = isFrequency(values.frequency);
  const recurs = Object.fromEntries(
    offer.standing.map(({ type, recurring }) => [type, t(`often.${recurring ?? "only_once"}`)]),
  );
  if (!amount || !method) {
    const submit = t(isStanding ? "often.see" : "give.submit");
    return { submit, cover: t("give.cover_later"), split: "", outside: [], recurs };
  }
  const said = (value: Money) => amountText(value, offer.locale);
  const total = cover ? add(amount, cover) : amount;
  return {
    submit: isStanding
      ? t("often.see")
      : t("give.submit_amount", { amount: said(values.cover_fees ? total : amount) }),
    cover: cover
      ? t("give.cover_exact", { cover: said(cover), total: said(total), amount: said(amount) })
      : t("give.cover_unknown"),
    split: values.split ? splitSentence(values, offer, amount, t) : "",
    outside: methods.filter((offered) => !fits(offered, amount)).map((offered) => offered.type),
    recurs,
  };
}

function splitSentence(values: FormValues, offer: Offer, amount: Money, t: Translate): string {
  const { total, faults } = readParts(values, offer, t);
  if (faults[0]) return faults[0].text;
  const order = compare(total, amount);
  if (order === 0) return t("give.split_done");
  const difference = order < 0 ? subtract(amount, total) : subtract(total, amount);
  return t(order < 0 ? "give.split_left" : "give.split_over", {
    amount: amountText(difference, offer.locale),
  });
}
