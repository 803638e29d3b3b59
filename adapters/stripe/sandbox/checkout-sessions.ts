import type { z } from "zod";
import { type Answer, ok } from "./answer.ts";
import type { HostedOrder } from "./documents.ts";
import { emit } from "./events.ts";
import { checkAmount, typesFor } from "./methods-on-offer.ts";
import { cancel, withoutEmpty } from "./payment-intents.ts";
import { invalid, missing } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { schedule, unschedule } from "./schedule.ts";
import type * as around from "./schemas-around.ts";
import type { CreateSession } from "./schemas-around.ts";
import { blankSetup, cancelSetup } from "./setup-intents.ts";
import { voucherOf } from "./voucher-shapes.ts";
import { type CheckoutSession, idIn, type PaymentIntent } from "./wire.ts";

const halfHour = 1800;
const oneDay = 86_400;

export async function sessionById(scene: Scene, id: string): Promise<CheckoutSession> {
  const session = await scene.documents.get("checkout_session", id);
  if (!session) throw missing("checkout.session", id);
  return session;
}

/** A hosted page for one payment. The PaymentIntent is made when the donor pays, as at Stripe since 2022. */
export async function createSession(scene: Scene, asked: CreateSession): Promise<Answer> {
  checkPage(asked);
  if (asked.mode === "setup") return createSetupSession(scene, asked);
  const total = checkedTotal(asked);
  checkAmount(scene, total.amount, total.currency);
  const customer = await checkedCustomer(scene, asked);
  const types = typesFor(scene, {
    allowed_payment_method_types: asked.allowed_payment_method_types,
    excluded_payment_method_types: asked.excluded_payment_method_types,
    capture_method: asked.payment_intent_data?.capture_method,
    amount: total.amount,
    currency: total.currency,
    customer,
  });
  const expires = checkedExpiry(scene, asked);
  const id = `cs_test_${scene.house.ids.text(58)}`;
  const session: CheckoutSession = {
    ...blankSession(id, scene.now),
    allowed_payment_method_types: asked.allowed_payment_method_types ?? null,
    amount_subtotal: total.amount,
    amount_total: total.amount,
    billing_address_collection: asked.billing_address_collection ?? null,
    cancel_url: asked.cancel_url ?? null,
    client_reference_id: asked.client_reference_id ?? null,
    currency: total.currency,
    customer: customer ?? null,
    customer_creation: customer ? null : (asked.customer_creation ?? "if_required"),
    customer_details: asked.customer_email
      ? {
          address: null,
          business_name: null,
          email: asked.customer_email,
          individual_name: null,
          name: null,
          phone: null,
          tax_exempt: "none",
          tax_ids: null,
        }
      : null,
    customer_email: asked.customer_email ?? null,
    expires_at: expires,
    locale: asked.locale ?? null,
    metadata: withoutEmpty(asked.metadata ?? {}),
    payment_method_types: types,
    phone_number_collection: { enabled: asked.phone_number_collection?.enabled ?? false },
    submit_type: asked.submit_type ?? null,
    success_url: asked.success_url ?? null,
    url: `${scene.house.hostedPages}/pay/${id}`,
  };
  await scene.documents.put("checkout_session", session);
  await scene.documents.put("hosted_order", orderOf(id, asked));
  await schedule(scene, "session_expires", id, expires);
  return ok(session);
}

function checkPage(asked: CreateSession): void {
  if (asked.ui_mode !== "hosted_page") {
    throw invalid("This simulator takes Checkout Sessions of ui_mode hosted_page.", { param: "ui_mode" });
  }
  if (!asked.success_url) {
    throw invalid("Missing required param: success_url.", {
      code: "parameter_missing",
      param: "success_url",
    });
  }
}

function checkedExpiry(scene: Scene, asked: CreateSession): number {
  const expires = asked.expires_at ?? scene.now + oneDay;
  if (expires < scene.now + halfHour || expires > scene.now + oneDay) {
    throw invalid(
      "The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.",
      { param: "expires_at" },
    );
  }
  return expires;
}

