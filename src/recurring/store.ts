import { and, asc, desc, eq, inArray, lt, lte, or } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import { methodTypes } from "../gateway/methods.ts";
import { assert } from "../kernel/assert.ts";
import { isCurrency } from "../kernel/currency.ts";
import {
  type ChurchId,
  type DonorId,
  type MandateId,
  type RecurringGiftId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import { money } from "../kernel/money.ts";
import type { RecurringGift, RecurringStatus, StoredChange } from "./recurring-gift.ts";
import { endSchema, ruleSchema } from "./rule.ts";
import { recurringAllocations, recurringGifts } from "./tables.ts";
import type { SealedWords } from "./words.ts";

type Row = typeof recurringGifts.$inferSelect;
type ShareRow = typeof recurringAllocations.$inferSelect;

const presentation = z.enum(["embedded", "hosted", "token", "instructions"]);
const currency = z.string().refine(isCurrency);
const storedChange = z.object({
  amount: z.int().optional(),
  allocations: z.array(z.object({ fund: z.string(), amount: z.int() })).optional(),
}) satisfies z.ZodType<StoredChange>;

function readGift(row: Row, shares: readonly ShareRow[]): RecurringGift {
  const { keyVersion: _, given: __, note: ___, amountMinor, ...kept } = row;
  const unit = currency.parse(row.currency);
  return {
    ...kept,
    method: z.enum(methodTypes).parse(row.method),
    presentation: presentation.parse(row.presentation),
    bank: row.bank ?? undefined,
    mandateId: row.mandateId ?? undefined,
    nextMandateId: row.nextMandateId ?? undefined,
    nextChange: row.nextChange === null ? undefined : storedChange.parse(row.nextChange),
    amount: money(amountMinor, unit),
    shares: shares.map((share) => ({ fundId: share.fundId, amount: money(share.amountMinor, unit) })),
    returnUrl: row.returnUrl ?? undefined,
    rule: ruleSchema.parse(row.rule),
    ends: endSchema.parse(row.ends),
    nextDueOn: row.nextDueOn ?? undefined,
    nextOpenAt: row.nextOpenAt ?? undefined,
    resumesOn: row.resumesOn ?? undefined,
    pausedAt: row.pausedAt ?? undefined,
    dormantReason: row.dormantReason ?? undefined,
    canceledBy: row.canceledBy ?? undefined,
    cancelReason: row.cancelReason ?? undefined,
    endedAt: row.endedAt ?? undefined,
  };
}

/** The columns that can change, as the row holds them. */
const written = (gift: RecurringGift) => ({
  status: gift.status,
  collection: gift.collection,
  method: gift.method,
  presentation: gift.presentation,
  bank: gift.bank ?? null,
  mandateId: gift.mandateId ?? null,
  nextMandateId: gift.nextMandateId ?? null,
  nextChange: gift.nextChange ?? null,
  amountMinor: gift.amount.minor,
  coverFees: gift.coverFees,
  rule: gift.rule,
  anchor: gift.anchor,
  leadDays: gift.leadDays,
  ruleNumber: gift.ruleNumber,
  ends: gift.ends,
  nextIndex: gift.nextIndex,
  nextDueOn: gift.nextDueOn ?? null,
  nextOpenAt: gift.nextOpenAt ?? null,
  resumesOn: gift.resumesOn ?? null,
  pausedAt: gift.pausedAt ?? null,
  catchUp: gift.catchUp,
  failedPeriods: gift.failedPeriods,
  dormantReason: gift.dormantReason ?? null,
  canceledBy: gift.canceledBy ?? null,
  cancelReason: gift.cancelReason ?? null,
  endedAt: gift.endedAt ?? null,
  version: gift.version,
  eventSequence: gift.eventSequence,
  updatedAt: gift.updatedAt,
});

export async function insertRecurringGift(tx: Tx, gift: RecurringGift, words: SealedWords): Promise<void> {
  const { churchId, id, legalEntityId, donorId, mode, country, anonymous, locale, timeZone, createdAt } =
    gift;
  await tx.orm.insert(recurringGifts).values({
    ...written(gift),
    ...words,
    churchId,
    id,
    legalEntityId,
    donorId,
    mode,
    country,
    currency: gift.amount.currency,
    anonymous,
    locale,
    returnUrl: gift.returnUrl ?? null,
    timeZone,
    createdAt,
  });
  await insertShares(tx, gift);
}

const insertShares = (tx: Tx, { churchId, id, shares }: RecurringGift) =>
  tx.orm.insert(recurringAllocations).values(
    shares.map(({ fundId, amount }, position) => ({
      churchId,
      recurringGiftId: id,
      position,
      fundId,
      amountMinor: amount.minor,
    })),
  );

const its = (church: ChurchId, id: RecurringGiftId) =>
  and(eq(recurringGifts.churchId, church), eq(recurringGifts.id, id));

/** `undefined` when the church has no such recurring gift. With `lock` its row is held until the transaction ends. */
export async function loadRecurringGift(
  tx: Tx,
  church: ChurchId,
  id: RecurringGiftId,
  lock: boolean,
): Promise<RecurringGift | undefined> {
  if (!lock) return giftOf(tx, church, id);
  const rows = await tx.orm.select().from(recurringGifts).where(its(church, id)).for("update");
  const [gift] = await withShares(tx, church, rows);
  return gift;
}

const giftOf = readTogether(async (tx, church, ids: readonly RecurringGiftId[]) => {
  const rows = await tx.orm
    .select()
    .from(recurringGifts)
    .where(and(eq(recurringGifts.churchId, church), inArray(recurringGifts.id, [...ids])));
  return new Map((await withShares(tx, church, rows)).map((gift) => [gift.id, gift]));
});

/** Those of these that are due to be opened, locked; what another process holds is left to it. */
export async function holdGiftsToOpen(
  tx: Tx,
  church: ChurchId,
  ids: readonly RecurringGiftId[],
  now: Date,
): Promise<RecurringGift[]> {
  const rows = await tx.orm
    .select()
    .from(recurringGifts)
    .where(
      and(
        eq(recurringGifts.churchId, church),
        inArray(recurringGifts.id, [...ids]),
        lte(recurringGifts.nextOpenAt, now),
      ),
    )
    .orderBy(asc(recurringGifts.id))
    .for("update", { skipLocked: true });
  return withShares(tx, church, rows);
}

/**
 * Holds every recurring gift of a donor, in the order of their ids, until the transaction ends: for who will change more
 * than one of them. All take them in this order, and mandates after them, so that two at once wait for each other.
 */
export async function holdAllOfDonor(tx: Tx, church: ChurchId, donor: DonorId): Promise<void> {
  await tx.sql`
    select id from recurring_gifts
    where church_id = ${uuidOf(church)} and donor_id = ${uuidOf(donor)} order by id for update`;
}

async function withShares(tx: Tx, church: ChurchId, rows: readonly Row[]): Promise<RecurringGift[]> {
  if (rows.length === 0) return [];
  const shares = await tx.orm
    .select()
    .from(recurringAllocations)
    .where(
      and(
        eq(recurringAllocations.churchId, church),
        inArray(
          recurringAllocations.recurringGiftId,
          rows.map((row) => row.id),
        ),
      ),
    )
    .orderBy(asc(recurringAllocations.position));
  const ofGift = Map.groupBy(shares, (share) => share.recurringGiftId);
  return rows.map((row) => readGift(row, ofGift.get(row.id) ?? []));
}

/** Every recurring gift that lives on a mandate, or waits for it, in the order of their ids; locked where asked. */
export async function giftsOnMandate(
  tx: Tx,
  church: ChurchId,
  mandate: MandateId,
  lock: boolean,
): Promise<RecurringGift[]> {
  const query = tx.orm
    .select()
    .from(recurringGifts)
    .where(
      and(
        eq(recurringGifts.churchId, church),
        or(eq(recurringGifts.mandateId, mandate), eq(recurringGifts.nextMandateId, mandate)),
      ),
    )
    .orderBy(asc(recurringGifts.id));
  return withShares(tx, church, await (lock ? query.for("update") : query));
}

/**
 * The donor's recurring gifts that are charged to the instrument this permission is for, whichever permission each is
 * on: the same account, method and face (`visa 4242`). Locked.
 */
export async function giftsOnInstrument(
  tx: Tx,
  church: ChurchId,
  mandate: MandateId,
): Promise<RecurringGift[]> {
  const same = await tx.sql<{ id: string }[]>`
    select other.id from mandates one
    join mandates other on other.church_id = one.church_id and other.donor_id = one.donor_id
      and other.gateway_account_id = one.gateway_account_id and other.method = one.method
      and (other.id = one.id or other.display = one.display)
    where one.church_id = ${uuidOf(church)} and one.id = ${uuidOf(mandate)}`;
  const rows = await tx.orm
    .select()
    .from(recurringGifts)
    .where(
      and(
        eq(recurringGifts.churchId, church),
        inArray(
          recurringGifts.mandateId,
          same.map(({ id }) => toId("mandate", id)),
        ),
      ),
    )
    .orderBy(asc(recurringGifts.id))
    .for("update");
  return withShares(tx, church, rows);
}

/** Whether anybody was ever to be reminded of a gift by one of these methods. */
export async function hasReminderBy(tx: Tx, church: ChurchId, methods: readonly string[]): Promise<boolean> {
  const [row] = await tx.orm
    .select({ id: recurringGifts.id })
    .from(recurringGifts)
    .where(
      and(
        eq(recurringGifts.churchId, church),
        eq(recurringGifts.collection, "reminder"),
        inArray(recurringGifts.method, [...methods]),
      ),
    )
    .limit(1);
  return row !== undefined;
}

export type RecurringFilter = {
  readonly status?: RecurringStatus | undefined;
  readonly donorId?: DonorId | undefined;
  /** Older than this one: lists run from the newest. */
  readonly before?: RecurringGiftId | undefined;
  readonly limit: number;
};

/** Newest first; at most `limit`. */
export async function listGiftRows(
  tx: Tx,
  church: ChurchId,
  filter: RecurringFilter,
): Promise<readonly RecurringGift[]> {
  const rows = await tx.orm
    .select()
    .from(recurringGifts)
    .where(
      and(
        eq(recurringGifts.churchId, church),
        filter.status && eq(recurringGifts.status, filter.status),
        filter.donorId && eq(recurringGifts.donorId, filter.donorId),
        filter.before && lt(recurringGifts.id, filter.before),
      ),
    )
    .orderBy(desc(recurringGifts.id))
    .limit(filter.limit);
  return withShares(tx, church, rows);
}

/**
 * Writes a changed recurring gift over the one that was read: compare-and-set on its version, which must be one more.
 * `false` when another was quicker; then nothing is written. Shares that differ are replaced whole.
 */
export async function saveRecurringGift(
  tx: Tx,
  before: RecurringGift,
  after: RecurringGift,
): Promise<boolean> {
  assert(after.version === before.version + 1, "a change is one version further");
  const saved = await tx.orm
    .update(recurringGifts)
    .set(written(after))
    .where(and(its(before.churchId, before.id), eq(recurringGifts.version, before.version)))
    .returning({ id: recurringGifts.id });
  if (saved.length === 0) return false;
  if (before.shares !== after.shares) {
    await tx.orm
      .delete(recurringAllocations)
      .where(
        and(
          eq(recurringAllocations.churchId, before.churchId),
          eq(recurringAllocations.recurringGiftId, before.id),
        ),
      );
    await insertShares(tx, after);
  }
  return true;
}

/** Where many of one church go on from, in one statement; all were read under lock. */
export async function saveAhead(tx: Tx, church: ChurchId, gifts: readonly RecurringGift[]): Promise<void> {
  const ahead = gifts.map((gift) => ({
    id: uuidOf(gift.id),
    index: gift.nextIndex,
    due_on: gift.nextDueOn ?? null,
    open_at: gift.nextOpenAt ?? null,
    version: gift.version,
    updated_at: gift.updatedAt,
  }));
  const saved = await tx.sql`
    update recurring_gifts g
    set next_index = n.index, next_due_on = n.due_on, next_open_at = n.open_at, version = n.version,
        updated_at = n.updated_at
    from jsonb_to_recordset(${JSON.stringify(ahead)}::jsonb)
      as n(id uuid, index int, due_on date, open_at timestamptz, version int, updated_at timestamptz)
    where g.church_id = ${uuidOf(church)} and g.id = n.id and g.version = n.version - 1`;
  assert(saved.count === gifts.length, "the recurring gifts were read under lock");
}
