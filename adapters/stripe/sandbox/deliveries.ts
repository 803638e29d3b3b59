import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { documentsOf } from "./documents.ts";
import { type Delivery, deliveryKey } from "./events.ts";
import type { House } from "./scene.ts";
import type { SandboxEvent } from "./wire.ts";

/**
 * How webhooks travel. `normal`: in order, once. `duplicated`: each `times` over. `late`: none until released.
 * `out_of_order`: the newest first. `lost`: dropped for good; only `GET /v1/events` still tells of them.
 */
export type DeliveryMode =
  | { readonly mode: "normal" | "late" | "out_of_order" | "lost" }
  | { readonly mode: "duplicated"; readonly times: number };

const modeSchema = z.union([
  z.object({ mode: z.enum(["normal", "late", "out_of_order", "lost"]) }),
  z.object({ mode: z.literal("duplicated"), times: z.number() }),
]);

export async function setDeliveryMode(raw: SandboxDocuments, mode: DeliveryMode): Promise<void> {
  await raw.put("control", "delivery_mode", mode, []);
}

async function deliveryMode(raw: SandboxDocuments): Promise<DeliveryMode> {
  const kept = await raw.get("control", "delivery_mode");
  return kept ? modeSchema.parse(kept) : { mode: "normal" };
}

/** Seconds until the next try after so many failures; after the last the event is given up (about three days). */
const retryAfter = [60, 300, 1800, 7200, 18_000, 36_000, 36_000, 36_000, 36_000, 36_000, 36_000];
const maxRounds = 1000;

type Courier = { flush(): Promise<void> };

/** Delivers what is pending and due, round after round while deliveries cause new events; one run at a time. */
export function courier(house: () => House): Courier {
  const keys = new Map<string, Promise<CryptoKey>>();
  let running: Promise<void> | undefined;
  let again = false;
  const rounds = async (): Promise<void> => {
    for (let round = 0; round < maxRounds; round++) {
      again = false;
      if (!(await deliverRound(house(), keys)) && !again) return;
    }
  };
  return {
    flush: () => {
      again = true;
      running ??= rounds().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

async function deliverRound(house: House, keys: Map<string, Promise<CryptoKey>>): Promise<boolean> {
  const mode = await deliveryMode(house.store);
  if (mode.mode === "late") return false;
  const now = Math.floor(house.clock.now().getTime() / 1000);
  const entries = await house.store.list("delivery", deliveryKey.pending, {
    order: "oldest_first",
    limit: 5000,
  });
  const due = entries.map((entry) => asDelivery(entry.document)).filter((one) => one.dueAt <= now);
  if (due.length === 0) return false;
  if (mode.mode === "out_of_order") due.reverse();
  const queue = due[Symbol.iterator]();
  const worker = async (): Promise<void> => {
    for (const delivery of queue) await deliverOne(house, keys, delivery, mode, now);
  };
  await Promise.all(Array.from({ length: house.deliveryConcurrency }, worker));
  return true;
}

// The one boundary of this file: `emit` and `putOff` are the only writers of the kind.
const asDelivery = (document: object): Delivery => document as Delivery;

async function deliverOne(
  house: House,
  keys: Map<string, Promise<CryptoKey>>,
  delivery: Delivery,
  mode: DeliveryMode,
  now: number,
): Promise<void> {
  const documents = documentsOf(delivery.account, house.store);
  const event = await documents.get("event", delivery.eventId);
  const endpoint = await documents.get("webhook_endpoint", delivery.endpointId);
  if (!event || !endpoint || mode.mode === "lost") return house.store.remove("delivery", delivery.id);
  const times = mode.mode === "duplicated" ? mode.times : 1;
  let delivered = false;
  for (let time = 0; time < times; time++) {
    delivered = (await send(house, keys, endpoint, event, now)) || delivered;
  }
  if (!delivered) return putOff(house, delivery, now);
  await house.store.remove("delivery", delivery.id);
  await documents.put("event", { ...event, pending_webhooks: Math.max(0, event.pending_webhooks - 1) });
}

async function send(
  house: House,
  keys: Map<string, Promise<CryptoKey>>,
  endpoint: { readonly url: string; readonly secret: string },
  event: SandboxEvent,
  now: number,
): Promise<boolean> {
  const body = JSON.stringify(event);
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    "stripe-signature": `t=${now},v1=${await signature(keys, endpoint.secret, `${now}.${body}`)}`,
  };
  try {
    const { status } = await house.deliver({ url: endpoint.url, headers, body });
    return status >= 200 && status < 300;
  } catch {
    return false;
  }
}

async function putOff(house: House, delivery: Delivery, now: number): Promise<void> {
  const wait = retryAfter[delivery.tries];
  if (wait === undefined) return house.store.remove("delivery", delivery.id);
  const next: Delivery = { ...delivery, tries: delivery.tries + 1, dueAt: now + wait };
  await house.store.put("delivery", delivery.id, next, [deliveryKey.pending]);
}

const encoder = new TextEncoder();
const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** HMAC-SHA256 in hexadecimal over `t.body`, as Stripe signs (facts: methods §7). */
async function signature(
  keys: Map<string, Promise<CryptoKey>>,
  secret: string,
  text: string,
): Promise<string> {
  const known = keys.get(secret);
  const key =
    known ??
    crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, [
      "sign",
    ]);
  if (!known) keys.set(secret, key);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", await key, encoder.encode(text)));
  let out = "";
  for (const byte of bytes) out += hex[byte];
  return out;
}