/** Stripe's page for saving a means of payment: its SetupIntent is made at once. */
async function createSetupSession(scene: Scene, asked: CreateSession): Promise<Answer> {
  const stray = (["line_items", "payment_intent_data", "submit_type"] as const).find(
    (name) => asked[name] !== undefined,
  );
  if (stray) throw invalid(`You cannot use \`${stray}\` in \`setup\` mode.`, { param: stray });
  const customer = await checkedCustomer(scene, asked);
  const types = asked.allowed_payment_method_types ?? ["card"];
  const intent = blankSetup(scene, {
    types,
    customer,
    description: asked.setup_intent_data?.description,
    metadata: asked.setup_intent_data?.metadata,
    payment_method_options: asked.payment_method_options,
  });
  const expires = checkedExpiry(scene, asked);
  const id = `cs_test_${scene.house.ids.text(58)}`;
  const session: CheckoutSession = {
    ...blankSession(id, scene.now),
    allowed_payment_method_types: types,
    cancel_url: asked.cancel_url ?? null,
    currency: asked.currency?.toLowerCase() ?? null,
    customer: customer ?? null,
    expires_at: expires,
    locale: asked.locale ?? null,
    metadata: withoutEmpty(asked.metadata ?? {}),
    mode: "setup",
    payment_method_types: types,
    payment_status: "no_payment_required",
    setup_intent: intent.id,
    success_url: asked.success_url ?? null,
    url: `${scene.house.hostedPages}/pay/${id}`,
  };
  await scene.documents.put("setup_intent", intent);
  await scene.documents.put("checkout_session", session);
  await schedule(scene, "session_expires", id, expires);
  return ok(session);
}

function checkedTotal(asked: CreateSession): { amount: number; currency: string } {
  if (asked.mode !== "payment") {
    throw invalid(`This simulator takes Checkout Sessions of mode payment, not ${asked.mode}.`, {
      param: "mode",
    });
  }
  if (!asked.line_items) {
    throw invalid("Missing required param: line_items.", { code: "parameter_missing", param: "line_items" });
  }
  let amount = 0;
  let currency: string | undefined;
  for (const [i, item] of asked.line_items.entries()) {
    if (!item.price_data) {
      if (item.price) throw missing("price", item.price, `line_items[${i}][price]`);
      throw invalid("You must specify either `price` or `price_data` when using prices.", {
        code: "parameter_missing",
        param: `line_items[${i}]`,
      });
    }
    const one = item.price_data.currency.toLowerCase();
    if (currency !== undefined && currency !== one) {
      throw invalid("All line items must have the same currency.", { param: `line_items[${i}]` });
    }
    currency = one;
    amount += item.price_data.unit_amount * item.quantity;
  }
  return { amount, currency: currency ?? "" };
}

async function checkedCustomer(scene: Scene, asked: CreateSession): Promise<string | undefined> {
  if (!asked.customer) return undefined;
  if (asked.customer_email) {
    throw invalid("You may only specify one of these parameters: customer, customer_email.");
  }
  if (!(await scene.documents.get("customer", asked.customer))) {
    throw missing("customer", asked.customer, "customer");
  }
  return asked.customer;
}

function orderOf(id: string, asked: CreateSession): HostedOrder {
  const data = asked.payment_intent_data;
  const canadian = asked.payment_method_options?.acss_debit?.mandate_options;
  return {
    id,
    description: data?.description ?? asked.line_items?.[0]?.price_data?.product_data.name ?? null,
    metadata: withoutEmpty(data?.metadata ?? {}),
    captureMethod: data?.capture_method ?? "automatic_async",
    receiptEmail: data?.receipt_email ?? null,
    setupFutureUsage: data?.setup_future_usage ?? null,
    statementDescriptorSuffix: data?.statement_descriptor_suffix ?? null,
    oxxoDays: asked.payment_method_options?.oxxo?.expires_after_days ?? 3,
    ...(canadian ? { canadianMandate: canadian } : {}),
  };
}

