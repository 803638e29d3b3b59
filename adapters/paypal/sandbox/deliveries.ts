import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { after, hours, minutes } from "../../../src/kernel/clock.ts";
import { type Delivery, documentsOf, pendingDeliveries } from "./documents.ts";
import { type House, stamp } from "./scene.ts";
import { signedHeaders } from "./signing.ts";

/** How webhooks travel: in order, each three times, held back, newest first, or dropped for good. */
export const deliveryModes = ["normal", "duplicated", "late", "out_of_order", "lost"] as const;
export type DeliveryMode = (typeof deliveryModes)[number];
const modeSchema = z.object({ mode: z.enum(deliveryModes) });

export const setMode = (raw: SandboxDocuments, mode: DeliveryMode): Promise<void> =>
  raw.put("control", "deliveries", { mode }, []);

async function modeOf(raw: SandboxDocuments): Promise<DeliveryMode> {
  const kept = modeSchema.safeParse(await raw.get("control", "deliveries"));
  return kept.success ? kept.data.mode : "normal";
}

/** PayPal tries up to 25 times in three days; the waits are ours. */
const mostTries = 25;
const waitAfter = (tries: number): number => Math.min(minutes(2 ** Math.min(tries, 8)), hours(4));

/** Delivers what is due, one after another, until nothing is left that came up meanwhile. */
export function courier(house: () => House): () => Promise<void> {
  let under: Promise<void> | undefined;
  let more = false;
  const walk = async () => {
    do {
      more = false;
      while (await round(house())) more = false;
    } while (more);
  };
  return () => {
    more = true;
    under ??= walk().finally(() => {
      under = undefined;
    });
    return under;
  };
}

/** Whether anything was due. */
async function round(house: House): Promise<boolean> {
  const mode = await modeOf(house.store);
  if (mode === "late") return false;
  const now = stamp(house.clock.now());
  const due = (await pendingDeliveries(house.store)).filter(({ dueAt }) => dueAt <= now);
  for (const delivery of mode === "out_of_order" ? due.toReversed() : due) {
    await attend(house, delivery, mode);
  }
  return due.length > 0;
}

async function attend(house: House, delivery: Delivery, mode: DeliveryMode): Promise<void> {
  const { account, eventId, webhookId, id, tries } = delivery;
  const documents = documentsOf(account, house.store);
  const event = await documents.get("event", eventId);
  const webhook = await documents.get("webhook", webhookId);
  if (!event || !webhook || mode === "lost") return documents.remove("delivery", id);
  let arrived = false;
  for (let copy = mode === "duplicated" ? 3 : 1; copy > 0; copy--) {
    arrived = (await send(house, webhook.url, webhook.id, event.body)) || arrived;
  }
  if (arrived || tries + 1 >= mostTries) return documents.remove("delivery", id);
  const dueAt = stamp(after(house.clock.now(), waitAfter(tries)));
  await documents.put("delivery", { ...delivery, tries: tries + 1, dueAt });
}

async function send(house: House, url: string, webhookId: string, body: string): Promise<boolean> {
  const transmission = house.ids.uuid();
  const headers = await signedHeaders(
    house.store,
    { transmission, webhookId, text: body },
    house.clock.now(),
  );
  const answer = await house.deliver({ url, headers, body }).catch(() => ({ status: 0 }));
  return answer.status >= 200 && answer.status < 300;
}
