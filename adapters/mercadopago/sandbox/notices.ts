import { z } from "zod";
import type { DeliverWebhook, SandboxDocuments, SandboxStore } from "../../../src/gateway/sandbox.ts";
import { after, type Clock, minutes } from "../../../src/kernel/clock.ts";
import { sellerOf } from "./accounts.ts";
import type { SimPayment } from "./documents.ts";
import { digits, endpointOf } from "./state.ts";

/** How notifications travel: in order, each three times, not until released, newest first, or never. */
export const travelModes = ["normal", "duplicated", "late", "out_of_order", "lost"] as const;
export type TravelMode = (typeof travelModes)[number];

const modeDocument = z.object({ mode: z.enum(travelModes) });

const noticeDocument = z.object({
  id: z.string(),
  accessToken: z.string(),
  url: z.string(),
  type: z.string(),
  action: z.string(),
  dataId: z.string(),
  /** Of a chargeback's body. */
  paymentId: z.number().nullable(),
  createdAt: z.string(),
  dueAt: z.string(),
  tries: z.number(),
});
type Notice = z.infer<typeof noticeDocument>;

type Told = Pick<Notice, "type" | "action" | "dataId" | "paymentId"> & { readonly url: string | undefined };

async function queue(documents: SandboxDocuments, accessToken: string, now: Date, told: Told): Promise<void> {
  const { url } = told;
  if (url === undefined) return;
  const id = digits(12);
  const at = now.toISOString();
  const notice: Notice = { ...told, url, id, accessToken, createdAt: at, dueAt: at, tries: 0 };
  await documents.put("notice", id, notice, ["pending"]);
}

/** A payment changed: told to its own address, else to the seller's. */
export async function tellPayment(
  documents: SandboxDocuments,
  payment: SimPayment,
  action: "payment.created" | "payment.updated",
  now: Date,
): Promise<void> {
  const url = payment.body.notification_url ?? (await endpointOf(documents, payment.seller));
  const dataId = String(payment.body.id);
  await queue(documents, payment.accessToken, now, { type: "payment", action, dataId, paymentId: null, url });
}

/** A chargeback or a complaint changed: told only to the seller's address. */
export async function tellSeller(
  documents: SandboxDocuments,
  payment: SimPayment,
  type: "topic_chargebacks_wh" | "topic_claims_integration_wh",
  dataId: string,
  now: Date,
): Promise<void> {
  const url = await endpointOf(documents, payment.seller);
  const action = type === "topic_chargebacks_wh" ? "changed_case_status" : "claim.updated";
  await queue(documents, payment.accessToken, now, { type, action, dataId, paymentId: payment.body.id, url });
}

export const setTravelMode = (documents: SandboxDocuments, mode: TravelMode): Promise<void> =>
  documents.put("control", "travel_mode", { mode }, []);

async function travelMode(documents: SandboxDocuments): Promise<TravelMode> {
  const found = await documents.get("control", "travel_mode");
  return found ? modeDocument.parse(found).mode : "normal";
}

export type Courier = { flush(): Promise<void> };

/** Three tries fifteen minutes apart, then rarely (facts: methods §7); after the last it is given up. */
const waits = [minutes(15), minutes(15), minutes(15), minutes(360), minutes(2880), minutes(5760)] as const;
const rounds = 200;

/** Sends what is due, round after round while that causes more; one run at a time. */
export function courier(store: SandboxStore, clock: Clock, deliver: DeliverWebhook): Courier {
  let last: Promise<void> = Promise.resolve();
  const run = async (): Promise<void> => {
    for (let round = 0; round < rounds; round++) if (!(await sendDue(store, clock.now(), deliver))) return;
  };
  return {
    flush: () => {
      last = last.then(run, run);
      return last;
    },
  };
}

async function sendDue(store: SandboxStore, now: Date, deliver: DeliverWebhook): Promise<boolean> {
  const mode = await travelMode(store);
  if (mode === "late") return false;
  const pending = await store.list("notice", "pending", { order: "oldest_first", limit: 1000 });
  const due = pending
    .map(({ document }) => noticeDocument.parse(document))
    .filter((notice) => Date.parse(notice.dueAt) <= now.getTime());
  for (const notice of mode === "out_of_order" ? due.reverse() : due) {
    const times = mode === "lost" ? 0 : mode === "duplicated" ? 3 : 1;
    let taken = times === 0;
    for (let time = 0; time < times; time++) taken = (await send(notice, now, deliver)) || taken;
    const wait = waits[notice.tries];
    if (taken || wait === undefined) await store.remove("notice", notice.id);
    else {
      const later = { ...notice, tries: notice.tries + 1, dueAt: after(now, wait).toISOString() };
      await store.put("notice", notice.id, later, ["pending"]);
    }
  }
  return due.length > 0;
}

async function send(notice: Notice, now: Date, deliver: DeliverWebhook): Promise<boolean> {
  const seller = sellerOf(notice.accessToken);
  if (!seller) return true;
  const url = new URL(notice.url);
  url.searchParams.set("data.id", notice.dataId);
  url.searchParams.set("type", notice.type);
  const requestId = crypto.randomUUID();
  const headers = {
    "content-type": "application/json",
    "user-agent": "MercadoPago WebHook v1.0 payment",
    "x-request-id": requestId,
    "x-signature": await signature(notice.dataId, requestId, now, seller.webhookSecret),
  };
  try {
    const { status } = await deliver({ url: url.href, headers, body: bodyOf(notice, seller.userId) });
    return status >= 200 && status < 300;
  } catch {
    return false;
  }
}

/** A chargeback's id is longer than a JSON number keeps, and is written as one all the same. */
function bodyOf(notice: Notice, userId: string): string {
  const chargeback = notice.type === "topic_chargebacks_wh";
  const data = chargeback
    ? { id: "@", payment_id: notice.paymentId, checkout: "API" }
    : { id: notice.dataId };
  const body = JSON.stringify({
    ...(chargeback ? { actions: [notice.action] } : { action: notice.action }),
    api_version: "v1",
    application_id: 4200,
    data,
    date_created: notice.createdAt,
    id: Number(notice.id),
    live_mode: false,
    type: notice.type,
    user_id: Number(userId),
    version: 1,
  });
  return body.replace('"@"', notice.dataId);
}

/** HMAC-SHA256 over id in lower case, request id and time in milliseconds, as live notifications carry it. */
export async function signature(
  dataId: string,
  requestId: string,
  at: Date,
  secret: string,
): Promise<string> {
  const ts = at.getTime();
  const manifest = `id:${dataId.toLowerCase()};request-id:${requestId};ts:${ts};`;
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["sign"]);
  const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(manifest)));
  return `ts=${ts},v1=${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
