import { confirm } from "./confirm.ts";
import type { HostedOrder } from "./documents.ts";
import { emit } from "./events.ts";
import { optionsFor } from "./methods-on-offer.ts";
import { blankIntent } from "./payment-intents.ts";
import { invalid, missing } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type { MethodData } from "./schemas.ts";
import { type CheckoutSession, idIn, type PaymentIntent } from "./wire.ts";

/** What the donor fills in on Stripe's hosted page. Numbers are Stripe's test numbers. */
export type HostedTender = { readonly name?: string; readonly email?: string } & (
  | { readonly type: "card"; readonly number: string; readonly wallet?: "apple_pay" | "google_pay" | "link" }
  | { readonly type: "link" }
  | { readonly type: "oxxo" }
  | { readonly type: "customer_balance" }
  | { readonly type: "us_bank_account"; readonly accountNumber: string }
);

/**
 * The donor presses Pay: the session's PaymentIntent is made (or tried again) and confirmed as from a browser.
 * A decline leaves the session open for another try.
 */
export async function payHosted(
  scene: Scene,
  session: CheckoutSession,
  tender: HostedTender,
): Promise<{ readonly intent: PaymentIntent; readonly redirectTo: string | null }> {
  if (session.status !== "open" || session.expires_at <= scene.now) {
    throw invalid("This Checkout Session is no longer open.");
  }
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
      customer_balance: { bank_transfer: { type: "mx_bank_transfer" }, funding_type: "bank_transfer" },
      oxxo: { expires_after_days: order.oxxoDays },
    },
    return_url: session.success_url ?? undefined,
  });
  const done = intent.status !== "requires_payment_method" && intent.next_action?.type !== "use_stripe_sdk";
  return { intent, redirectTo: done ? successUrl(session) : null };
}

/** The success page with Stripe's placeholder filled in. */
const successUrl = (session: CheckoutSession): string | null =>
  session.success_url?.replaceAll("{CHECKOUT_SESSION_ID}", session.id) ?? null;

async function intentOf(scene: Scene, session: CheckoutSession, order: HostedOrder): Promise<PaymentIntent> {
  const existing = idIn(session.payment_intent);
  const found = existing ? await scene.documents.get("payment_intent", existing) : undefined;
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
    default:
      return { type: tender.type, billing_details };
  }
}
