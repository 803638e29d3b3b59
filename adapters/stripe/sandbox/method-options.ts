import type { CreateIntent } from "./schemas.ts";
import type { IntentOptions } from "./wire.ts";

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
      case "boleto":
        options.boleto = {
          expires_after_days: given?.boleto?.expires_after_days ?? before?.boleto?.expires_after_days ?? 3,
        };
        break;
      case "acss_debit":
        options.acss_debit = canadian(given, before);
        break;
      case "bacs_debit":
        options.bacs_debit = { mandate_options: {} };
        break;
      case "sepa_debit":
        options.sepa_debit = { mandate_options: {} };
        break;
      case "multibanco":
        options.multibanco = {};
        break;
      case "mb_way":
        options.mb_way = {};
        break;
      case "pay_by_bank":
        options.pay_by_bank = {};
        break;
      case "revolut_pay":
        options.revolut_pay = {};
        break;
      case "amazon_pay":
        options.amazon_pay = {};
        break;
      case "crypto":
        options.crypto = {};
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
        const { type: kind, eu_bank_transfer: euro } = asked?.bank_transfer ?? {};
        const bank_transfer = { type: kind ?? null, ...(euro ? { eu_bank_transfer: euro } : {}) };
        options.customer_balance = kind
          ? { bank_transfer, funding_type: asked?.funding_type ?? null }
          : (before?.customer_balance ?? { funding_type: asked?.funding_type ?? null });
        break;
      }
    }
  }
  return options;
}

const noMandate = { interval_description: null, payment_schedule: null, transaction_type: null };

function canadian(
  given: GivenOptions,
  before: IntentOptions | null | undefined,
): NonNullable<IntentOptions["acss_debit"]> {
  const asked = given?.acss_debit;
  const kept = before?.acss_debit;
  const mandate = asked?.mandate_options;
  return {
    mandate_options: mandate
      ? {
          interval_description: mandate.interval_description ?? null,
          payment_schedule: mandate.payment_schedule ?? null,
          transaction_type: mandate.transaction_type ?? null,
        }
      : (kept?.mandate_options ?? noMandate),
    verification_method: asked?.verification_method ?? kept?.verification_method ?? "automatic",
  };
}
