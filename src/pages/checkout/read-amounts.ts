import { exponentOf } from "../../kernel/currency.ts";
import { amountText } from "../../kernel/format.ts";
import { decimalText, type Money, money, sum } from "../../kernel/money.ts";
import { err, exhaustive, ok, type Result } from "../../kernel/result.ts";
import type { Translate } from "../i18n/language.ts";
import type { FormValues } from "./form-values.ts";
import type { Offer } from "./offer.ts";
import { type AmountFault, parseAmount } from "./parse-amount.ts";

/** A share of the gift for one fund. */
export type Part = { readonly fund: string; readonly amount: Money };
type Place = Pick<Offer, "currency" | "locale">;

/** The amount the donor means, or the sentence that says why it is not clear. */
export function readAmount(values: FormValues, place: Place, t: Translate): Result<Money, string> {
  const { currency, locale } = place;
  const typed = values.amount_other.trim();
  const said = (fault: AmountFault) => err(amountSentence(fault, place, t));
  if (values.amount === "other" || (values.amount === "" && typed !== "")) {
    const read = parseAmount(typed, currency, locale);
    return read.ok ? read : said(read.error);
  }
  if (!/^[1-9]\d{0,15}$/.test(values.amount)) return said({ kind: "missing" });
  const chosen = money(BigInt(values.amount), currency);
  if (chosen.minor > BigInt(Number.MAX_SAFE_INTEGER)) return said({ kind: "too_large" });
  if (typed === "") return ok(chosen);
  // Without script both can be filled in. Money is never guessed: unless they agree, the donor decides.
  const read = parseAmount(typed, currency, locale);
  if (read.ok && read.value.minor === chosen.minor) return ok(chosen);
  return err(t("errors.amount_conflict", { typed, chosen: amountText(chosen, locale) }));
}

function amountSentence(fault: AmountFault, place: Place, t: Translate): string {
  const { currency } = place;
  switch (fault.kind) {
    case "missing":
      return t("errors.amount_missing");
    case "unreadable":
      return t("errors.amount_unreadable", { example: exampleAmount(place) });
    case "not_positive":
      return t("errors.amount_not_positive");
    case "too_large":
      return t("errors.amount_too_large");
    case "too_many_decimals":
      return fault.decimals === 0
        ? t("errors.amount_no_decimals", { currency })
        : t("errors.amount_decimals", { currency, count: fault.decimals });
    case "ambiguous":
      return t("errors.amount_ambiguous", { thousands: fault.thousands, decimal: fault.decimal });
    default:
      return exhaustive(fault);
  }
}

/** An amount as it may be typed, for hints: `250.50`, or `250` where the currency has no decimals. */
export function exampleAmount({ currency, locale }: Place): string {
  const decimals = exponentOf(currency);
  return new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, useGrouping: false }).format(
    decimals === 0 ? "250" : "250.50",
  );
}

/** An amount as this donor would type it. */
export function typedAmount(amount: Money, locale: string): string {
  const [whole = "0", fraction = ""] = decimalText(amount).split(".");
  if (/^0*$/.test(fraction)) return whole;
  const mark = new Intl.NumberFormat(locale).format(1.5).includes(",") ? "," : ".";
  return `${whole}${mark}${fraction}`;
}

/** What was typed beside each fund: the parts that are clear, and a sentence for each that is not. */
export function readParts(values: FormValues, offer: Offer, t: Translate) {
  const parts: Part[] = [];
  const faults: { readonly fund: string; readonly text: string }[] = [];
  for (const fund of offer.funds) {
    const typed = (values.parts[fund.code] ?? "").trim();
    if (typed === "" || /^0*(?:[.,]0*)?$/.test(typed)) continue;
    const read = parseAmount(typed, offer.currency, offer.locale);
    if (read.ok) parts.push({ fund: fund.code, amount: read.value });
    else faults.push({ fund: fund.code, text: t("errors.split_amount", { fund: fund.name }) });
  }
  return {
    parts,
    faults,
    total: sum(
      parts.map((part) => part.amount),
      offer.currency,
    ),
  };
}
