import { after, days } from "../../../src/kernel/clock.ts";
import { negate } from "../../../src/kernel/money.ts";
import { captureById, leftOf } from "./captures.ts";
import type { Dispute } from "./documents.ts";
import { type EventType, emit } from "./events.ts";
import { reread, written } from "./money.ts";
import { notFound, Refusal, unprocessable } from "./refusal.ts";
import { type Scene, stamp } from "./scene.ts";
import { book } from "./transactions.ts";
import { disputeView } from "./views.ts";

/** How long the church has to answer. */
const answerWithin = days(10);
const lost: ReadonlySet<string> = new Set(["RESOLVED_BUYER_FAVOUR", "ACCEPTED"]);

export type Opening = { readonly inquiry?: boolean; readonly reason?: string };

/** The donor asks for their money back. A claim holds it at once; an inquiry leaves it with the church. */
export async function openDispute(scene: Scene, captureId: string, how: Opening = {}): Promise<Dispute> {
  const capture = await captureById(scene, captureId);
  if (capture.status === "PENDING" || capture.status === "DECLINED") {
    throw unprocessable("CAPTURE_STATUS_NOT_VALID");
  }
  if (await openDisputeOf(scene, captureId)) throw unprocessable("TRANSACTION_DISPUTED");
  const left = await leftOf(scene, capture);
  if (left.minor === 0n) throw unprocessable("CAPTURE_FULLY_REFUNDED");
  const dispute: Dispute = {
    id: scene.house.ids.dispute(),
    account: scene.account.id,
    captureId,
    orderCustomId: capture.customId,
    reason: how.reason ?? "UNAUTHORISED",
    stage: how.inquiry ? "INQUIRY" : "CHARGEBACK",
    status: "WAITING_FOR_SELLER_RESPONSE",
    outcome: null,
    amount: written(left),
    createdAt: stamp(scene.now),
    updatedAt: stamp(scene.now),
    dueAt: stamp(after(scene.now, answerWithin)),
  };
  await save(scene, dispute, "CUSTOMER.DISPUTE.CREATED");
  if (!how.inquiry) await hold(scene, dispute);
  return dispute;
}

async function save(scene: Scene, dispute: Dispute, type: EventType): Promise<void> {
  await scene.documents.put("dispute", dispute, `capture=${dispute.captureId}`);
  await emit(scene, type, disputeView(dispute, true));
}

const hold = (scene: Scene, dispute: Dispute): Promise<void> =>
  book(scene, { code: "T1110", amount: negate(reread(dispute.amount)), reference: dispute.captureId });

/** The donor turns an inquiry into a claim, or PayPal takes the church's answer under review. */
export async function moveDispute(scene: Scene, id: string, to: "claim" | "under_review"): Promise<Dispute> {
  const open = await openById(scene, id);
  const updatedAt = stamp(scene.now);
  const escalates = to === "claim" && open.stage === "INQUIRY";
  const moved: Dispute = escalates
    ? { ...open, stage: "CHARGEBACK", updatedAt }
    : { ...open, status: "UNDER_REVIEW", updatedAt };
  await save(scene, moved, "CUSTOMER.DISPUTE.UPDATED");
  if (escalates) await hold(scene, moved);
  return moved;
}

/** The end of it, by one of PayPal's outcome codes. */
export async function resolveDispute(scene: Scene, id: string, outcome: string): Promise<Dispute> {
  const open = await openById(scene, id);
  const resolved: Dispute = { ...open, status: "RESOLVED", outcome, updatedAt: stamp(scene.now) };
  const amount = reread(resolved.amount);
  await save(scene, resolved, "CUSTOMER.DISPUTE.RESOLVED");
  if (open.stage === "CHARGEBACK") {
    await book(scene, { code: "T1111", amount, reference: resolved.captureId });
  }
  if (lost.has(outcome)) {
    await book(scene, { code: "T1106", amount: negate(amount), reference: resolved.captureId });
  }
  return resolved;
}

async function openById(scene: Scene, id: string): Promise<Dispute> {
  const found = await disputeById(scene, id);
  if (found.status === "RESOLVED") throw unprocessable("DISPUTE_ALREADY_RESOLVED");
  return found;
}

export async function disputeById(scene: Scene, id: string): Promise<Dispute> {
  const found = await scene.documents.get("dispute", id);
  if (!found) throw notFound();
  return found;
}

export async function openDisputeOf(scene: Scene, captureId: string): Promise<Dispute | undefined> {
  const all = await scene.documents.list("dispute", `capture=${captureId}`);
  return all.find((dispute) => dispute.status !== "RESOLVED");
}

/** Both beginnings a list may have lie within these last days. */
const listedFor = days(180);

/** `GET /v1/customer/disputes`: newest first, without the transactions. */
export async function listDisputes(scene: Scene, query: URLSearchParams): Promise<object> {
  const opened = beginning(scene, query.get("start_time"));
  const moved = beginning(scene, query.get("update_time_after"));
  const all = await scene.documents.list("dispute", `account=${scene.account.id}`, {
    order: "newest_first",
  });
  const size = Math.min(50, Math.max(1, Number(query.get("page_size") ?? 10)));
  const start = Number(query.get("next_page_token") ?? 0);
  const found = all.filter(
    ({ createdAt, updatedAt }) => new Date(createdAt) >= opened && new Date(updatedAt) >= moved,
  );
  const items = found.slice(start, start + size).map((dispute) => disputeView(dispute, false));
  const next = new URLSearchParams(query);
  next.set("next_page_token", String(start + size));
  const links =
    start + size < found.length
      ? [{ href: `/v1/customer/disputes?${next}`, rel: "next", method: "GET" }]
      : [{ href: `/v1/customer/disputes?${query}`, rel: "self", method: "GET" }];
  return { ...(items.length > 0 ? { items } : {}), links };
}

function beginning(scene: Scene, given: string | null): Date {
  const earliest = after(scene.now, -listedFor);
  if (given === null) return earliest;
  const at = new Date(given);
  if (Number.isNaN(at.getTime()) || at < earliest)
    throw new Refusal(400, { issue: "INVALID_PARAMETER_VALUE" });
  return at;
}
