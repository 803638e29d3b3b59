import type { Database } from "../db/client.ts";
import { finish, type KeptAnswer } from "../idempotency/claim.ts";
import { gathered } from "../kernel/gathering.ts";
import type { ChurchId } from "../kernel/ids.ts";
import type { EntryDraft } from "../ledger/entry-draft.ts";
import { postStatement } from "../ledger/post-entry.ts";
import { announceStatement, deliveriesOf, type News } from "../outbox/announce.ts";
import { type AttemptChange, rememberCustomer, saveAttempts } from "./store.ts";

/** All that one gift has to write, decided. */
export type DecidedGift = {
  readonly change: AttemptChange;
  readonly news: News | undefined;
  /** The gateway's own name for the donor, where it has just given one. */
  readonly customerRef: string | undefined;
  readonly answer: KeptAnswer | undefined;
  readonly entries: readonly EntryDraft[];
};

/** Most gifts in one journey: their entries stay far below what one call may book. */
const giftsMost = 16;

/** Two journeys of a church would only wait for each other at its balances. */
const journeysAtOnce = 1;

type Lane = (church: ChurchId, gift: DecidedGift) => Promise<number>;
const lanes = new WeakMap<Database, Lane>();

/**
 * Writes a gift in one journey to the database, with the gifts of the same church that were decided meanwhile: each
 * kind of row by one statement, and the balances all of them share locked and rewritten once. Answers how many outbound
 * deliveries of this gift wait. Throws PostgreSQL's error when this gift's own part fails; others' never do.
 */
export function writeDecided(db: Database, church: ChurchId, gift: DecidedGift): Promise<number> {
  const lane =
    lanes.get(db) ??
    gathered({
      most: giftsMost,
      atOnce: journeysAtOnce,
      write: (of: ChurchId, gifts) => writeAll(db, of, gifts),
    });
  lanes.set(db, lane);
  return lane(church, gift);
}

async function writeAll(
  db: Database,
  church: ChurchId,
  gifts: readonly DecidedGift[],
): Promise<readonly number[]> {
  const news = gifts.flatMap((gift) => gift.news ?? []);
  const answers = gifts.flatMap(({ answer }) => answer ?? []);
  const entries = gifts.flatMap((gift) => gift.entries);
  const now = new Date(Math.max(...gifts.map(({ change }) => change.at.getTime())));
  const [, told] = await db.together(church, (sql) => {
    const changes = gifts.map(({ change }) => change);
    // The attempts first: when somebody was quicker it is that we must hear of, not that their news is there already.
    const statements = [saveAttempts(sql, church, changes), announceStatement(sql, church, news)];
    for (const { change, customerRef } of gifts) {
      if (customerRef !== undefined)
        statements.push(rememberCustomer(sql, change.after, customerRef, change.at));
    }
    if (answers.length > 0) statements.push(finish(sql, church, answers));
    // The books last: their locks are the busiest, and are held from here to the commit.
    const booked = postStatement(sql, entries, now);
    return booked ? [...statements, booked] : statements;
  });
  const deliveries = deliveriesOf(told ?? []);
  return gifts.map((gift) => (gift.news ? (deliveries.get(gift.news.eventId) ?? 0) : 0));
}
