import type { Deps } from "../deps.ts";
import type { RawDelivery } from "../gateway/webhook.ts";
import { newId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { ShortCache } from "../kernel/short-cache.ts";
import { findEndpoint, type OpenedAccount } from "../routing/gateway-accounts.ts";
import type { InboxRow, InboxWriter } from "./write-inbox.ts";

export type Endpoint = NonNullable<Awaited<ReturnType<typeof findEndpoint>>>;
export type Door = Pick<Deps, "db" | "payments" | "clock" | "log" | "metrics" | "doorbell"> & {
  readonly inbox: InboxWriter;
  /** Which church an opaque address belongs to: asked for every delivery, hardly ever changed. */
  readonly endpoints: ShortCache<string, Endpoint | undefined>;
};

/** What of a forged delivery is kept: enough to look at, too little to fill a disk with. */
const forgedBytesMost = 4096;
/** Headers worth keeping with the raw bytes; never cookies or our own authorization. */
const keptHeaders = /^(content-type|user-agent|x-.*|stripe-.*|paypal-.*|webhook-.*|request-id)$/;

/**
 * The door for gateways: verify over the raw bytes, store, and only then say yes. A forged or stale delivery is
 * stored as such and refused; a second arrival of an event is thanked and dropped. Nothing is applied here.
 */
export async function receiveDelivery(
  door: Door,
  gateway: string,
  token: string,
  delivery: RawDelivery,
): Promise<Result<"stored" | "seen", Problem>> {
  const endpoint = await door.endpoints.get(token, () => findEndpoint(door.db, token));
  if (!endpoint || endpoint.gateway !== gateway) {
    return err({ code: "not_found", detail: "no gateway account listens at this address" });
  }
  const ready = await door.payments.ready(endpoint.churchId, endpoint.accountId);
  if (!ready) return err({ code: "not_found", detail: "the gateway account is disabled" });
  const now = door.clock.now();
  const secrets = liveSecrets(ready.account, now);
  const verdict = await ready.adapter.webhooks.verify(delivery, secrets, now);
  door.metrics.count("ofrenda_webhooks_received_total", { gateway, verdict });
  if (verdict !== "genuine") return refuseDelivery(door, endpoint, delivery, verdict, now);
  const envelope = ready.adapter.webhooks.envelope(delivery);
  if (!envelope.ok) {
    return err({ code: "invalid_request", detail: `the signed body is not an event: ${envelope.error}` });
  }
  const { eventKey, orderKey, type, occurredAt } = envelope.value;
  const row = rowFor(endpoint, delivery, "genuine", now);
  const written = await door.inbox.write({ ...row, eventKey, orderKey, type, occurredAt });
  if (written === "stored") door.doorbell.ring("inbox");
  return ok(written);
}

function liveSecrets(account: OpenedAccount, now: Date) {
  return account.webhookSecrets
    .filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
    .map(({ secret }) => secret);
}

async function refuseDelivery(
  door: Door,
  endpoint: Endpoint,
  delivery: RawDelivery,
  verdict: "forged" | "stale",
  now: Date,
): Promise<Result<never, Problem>> {
  const cut = { ...delivery, body: delivery.body.slice(0, forgedBytesMost) };
  await door.inbox.write(rowFor(endpoint, cut, verdict, now));
  door.log.warn({ church: endpoint.churchId, verdict }, "a webhook was refused");
  return err(
    verdict === "stale"
      ? {
          code: "webhook_timestamp_stale",
          detail:
            "the signature is right but its time is too far from ours: check the clocks, or it is a replay",
        }
      : { code: "webhook_signature_invalid", detail: "no live secret of this endpoint made this signature" },
  );
}

function rowFor(
  endpoint: Endpoint,
  delivery: RawDelivery,
  verdict: InboxRow["verdict"],
  now: Date,
): InboxRow {
  const headers = Object.entries(delivery.headers).filter(([name]) => keptHeaders.test(name));
  return {
    churchId: endpoint.churchId,
    id: newId("inboxEvent"),
    gatewayAccountId: endpoint.accountId,
    verdict,
    eventKey: null,
    orderKey: null,
    type: null,
    headers: Object.fromEntries(headers),
    target: delivery.target,
    body: delivery.body,
    occurredAt: null,
    receivedAt: now,
  };
}
