import Stripe from "stripe";
import type { EventEnvelope, RawDelivery, Webhooks } from "../../src/gateway/webhook.ts";
import { present } from "../../src/kernel/assert.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Secret } from "../../src/kernel/secret.ts";
import { readEvent } from "./translate-event.ts";
import { eventSchema, type WireEvent } from "./wire.ts";

/** Seconds a signature's time stamp may differ from our clock, either way (Stripe's own default is 300). */
const tolerance = 300;

/** The webhook side of the adapter: Stripe sends one event per delivery. */
export function stripeWebhooks(publishableKey: string): Webhooks {
  return {
    verify: verifyDelivery,
    envelope: envelopeOf,
    read(delivery) {
      const event = parsed(delivery);
      return event.ok ? readEvent(event.value, publishableKey) : event;
    },
  };
}

type Verdict = "genuine" | "forged" | "stale";

/**
 * Checks the signature over the raw bytes with each live secret, by the SDK (HMAC-SHA256 of `t.body`, constant
 * time; docs.stripe.com/webhooks/signature). A right signature with an old stamp is `stale`; so is one from the
 * future, which the SDK would let pass (facts: methods §7). Anything else is `forged`.
 */
async function verifyDelivery(
  delivery: RawDelivery,
  secrets: readonly Secret[],
  now: Date,
): Promise<Verdict> {
  const header = delivery.headers["stripe-signature"];
  if (header === undefined) return "forged";
  let verdict: Verdict = "forged";
  for (const secret of secrets) {
    if (await signedBy(delivery.body, header, secret, tolerance, now)) {
      return fromTheFuture(header, now) ? "stale" : "genuine";
    }
    // Tolerance 0 leaves the time out: what passes now was signed right, but long ago.
    if (await signedBy(delivery.body, header, secret, 0, now)) verdict = "stale";
  }
  return verdict;
}

async function signedBy(
  body: Uint8Array,
  header: string,
  secret: Secret,
  toleranceSeconds: number,
  now: Date,
): Promise<boolean> {
  // The SDK knows its runtime: Node's own HMAC, without a hop to another thread, or Workers' SubtleCrypto.
  const provider = undefined;
  try {
    const at = now.getTime();
    return await signature.verifyHeaderAsync(body, header, secret.reveal(), toleranceSeconds, provider, at);
  } catch {
    // Wrong signature or wrong time: not to be believed with this secret.
    return false;
  }
}

const signature = present(Stripe.webhooks.signature, "the SDK verifies signatures");

/** A header could name several stamps; none of them may lie ahead of us. */
function fromTheFuture(header: string, now: Date): boolean {
  const stamps = header
    .split(",")
    .filter((part) => part.startsWith("t="))
    .map((part) => Number.parseInt(part.slice(2), 10));
  return stamps.some((stamp) => stamp > now.getTime() / 1000 + tolerance);
}

function parsed(delivery: RawDelivery): Result<WireEvent, string> {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(delivery.body));
  } catch {
    return err("the body is not JSON");
  }
  const event = eventSchema.safeParse(body);
  return event.success ? ok(event.data) : err("the body is not a Stripe event");
}

function envelopeOf(delivery: RawDelivery): Result<EventEnvelope, string> {
  const event = parsed(delivery);
  if (!event.ok) return event;
  const { id, type, created } = event.value;
  return ok({ eventKey: id, orderKey: orderKeyOf(event.value), type, occurredAt: new Date(created * 1000) });
}

/**
 * Whose queue the event stands in: the intent's where the object is one or names one, so that an intent, its
 * charge, its session, its refunds and disputes are applied one after another; what is about a saved means of
 * payment stands in that one's; else the customer's (cash balance), else the object's own.
 */
function orderKeyOf(event: WireEvent): string {
  const object = event.data.object;
  if (object.object === "payment_intent") return text(object.id) ?? event.id;
  if (aboutSaving.has(object.object)) return reference(object.payment_method) ?? text(object.id) ?? event.id;
  return reference(object.payment_intent) ?? customerQueue(object) ?? text(object.id) ?? event.id;
}

const aboutSaving: ReadonlySet<unknown> = new Set(["setup_intent", "mandate"]);

const customerQueue = (object: Record<string, unknown>): string | undefined =>
  object.object === "customer_cash_balance_transaction" ? reference(object.customer) : undefined;

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function reference(value: unknown): string | undefined {
  if (typeof value === "object" && value !== null && "id" in value) return text(value.id);
  return text(value);
}
