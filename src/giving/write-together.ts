import type { Database, Rows, Sql, Statement } from "../db/client.ts";
import { gathered } from "../kernel/gathering.ts";
import type { ChurchId } from "../kernel/ids.ts";
import type { EntryDraft } from "../ledger/entry-draft.ts";
import { postStatement } from "../ledger/post-entry.ts";

/** What one gift has to write, all of it decided. */
export type GiftWrites = {
  statements(sql: Sql): readonly Statement[];
  readonly entries: readonly EntryDraft[];
  readonly now: Date;
};

/** Most gifts in one journey: their entries stay far below what one call may book. */
const giftsMost = 16;

/** Two journeys of a church would only wait for each other at its balances. */
const journeysAtOnce = 1;

type Lane = (church: ChurchId, writes: GiftWrites) => Promise<readonly Rows[]>;
const lanes = new WeakMap<Database, Lane>();

/**
 * Writes a gift in one journey to the database, with the gifts of the same church that were decided meanwhile: their
 * entries are booked by one call, so that the balances all of them share are locked and rewritten once. Answers the
 * rows of this gift's statements. Throws PostgreSQL's error when this gift's own part fails; others' never do.
 */
export function writeTogether(db: Database, church: ChurchId, writes: GiftWrites): Promise<readonly Rows[]> {
  const lane =
    lanes.get(db) ??
    gathered({
      most: giftsMost,
      atOnce: journeysAtOnce,
      write: (of: ChurchId, all) => writeAll(db, of, all),
    });
  lanes.set(db, lane);
  return lane(church, writes);
}

async function writeAll(
  db: Database,
  church: ChurchId,
  gifts: readonly GiftWrites[],
): Promise<readonly (readonly Rows[])[]> {
  const counts: number[] = [];
  const rows = await db.together(church, (sql) => {
    const own = gifts.map((gift) => gift.statements(sql));
    counts.push(...own.map(({ length }) => length));
    const now = new Date(Math.max(...gifts.map((gift) => gift.now.getTime())));
    // The books last: their locks are the busiest, and are held from here to the commit.
    const booked = postStatement(
      sql,
      gifts.flatMap(({ entries }) => entries),
      now,
    );
    return booked ? [...own.flat(), booked] : own.flat();
  });
  let from = 0;
  return counts.map((count) => {
    from += count;
    return rows.slice(from - count, from);
  });
}
