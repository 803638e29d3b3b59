import type { Instrument } from "./documents.ts";
import { invalid, missing, Refusal } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type { MethodData, RawCard, SimulatedType } from "./schemas.ts";
import { bankTokens, cardTokens, testBankAccounts, testCards, testRoutingNumber } from "./test-values.ts";
import type { PaymentMethod } from "./wire.ts";

/** A payment method with the test number behind it. */
export type Tender = { readonly method: PaymentMethod; readonly instrument: Instrument };

/** The payment method of this id, or a fresh one for one of Stripe's `pm_card_…` and `pm_usBankAccount_…`. */
export async function tenderById(scene: Scene, id: string, param: string | undefined): Promise<Tender> {
  const card = cardTokens[id];
  if (card) {
    const year = new Date(scene.now * 1000).getUTCFullYear() + 3;
    return cardTender(scene, { number: card, exp_month: 12, exp_year: year, cvc: "123" }, {});
  }
  const account = bankTokens[id];
  if (account) {
    const billing = { name: "Jenny Rosen", email: "jenny@example.com" };
    return bankTender(scene, account, "individual", "checking", true, billing);
  }
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
      return bankFrom(scene, data, at);
    case "oxxo":
      requireBilling(data, ["name", "email"], at);
      return plainTender(scene, "oxxo", billing);
    case "link":
      return plainTender(scene, "link", billing);
    case "customer_balance":
      return plainTender(scene, "customer_balance", billing);
    default:
      throw invalid(
        `The payment method type "${data.type}" is invalid. Please ensure the provided type is activated in your dashboard (https://dashboard.stripe.com/account/payments/settings) and your account is enabled for any preview features that you are trying to use.`,
        {
          param: `${at}type`,
        },
      );
  }
}

function requireBilling(data: MethodData, fields: readonly ("name" | "email")[], at: string): void {
  for (const field of fields) {
    if (data.billing_details?.[field]) continue;
    const param = at === "" ? `billing_details[${field}]` : `${at}[billing_details][${field}]`;
    throw invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
}

function bankFrom(scene: Scene, data: MethodData, at: string): Promise<Tender> {
  requireBilling(data, ["name"], at);
  const given = data.us_bank_account ?? {};
  const linked = given.financial_connections_account;
  // An account chosen in Stripe's bank dialog is proven on the spot; typed numbers are not.
  const number = linked ? linked.replace(/^fca_/, "") : given.account_number;
  const prefix = at === "" ? "us_bank_account" : `${at}[us_bank_account]`;
  if (!number) {
    throw invalid(`Missing required param: ${prefix}[account_number].`, {
      code: "parameter_missing",
      param: `${prefix}[account_number]`,
    });
  }
  if (!linked && given.routing_number !== testRoutingNumber) {
    throw invalid(`Invalid routing number for US: ${given.routing_number ?? ""}`, {
      code: "routing_number_invalid",
      param: `${prefix}[routing_number]`,
    });
  }
  if (!testBankAccounts[number]) {
    throw invalid("You cannot use a live bank account number when making transfers or debits in test mode", {
      code: "account_number_invalid",
      param: `${prefix}[account_number]`,
    });
  }
  const holder = given.account_holder_type ?? "individual";
  return bankTender(
    scene,
    number,
    holder,
    given.account_type ?? "checking",
    linked !== undefined,
    data.billing_details ?? {},
  );
}

type Billing = NonNullable<MethodData["billing_details"]>;

function bare(scene: Scene, type: SimulatedType, billing: Billing): PaymentMethod {
  const given = billing.address;
  return {
    id: scene.house.ids.id("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: {
      address: {
        city: given?.city || null,
        country: given?.country || null,
        line1: given?.line1 || null,
        line2: given?.line2 || null,
        postal_code: given?.postal_code || null,
        state: given?.state || null,
      },
      email: billing.email ?? null,
      name: billing.name || null,
      phone: billing.phone || null,
      tax_id: null,
    },
    created: scene.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type,
  };
}

async function keep(scene: Scene, method: PaymentMethod, instrument: Instrument): Promise<Tender> {
  await scene.documents.put("payment_method", method);
  await scene.documents.put("instrument", instrument);
  return { method, instrument };
}

function plainTender(
  scene: Scene,
  type: "oxxo" | "link" | "customer_balance",
  billing: Billing,
): Promise<Tender> {
  const method = bare(scene, type, billing);
  const shaped: PaymentMethod =
    type === "oxxo"
      ? { ...method, oxxo: {} }
      : type === "link"
        ? { ...method, link: { email: billing.email ?? null } }
        : { ...method, customer_balance: {} };
  const number = type === "link" ? "4242424242424242" : "";
  return keep(scene, shaped, { id: method.id, type, number, verified: true });
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

function bankTender(
  scene: Scene,
  number: string,
  holder: "individual" | "company",
  kind: "checking" | "savings",
  verified: boolean,
  billing: Billing,
): Promise<Tender> {
  const method: PaymentMethod = {
    ...bare(scene, "us_bank_account", billing),
    us_bank_account: {
      account_holder_type: holder,
      account_type: kind,
      bank_name: "STRIPE TEST BANK",
      financial_connections_account: verified ? `fca_${number}` : null,
      fingerprint: `fp${number}`,
      last4: number.slice(-4),
      networks: { preferred: "ach", supported: ["ach"] },
      routing_number: testRoutingNumber,
      status_details: {},
    },
  };
  return keep(scene, method, { id: method.id, type: "us_bank_account", number, verified });
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
