import { WebhookSignatureValidator } from "mercadopago";
import type { GatewayEvent, RawDelivery, Webhooks } from "../../src/gateway/webhook.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { ok } from "../../src/kernel/result.ts";
import type { Secret } from "../../src/kernel/secret.ts";
import type { Account } from "./account.ts";
import { inquire } from "./inquire.ts";
import { addressOf, type Notification, readNotification, stampOf } from "./notification.ts";

/** How far a signature's time may be from our clock, either way. */
const toleranceMs = minutes(5);

/**
 * The webhook side of the adapter. The signature covers the id in the address, a request id and the time, never the
 * body: a delivery is a hint at what it names, and what it names is read again with our own credentials.
 */
export function mercadoPagoWebhooks(account: Account): Webhooks {
  return {
    verify: async (delivery, secrets, now) => verify(delivery, secrets, now),
    envelope(delivery) {
      const read = readNotification(delivery, account);
      return read.ok ? ok(read.value.envelope) : read;
    },
    read(delivery) {
      const read = readNotification(delivery, account);
      return read.ok ? ok([hintIn(read.value)]) : read;
    },
    inquire: (delivery, call) => inquire(account, delivery, call),
  };
}

/** What can be said without asking: that something about a payment changed. */
function hintIn({ paymentId, attemptId, type }: Notification): GatewayEvent {
  if (paymentId === undefined) return { kind: "ignored", type };
  const subject = { gatewayPaymentId: paymentId, ...(attemptId ? { attemptId } : {}) };
  return { kind: "attempt_hint", subject };
}

/**
 * Checks the signature with the SDK's validator (HMAC-SHA256, constant time), which takes the id as given and the
 * time as seconds: the id is put in lower case here, as it is signed, and the time is compared here, since live
 * notifications carry milliseconds (facts: methods §7, conformance §4).
 */
function verify(
  delivery: RawDelivery,
  secrets: readonly Secret[],
  now: Date,
): "genuine" | "forged" | "stale" {
  const xSignature = delivery.headers["x-signature"];
  const signedAt = stampOf(xSignature ?? "");
  if (xSignature === undefined || signedAt === undefined) return "forged";
  const dataId = addressOf(delivery.target).get("data.id")?.toLowerCase();
  const xRequestId = delivery.headers["x-request-id"];
  const genuine = secrets.some((secret) => {
    try {
      WebhookSignatureValidator.validate({ xSignature, xRequestId, dataId, secret: secret.reveal() });
      return true;
    } catch {
      return false;
    }
  });
  if (!genuine) return "forged";
  return Math.abs(now.getTime() - signedAt.getTime()) > toleranceMs ? "stale" : "genuine";
}