function blankSession(id: string, now: number): CheckoutSession {
  return {
    id,
    object: "checkout.session",
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: null,
    amount_total: null,
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: null,
    client_reference_id: null,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: now,
    currency: null,
    currency_conversion: null,
    custom_fields: [],
    custom_text: {
      after_submit: null,
      shipping_address: null,
      submit: null,
      terms_of_service_acceptance: null,
    },
    customer: null,
    customer_account: null,
    customer_creation: null,
    customer_details: null,
    customer_email: null,
    discounts: [],
    expires_at: now,
    integration_identifier: null,
    invoice: null,
    invoice_creation: null,
    livemode: false,
    locale: null,
    managed_payments: null,
    metadata: {},
    mode: "payment",
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: "if_required",
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: [],
    payment_status: "unpaid",
    permissions: null,
    recovered_from: null,
    saved_payment_method_options: null,
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: "open",
    submit_type: null,
    subscription: null,
    success_url: null,
    total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
    ui_mode: "hosted_page",
    url: null,
    wallet_options: null,
  };
}

export async function expireSession(scene: Scene, id: string): Promise<Answer> {
  const session = await sessionById(scene, id);
  if (session.status !== "open") {
    throw invalid(
      `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
    );
  }
  return ok(await closeSession(scene, session));
}

/** The session's time is up, or we closed it: nobody can pay there any more. */
export async function closeSession(scene: Scene, session: CheckoutSession): Promise<CheckoutSession> {
  if (session.status !== "open") return session;
  await unschedule(scene, "session_expires", session.id);
  const intent = await scene.documents.named("payment_intent", session.payment_intent);
  if (intent && intent.status !== "succeeded" && intent.status !== "processing") {
    await cancel(scene, intent, "automatic");
  }
  const setup = idIn(session.setup_intent);
  if (setup) await cancelSetup(scene, setup, "abandoned");
  const expired: CheckoutSession = { ...session, status: "expired", url: null };
  await scene.documents.put("checkout_session", expired);
  await emit(scene, "checkout.session.expired", expired);
  return expired;
}

/**
 * Keeps a session in step with its payment, after anything that may have changed it: completed (paid or not
 * yet), then the late news of a voucher, transfer or debit.
 */
export async function followPayment(scene: Scene, intent: PaymentIntent): Promise<void> {
  const [session] = await scene.documents.list("checkout_session", `payment_intent=${intent.id}`, {
    order: "newest_first",
    limit: 1,
  });
  if (!session) return;
  if (session.status === "open") return completeIfDone(scene, session, intent);
  if (session.status !== "complete" || session.payment_status === "paid") return;
  if (intent.status === "succeeded") {
    const paid: CheckoutSession = { ...session, payment_status: "paid" };
    await scene.documents.put("checkout_session", paid);
    await emit(scene, "checkout.session.async_payment_succeeded", paid);
  } else if (intent.status === "requires_payment_method") {
    await emit(scene, "checkout.session.async_payment_failed", session);
  }
}

async function completeIfDone(scene: Scene, session: CheckoutSession, intent: PaymentIntent): Promise<void> {
  const action = intent.next_action;
  const waits =
    intent.status === "processing" ||
    voucherOf(intent) !== undefined ||
    action?.display_bank_transfer_instructions !== undefined ||
    action?.verify_with_microdeposits !== undefined;
  const paid = intent.status === "succeeded" || intent.status === "requires_capture";
  if (!paid && !waits) return;
  await unschedule(scene, "session_expires", session.id);
  const complete: CheckoutSession = {
    ...session,
    payment_status: intent.status === "succeeded" ? "paid" : "unpaid",
    status: "complete",
    url: null,
  };
  await scene.documents.put("checkout_session", complete);
  await emit(scene, "checkout.session.completed", complete);
}

export const sessionMatches =
  (asked: z.output<typeof around.listSessions>) =>
  (session: CheckoutSession): boolean =>
    asked.status === undefined || session.status === asked.status;
