import { decimalText } from "../../../src/kernel/money.ts";
import { currencyOf, moneyOf } from "./balance.ts";
import { invalid } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { type CreateIntent, type SimulatedType, simulatedTypes } from "./schemas.ts";
import type { IntentOptions } from "./wire.ts";

/** Smallest charges in minor units (Stripe: minimum and maximum charge amounts). */
const minimum: Readonly<Record<string, number>> = { usd: 50, mxn: 1000, eur: 50, cad: 50, brl: 50, gbp: 30 };
const largest = 99_999_999;
const oxxo = { least: 1000, most: 1_000_000 } as const;

/** Refuses amounts that are not positive, under Stripe's minimum for the currency, or over eight digits. */
export function checkAmount(amount: number, currency: string): void {
  currencyOf(currency);
  const shown = (minor: number) => `$${decimalText(moneyOf(minor, currency))} ${currency}`;
  if (amount < 1) {
    throw invalid("This value must be greater than or equal to 1.", {
      code: "parameter_invalid_integer",
      param: "amount",
    });
  }
  if (amount > largest) {
    throw invalid(`Amount must be no more than ${shown(largest)}`, {
      code: "amount_too_large",
      param: "amount",
    });
  }
  const least = minimum[currency] ?? 50;
  if (amount < least) {
    throw invalid(`Amount must be at least ${shown(least)}`, { code: "amount_too_small", param: "amount" });
  }
}

type Terms = Pick<
  CreateIntent,
  "allowed_payment_method_types" | "excluded_payment_method_types" | "capture_method"
> & { readonly amount: number; readonly currency: string; readonly customer: string | undefined };

/**
 * The types a payment on these terms can be made with: those allowed (or all the account has), without those
 * that the currency, the amount, the capture method or a missing customer rules out. None left is a 400.
 */
export function typesFor(scene: Scene, terms: Terms): SimulatedType[] {
  const asked = terms.allowed_payment_method_types;
  const named = asked
    ? simulatedTypes.filter((type) => asked.includes(type))
    : simulatedTypes.filter((type) => type !== "customer_balance");
  const left = named.filter(
    (type) => !terms.excluded_payment_method_types?.includes(type) && suits(scene, type, terms),
  );
  if (left.length > 0) return left;
  throw noneLeft(named, terms);
}

function suits(scene: Scene, type: SimulatedType, terms: Terms): boolean {
  const manual = terms.capture_method === "manual";
  switch (type) {
    case "card":
      return true;
    case "link":
      return terms.currency === scene.account.currency || terms.currency === "usd";
    case "oxxo":
      return (
        scene.account.country === "mx" &&
        terms.currency === "mxn" &&
        !manual &&
        terms.amount >= oxxo.least &&
        terms.amount <= oxxo.most
      );
    case "customer_balance":
      return (
        scene.account.country === "mx" && terms.currency === "mxn" && !manual && terms.customer !== undefined
      );
    case "us_bank_account":
      return scene.account.country === "us" && terms.currency === "usd" && !manual;
  }
}

function noneLeft(named: readonly SimulatedType[], terms: Terms): Error {
  const only = named.length === 1 ? named[0] : undefined;
  if (only === "oxxo" && terms.currency === "mxn" && terms.amount > oxxo.most) {
    return invalid("Amount must be no more than $10,000.00 mxn for oxxo", {
      code: "amount_too_large",
      param: "amount",
    });
  }
  if (only === "customer_balance" && terms.customer === undefined) {
    return invalid("PaymentIntents with a `customer_balance` payment method require a `customer`.", {
      code: "parameter_missing",
      param: "customer",
    });
  }
  return invalid(
    `No valid payment method types for this Payment Intent. Please ensure that you have activated payment methods compatible with your chosen currency (${terms.currency}) in your dashboard.`,
    { param: "allowed_payment_method_types" },
  );
}

type GivenOptions = CreateIntent["payment_method_options"];

/** The options as Stripe shows them: one entry for each type on offer, defaults filled in. */
export function optionsFor(
  types: readonly string[],
  given: GivenOptions,
  before?: IntentOptions | null,
): IntentOptions {
  const options: IntentOptions = {};
  for (const type of types) {
    switch (type) {
      case "card":
        options.card = {
          installments: null,
          mandate_options: null,
          network: null,
          request_three_d_secure:
            given?.card?.request_three_d_secure ?? before?.card?.request_three_d_secure ?? "automatic",
        };
        break;
      case "link":
        options.link = { persistent_token: null };
        break;
      case "oxxo":
        options.oxxo = {
          expires_after_days: given?.oxxo?.expires_after_days ?? before?.oxxo?.expires_after_days ?? 3,
        };
        break;
      case "us_bank_account":
        options.us_bank_account = {
          verification_method:
            given?.us_bank_account?.verification_method ??
            before?.us_bank_account?.verification_method ??
            "automatic",
        };
        break;
      case "customer_balance": {
        const asked = given?.customer_balance;
        const transfer = asked?.bank_transfer;
        options.customer_balance = transfer
          ? { bank_transfer: { type: transfer.type }, funding_type: asked.funding_type ?? null }
          : (before?.customer_balance ?? { funding_type: asked?.funding_type ?? null });
        break;
      }
    }
  }
  return options;
}
