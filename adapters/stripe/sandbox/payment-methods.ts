import { isCnpj, isCpf } from "./brazilian-documents.ts";
import { debitFrom, readyMadeDebit } from "./debit-tenders.ts";
import { emit } from "./events.ts";
import { invalid, missing, Refusal } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type { MethodData, RawCard, SimulatedType } from "./schemas.ts";
import { type Billing, bare, keep, missingField, requireBilling, type Tender } from "./tenders.ts";
import { cardTokens, testCards } from "./test-values.ts";
import type { PaymentMethod } from "./wire.ts";

/** The payment method of this id, or a fresh one for one of Stripe's `pm_card_…` and `pm_usBankAccount_…`. */
export async function tenderById(scene: Scene, id: string, param: string | undefined): Promise<Tender> {
  const card = cardTokens[id];
  if (card) {
    const year = new Date(scene.now * 1000).getUTCFullYear() + 3;
    return cardTender(scene, { number: card, exp_month: 12, exp_year: year, cvc: "123" }, {});
  }
  const account = readyMadeDebit(scene, id);
  if (account) return account;
  const method = await scene.documents.get("payment_method", id);
  const instrument = await scene.documents.get("instrument", id);
  if (!method || !instrument) throw missing("PaymentMethod", id, param);
  return { method, instrument };
}

/** Makes a payment method from what the donor filled in. Card numbers come from browsers only. */
export async function tenderFrom(scene: Scene, data: MethodData, at: string): Promise<Tender> {
  const billing = data.billing_details ?? {};
  switch (data.type) {
    case "card":
      if (!data.card) {
        throw invalid(`Missing required param: ${at}card.`, {
          code: "parameter_missing",
          param: `${at}card`,
        });
      }
      return cardTender(scene, data.card, billing);
    case "us_bank_account":
    case "sepa_debit":
    case "bacs_debit":
    case "acss_debit":
      return debitFrom(scene, data, at);
    case "oxxo":
      requireBilling(data, ["name", "email"], at);
      return plainTender(scene, "oxxo", billing, { oxxo: {} });
    case "boleto":
      return boletoTender(scene, data, at);
    case "multibanco":
      requireBilling(data, ["email"], at);
      return plainTender(scene, "multibanco", billing, { multibanco: {} });
    case "mb_way":
      return phoneTender(scene, data, at);
    case "link":
      return plainTender(
        scene,
        "link",
        billing,
        { link: { email: billing.email ?? null } },
        "4242424242424242",
      );
    case "customer_balance":
      return plainTender(scene, "customer_balance", billing, { customer_balance: {} });
    case "pay_by_bank":
      return plainTender(scene, "pay_by_bank", billing, { pay_by_bank: {} });
    case "revolut_pay":
      return plainTender(scene, "revolut_pay", billing, { revolut_pay: {} });
    case "amazon_pay":
      return plainTender(scene, "amazon_pay", billing, { amazon_pay: {} });
    case "crypto":
      return plainTender(scene, "crypto", billing, { crypto: {} });
    default:
      throw invalid(
        `The payment method type "${data.type}" is invalid. Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use.`,
        {
          param: `${at}type`,
        },
      );
  }
}

function plainTender(
  scene: Scene,
  type: SimulatedType,
  billing: Billing,
  shape: Partial<PaymentMethod>,
  number = "",
): Promise<Tender> {
  const method = bare(scene, type, billing);
  return keep(scene, { ...method, ...shape }, { id: method.id, type, number, verified: true });
}

/** Zeros stand for a document in test mode (facts: methods §2). */
const testDocuments: ReadonlySet<string> = new Set(["00000000000", "00000000000000"]);

function boletoTender(scene: Scene, data: MethodData, at: string): Promise<Tender> {
  requireBilling(data, ["name", "email"], at);
  const given = data.boleto?.tax_id;
  if (!given) throw missingField(at, "boleto[tax_id]");
  const document = given.replace(/[^0-9A-Za-z]/g, "");
  if (!testDocuments.has(document) && !isCpf(document) && !isCnpj(document)) {
    throw invalid("The tax_id is invalid: it must be a valid CPF or CNPJ.", {
      code: "tax_id_invalid",
      param: `${at}[boleto][tax_id]`,
    });
  }
  const address = data.billing_details?.address;
  for (const part of ["line1", "city", "state", "postal_code"] as const) {
    if (!address?.[part]) throw missingField(at, `billing_details[address][${part}]`);
  }
  return plainTender(scene, "boleto", data.billing_details ?? {}, { boleto: { tax_id: given } });
}

