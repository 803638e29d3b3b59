import type Stripe from "stripe";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { hours, minutes } from "../../src/kernel/clock.ts";
import { type AttemptId, uuidOf } from "../../src/kernel/ids.ts";
import { type Answer, ask, reading } from "./client.ts";
import { stripeManifest } from "./manifest.ts";
import type { Failure } from "./translate-errors.ts";
import { sessionExpand } from "./translate-order.ts";
import { listOf, metadataKeys, paymentIntentSchema, sessionSchema, type WireSession } from "./wire.ts";

/** Where an attempt was found when its answer was lost. */
export type Found =
  | { readonly kind: "intent" | "session"; readonly id: string }
  | { readonly kind: "never_seen"; readonly evidence: Evidence }
  /** Nothing found, but the search index may still be behind. */
  | { readonly kind: "unsettled"; readonly evidence: Evidence }
  | { readonly kind: "failed"; readonly failure: Failure };

export const isSessionId = (id: string): boolean => id.startsWith("cs_");

const intents = listOf(paymentIntentSchema);
const sessions = listOf(sessionSchema);

/**
 * Finds an attempt by the `attempt_id` we set. Intents are searched by metadata (the index may lag by an hour:
 * Stripe docs "Search"). Sessions cannot be searched: those created around the birth of the attempt, which its
 * id tells, are listed and compared. `never_seen` only once the index can be believed.
 */
export async function findAttempt(stripe: Stripe, attemptId: AttemptId, call: GatewayCall): Promise<Found> {
  const query = `metadata['${metadataKeys.attempt}']:'${attemptId}'`;
  const searched = await ask(intents, { call }, () =>
    stripe.paymentIntents.search({ query, limit: 1 }, reading(call)),
  );
  if (!searched.ok) return { kind: "failed", failure: searched.failure };
  const intent = searched.value.data.find((one) => one.metadata[metadataKeys.attempt] === attemptId);
  if (intent) return { kind: "intent", id: intent.id };
  const born = bornAt(attemptId);
  const listed = await findSession(stripe, attemptId, born, call);
  if (!listed.ok) return { kind: "failed", failure: listed.failure };
  if (listed.value) return { kind: "session", id: listed.value.id };
  const believable = call.now.getTime() - born.getTime() >= stripeManifest.lookupSettlesAfterMs;
  return { kind: believable ? "never_seen" : "unsettled", evidence: listed.evidence };
}

/** The first 48 bits of a UUIDv7 are milliseconds since 1970 (RFC 9562). */
function bornAt(attemptId: AttemptId): Date {
  return new Date(Number.parseInt(uuidOf(attemptId).replaceAll("-", "").slice(0, 12), 16));
}

/** Clocks differ a little before, and a lost send is repeated for up to a day after. */
const before = minutes(5);
const until = hours(25);
const pages = 20;

async function findSession(
  stripe: Stripe,
  attemptId: AttemptId,
  born: Date,
  call: GatewayCall,
): Promise<Answer<WireSession | undefined>> {
  const created = {
    gte: Math.floor((born.getTime() - before) / 1000),
    lte: Math.floor((born.getTime() + until) / 1000),
  };
  let cursor: { starting_after?: string } = {};
  let evidence: Evidence = {};
  for (let page = 0; page < pages; page++) {
    const params = { created, limit: 100, ...cursor };
    const answer = await ask(sessions, { call }, () => stripe.checkout.sessions.list(params, reading(call)));
    if (!answer.ok) return answer;
    evidence = answer.evidence;
    const match = answer.value.data.find((one) => one.metadata[metadataKeys.attempt] === attemptId);
    if (match) return { ok: true, value: match, evidence };
    const last = answer.value.data.at(-1);
    if (!answer.value.has_more || !last) return { ok: true, value: undefined, evidence };
    cursor = { starting_after: last.id };
  }
  // Not all of the day could be read: nothing may be concluded from not having found it.
  return {
    ok: false,
    failure: {
      kind: "in_doubt",
      cause: "gateway_error",
      evidence: { ...evidence, rawCode: "too_many_sessions" },
    },
  };
}

/** The Checkout Session an intent belongs to, or `undefined` for an intent of our own. */
export async function findSessionOf(
  stripe: Stripe,
  intent: string,
  call: GatewayCall,
): Promise<Answer<WireSession | undefined>> {
  const expand = sessionExpand.map((path) => `data.${path}`);
  const answer = await ask(sessions, { call }, () =>
    stripe.checkout.sessions.list({ payment_intent: intent, limit: 1, expand }, reading(call)),
  );
  return answer.ok ? { ...answer, value: answer.value.data[0] } : answer;
}
