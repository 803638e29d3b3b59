import { z } from "zod";
import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { GatewayEvent } from "../gateway/webhook.ts";
import { type DisputeId, newId, toId, uuidOf } from "../kernel/ids.ts";
import { disputeFeeEntry, disputeLostEntry, disputeOpenedEntry, disputeWonEntry } from "../ledger/entries.ts";
import type { EntryDraft } from "../ledger/entry-draft.ts";
import { postEntries } from "../ledger/post-entry.ts";
import { announce } from "../outbox/announce.ts";
import { donationJson } from "./donation-json.ts";
import { type Gift, viewOf } from "./gift.ts";
import { raiseEventSequence } from "./store.ts";

type DisputeEvent = Extract<GatewayEvent, { kind: "dispute_changed" }>;

const statuses = ["needs_response", "under_review", "won", "lost"] as const;
type Status = (typeof statuses)[number];
const storedDispute = z.object({
  id: z.uuid(),
  status: z.enum(statuses),
  funds_withdrawn: z.boolean(),
  fee_minor: z.bigint().nullable(),
});
type Stored = { id: DisputeId; status: Status; fundsWithdrawn: boolean; feeKnown: boolean };

const closed = (status: Status) => status === "won" || status === "lost";

/** Whether `to` is a step back: old news about a dispute that has moved on. */
const isStepBack = (from: Status | undefined, to: Status) =>
  from === "under_review" && to === "needs_response";

/**
 * A dispute as the gateway now tells it, in the caller's transaction with the attempt locked: its row, the money
 * withheld, returned or lost, and the announcement. Old news (a closed dispute "opening") changes nothing; each
 * entry books once by its source key, so repeats are harmless.
 */
export async function applyDispute(
  deps: Pick<Deps, "clock" | "log">,
  tx: Tx,
  gift: Gift,
  told: DisputeEvent,
): Promise<boolean> {
  const now = deps.clock.now();
  const before = await lockDispute(tx, gift, told.gatewayDisputeId);
  if (before && closed(before.status)) return false;
  // Late news keeps what it says of money, not the status that has passed.
  const event: DisputeEvent = isStepBack(before?.status, told.status)
    ? { ...told, status: "under_review" }
    : told;
  const id = before?.id ?? newId("dispute");
  await saveDispute(tx, gift, id, event, now);
  await postEntries(tx, gift.donation.churchId, entriesFor(gift, id, event, before, now), now);
  if (before?.status === event.status) return true;
  const { churchId, id: donation } = gift.donation;
  const sequence = await raiseEventSequence(tx, churchId, donation);
  const data = {
    ...donationJson(viewOf({ ...gift, disputed: true })),
    dispute: {
      id,
      status: event.status,
      amount: Number(event.amount.minor),
      currency: event.amount.currency,
      reason: event.rawReason || null,
      due_at: event.evidenceDueAt?.toISOString() ?? null,
    },
  };
  await announce(tx, churchId, { type: "donation.disputed", objectId: donation, sequence, data }, now);
  deps.log.warn({ donation, dispute: id, status: event.status }, "dispute changed");
  return true;
}

function entriesFor(
  gift: Gift,
  disputeId: DisputeId,
  event: DisputeEvent,
  before: Stored | undefined,
  now: Date,
): readonly EntryDraft[] {
  const about = (amount = event.amount) => ({
    entryId: newId("entry"),
    legalEntityId: gift.donation.legalEntityId,
    gatewayAccountId: gift.attempt.gatewayAccountId,
    occurredAt: now,
    disputeId,
    amount,
  });
  const entries: EntryDraft[] = [];
  const withheld = before?.fundsWithdrawn ?? false;
  if (event.fundsWithdrawn && !withheld) entries.push(disputeOpenedEntry(about()));
  if (event.fee && !before?.feeKnown) entries.push(disputeFeeEntry(about(event.fee)));
  if (event.status === "lost") {
    if (!withheld && !event.fundsWithdrawn) entries.push(disputeOpenedEntry(about()));
    entries.push(disputeLostEntry(about()));
  }
  if (event.status === "won" && (withheld || event.fundsWithdrawn)) entries.push(disputeWonEntry(about()));
  return entries;
}

async function lockDispute(tx: Tx, gift: Gift, gatewayDisputeId: string): Promise<Stored | undefined> {
  const [row] = await tx.sql`
    select id, status, funds_withdrawn, fee_minor from disputes
    where church_id = ${uuidOf(gift.donation.churchId)} and attempt_id = ${uuidOf(gift.attempt.id)}
      and gateway_dispute_id = ${gatewayDisputeId} for update`;
  if (!row) return undefined;
  const stored = storedDispute.parse(row);
  return {
    id: toId("dispute", stored.id),
    status: stored.status,
    fundsWithdrawn: stored.funds_withdrawn,
    feeKnown: stored.fee_minor !== null,
  };
}

async function saveDispute(tx: Tx, gift: Gift, id: DisputeId, event: DisputeEvent, now: Date): Promise<void> {
  await tx.sql`
    insert into disputes (church_id, id, donation_id, attempt_id, gateway_dispute_id, amount_minor, fee_minor,
      currency, status, funds_withdrawn, raw_reason, evidence_due_at, opened_at, closed_at)
    values (${uuidOf(gift.donation.churchId)}, ${uuidOf(id)}, ${uuidOf(gift.donation.id)},
      ${uuidOf(gift.attempt.id)}, ${event.gatewayDisputeId}, ${event.amount.minor}, ${event.fee?.minor ?? null},
      ${event.amount.currency}, ${event.status}, ${event.fundsWithdrawn}, ${event.rawReason},
      ${event.evidenceDueAt ?? null}, ${now}, ${closed(event.status) ? now : null})
    on conflict (church_id, attempt_id, gateway_dispute_id) do update set
      status = excluded.status, amount_minor = excluded.amount_minor,
      fee_minor = coalesce(disputes.fee_minor, excluded.fee_minor),
      funds_withdrawn = disputes.funds_withdrawn or excluded.funds_withdrawn,
      evidence_due_at = coalesce(excluded.evidence_due_at, disputes.evidence_due_at),
      closed_at = excluded.closed_at`;
}
