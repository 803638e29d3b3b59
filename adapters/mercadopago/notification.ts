import type { EventEnvelope, RawDelivery } from "../../src/gateway/webhook.ts";
import { type AttemptId, parseId } from "../../src/kernel/ids.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Account } from "./account.ts";
import { notificationSchema } from "./wire.ts";

/** A notification as far as it can be believed: what it points at, by the signed id of its address. */
export type Notification = {
  readonly topic: "payment" | "chargeback" | "claim" | "other";
  readonly type: string;
  /** Of the address, as it was sent: of a payment, a chargeback, a claim. */
  readonly id: string;
  /** The payment a chargeback names in its body, where a JSON number keeps it. */
  readonly paymentId: string | undefined;
  /** Ours, which we put into the address. */
  readonly attemptId: AttemptId | undefined;
  readonly envelope: EventEnvelope;
};

const topics: Readonly<Record<string, Notification["topic"]>> = {
  payment: "payment",
  topic_chargebacks_wh: "chargeback",
  chargebacks: "chargeback",
  topic_claims_integration_wh: "claim",
  claim: "claim",
};

/** What follows our address, as the gateway was told it and added to it. */
export function addressOf(target: string): URLSearchParams {
  const query = target.indexOf("?");
  return new URLSearchParams(query < 0 ? "" : target.slice(query + 1));
}

/** `Err` when it is no notification, when body and signed address do not agree, or when it is somebody else's. */
export function readNotification(delivery: RawDelivery, account: Account): Result<Notification, string> {
  const address = addressOf(delivery.target);
  const id = address.get("data.id") ?? undefined;
  if (id === undefined || id === "") return err("the address names nothing (data.id)");
  const body = bodyOf(delivery);
  if (!body) return err("the body is not a Mercado Pago notification");
  const told = body.data.id;
  if (told !== undefined && told.toLowerCase() !== id.toLowerCase()) {
    return err("the body names something else than the signed address");
  }
  if (body.user_id && body.user_id !== account.userId) return err("the event is of another seller's account");
  const signedAt = stampOf(delivery.headers["x-signature"] ?? "");
  const occurredAt = body.date_created ? new Date(body.date_created) : signedAt;
  if (!occurredAt) return err("the notification has no date");
  const topic = Object.hasOwn(topics, body.type) ? (topics[body.type] ?? "other") : "other";
  const paymentId = topic === "payment" ? id : body.data.payment_id;
  return ok({
    topic,
    type: body.action ? `${body.type}/${body.action}` : body.type,
    id,
    paymentId,
    attemptId: parseId("attempt", address.get("attempt")),
    envelope: {
      eventKey: `${body.type}.${id}.${body.id}`,
      orderKey: paymentId ?? id,
      type: body.type,
      occurredAt,
    },
  });
}

function bodyOf(delivery: RawDelivery) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(delivery.body);
    return notificationSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** The signature's time: seconds, or milliseconds when it has thirteen digits (facts: methods §10.9). */
export function stampOf(signature: string): Date | undefined {
  const [, ts] = /(?:^|,)\s*ts\s*=\s*(\d{1,15})\s*(?:,|$)/i.exec(signature) ?? [];
  if (ts === undefined) return undefined;
  return new Date(ts.length >= 13 ? Number(ts) : Number(ts) * 1000);
}