/** The number is the donor's account: a push goes to the app on that telephone. */
function phoneTender(scene: Scene, data: MethodData, at: string): Promise<Tender> {
  requireBilling(data, ["phone"], at);
  const phone = (data.billing_details?.phone ?? "").replace(/[\s-]/g, "");
  if (!/^\+\d{8,15}$/.test(phone)) {
    throw invalid("The phone number must be in international format, e.g. +351911111111.", {
      param: `${at}[billing_details][phone]`,
    });
  }
  return plainTender(scene, "mb_way", data.billing_details ?? {}, { mb_way: {} }, phone);
}

function cardTender(scene: Scene, card: RawCard, billing: Billing): Promise<Tender> {
  const known = checkedCard(scene, card);
  const last4 = card.number.replaceAll(" ", "").slice(-4);
  const wallet = card.wallet;
  const method: PaymentMethod = {
    ...bare(scene, "card", billing),
    card: {
      brand: known.brand,
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: card.cvc ? (known.cvcCheck === "fail" ? "fail" : "pass") : null,
      },
      country: known.country,
      display_brand: known.brand,
      exp_month: card.exp_month,
      exp_year: card.exp_year < 100 ? 2000 + card.exp_year : card.exp_year,
      fingerprint: `fp${card.number.slice(-14)}`,
      funding: known.funding,
      generated_from: null,
      last4,
      networks: { available: [known.brand], preferred: null },
      regulated_status: "unregulated",
      three_d_secure_usage: { supported: known.brand !== "amex" },
      wallet: wallet ? { dynamic_last4: wallet === "link" ? null : last4, type: wallet, [wallet]: {} } : null,
    },
  };
  return keep(scene, method, {
    id: method.id,
    type: "card",
    number: card.number.replaceAll(" ", ""),
    verified: true,
  });
}

function checkedCard(scene: Scene, card: RawCard) {
  const number = card.number.replaceAll(" ", "");
  const known = testCards[number];
  const date = new Date(scene.now * 1000);
  if (known?.refusedAtOnce && known.decline)
    throw cardError(known.decline.code, known.decline.message, "number");
  if (!known) {
    if (!luhn(number)) throw cardError("incorrect_number", "Your card number is incorrect.", "number");
    throw cardError(
      "card_declined",
      "Your card was declined. Your request was in test mode, but used a non test (live) card. For a list of valid test cards, visit: https://stripe.com/docs/testing.",
      "number",
      "test_mode_live_card",
    );
  }
  if (card.exp_month < 1 || card.exp_month > 12) {
    throw cardError("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
  }
  const year = card.exp_year < 100 ? 2000 + card.exp_year : card.exp_year;
  if (year < date.getUTCFullYear() || year > date.getUTCFullYear() + 50) {
    throw cardError("invalid_expiry_year", "Your card's expiration year is invalid.", "exp_year");
  }
  if (year === date.getUTCFullYear() && card.exp_month < date.getUTCMonth() + 1) {
    throw cardError("invalid_expiry_month", "Your card's expiration month is invalid.", "exp_month");
  }
  if (card.cvc !== undefined && !/^\d{3,4}$/.test(card.cvc)) {
    throw cardError("invalid_cvc", "Your card's security code is invalid.", "cvc");
  }
  return known;
}

function cardError(code: string, message: string, param: string, declineCode?: string): Refusal {
  const decline = declineCode ? { decline_code: declineCode } : {};
  return new Refusal(402, {
    type: "card_error",
    code,
    message,
    param,
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`,
    ...decline,
  });
}

function luhn(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  let sum = 0;
  for (let i = 0; i < number.length; i++) {
    const digit = Number(number[number.length - 1 - i]);
    const weighed = i % 2 === 1 ? digit * 2 : digit;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}

/** Ties the payment method to the customer, for good. */
export async function attach(
  scene: Scene,
  method: PaymentMethod,
  customerId: string,
): Promise<PaymentMethod> {
  const customer = await scene.documents.get("customer", customerId);
  if (!customer) throw missing("customer", customerId, "customer");
  if (method.customer && method.customer !== customerId) {
    throw invalid("The payment method you provided has already been attached to a customer.", {
      code: "payment_method_unexpected_state",
      param: "payment_method",
    });
  }
  const attached = { ...method, customer: customerId };
  await scene.documents.put("payment_method", attached);
  return attached;
}

/** Takes the payment method away from its customer, for good: nobody can use it any more. */
export async function detach(scene: Scene, id: string): Promise<PaymentMethod> {
  const method = await scene.documents.get("payment_method", id);
  if (!method) throw missing("PaymentMethod", id);
  if (!method.customer) {
    throw invalid(
      "The payment method you provided is not attached to a customer so detachment is impossible.",
      { param: "payment_method" },
    );
  }
  const detached: PaymentMethod = { ...method, customer: null };
  await scene.documents.put("payment_method", detached);
  const instrument = await scene.documents.get("instrument", id);
  if (instrument) await scene.documents.put("instrument", { ...instrument, detached: true });
  await emit(scene, "payment_method.detached", detached, { customer: method.customer });
  return detached;
}
