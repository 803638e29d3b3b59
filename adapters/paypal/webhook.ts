import type { EventEnvelope, RawDelivery, Webhooks } from "../../src/gateway/webhook.ts";
import { seconds } from "../../src/kernel/clock.ts";
import { crc32 } from "../../src/kernel/crc32.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Secret } from "../../src/kernel/secret.ts";
import { type Certificates, certificates, isCertificateUrl } from "./certificate.ts";
import { askRaw, type PaypalAccount } from "./client.ts";
import { readEvent } from "./translate-event.ts";
import { eventSchema, verificationSchema, type WireEvent } from "./wire.ts";

/** How far a transmission's time may be from our clock, either way. PayPal stamps each try anew. */
const tolerance = seconds(300);
/** What fetching a certificate or asking PayPal may take. */
const patienceMs = 10_000;

/** The webhook side of the adapter: PayPal sends one event per delivery. */
export function paypalWebhooks(account: PaypalAccount): Webhooks {
  const known = certificates(account.transport);
  return {
    verify: (delivery, webhookIds, now) => verify(account, known, delivery, webhookIds, now),
    envelope: envelopeOf,
    read(delivery) {
      const event = parsed(delivery);
      return event.ok ? readEvent(event.value) : event;
    },
  };
}

type Verdict = "genuine" | "forged" | "stale";

/** What PayPal says about a delivery in its headers. */
type Transmission = {
  readonly id: string;
  readonly time: string;
  readonly signature: string;
  readonly certUrl: string;
  readonly algorithm: string;
};

const headerNames = {
  id: "paypal-transmission-id",
  time: "paypal-transmission-time",
  signature: "paypal-transmission-sig",
  certUrl: "paypal-cert-url",
  algorithm: "paypal-auth-algo",
} as const;

const offlineAlgorithm = "SHA256withRSA";

/**
 * Proves a delivery offline: RSA-SHA256 over `id|time|webhook id|CRC-32 of the raw body`, by the certificate the
 * headers name (facts: methods §7). The webhook id is what we keep as the secret: a delivery meant for another
 * webhook does not verify. Only when the certificate cannot be had, or another algorithm is named, is PayPal asked
 * (`POST /v1/notifications/verify-webhook-signature`). Whatever is not proved is `forged`.
 */
async function verify(
  account: PaypalAccount,
  known: Certificates,
  delivery: RawDelivery,
  webhookIds: readonly Secret[],
  now: Date,
): Promise<Verdict> {
  const sent = transmissionOf(delivery);
  if (!sent || webhookIds.length === 0 || !isCertificateUrl(sent.certUrl)) return "forged";
  const time = Date.parse(sent.time);
  if (Number.isNaN(time)) return "forged";
  if (!(await isSigned(account, known, delivery, sent, webhookIds, now))) return "forged";
  return Math.abs(now.getTime() - time) <= tolerance ? "genuine" : "stale";
}

function transmissionOf({ headers }: RawDelivery): Transmission | undefined {
  const { id, time, signature, certUrl, algorithm } = headerNames;
  const sent = {
    id: headers[id] ?? "",
    time: headers[time] ?? "",
    signature: headers[signature] ?? "",
    certUrl: headers[certUrl] ?? "",
    algorithm: headers[algorithm] ?? "",
  };
  return Object.values(sent).every((word) => word !== "") ? sent : undefined;
}

async function isSigned(
  account: PaypalAccount,
  known: Certificates,
  delivery: RawDelivery,
  sent: Transmission,
  webhookIds: readonly Secret[],
  now: Date,
): Promise<boolean> {
  if (sent.algorithm === offlineAlgorithm) {
    const certificate = await known.keyAt(sent.certUrl, now, AbortSignal.timeout(patienceMs));
    if (certificate.ok) return isSignedBy(certificate.value.key, delivery, sent, webhookIds);
    if (certificate.error === "unfit") return false;
  }
  for (const webhookId of webhookIds) {
    if (await paypalSays(account, delivery, sent, webhookId, now)) return true;
  }
  return false;
}

async function isSignedBy(
  key: CryptoKey,
  delivery: RawDelivery,
  sent: Transmission,
  webhookIds: readonly Secret[],
): Promise<boolean> {
  const signature = bytesOf(sent.signature);
  if (!signature) return false;
  const checksum = crc32(delivery.body);
  for (const webhookId of webhookIds) {
    const text = signedText(sent, webhookId.reveal(), checksum);
    if (await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, signature, new TextEncoder().encode(text))) {
      return true;
    }
  }
  return false;
}

/** The text PayPal signs; the checksum in decimal. */
export const signedText = (
  sent: Pick<Transmission, "id" | "time">,
  webhookId: string,
  checksum: number,
): string => `${sent.id}|${sent.time}|${webhookId}|${checksum}`;

function bytesOf(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** PayPal's own verdict. The event goes into the request byte for byte: written anew, its checksum would differ. */
async function paypalSays(
  account: PaypalAccount,
  delivery: RawDelivery,
  sent: Transmission,
  webhookId: Secret,
  now: Date,
): Promise<boolean> {
  const event = textOf(delivery);
  if (event === undefined || !parsed(delivery).ok) return false;
  const about = JSON.stringify({
    auth_algo: sent.algorithm,
    cert_url: sent.certUrl,
    transmission_id: sent.id,
    transmission_sig: sent.signature,
    transmission_time: sent.time,
    webhook_id: webhookId.reveal(),
  });
  const body = `${about.slice(0, -1)},"webhook_event":${event}}`;
  const call = { idempotencyKey: `verify-${sent.id}`, now, timeoutMs: patienceMs, traceId: sent.id };
  const path = "/v1/notifications/verify-webhook-signature";
  const answer = await askRaw(account, verificationSchema, { call }, { method: "POST", path, body });
  return answer.ok && answer.value.verification_status === "SUCCESS";
}

function textOf(delivery: RawDelivery): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(delivery.body);
  } catch {
    return undefined;
  }
}

function parsed(delivery: RawDelivery): Result<WireEvent, string> {
  const text = textOf(delivery);
  let body: unknown;
  try {
    body = text === undefined ? undefined : JSON.parse(text);
  } catch {
    return err("the body is not JSON");
  }
  const event = eventSchema.safeParse(body);
  return event.success ? ok(event.data) : err("the body is not a PayPal event");
}

function envelopeOf(delivery: RawDelivery): Result<EventEnvelope, string> {
  const event = parsed(delivery);
  if (!event.ok) return event;
  const { id, event_type, create_time } = event.value;
  return ok({ eventKey: id, orderKey: orderKeyOf(event.value), type: event_type, occurredAt: create_time });
}

/**
 * Whose queue the event stands in: the attempt's, where the object names ours (an order and its capture have
 * different ids of PayPal's, and a refund names neither), else the object's own.
 */
function orderKeyOf({ id, resource }: WireEvent): string {
  const units = resource.purchase_units;
  const unit = Array.isArray(units) ? field(units[0], "custom_id") : undefined;
  const disputed = resource.disputed_transactions;
  const custom = Array.isArray(disputed) ? field(disputed[0], "custom") : undefined;
  const named = [unit, custom, resource.custom_id, resource.dispute_id, resource.order_id, resource.id];
  return named.find((word): word is string => typeof word === "string" && word !== "") ?? id;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
