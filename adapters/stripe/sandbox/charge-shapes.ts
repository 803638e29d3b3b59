import type { Scene } from "./scene.ts";
import type { Tender } from "./tenders.ts";
import type { DebitType } from "./test-accounts.ts";
import { type TestCard, testCards } from "./test-values.ts";
import type { CardDetails, Charge, Outcome, PaymentDetails, PaymentIntent, PaymentMethod } from "./wire.ts";

/** What a new charge of this intent looks like before anything happened to it. */
export function draft(scene: Scene, intent: PaymentIntent, tender: Tender, details: PaymentDetails): Charge {
  const { method } = tender;
  return {
    id: scene.house.ids.id(details.card ? "ch" : "py"),
    object: "charge",
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: details.card ? "OFRENDA SANDBOX" : null,
    captured: false,
    created: scene.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: details,
    radar_options: {},
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: intent.shipping,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: "pending",
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
}

/** What the charge says of the means of payment. */
export function detailsOf(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  more: { voucher?: string; authenticated?: boolean } = {},
): PaymentDetails {
  const { method, instrument } = tender;
  const { ids } = scene.house;
  switch (instrument.type) {
    case "oxxo":
      return { type: "oxxo", oxxo: { number: more.voucher ?? null } };
    case "boleto":
      return { type: "boleto", boleto: { tax_id: method.boleto?.tax_id ?? "" } };
    case "multibanco": {
      const [entity = null, reference = null] = more.voucher?.split(" ") ?? [];
      return { type: "multibanco", multibanco: { entity, reference } };
    }
    case "mb_way":
      return { type: "mb_way", mb_way: {} };
    case "pay_by_bank":
      return { type: "pay_by_bank", pay_by_bank: {} };
    case "revolut_pay":
      return { type: "revolut_pay", revolut_pay: { transaction_id: ids.text(20) } };
    case "amazon_pay":
      return { type: "amazon_pay", amazon_pay: { transaction_id: ids.text(20) } };
    case "crypto":
      return { type: "crypto", crypto: coins(scene) };
    case "us_bank_account":
    case "sepa_debit":
    case "bacs_debit":
    case "acss_debit":
      return debitDetails(intent, method, instrument.type);
    case "customer_balance":
      return { type: "customer_balance", customer_balance: {} };
    case "link":
      return { type: "link", link: { country: scene.account.country.toUpperCase() } };
    case "card":
      return { type: "card", card: cardDetails(intent, tender, more.authenticated === true) };
  }
}

const mandateIdOf = (intent: PaymentIntent): string => `mandate_${intent.id.slice(3)}`;

function debitDetails(intent: PaymentIntent, method: PaymentMethod, type: DebitType): PaymentDetails {
  const mandate = mandateIdOf(intent);
  const none = { fingerprint: null, last4: null };
  switch (type) {
    case "us_bank_account": {
      const bank = {
        account_holder_type: null,
        account_type: null,
        bank_name: null,
        routing_number: null,
        ...none,
      };
      const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } = {
        ...bank,
        ...method.us_bank_account,
      };
      const account = { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number };
      return { type, us_bank_account: { ...account, mandate, payment_reference: null } };
    }
    case "sepa_debit": {
      const bank = { bank_code: null, branch_code: null, country: null, ...none };
      const { generated_from: _, ...account } = { generated_from: null, ...method.sepa_debit };
      return { type, sepa_debit: { ...bank, ...account, mandate } };
    }
    case "bacs_debit": {
      const { fingerprint, last4, sort_code = null } = { sort_code: null, ...none, ...method.bacs_debit };
      return { type, bacs_debit: { fingerprint, last4, mandate, sort_code } };
    }
    case "acss_debit": {
      const bank = { bank_name: null, institution_number: null, transit_number: null, ...none };
      return { type, acss_debit: { ...bank, ...method.acss_debit, mandate } };
    }
  }
}

/** As the network shows the payment: 64 hexadecimal digits on Base, and whose wallet it came from. */
function coins(scene: Scene) {
  const hex = (length: number) =>
    Array.from(scene.house.ids.digits(length), (digit) => "0123456789abcdef"[Number(digit)]).join("");
  return {
    buyer_address: `0x${hex(40)}`,
    network: "base",
    token_currency: "usdc",
    transaction_hash: `0x${hex(64)}`,
  } as const;
}

const noCard = {
  brand: null,
  checks: null,
  country: null,
  exp_month: 12,
  exp_year: 2030,
  fingerprint: null,
  funding: null,
  last4: null,
  wallet: null,
} as const;

function cardDetails(intent: PaymentIntent, tender: Tender, authenticated: boolean): CardDetails {
  const { brand, checks, country, exp_month, exp_year, fingerprint, funding, last4, wallet } = {
    ...noCard,
    ...tender.method.card,
  };
  return {
    amount_authorized: intent.amount,
    authorization_code: null,
    brand,
    checks,
    country,
    electronic_commerce_indicator: authenticated ? "05" : null,
    exp_month,
    exp_year,
    fingerprint,
    funding,
    installments: null,
    last4,
    mandate: null,
    network: brand,
    network_transaction_id: null,
    regulated_status: "unregulated",
    three_d_secure: authenticated
      ? {
          authentication_flow: "challenge",
          electronic_commerce_indicator: "05",
          exemption_indicator: null,
          result: "authenticated",
          result_reason: null,
          transaction_id: null,
          version: "2.2.0",
        }
      : null,
    transaction_link_id: null,
    wallet: wallet ? { dynamic_last4: wallet.dynamic_last4, type: wallet.type, [wallet.type]: {} } : null,
  };
}

export const testCard = (tender: Tender): TestCard | undefined => testCards[tender.instrument.number];

/** What Radar says of a charge it let through. */
export function approved(card: TestCard | undefined): Outcome {
  return {
    advice_code: null,
    network_advice_code: null,
    network_decline_code: null,
    network_status: "approved_by_network",
    reason: card?.riskLevel === "elevated" ? "elevated_risk_level" : null,
    risk_level: card?.riskLevel ?? "normal",
    seller_message: "Payment complete.",
    type: "authorized",
  };
}
