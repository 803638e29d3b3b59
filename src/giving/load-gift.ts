import { z } from "zod";
import type { Sql, Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import { methodTypes } from "../gateway/methods.ts";
import { isCurrency } from "../kernel/currency.ts";
import {
  type AttemptId,
  type ChurchId,
  type DonationId,
  type GatewayAccountId,
  type RecurringGiftId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import { type Money, money } from "../kernel/money.ts";
import { attemptStates } from "./attempt-state.ts";
import type { AllocationRecord, AttemptRecord, Gift } from "./gift.ts";
import { readAction, readDecline, readEvidence, readRefusal } from "./stored-json.ts";

export type GiftKey =
  | { readonly donationId: DonationId }
  | { readonly attemptId: AttemptId }
  | { readonly gatewayAccountId: GatewayAccountId; readonly gatewayPaymentId: string };

const currency = z.string().refine(isCurrency);
const method = z.enum(methodTypes);
const nullable = <T extends z.ZodType>(schema: T) =>
  schema.nullable().transform((value) => value ?? undefined);

/** One row of the query below. Everything that leaves the database passes through here. */
const giftRow = z.object({
  church_id: z.uuid(),
  donation_id: z.uuid(),
  legal_entity_id: z.uuid(),
  donor_id: z.uuid(),
  recurring_gift_id: nullable(z.uuid()),
  mode: z.enum(["test", "live"]),
  gift_minor: z.bigint(),
  cover_minor: z.bigint(),
  currency,
  country: z.string(),
  method,
  anonymous: z.boolean(),
  locale: z.string(),
  return_url: nullable(z.string()),
  event_sequence: z.number(),
  donated_at: z.date(),
  allocations: z.array(
    z.object({ fund_id: z.uuid(), code: z.string(), restricted: z.boolean(), minor: z.string() }),
  ),
  refunded_done: z.bigint(),
  disputed: z.boolean(),
  paid_by_another: z.boolean(),
  id: z.uuid(),
  number: z.number(),
  gateway: z.string(),
  gateway_account_id: z.uuid(),
  presentation: z.enum(["embedded", "hosted", "token", "instructions"]),
  amount_minor: z.bigint(),
  state: z.enum(attemptStates),
  version: z.number(),
  gateway_key: z.string(),
  gateway_payment_id: nullable(z.string()),
  action: z.unknown(),
  decline: z.unknown(),
  refusal: z.unknown(),
  evidence: z.unknown(),
  captured_minor: z.bigint(),
  refunded_minor: z.bigint(),
  captured_at: nullable(z.date()),
  fee_minor: nullable(z.bigint()),
  fee_tax_minor: nullable(z.bigint()),
  expires_at: nullable(z.date()),
  next_check_at: nullable(z.date()),
  checks: z.number(),
  created_at: z.date(),
});
type GiftRow = z.infer<typeof giftRow>;

const columns = (sql: Sql) => sql`
  d.church_id, d.id as donation_id, d.legal_entity_id, d.donor_id, d.recurring_gift_id, d.mode,
  d.amount_minor as gift_minor, d.cover_minor, d.currency, d.country, a.method, d.anonymous, d.locale, d.return_url, d.event_sequence,
  d.created_at as donated_at,
  (select json_agg(json_build_object('fund_id', l.fund_id, 'code', f.code, 'restricted', f.restricted,
                                     'minor', l.amount_minor::text) order by l.position)
   from allocations l join funds f on f.church_id = l.church_id and f.id = l.fund_id
   where l.church_id = d.church_id and l.donation_id = d.id) as allocations,
  (select coalesce(sum(r.amount_minor), 0)::bigint from refunds r
   where r.church_id = d.church_id and r.donation_id = d.id and r.state = 'succeeded') as refunded_done,
  exists (select from disputes s where s.church_id = d.church_id and s.attempt_id = a.id) as disputed,
  exists (select from payment_attempts o where o.church_id = d.church_id and o.donation_id = d.id and o.id <> a.id
          and o.state = 'captured') as paid_by_another,
  a.id, a.number, a.gateway, a.gateway_account_id, a.presentation, a.amount_minor, a.state, a.version,
  a.gateway_key, a.gateway_payment_id, a.action, a.decline, a.refusal, a.evidence, a.captured_minor,
  a.refunded_minor, a.captured_at, a.fee_minor, a.fee_tax_minor, a.expires_at, a.next_check_at, a.checks,
  a.created_at`;

/**
 * The gift with the attempt named (or, by donation, its current one); `undefined` when this church has none.
 * With `lock` the attempt's row is held until the transaction ends: changes to one attempt queue up behind it.
 */
export async function loadGift(
  tx: Tx,
  church: ChurchId,
  key: GiftKey,
  lock: boolean,
): Promise<Gift | undefined> {
  const { sql } = tx;
  if ("donationId" in key && !lock) return currentOf(tx, church, key.donationId);
  const which =
    "donationId" in key
      ? sql`d.id = ${uuidOf(key.donationId)} and a.id = d.current_attempt_id`
      : "attemptId" in key
        ? sql`a.id = ${uuidOf(key.attemptId)}`
        : sql`a.gateway_account_id = ${uuidOf(key.gatewayAccountId)} and a.gateway_payment_id = ${key.gatewayPaymentId}`;
  const [row] = await sql`
    select ${columns(sql)}
    from payment_attempts a join donations d on d.church_id = a.church_id and d.id = a.donation_id
    where a.church_id = ${uuidOf(church)} and ${which}
    ${lock ? sql`for update of a` : sql``}`;
  return row ? giftOf(giftRow.parse(row)) : undefined;
}

/** A donation with its current attempt. */
const currentOf = readTogether(async (tx, church, ids: readonly DonationId[]) => {
  const { sql } = tx;
  const rows = await sql`
    select ${columns(sql)}
    from donations d join payment_attempts a on a.church_id = d.church_id and a.id = d.current_attempt_id
    where d.church_id = ${uuidOf(church)} and d.id = any(${ids.map(uuidOf)}::uuid[])`;
  return new Map(rows.map((row) => giftOf(giftRow.parse(row))).map((gift) => [gift.donation.id, gift]));
});

export type GiftFilter = {
  readonly states?: readonly string[];
  readonly donorId?: string;
  readonly fundId?: string;
  readonly recurringGiftId?: RecurringGiftId;
  readonly from?: Date;
  readonly to?: Date;
  /** Donations older than this one (lists run from the newest). */
  readonly before?: DonationId;
  readonly limit: number;
};

/** Newest first; at most `limit`. */
export async function listGifts(tx: Tx, church: ChurchId, filter: GiftFilter): Promise<readonly Gift[]> {
  const { sql } = tx;
  const rows = await sql`
    select ${columns(sql)}
    from donations d join payment_attempts a on a.church_id = d.church_id and a.id = d.current_attempt_id
    where d.church_id = ${uuidOf(church)}
      ${filter.states ? sql`and a.state in ${sql(filter.states)}` : sql``}
      ${filter.donorId ? sql`and d.donor_id = ${filter.donorId}` : sql``}
      ${
        filter.fundId
          ? sql`and exists (select from allocations l where l.church_id = d.church_id and l.donation_id = d.id
                            and l.fund_id = ${filter.fundId})`
          : sql``
      }
      ${filter.recurringGiftId ? sql`and d.recurring_gift_id = ${uuidOf(filter.recurringGiftId)}` : sql``}
      ${filter.from ? sql`and d.created_at >= ${filter.from}` : sql``}
      ${filter.to ? sql`and d.created_at < ${filter.to}` : sql``}
      ${filter.before ? sql`and d.id < ${uuidOf(filter.before)}` : sql``}
    order by d.id desc limit ${filter.limit}`;
  return rows.map((row) => giftOf(giftRow.parse(row)));
}

function giftOf(row: GiftRow): Gift {
  const of = (minor: bigint): Money => money(minor, row.currency);
  return {
    donation: {
      churchId: toId("church", row.church_id),
      id: toId("donation", row.donation_id),
      legalEntityId: toId("legalEntity", row.legal_entity_id),
      donorId: toId("donor", row.donor_id),
      recurringGiftId:
        row.recurring_gift_id === undefined ? undefined : toId("recurringGift", row.recurring_gift_id),
      mode: row.mode,
      amount: of(row.gift_minor),
      cover: of(row.cover_minor),
      country: row.country,
      method: row.method,
      anonymous: row.anonymous,
      locale: row.locale,
      returnUrl: row.return_url,
      eventSequence: row.event_sequence,
      createdAt: row.donated_at,
    },
    allocations: row.allocations.map(
      (a): AllocationRecord => ({
        fundId: toId("fund", a.fund_id),
        code: a.code,
        restricted: a.restricted,
        amount: of(BigInt(a.minor)),
      }),
    ),
    refunded: of(row.refunded_done),
    disputed: row.disputed,
    paidByAnother: row.paid_by_another,
    attempt: attemptOf(row, of),
  };
}

function attemptOf(row: GiftRow, of: (minor: bigint) => Money): AttemptRecord {
  return {
    id: toId("attempt", row.id),
    number: row.number,
    gateway: row.gateway,
    gatewayAccountId: toId("gatewayAccount", row.gateway_account_id),
    presentation: row.presentation,
    amount: of(row.amount_minor),
    state: row.state,
    version: row.version,
    gatewayKey: row.gateway_key,
    gatewayPaymentId: row.gateway_payment_id,
    action: readAction(row.action),
    decline: readDecline(row.decline),
    refusal: readRefusal(row.refusal),
    evidence: readEvidence(row.evidence),
    captured: of(row.captured_minor),
    refundClaimed: of(row.refunded_minor),
    capturedAt: row.captured_at,
    fee:
      row.fee_minor === undefined
        ? undefined
        : { amount: of(row.fee_minor), tax: of(row.fee_tax_minor ?? 0n) },
    expiresAt: row.expires_at,
    nextCheckAt: row.next_check_at,
    checks: row.checks,
    createdAt: row.created_at,
  };
}
