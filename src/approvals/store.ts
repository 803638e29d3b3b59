import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { assert, present } from "../kernel/assert.ts";
import { isCurrency } from "../kernel/currency.ts";
import {
  type ApiKeyId,
  type ApprovalId,
  type ChurchId,
  type DonationId,
  type GatewayAccountId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import { type Money, money } from "../kernel/money.ts";
import { exhaustive } from "../kernel/result.ts";
import type { Sealed } from "../privacy/vault.ts";
import { approvalKinds, type Matter, subjectOf } from "./kinds.ts";

export const approvalStates = ["pending", "approved", "rejected", "expired"] as const;
export type ApprovalState = (typeof approvalStates)[number];

export type ApprovalRecord = {
  readonly id: ApprovalId;
  readonly state: ApprovalState;
  readonly matter: Matter;
  readonly gatewayAccountId: GatewayAccountId;
  readonly donationId: DonationId | undefined;
  readonly amount: Money;
  readonly payee: Sealed | undefined;
  readonly requestedBy: ApiKeyId;
  /** The first of the keys by which that one was made. */
  readonly requestedRoot: ApiKeyId;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly decidedBy: ApiKeyId | undefined;
  readonly decidedAt: Date | undefined;
  readonly paid:
    | { readonly by: ApiKeyId; readonly at: Date; readonly on: string; readonly reference: string }
    | undefined;
};

export type Step = {
  readonly what: "requested" | "approved" | "rejected" | "expired" | "paid";
  readonly by: ApiKeyId | undefined;
  readonly note: string | undefined;
  readonly at: Date;
};

const uuid = z.uuid().nullable();
const approvalRow = z.object({
  id: z.uuid(),
  kind: z.enum(approvalKinds),
  state: z.enum(approvalStates),
  gateway_account_id: z.uuid(),
  attempt_id: uuid,
  bank_line_id: uuid,
  refund_id: uuid,
  donation_id: uuid,
  amount_minor: z.bigint(),
  currency: z.string().refine(isCurrency),
  particulars: z.object({ received_on: z.string().optional(), bank_reference: z.string().optional() }),
  key_version: z.number().nullable(),
  payee: z.instanceof(Uint8Array).nullable(),
  requested_by: z.uuid(),
  requested_root: z.uuid(),
  requested_at: z.date(),
  expires_at: z.date(),
  decided_by: uuid,
  decided_at: z.date().nullable(),
  paid_by: uuid,
  paid_at: z.date().nullable(),
  paid_on: z.string().nullable(),
  paid_reference: z.string().nullable(),
});
type ApprovalRow = z.infer<typeof approvalRow>;

const key = (id: string | null): ApiKeyId | undefined => (id === null ? undefined : toId("apiKey", id));

function recordOf(row: unknown): ApprovalRecord {
  const r = approvalRow.parse(row);
  const paidBy = key(r.paid_by);
  return {
    id: toId("approval", r.id),
    state: r.state,
    matter: matterOf(r),
    gatewayAccountId: toId("gatewayAccount", r.gateway_account_id),
    donationId: r.donation_id === null ? undefined : toId("donation", r.donation_id),
    amount: money(r.amount_minor, r.currency),
    payee:
      r.payee === null || r.key_version === null ? undefined : { bytes: r.payee, keyVersion: r.key_version },
    requestedBy: toId("apiKey", r.requested_by),
    requestedRoot: toId("apiKey", r.requested_root),
    requestedAt: r.requested_at,
    expiresAt: r.expires_at,
    decidedBy: key(r.decided_by),
    decidedAt: r.decided_at ?? undefined,
    paid:
      paidBy && r.paid_at && r.paid_on !== null && r.paid_reference !== null
        ? { by: paidBy, at: r.paid_at, on: r.paid_on, reference: r.paid_reference }
        : undefined,
  };
}

function matterOf(r: ApprovalRow): Matter {
  const kept = <K extends "attempt" | "bankLine" | "refund">(kind: K, id: string | null) =>
    toId(kind, present(id, `a ${r.kind} names its ${kind}`));
  switch (r.kind) {
    case "confirm_transfer": {
      const { received_on, bank_reference } = r.particulars;
      return {
        kind: r.kind,
        attemptId: kept("attempt", r.attempt_id),
        receivedOn: present(received_on, "a confirmed transfer has its day"),
        ...(bank_reference === undefined ? {} : { bankReference: bank_reference }),
      };
    }
    case "assign_unmatched_line":
      return {
        kind: r.kind,
        lineId: kept("bankLine", r.bank_line_id),
        attemptId: kept("attempt", r.attempt_id),
      };
    case "accept_conflicted":
    case "return_conflicted":
      return { kind: r.kind, attemptId: kept("attempt", r.attempt_id) };
    case "return_unmatched_line":
      return { kind: r.kind, lineId: kept("bankLine", r.bank_line_id) };
    case "manual_payout":
      return {
        kind: r.kind,
        refundId: kept("refund", r.refund_id),
        attemptId: kept("attempt", r.attempt_id),
      };
    default:
      return exhaustive(r.kind);
  }
}

const columns = ({ sql }: Tx) => sql`
  p.id, p.kind, p.state, p.gateway_account_id, p.attempt_id, p.bank_line_id, p.refund_id,
  p.donation_id, p.amount_minor, p.currency, p.particulars, p.key_version, p.payee, p.requested_by, p.requested_root, p.requested_at, p.expires_at,
  p.decided_by, p.decided_at, p.paid_by, p.paid_at, p.paid_on::text, p.paid_reference`;

export type NewApproval = Pick<
  ApprovalRecord,
  | "id"
  | "matter"
  | "gatewayAccountId"
  | "donationId"
  | "amount"
  | "payee"
  | "requestedBy"
  | "requestedRoot"
  | "requestedAt"
  | "expiresAt"
>;

/** False when something else is asked about the same thing and not yet decided. */
export async function insertApproval(tx: Tx, church: ChurchId, a: NewApproval): Promise<boolean> {
  const { matter } = a;
  const particulars =
    matter.kind === "confirm_transfer"
      ? { received_on: matter.receivedOn, bank_reference: matter.bankReference }
      : {};
  const written = await tx.sql`
    insert into approvals (church_id, id, kind, state, gateway_account_id, donation_id, attempt_id, bank_line_id,
      refund_id, subject, amount_minor, currency, particulars, key_version, payee, requested_by, requested_root, requested_at, expires_at)
    values (${uuidOf(church)}, ${uuidOf(a.id)}, ${matter.kind}, 'pending', ${uuidOf(a.gatewayAccountId)},
      ${a.donationId ? uuidOf(a.donationId) : null}, ${"attemptId" in matter ? uuidOf(matter.attemptId) : null},
      ${"lineId" in matter ? uuidOf(matter.lineId) : null},
      ${"refundId" in matter ? uuidOf(matter.refundId) : null}, ${subjectOf(matter)}, ${a.amount.minor},
      ${a.amount.currency}, ${JSON.stringify(particulars)}, ${a.payee?.keyVersion ?? null},
      ${a.payee?.bytes ?? null}, ${uuidOf(a.requestedBy)}, ${uuidOf(a.requestedRoot)}, ${a.requestedAt}, ${a.expiresAt})
    on conflict (church_id, subject) where state = 'pending' do nothing`;
  return written.count === 1;
}

/** Requests about one thing whose time is over make room for the next. */
export async function expireApprovals(
  tx: Tx,
  church: ChurchId,
  subject: string,
  now: Date,
): Promise<readonly ApprovalId[]> {
  const rows = await tx.sql<{ id: string }[]>`
    update approvals set state = 'expired'
    where church_id = ${uuidOf(church)} and subject = ${subject} and state = 'pending' and expires_at <= ${now}
    returning id`;
  return rows.map(({ id }) => toId("approval", id));
}

/** Held until the transaction ends. */
export async function lockApproval(
  tx: Tx,
  church: ChurchId,
  id: ApprovalId,
): Promise<ApprovalRecord | undefined> {
  const [row] = await tx.sql`
    select ${columns(tx)} from approvals p
    where p.church_id = ${uuidOf(church)} and p.id = ${uuidOf(id)} for update of p`;
  return row && recordOf(row);
}

export async function readApproval(
  tx: Tx,
  church: ChurchId,
  id: ApprovalId,
): Promise<ApprovalRecord | undefined> {
  const [row] = await tx.sql`
    select ${columns(tx)} from approvals p where p.church_id = ${uuidOf(church)} and p.id = ${uuidOf(id)}`;
  return row && recordOf(row);
}

/** Newest first. */
export async function listApprovals(
  tx: Tx,
  church: ChurchId,
  filter: { readonly state?: ApprovalState; readonly before?: ApprovalId; readonly limit: number },
): Promise<readonly ApprovalRecord[]> {
  const { sql } = tx;
  const rows = await sql`
    select ${columns(tx)} from approvals p
    where p.church_id = ${uuidOf(church)}
      ${filter.state ? sql`and p.state = ${filter.state}` : sql``}
      ${filter.before ? sql`and p.id < ${uuidOf(filter.before)}` : sql``}
    order by p.id desc limit ${filter.limit}`;
  return rows.map(recordOf);
}

/** The database refuses (23514) when who decides is who asked, or holds a key of the same root. */
export async function saveDecision(
  tx: Tx,
  church: ChurchId,
  id: ApprovalId,
  decision: {
    readonly state: "approved" | "rejected";
    readonly by: ApiKeyId;
    readonly root: ApiKeyId;
    readonly at: Date;
  },
): Promise<void> {
  const written = await tx.sql`
    update approvals set state = ${decision.state}, decided_by = ${uuidOf(decision.by)},
      decided_root = ${uuidOf(decision.root)}, decided_at = ${decision.at}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(id)} and state = 'pending'`;
  assert(written.count === 1, "a request is decided once");
}

export async function savePaid(
  tx: Tx,
  church: ChurchId,
  id: ApprovalId,
  paid: NonNullable<ApprovalRecord["paid"]>,
): Promise<void> {
  const written = await tx.sql`
    update approvals set paid_by = ${uuidOf(paid.by)}, paid_at = ${paid.at}, paid_on = ${paid.on},
      paid_reference = ${paid.reference}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(id)} and state = 'approved' and paid_at is null`;
  assert(written.count === 1, "a request is paid once");
}

/** Adds to the trail. Callers hold the request. */
export async function addStep(tx: Tx, church: ChurchId, id: ApprovalId, step: Step): Promise<void> {
  await tx.sql`
    insert into approval_steps (church_id, approval_id, number, what, by, note, at)
    select ${uuidOf(church)}, ${uuidOf(id)}, count(*) + 1, ${step.what}, ${step.by ? uuidOf(step.by) : null}::uuid,
           ${step.note ?? null}::text, ${step.at}
    from approval_steps where church_id = ${uuidOf(church)} and approval_id = ${uuidOf(id)}`;
}

const stepRow = z.object({
  what: z.enum(["requested", "approved", "rejected", "expired", "paid"]),
  by: uuid,
  note: z.string().nullable(),
  at: z.date(),
});

/** The trail, oldest first. */
export async function stepsOf(tx: Tx, church: ChurchId, id: ApprovalId): Promise<readonly Step[]> {
  const rows = await tx.sql`
    select what, by, note, at from approval_steps
    where church_id = ${uuidOf(church)} and approval_id = ${uuidOf(id)} order by number`;
  return rows.map((row) => {
    const r = stepRow.parse(row);
    return { what: r.what, by: key(r.by), note: r.note ?? undefined, at: r.at };
  });
}
