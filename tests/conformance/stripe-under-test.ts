import Stripe from "stripe";
import { knownDeclineCodes } from "../../adapters/stripe/decline-codes.ts";
import { stripeFactory } from "../../adapters/stripe/factory.ts";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { MandateCharge, MandateOrder } from "../../src/gateway/mandate.ts";
import type { AttemptHandle, CollectOrder, RefundHandle, RefundOrder } from "../../src/gateway/payment.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { type AttemptId, newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import type { GatewayUnderTest } from "./gateway-under-test.ts";
import { answers, type HttpAnswer, type Recorded, recording } from "./recording-transport.ts";
import * as bodies from "./stripe-bodies.ts";

export const credentials = { secret_key: "sk_test_conformance", publishable_key: "pk_test_conformance" };

export const now = new Date("2026-11-20T12:00:00Z");
export const callAt = (fields: Partial<GatewayCall> = {}): GatewayCall => ({
  idempotencyKey: "key-1",
  now,
  timeoutMs: 2_000,
  traceId: "trace-1",
  ...fields,
});

/** An order for the Mexican account; a method's own fields go in `fields`. */
export function orderOf(fields: Partial<CollectOrder> = {}): CollectOrder {
  return {
    attemptId: newId("attempt"),
    donationId: newId("donation"),
    amount: money(50_000n, "MXN"),
    country: "mx",
    method: { type: "card", presentation: "token", token: "pm_card_visa" },
    donor: {
      name: "Ana Sofía López",
      email: "ana.lopez@example.org",
      phone: "+52 55 1234 5678",
      reference: "dnr-1",
    },
    description: "Donation to Iglesia Demo",
    returnUrl: "https://give.example.org/return",
    cancelUrl: "https://give.example.org/cancel",
    notificationUrl: "https://give.example.org/webhooks/stripe/gwa_1",
    locale: "es-MX",
    ...fields,
  };
}

/** A donor of whom everything is known, with a document of Brazil's test mode and a telephone of MB WAY's. */
export const knownDonor: CollectOrder["donor"] = {
  name: "Ana Sofía López",
  email: "ana.lopez@example.org",
  phone: "+351911111111",
  taxId: { type: "cpf", number: "00000000000" },
  address: {
    street: "Rua das Flores",
    number: "10",
    city: "São Paulo",
    region: "SP",
    postalCode: "01001000",
  },
  reference: "dnr-1",
};

/** The attempt of an order, as it is asked about; without an id when its answer was lost. */
export const handleOf = (gatewayPaymentId?: string, order = orderOf()): AttemptHandle => ({
  attemptId: order.attemptId,
  ...(gatewayPaymentId === undefined ? {} : { gatewayPaymentId }),
  method: order.method.type,
  country: order.country,
  amount: order.amount,
  createdAt: now,
});

/** A standing permission for 250 a month; the reference is our name for the recurring gift. */
export const mandateOf = (
  type: CollectOrder["method"]["type"],
  presentation: CollectOrder["method"]["presentation"],
  token?: string,
  fields: Partial<MandateOrder> = {},
): MandateOrder => ({
  reference: "rcg_1",
  donorId: newId("donor"),
  country: "mx",
  method: { type, presentation, ...(token === undefined ? {} : { token }) },
  donor: { ...knownDonor, device: { ipAddress: "203.0.113.9", userAgent: "Mozilla/5.0" } },
  amount: money(25_000n, "MXN"),
  cadence: "monthly",
  startsOn: "2026-12-01",
  description: "Monthly gift to Iglesia Demo",
  returnUrl: "https://give.example.org/return",
  locale: "es-MX",
  ...fields,
});

/** One month's charge under it. */
export const chargeOf = (
  gatewayMandateId: string,
  order = orderOf({ amount: money(25_000n, "MXN") }),
): MandateCharge => ({
  mandate: { gatewayMandateId, method: order.method.type },
  attempt: handleOf(undefined, order),
  description: "Monthly gift to Iglesia Demo",
  dueOn: "2026-12-01",
  donor: knownDonor,
});

/** A refund that is both ordered and asked about. */
export const refundOf = (
  gatewayPaymentId: string,
  fields: Partial<RefundOrder & RefundHandle> = {},
): RefundOrder & RefundHandle => {
  const amount = fields.amount ?? money(10_000n, "MXN");
  return {
    refundId: newId("refund"),
    gatewayPaymentId,
    amount,
    refundable: amount,
    method: "card",
    reason: "requested_by_donor",
    ...fields,
  };
};

/** A Stripe adapter over a handmade gateway, and what it was asked. */
export function stripeOn(answer: (request: Recorded) => HttpAnswer) {
  const { transport, requests } = recording(answer);
  return { adapter: stripeFactory.create({ credentials, transport }), requests };
}

/** Answers by `METHOD /path` prefix, longest first; anything else is Stripe's 404. */
export function routes(table: Readonly<Record<string, HttpAnswer>>): (request: Recorded) => HttpAnswer {
  const prefixes = Object.keys(table).sort((a, b) => b.length - a.length);
  return (request) => {
    const line = `${request.method} ${request.url.pathname}`;
    const match = prefixes.find((prefix) => line.startsWith(prefix));
    return (match && table[match]) || answers(404, bodies.requestError("resource_missing"));
  };
}

export const form = (request: Recorded | undefined): URLSearchParams =>
  new URLSearchParams(request?.body ?? "");

async function delivered(body: string, signingSecret: string, at: Date): Promise<RawDelivery> {
  const header = await Stripe.webhooks.generateTestHeaderStringAsync({
    payload: body,
    secret: signingSecret,
    timestamp: Math.floor(at.getTime() / 1000),
    cryptoProvider: Stripe.createSubtleCryptoProvider(),
  });
  return { headers: { "stripe-signature": header }, body: new TextEncoder().encode(body), target: "" };
}

