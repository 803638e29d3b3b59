import { confirm } from "./confirm.ts";
import type { HostedOrder } from "./documents.ts";
import { emit } from "./events.ts";
import { optionsFor } from "./method-options.ts";
import { blankIntent } from "./payment-intents.ts";
import { invalid, missing } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type { MethodData } from "./schemas.ts";
import { confirmSetup, setupById } from "./setup-intents.ts";
import { testInstitution, testSortCode } from "./test-accounts.ts";
import { type CheckoutSession, idIn, type PaymentIntent, type SetupIntent } from "./wire.ts";

/** What the donor fills in on Stripe's hosted page. Numbers are Stripe's test numbers. */
export type HostedTender = { readonly name?: string; readonly email?: string } & (
  | { readonly type: "card"; readonly number: string; readonly wallet?: "apple_pay" | "google_pay" | "link" }
  | { readonly type: "link" }
  | { readonly type: "oxxo" }
  | { readonly type: "customer_balance" }
  | {
      readonly type: "us_bank_account" | "bacs_debit" | "acss_debit";
      readonly accountNumber: string;
    }
  | { readonly type: "sepa_debit"; readonly iban: string }
  | { readonly type: "mb_way"; readonly phone: string }
);

/** What the page does next; without a redirect it stays open. */
export type HostedResult = {
  readonly intent: PaymentIntent | SetupIntent;
  readonly redirectTo: string | null;
};

/**
 * The donor presses Pay: the session's PaymentIntent is made (or tried again) and confirmed as from a browser.
 * A decline leaves the session open for another try.
 */
export async function payHosted(
  scene: Scene,
  session: CheckoutSession,
  tender: HostedTender,
): Promise<HostedResult> {
  if (session.status !== "open" || session.expires_at <= scene.now) {
    throw invalid("This Checkout Session is no longer open.");
  }
  const setupId = idIn(session.setup_intent);
  if (setupId) return saveHosted(scene, session, setupId, tender);
  const details = session.customer_details;
  const email = tender.email ?? session.customer_email ?? details?.email ?? "donor@example.com";
  const name = tender.name ?? "Test Donor";
  const order = await scene.documents.get("hosted_order", session.id);
  if (!order) throw missing("checkout.session", session.id);
  const begun = await intentOf(scene, session, order);
  await scene.documents.put("checkout_session", {
    ...session,
    customer_details: {
      address: null,
      business_name: null,
      email,
      individual_name: null,
      name,
      phone: null,
      tax_exempt: "none",
      tax_ids: null,
    },
    payment_intent: begun.id,
  });
  const browser: Scene = { ...scene, caller: "publishable" };
  const intent = await confirm(browser, begun, {
    payment_method_data: methodData(tender, name, email, scene.now),
    payment_method_options: {
      ...(order.canadianMandate ? { acss_debit: { mandate_options: order.canadianMandate } } : {}),
      customer_balance: { bank_transfer: { type: "mx_bank_transfer" }, funding_type: "bank_transfer" },
      oxxo: { expires_after_days: order.oxxoDays },
    },
    return_url: session.success_url ?? undefined,
  });
  const done = intent.status !== "requires_payment_method" && intent.next_action?.type !== "use_stripe_sdk";
  return { intent, redirectTo: done ? successUrl(session) : null };
}

/** The donor saves a card or an account on Stripe's page; nothing is charged. */
async function saveHosted(
  scene: Scene,
  session: CheckoutSession,
  setupId: string,
  tender: HostedTender,
): Promise<HostedResult> {
  const setup = await setupById(scene, setupId);
  const name = tender.name ?? "Test Donor";
  const intent = await confirmSetup({ ...scene, caller: "publishable" }, setup, {
    payment_method_data: methodData(tender, name, tender.email ?? "donor@example.com", scene.now),
  });
  if (intent.status !== "succeeded") return { intent, redirectTo: null };
  return { intent, redirectTo: successUrl(session) };
}

/** The success page with Stripe's placeholder filled in. */
const successUrl = (session: CheckoutSession): string | null =>
  session.success_url?.replaceAll("{CHECKOUT_SESSION_ID}", session.id) ?? null;

async function intentOf(scene: Scene, session: CheckoutSession, order: HostedOrder): Promise<PaymentIntent> {
  const found = await scene.documents.named("payment_intent", session.payment_intent);
  if (found) return found;
  const types = session.payment_method_types;
  const intent: PaymentIntent = {
    ...blankIntent(scene, {
      amount: session.amount_total ?? 0,
      currency: session.currency ?? scene.account.currency,
      payment_method_types: types,
      payment_method_options: optionsFor(types, undefined),
    }),
    capture_method: order.captureMethod,
    customer: idIn(session.customer) ?? null,
    description: order.description,
    metadata: { ...order.metadata },
    receipt_email: order.receiptEmail,
    setup_future_usage: order.setupFutureUsage,
    statement_descriptor_suffix: order.statementDescriptorSuffix,
  };
  await scene.documents.put("payment_intent", intent);
  await emit(scene, "payment_intent.created", intent);
  return intent;
}

function methodData(tender: HostedTender, name: string, email: string, now: number): MethodData {
  const billing_details = { name, email };
  switch (tender.type) {
    case "card": {
      const year = new Date(now * 1000).getUTCFullYear() + 3;
      const card = { number: tender.number, exp_month: 12, exp_year: year, cvc: "123" };
      return {
        type: "card",
        billing_details,
        card: tender.wallet ? { ...card, wallet: tender.wallet } : card,
      };
    }
    case "us_bank_account":
      return {
        type: "us_bank_account",
        billing_details,
        us_bank_account: { financial_connections_account: `fca_${tender.accountNumber}` },
      };
    case "sepa_debit":
      return { type: "sepa_debit", billing_details, sepa_debit: { iban: tender.iban } };
    case "bacs_debit": {
      const address = { line1: "10 Test Street", city: "London", postal_code: "N1 1AA", country: "GB" };
      const bacs_debit = { account_number: tender.accountNumber, sort_code: testSortCode };
      return { type: "bacs_debit", billing_details: { ...billing_details, address }, bacs_debit };
    }
    case "acss_debit": {
      const { institution: institution_number, transit: transit_number } = testInstitution;
      const account_number = tender.accountNumber;
      const acss_debit = { account_number, institution_number, transit_number };
      return { type: "acss_debit", billing_details, acss_debit };
    }
    case "mb_way":
      return { type: "mb_way", billing_details: { ...billing_details, phone: tender.phone } };
    default:
      return { type: tender.type, billing_details };
  }
}
