import { feeOn } from "../../../src/gateway/fees.ts";
import type { MethodType } from "../../../src/gateway/methods.ts";
import { exponentOf } from "../../../src/kernel/currency.ts";
import { type Money, negate, subtract, zero } from "../../../src/kernel/money.ts";
import { fromPaypalAmount, paypalAmountRules, toPaypalAmount } from "../amounts.ts";
import type { Amount } from "./documents.ts";
import { unprocessable } from "./refusal.ts";
import type { Scene } from "./scene.ts";

/** The currencies PayPal carries (facts: methods §5); BRL and MYR only within their country. */
const carried: ReadonlySet<string> = new Set(
  "AUD BRL CAD CHF CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD".split(" "),
);
const athome: Readonly<Record<string, string>> = { BRL: "br", MYR: "my" };

/** A positive amount in a currency this account can be paid in, or PayPal's refusal. */
export function amountIn(given: Amount, scene: Scene, field: string): Money {
  const { currency_code, value } = given;
  if (!carried.has(currency_code)) throw unprocessable("INVALID_CURRENCY_CODE", `${field}/currency_code`);
  const home = athome[currency_code];
  if (home !== undefined && home !== scene.account.country) {
    throw unprocessable("CURRENCY_NOT_SUPPORTED_FOR_COUNTRY", `${field}/currency_code`);
  }
  const [, fraction = ""] = value.split(".");
  const wholeOnly = paypalAmountRules.zeroDecimal.some((code) => code === currency_code);
  if (wholeOnly && fraction !== "") throw unprocessable("DECIMALS_NOT_SUPPORTED", `${field}/value`);
  if (fraction.length > 2) throw unprocessable("DECIMAL_PRECISION", `${field}/value`);
  const amount = fromPaypalAmount(value, currency_code);
  if (!amount) throw unprocessable("MAX_VALUE_EXCEEDED", `${field}/value`);
  if (amount.minor <= 0n) throw unprocessable("CANNOT_BE_ZERO_OR_NEGATIVE", `${field}/value`);
  return amount;
}

/** An amount of ours as PayPal's bodies write it; the sign stays in front. */
export function written(amount: Money): Amount {
  const size = amount.minor < 0n ? negate(amount) : amount;
  if (size.minor === 0n) {
    const decimals = paypalAmountRules.zeroDecimal.includes(amount.currency)
      ? 0
      : exponentOf(amount.currency);
    return { currency_code: amount.currency, value: decimals === 0 ? "0" : `0.${"0".repeat(decimals)}` };
  }
  const text = toPaypalAmount(size);
  if (!text.ok) throw new Error(text.error);
  const { currencyCode, value } = text.value;
  return { currency_code: currencyCode, value: amount.minor < 0n ? `-${value}` : value };
}

/** An amount the simulator wrote itself. */
export function reread(amount: Amount): Money {
  const read = fromPaypalAmount(amount.value, amount.currency_code);
  if (!read) throw new Error(`the simulator wrote ${amount.value} ${amount.currency_code}`);
  return read;
}

/** What PayPal keeps of a payment: the manifest's price for the account and method, else nothing. */
export function feeFor(scene: Scene, method: MethodType, amount: Money): Money {
  const rule = scene.house.fees.find(
    (one) =>
      one.country === scene.account.country &&
      one.methods.includes(method) &&
      one.fixed.currency === amount.currency,
  );
  if (!rule) return zero(amount.currency);
  const fee = feeOn(amount, rule).amount;
  return fee.minor > amount.minor ? amount : fee;
}

/** The receivable of a completed capture. */
export function breakdown(amount: Amount, fee: Amount): object {
  return {
    gross_amount: amount,
    paypal_fee: fee,
    net_amount: written(subtract(reread(amount), reread(fee))),
  };
}