const ok = (body: unknown) => answers(200, body);
const embedded = { presentation: "embedded" };

export const stripeUnderTest: GatewayUnderTest = {
  factory: stripeFactory,
  credentials,
  order: (amount) => orderOf(amount ? { amount } : {}),
  handle: () => handleOf("pi_1"),
  answers: {
    captured: ok(bodies.succeeded()),
    authorized: ok(bodies.intent({ status: "requires_capture", latest_charge: bodies.charge() })),
    processing: ok(bodies.intent({ status: "processing" })),
    action_required: ok(
      bodies.intent({
        status: "requires_action",
        next_action: { type: "redirect_to_url", redirect_to_url: { url: "https://hooks.stripe.com/3ds" } },
      }),
    ),
    declined: answers(402, bodies.cardError("insufficient_funds")),
    voided: ok(bodies.intent({ status: "canceled", cancellation_reason: "automatic" })),
    refused: answers(400, bodies.requestError("parameter_missing")),
    in_doubt: answers(500, { error: { type: "api_error", message: "Something went wrong" } }),
  },
  statuses: [
    {
      status: "requires_payment_method",
      body: bodies.intent({ metadata: embedded }),
      becomes: "action_required",
    },
    {
      status: "requires_confirmation",
      body: bodies.intent({ status: "requires_confirmation", metadata: embedded }),
      becomes: "action_required",
    },
    {
      status: "requires_action",
      body: bodies.intent({ status: "requires_action", next_action: { type: "use_stripe_sdk" } }),
      becomes: "action_required",
    },
    { status: "processing", body: bodies.intent({ status: "processing" }), becomes: "processing" },
    {
      status: "requires_capture",
      body: bodies.intent({ status: "requires_capture" }),
      becomes: "authorized",
    },
    { status: "succeeded", body: bodies.succeeded(), becomes: "captured" },
    ...[
      "abandoned",
      "automatic",
      "duplicate",
      "expired",
      "failed_invoice",
      "fraudulent",
      "requested_by_customer",
      "void_invoice",
    ].map((reason) => ({
      status: `canceled (${reason})`,
      body: bodies.intent({ status: "canceled", cancellation_reason: reason }),
      becomes: "voided" as const,
    })),
  ],
  unknownStatus: bodies.intent({ status: "requires_patience" }),
  declineCodes: knownDeclineCodes,
  declined: (code) => answers(402, bodies.cardError(code)),
  doubtful: [
    answers(500, { error: { type: "api_error", message: "x" } }),
    answers(502, "<html>Bad Gateway</html>"),
    answers(503, ""),
    answers(409, { error: { type: "invalid_request_error", code: "idempotency_key_in_use", message: "x" } }),
    answers(400, { error: { type: "idempotency_error", message: "Keys for idempotent requests…" } }),
    answers(200, "<html>A proxy's page</html>"),
    answers(200, ""),
    answers(200, "null"),
    answers(200, '"text"'),
    answers(200, "[]"),
    answers(200, "17"),
    answers(200, "{}"),
    answers(200, { id: "pi_1", object: "payment_intent", status: "succeeded" }),
    answers(200, bodies.succeeded({ currency: "zzz" })),
    answers(200, bodies.succeeded({ amount_received: 500.5 })),
  ],
  indiscreet: {
    answer: answers(
      400,
      bodies.requestError("parameter_invalid_string_empty", {
        param: "payment_method_data[billing_details][name]",
        message:
          "Ana Sofía López <ana.lopez@example.org>, tel. +52 55 1234 5678, card 4242 4242 4242 4242, CLABE 646180157000000004: invalid for key sk_test_conformance and pi_1_secret_abc",
      }),
    ),
    words: ["Ana", "Sofía", "López", "ana.lopez", "1234 5678", "4242", "646180157000000004", "pi_1_secret"],
  },
  amounts: [
    { amount: money(12_550n, "MXN"), written: "12550" },
    { amount: money(50n, "USD"), written: "50" },
    { amount: money(99_999_999n, "USD"), written: "99999999" },
    { amount: money(100_000_000n, "USD"), written: undefined },
    { amount: money(5_000n, "CLP"), written: "5000" },
    { amount: money(5_000n, "JPY"), written: "5000" },
    { amount: money(5n, "ISK"), written: "500" },
    { amount: money(1_000n, "UGX"), written: "100000" },
    { amount: money(500_000n, "MGA"), written: "5000" },
    { amount: money(500_050n, "MGA"), written: undefined },
    { amount: money(5_120n, "KWD"), written: "5120" },
    { amount: money(5_124n, "KWD"), written: undefined },
    { amount: money(0n, "MXN"), written: undefined },
    { amount: money(-100n, "MXN"), written: undefined },
  ],
  amountIn: (request) => form(request).get("amount") ?? undefined,
  keyIn: (request) => request.headers.get("idempotency-key") ?? undefined,
  events: {
    captured: (attemptId) => capturedEvent(attemptId),
    // Stripe sends one event per delivery.
    batch: (attemptId) => ({ body: capturedEvent(attemptId), facts: 1 }),
    tells: "outcome",
    deliver: delivered,
    signs: { body: true, time: true },
  },
};

function capturedEvent(attemptId: AttemptId): string {
  const intent = bodies.succeeded({ latest_charge: "ch_1", metadata: { attempt_id: attemptId } });
  return JSON.stringify(bodies.event("payment_intent.succeeded", intent));
}
