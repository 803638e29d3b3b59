import { z } from "zod";
import type { Tx } from "../db/client.ts";
import type { Evidence, RefundReason } from "../gateway/payment.ts";
import { isCurrency } from "../kernel/currency.ts";
import {
  type AttemptId,
  type ChurchId,
  type DonationId,
  type GatewayAccountId,
  type RefundId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import { type Money, money } from "../kernel/money.ts";
import { type RefundState, refundStates } from "./refund-state.ts";
import { storedText } from "./stored-json.ts";

/** Where a refund is claimed, sealed with the church's key (see refund-claim). */
export type SealedClaim = { readonly keyVersion: number; readonly bytes: Uint8Array };

export type RefundRecord = {
  readonly id: RefundId;
  readonly donationId: DonationId;
  readonly attemptId: AttemptId;
  readonly amount: Money;
  readonly state: RefundState;
  readonly reason: RefundReason;
  readonly gatewayKey: string;
  readonly gatewayRefundId: string | undefined;
  /** Only while it waits for the donor to claim it. */
  readonly claimUrl: SealedClaim | undefined;
  readonly checks: number;
  readonly nextCheckAt: Date | undefined;
  readonly createdAt: Date;
};

const reasons = ["requested_by_donor", "duplicate", "fraudulent"] as const;
const refundRow = z.object({
  id: z.uuid(),
  donation_id: z.uuid(),
  attempt_id: z.uuid(),
  amount_minor: z.bigint(),
  currency: z.string().refine(isCurrency),
  state: z.enum(refundStates),
  reason: z.enum(reasons),
  gateway_key: z.string(),
  gateway_refund_id: z.string().nullable(),
  claim_url: z.instanceof(Uint8Array).nullable(),
  key_version: z.number().nullable(),
  checks: z.number(),
  next_check_at: z.date().nullable(),
  created_at: z.date(),
});

function recordOf(row: unknown): RefundRecord {
  const r = refundRow.parse(row);
  return {
    id: toId("refund", r.id),
    donationId: toId("donation", r.donation_id),
    attemptId: toId("attempt", r.attempt_id),
    amount: money(r.amount_minor, r.currency),
    state: r.state,
    reason: r.reason,
    gatewayKey: r.gateway_key,
    gatewayRefundId: r.gateway_refund_id ?? undefined,
    claimUrl:
      r.claim_url && r.key_version !== null ? { bytes: r.claim_url, keyVersion: r.key_version } : undefined,
    checks: r.checks,
    nextCheckAt: r.next_check_at ?? undefined,
    createdAt: r.created_at,
  };
}

/**
 * Raises what has been asked back of an attempt. The database refuses to pass what was captured, also when twenty
 * ask at once: false then, and the transaction goes on.
 */
export async function claimRefund(
  tx: Tx,
  church: ChurchId,
  attempt: AttemptId,
  amount: Money,
): Promise<boolean> {
  const raised = await tx.sql`
    update payment_attempts set refunded_minor = refunded_minor + ${amount.minor}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(attempt)} and state = 'captured'
      and currency = ${amount.currency} and refunded_minor + ${amount.minor} <= captured_minor`;
  return raised.count === 1;
}

/** Gives the claim of a refund that came to nothing back to what may still be refunded. */
export async function releaseClaim(tx: Tx, church: ChurchId, refund: RefundRecord): Promise<void> {
  await tx.sql`
    update payment_attempts set refunded_minor = refunded_minor - ${refund.amount.minor}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(refund.attemptId)}`;
}

export async function insertRefund(tx: Tx, church: ChurchId, r: RefundRecord): Promise<void> {
  await tx.sql`
    insert into refunds (church_id, id, donation_id, attempt_id, amount_minor, currency, state, reason, gateway_key,
                         gateway_refund_id, next_check_at, checks, created_at, updated_at)
    values (${uuidOf(church)}, ${uuidOf(r.id)}, ${uuidOf(r.donationId)}, ${uuidOf(r.attemptId)}, ${r.amount.minor},
            ${r.amount.currency}, ${r.state}, ${r.reason}, ${r.gatewayKey}, ${r.gatewayRefundId ?? null},
            ${r.nextCheckAt ?? null}, ${r.checks}, ${r.createdAt}, ${r.createdAt})`;
}

export async function saveRefund(
  tx: Tx,
  church: ChurchId,
  r: RefundRecord,
  evidence: Evidence | undefined,
  now: Date,
): Promise<void> {
  await tx.sql`
    update refunds set state = ${r.state}, gateway_refund_id = ${r.gatewayRefundId ?? null}, checks = ${r.checks},
      claim_url = ${r.claimUrl?.bytes ?? null}, key_version = ${r.claimUrl?.keyVersion ?? null},
      evidence = coalesce(${storedText(evidence)}::jsonb, evidence), next_check_at = ${r.nextCheckAt ?? null},
      updated_at = ${now}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(r.id)}`;
}

export type RefundKey =
  | { readonly refundId: RefundId }
  | { readonly attemptId: AttemptId; readonly gatewayRefundId: string };

/** The refund, held until the transaction ends. Lock the attempt first: everywhere in that order. */
export async function lockRefund(
  tx: Tx,
  church: ChurchId,
  key: RefundKey,
): Promise<RefundRecord | undefined> {
  const which =
    "refundId" in key
      ? tx.sql`id = ${uuidOf(key.refundId)}`
      : tx.sql`attempt_id = ${uuidOf(key.attemptId)} and gateway_refund_id = ${key.gatewayRefundId}`;
  const [row] =
    await tx.sql`select * from refunds where church_id = ${uuidOf(church)} and ${which} for update`;
  return row ? recordOf(row) : undefined;
}

/**
 * Has the gateway asked about this refund at the next turn, if it is one of this account and still on its way. False:
 * it is none of ours, or over.
 */
export async function askSoon(
  tx: Tx,
  account: { readonly churchId: ChurchId; readonly id: GatewayAccountId },
  gatewayRefundId: string,
  now: Date,
): Promise<boolean> {
  const church = uuidOf(account.churchId);
  const asked = await tx.sql`
    update refunds r set next_check_at = ${now}
    from payment_attempts a
    where r.church_id = ${church} and r.gateway_refund_id = ${gatewayRefundId} and r.next_check_at is not null
      and a.church_id = r.church_id and a.id = r.attempt_id and a.gateway_account_id = ${uuidOf(account.id)}`;
  return asked.count > 0;
}

/** Refunds of a donation, oldest first. */
export async function listRefunds(
  tx: Tx,
  church: ChurchId,
  donation: DonationId,
): Promise<readonly RefundRecord[]> {
  const rows = await tx.sql`
    select * from refunds where church_id = ${uuidOf(church)} and donation_id = ${uuidOf(donation)} order by id`;
  return rows.map(recordOf);
}
