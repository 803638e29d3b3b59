import type { EventEnvelope, GatewayEvent, RawDelivery, Webhooks } from "../../src/gateway/webhook.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { parseId } from "../../src/kernel/ids.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Secret } from "../../src/kernel/secret.ts";
import { eventSchema, type WireEvent } from "./wire.ts";

/**
 * BTCPay repeats an undelivered event for about an hour under its first time stamp, and the dashboard repeats older
 * ones by hand: so old stamps are believed for a day. A replay could only make us look again.
 */
const oldest = days(1);
const newest = minutes(5);

/** The webhook side of the adapter: one event per delivery, of one store. */
export function btcpayWebhooks(storeId: string): Webhooks {
  const parsed = (delivery: RawDelivery) => eventOf(delivery, storeId);
  return {
    verify,
    envelope(delivery) {
      const event = parsed(delivery);
      return event.ok ? ok(envelopeOf(event.value)) : event;
    },
    read(delivery) {
      const event = parsed(delivery);
      return event.ok ? ok([readEvent(event.value)]) : event;
    },
  };
}

/** `BTCPay-Sig: sha256=` and the HMAC-SHA256 of the raw bytes, in hexadecimal (OpenAPI `WebhookDataCreate`). */
async function verify(
  delivery: RawDelivery,
  secrets: readonly Secret[],
  now: Date,
): Promise<"genuine" | "forged" | "stale"> {
  const digits = /^sha256=([0-9a-f]{64})$/.exec(delivery.headers["btcpay-sig"] ?? "")?.[1];
  if (digits === undefined) return "forged";
  const signature = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  for (const secret of secrets) {
    if (await signedBy(secret, signature, delivery.body)) return isFresh(delivery, now) ? "genuine" : "stale";
  }
  return "forged";
}

async function signedBy(
  secret: Secret,
  signature: Uint8Array<ArrayBuffer>,
  body: Uint8Array,
): Promise<boolean> {
  const bytes = new TextEncoder().encode(secret.reveal());
  // An empty secret signs for everybody.
  if (bytes.length === 0) return false;
  const key = await crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, [
    "verify",
  ]);
  // `verify` compares in constant time.
  return crypto.subtle.verify("HMAC", key, signature, new Uint8Array(body));
}

/** The time stands inside the signed body; a signed body without one is left to `envelope` to refuse. */
function isFresh(delivery: RawDelivery, now: Date): boolean {
  const event = eventSchema.safeParse(json(delivery));
  if (!event.success) return true;
  const age = now.getTime() - event.data.timestamp * 1000;
  return age <= oldest && age >= -newest;
}

function eventOf(delivery: RawDelivery, storeId: string): Result<WireEvent, string> {
  const event = eventSchema.safeParse(json(delivery));
  if (!event.success) return err("the body is not a BTCPay event");
  return event.data.storeId === storeId ? ok(event.data) : err("the event is of another store");
}

function json(delivery: RawDelivery): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(delivery.body));
  } catch {
    return undefined;
  }
}

/** Every redelivery has a `deliveryId` of its own; the original's stays. */
const envelopeOf = (event: WireEvent): EventEnvelope => ({
  eventKey: event.originalDeliveryId || event.deliveryId,
  orderKey: event.invoiceId || event.pullPaymentId || event.deliveryId,
  type: event.type,
  occurredAt: new Date(event.timestamp * 1000),
});

/**
 * Invoice events carry no amounts, so each is only a hint to look. A payout (`WebhookPayoutEvent`) is
 * how far the claim of a refund is, and names its pull payment; older servers call each of them `PayoutCreated`. Not
 * read: the creation and the refund of an invoice (ours), dashboard tests, and the church's other invoices and payouts.
 */
function readEvent(event: WireEvent): GatewayEvent {
  const ignored = { kind: "ignored", type: event.type } as const;
  const { invoiceId, metadata, pullPaymentId, type } = event;
  if (type.startsWith("Payout") && pullPaymentId)
    return { kind: "refund_hint", gatewayRefundId: pullPaymentId };
  if (!invoiceId || invoiceId.startsWith("__test__")) return ignored;
  if (!type.startsWith("Invoice") || type === "InvoiceCreated" || type === "InvoiceRefund") return ignored;
  const attemptId = parseId("attempt", metadata?.orderId);
  // Older servers send no metadata: then the core has to know the invoice.
  if (metadata && !attemptId) return ignored;
  return {
    kind: "attempt_hint",
    subject: { gatewayPaymentId: invoiceId, ...(attemptId ? { attemptId } : {}) },
  };
}
