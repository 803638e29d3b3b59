import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { newId, secretOf } from "./accounts.ts";
import type { InvoiceDocument, PullDocument } from "./documents.ts";
import type { House, Scene } from "./house.ts";

/** `WebhookEventType`, the invoice part. */
type InvoiceEvent =
  | "InvoiceCreated"
  | "InvoiceReceivedPayment"
  | "InvoicePaymentSettled"
  | "InvoiceProcessing"
  | "InvoiceExpired"
  | "InvoiceExpiredPaidPartial"
  | "InvoicePaidAfterExpiration"
  | "InvoiceSettled"
  | "InvoiceInvalid";

const deliveryDocument = z.object({
  id: z.string(),
  storeId: z.string(),
  url: z.string(),
  event: z.record(z.string(), z.json()),
  tries: z.number(),
  dueAt: z.number(),
});
type Delivery = z.output<typeof deliveryDocument>;

/** The payouts': a claim was made, approved by the church, paid or called off. */
type PayoutEvent = "PayoutCreated" | "PayoutApproved" | "PayoutUpdated";

type Fields = Readonly<Record<string, z.output<ReturnType<typeof z.json>>>>;

/** Queues an event of an invoice for the store's endpoint, if it has one. */
export const announce = (
  scene: Scene,
  { id, storeId, metadata }: InvoiceDocument,
  type: InvoiceEvent,
  fields: Fields,
): Promise<void> => queue(scene, storeId, type, { ...fields, invoiceId: id, metadata });

/** Queues what became of a claim (`WebhookPayoutEvent`): it names its pull payment, and no invoice. */
export const announcePayout = (
  scene: Scene,
  { id, storeId }: PullDocument,
  type: PayoutEvent,
  payout: PullDocument["payouts"][number],
): Promise<void> =>
  queue(scene, storeId, type, { payoutId: payout.id, pullPaymentId: id, payoutState: payout.state });

async function queue(
  scene: Scene,
  storeId: string,
  type: InvoiceEvent | PayoutEvent,
  fields: Fields,
): Promise<void> {
  const endpoint = endpointDocument.safeParse(await scene.documents.get("endpoint", storeId));
  if (!endpoint.success) return;
  const id = newId();
  const event = {
    ...fields,
    deliveryId: id,
    webhookId: `wh_${storeId}`,
    originalDeliveryId: id,
    isRedelivery: false,
    type,
    timestamp: scene.now,
    storeId,
  };
  const delivery: Delivery = {
    id,
    storeId,
    url: endpoint.data.url,
    event,
    tries: 0,
    dueAt: scene.now,
  };
  await scene.documents.put("delivery", id, delivery, ["pending"]);
  scene.marks.queued += 1;
}

const endpointDocument = z.object({ url: z.string() });

export const setEndpoint = (documents: SandboxDocuments, storeId: string, url: string): Promise<void> =>
  documents.put("endpoint", storeId, { url }, []);

/** How webhooks travel. */
export const travelModes = ["normal", "duplicated", "late", "out_of_order", "lost"] as const;
export type TravelMode = (typeof travelModes)[number];
const modeDocument = z.object({ mode: z.enum(travelModes) });

export const setTravel = (documents: SandboxDocuments, mode: TravelMode): Promise<void> =>
  documents.put("travel", "mode", { mode }, []);

async function travelMode(documents: SandboxDocuments): Promise<TravelMode> {
  const kept = modeDocument.safeParse(await documents.get("travel", "mode"));
  return kept.success ? kept.data.mode : "normal";
}

/** Seconds until the next try: after 10 seconds, a minute, and then every ten (OpenAPI `automaticRedelivery`). */
const retries = [10, 60, 600, 600, 600, 600, 600, 600];

/** One run of the postman at a time; whoever calls while it walks has it walk once more. */
export function postman(house: () => House): () => Promise<void> {
  let walking: Promise<void> | undefined;
  let called = false;
  const rounds = async (): Promise<void> => {
    while (called) {
      called = false;
      await walk(house());
    }
  };
  return () => {
    called = true;
    walking ??= rounds().finally(() => {
      walking = undefined;
    });
    return walking;
  };
}

async function walk(house: House): Promise<void> {
  // A delivery may cause calls that queue more; the bound keeps a loop of them from running for ever.
  for (let round = 0; round < 200; round++) {
    const mode = await travelMode(house.store);
    if (mode === "late") return;
    const now = Math.floor(house.clock.now().getTime() / 1000);
    const entries = await house.store.list("delivery", "pending", { order: "oldest_first", limit: 1_000 });
    const due = entries
      .map(({ document }) => deliveryDocument.parse(document))
      .filter(({ dueAt }) => dueAt <= now);
    if (due.length === 0) return;
    if (mode === "out_of_order") due.reverse();
    for (const delivery of due) await carry(house, delivery, mode, now);
  }
}

async function carry(house: House, delivery: Delivery, mode: TravelMode, now: number): Promise<void> {
  await house.store.remove("delivery", delivery.id);
  if (mode === "lost") return;
  let arrived = false;
  for (let time = 0; time < (mode === "duplicated" ? 3 : 1); time++) {
    const redelivery = delivery.tries + time > 0;
    const event = redelivery
      ? { ...delivery.event, deliveryId: newId(), isRedelivery: true }
      : delivery.event;
    arrived = (await send(house, delivery, JSON.stringify(event))) || arrived;
  }
  const wait = retries[delivery.tries];
  if (arrived || wait === undefined) return;
  const again: Delivery = { ...delivery, tries: delivery.tries + 1, dueAt: now + wait };
  await house.store.put("delivery", again.id, again, ["pending"]);
}

async function send(house: House, delivery: Delivery, body: string): Promise<boolean> {
  try {
    const answer = await house.deliver({
      url: delivery.url,
      headers: {
        "content-type": "application/json",
        "btcpay-sig": await signature(body, secretOf(delivery.storeId)),
      },
      body,
    });
    return answer.status >= 200 && answer.status < 300;
  } catch {
    // No answer is an answer to try again.
    return false;
  }
}

/** `BTCPay-Sig` of a body. */
export async function signature(body: string, secret: string): Promise<string> {
  const text = new TextEncoder();
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", text.encode(secret), hmac, false, ["sign"]);
  const digest = new Uint8Array(await crypto.subtle.sign("HMAC", key, text.encode(body)));
  return `sha256=${[...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
