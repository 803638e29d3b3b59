import { and, asc, desc, eq, getTableColumns, gt, inArray, isNull, lt, or, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import { readDecline } from "../giving/stored-json.ts";
import { assert } from "../kernel/assert.ts";
import { isCurrency } from "../kernel/currency.ts";
import {
  type ChurchId,
  type DonationId,
  type DonorId,
  type LegalEntityId,
  type MandateId,
  type OccurrenceId,
  type RecurringGiftId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import { money } from "../kernel/money.ts";
import type { Occurrence } from "./recurring-gift.ts";
import { ruleSchema } from "./rule.ts";
import type { LastOpened } from "./schedule.ts";
import { occurrences, recurringGifts } from "./tables.ts";

type Row = typeof occurrences.$inferSelect;

const currency = z.string().refine(isCurrency);

const readOccurrence = ({ amountMinor, ...row }: Row): Occurrence => ({
  ...row,
  amount: money(amountMinor, currency.parse(row.currency)),
  donationId: row.donationId ?? undefined,
  nextAt: row.nextAt ?? undefined,
  heldUntil: row.heldUntil ?? undefined,
  stopAs: row.stopAs ?? undefined,
  decline: readDecline(row.decline),
  settledAt: row.settledAt ?? undefined,
});

const written = (occurrence: Occurrence) => ({
  dueOn: occurrence.dueOn,
  state: occurrence.state,
  amountMinor: occurrence.amount.minor,
  donationId: occurrence.donationId ?? null,
  nextAt: occurrence.nextAt ?? null,
  heldUntil: occurrence.heldUntil ?? null,
  stopAs: occurrence.stopAs ?? null,
  tries: occurrence.tries,
  reminders: occurrence.reminders,
  decline: occurrence.decline ?? null,
  version: occurrence.version,
  updatedAt: occurrence.updatedAt,
  settledAt: occurrence.settledAt ?? null,
});

/**
 * Opens periods, of one church. Answers those written: one that was opened before, by whomever, is left as it is.
 */
export async function insertOccurrences(
  tx: Tx,
  opened: readonly Occurrence[],
): Promise<ReadonlySet<OccurrenceId>> {
  if (opened.length === 0) return new Set();
  const made = await tx.orm
    .insert(occurrences)
    .values(
      opened.map((occurrence) => {
        const { churchId, id, recurringGiftId, period, ruleNumber, index, amount, createdAt } = occurrence;
        const { currency } = amount;
        const fixed = { churchId, id, recurringGiftId, period, ruleNumber, index, currency, createdAt };
        return { ...written(occurrence), ...fixed };
      }),
    )
    .onConflictDoNothing({ target: [occurrences.churchId, occurrences.recurringGiftId, occurrences.period] })
    .returning({ id: occurrences.id });
  return new Set(made.map(({ id }) => id));
}

const its = (church: ChurchId, id: OccurrenceId) =>
  and(eq(occurrences.churchId, church), eq(occurrences.id, id));

/** `undefined` when the church has no such occurrence. With `lock` its row is held until the transaction ends. */
export async function loadOccurrence(
  tx: Tx,
  church: ChurchId,
  id: OccurrenceId,
  lock: boolean,
): Promise<Occurrence | undefined> {
  if (!lock) return occurrenceOf(tx, church, id);
  const [row] = await tx.orm.select().from(occurrences).where(its(church, id)).for("update");
  return row && readOccurrence(row);
}

const occurrenceOf = readTogether(async (tx, church, ids: readonly OccurrenceId[]) => {
  const rows = await tx.orm
    .select()
    .from(occurrences)
    .where(and(eq(occurrences.churchId, church), inArray(occurrences.id, [...ids])));
  return new Map(rows.map((row) => [row.id, readOccurrence(row)]));
});

/** The occurrence a donation was made for, locked; `undefined` when it was made for none. */
export async function occurrenceOfDonation(
  tx: Tx,
  church: ChurchId,
  donation: DonationId,
): Promise<Occurrence | undefined> {
  const [row] = await tx.orm
    .select()
    .from(occurrences)
    .where(and(eq(occurrences.churchId, church), eq(occurrences.donationId, donation)))
    .for("update");
  return row && readOccurrence(row);
}

/** Compare-and-set on the version, which must be one more; `false` when another was quicker. */
export async function saveOccurrence(tx: Tx, before: Occurrence, after: Occurrence): Promise<boolean> {
  assert(after.version === before.version + 1, "a change is one version further");
  const saved = await tx.orm
    .update(occurrences)
    .set(written(after))
    .where(and(its(before.churchId, before.id), eq(occurrences.version, before.version)))
    .returning({ id: occurrences.id });
  return saved.length === 1;
}

const of = (church: ChurchId, gift: RecurringGiftId) =>
  and(eq(occurrences.churchId, church), eq(occurrences.recurringGiftId, gift));

/** Newest due date first; at most `limit`, before the date of the last one of the page before. */
export async function listOccurrenceRows(
  tx: Tx,
  church: ChurchId,
  gift: RecurringGiftId,
  query: { readonly limit: number; readonly before?: OccurrenceId | undefined },
): Promise<readonly Occurrence[]> {
  const rows = await tx.orm
    .select()
    .from(occurrences)
    .where(and(of(church, gift), query.before && lt(occurrences.id, query.before)))
    .orderBy(desc(occurrences.id))
    .limit(query.limit);
  return rows.map(readOccurrence);
}

/**
 * The periods of a donor's reminders by one of these methods that wait to be given, earliest due first, and after them
 * those given up since; at most fifty.
 */
export async function periodsAwaited(
  tx: Tx,
  church: ChurchId,
  of: {
    readonly donorId: DonorId;
    readonly legalEntityId: LegalEntityId;
    readonly mode: "test" | "live";
    readonly methods: readonly string[];
    readonly since: Date;
  },
): Promise<readonly Occurrence[]> {
  const rows = await tx.orm
    .select(getTableColumns(occurrences))
    .from(occurrences)
    .innerJoin(
      recurringGifts,
      and(
        eq(recurringGifts.churchId, occurrences.churchId),
        eq(recurringGifts.id, occurrences.recurringGiftId),
      ),
    )
    .where(
      and(
        eq(occurrences.churchId, church),
        eq(recurringGifts.donorId, of.donorId),
        eq(recurringGifts.legalEntityId, of.legalEntityId),
        eq(recurringGifts.mode, of.mode),
        eq(recurringGifts.collection, "reminder"),
        inArray(recurringGifts.method, [...of.methods]),
        isNull(occurrences.stopAs),
        or(
          inArray(occurrences.state, ["open", "collecting"]),
          and(eq(occurrences.state, "failed"), gt(occurrences.settledAt, of.since)),
        ),
      ),
    )
    .orderBy(sql`${occurrences.state} = 'failed'`, asc(occurrences.dueOn), asc(occurrences.id))
    .limit(50);
  return rows.map(readOccurrence);
}

/** Those of a recurring gift whose end is not known, locked, earliest first. */
export async function unsettledOccurrences(
  tx: Tx,
  church: ChurchId,
  gift: RecurringGiftId,
): Promise<readonly Occurrence[]> {
  const rows = await tx.orm
    .select()
    .from(occurrences)
    .where(and(of(church, gift), inArray(occurrences.state, ["open", "collecting", "retrying"])))
    .orderBy(asc(occurrences.dueOn), asc(occurrences.id))
    .for("update");
  return rows.map(readOccurrence);
}

/** The last date opened, whatever came of it, with the rule that is in force now. */
export async function lastOpened(
  tx: Tx,
  gift: { readonly churchId: ChurchId; readonly id: RecurringGiftId; readonly rule: unknown },
): Promise<LastOpened | undefined> {
  const [row] = await tx.orm
    .select({ period: occurrences.period, dueOn: occurrences.dueOn })
    .from(occurrences)
    .where(of(gift.churchId, gift.id))
    .orderBy(desc(occurrences.dueOn))
    .limit(1);
  return row && { rule: ruleSchema.parse(gift.rule), ...row };
}

/** What waits for another try under a mandate is tried at once: its instrument has just been mended. */
export async function wakeRetrying(tx: Tx, church: ChurchId, mandate: MandateId, now: Date): Promise<number> {
  const woken = await tx.sql`
    update occurrences o set next_at = ${now}, version = o.version + 1, updated_at = ${now}
    from recurring_gifts g
    where o.church_id = ${uuidOf(church)} and o.state = 'retrying'
      and g.church_id = o.church_id and g.id = o.recurring_gift_id and g.mandate_id = ${uuidOf(mandate)}`;
  return woken.count;
}

/** How far it has come: what was asked for and not left out, and what still moves. */
export type Progress = {
  /** Gifts opened and neither skipped, canceled nor failed, and their sum. */
  readonly gifts: number;
  readonly totalMinor: bigint;
  /** Those whose end is not known yet. */
  readonly unsettled: number;
};

/** Nothing was opened yet. */
export const noProgress: Progress = { gifts: 0, totalMinor: 0n, unsettled: 0 };

/** See {@link Progress}. */
export async function progressOf(tx: Tx, church: ChurchId, id: RecurringGiftId): Promise<Progress> {
  return (await progressOfEach(tx, church, [id])).get(id) ?? noProgress;
}

/** The same for many of one church; one without occurrences is not among them. */
export async function progressOfEach(
  tx: Tx,
  church: ChurchId,
  ids: readonly RecurringGiftId[],
): Promise<ReadonlyMap<RecurringGiftId, Progress>> {
  const rows = await tx.sql<{ id: string; gifts: number; total: bigint; unsettled: number }[]>`
    select recurring_gift_id as id,
           (count(*) filter (where state in ('open', 'collecting', 'retrying', 'succeeded')))::int as gifts,
           coalesce(sum(amount_minor) filter (where state in ('open', 'collecting', 'retrying', 'succeeded')), 0)::bigint
             as total,
           (count(*) filter (where state in ('open', 'collecting', 'retrying')))::int as unsettled
    from occurrences
    where church_id = ${uuidOf(church)} and recurring_gift_id = any(${ids.map(uuidOf)}::uuid[])
    group by recurring_gift_id`;
  return new Map(
    rows.map(({ id, gifts, total, unsettled }) => [
      toId("recurringGift", id),
      { gifts, totalMinor: total, unsettled },
    ]),
  );
}
