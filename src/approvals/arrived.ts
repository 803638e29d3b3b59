import { type LineRecord, linesOfAttempt } from "../bank-statements/store.ts";
import type { Tx } from "../db/client.ts";
import type { Gift } from "../giving/gift.ts";
import { add, type Money, negate } from "../kernel/money.ts";
import { entriesOf } from "../ledger/read-entries.ts";

/** What waits in suspense for a conflicted gift, since when, and the movements of the bank's that brought it. */
export type Arrived = {
  readonly amount: Money;
  readonly at: Date;
  readonly lines: readonly LineRecord[];
};

/**
 * Read from the books, so that it is the same for a gateway's capture of another amount and for transfers that came in
 * parts. `undefined` where nothing stands there under the gift's own name, or in more than one currency.
 */
export async function arrivedFor(tx: Tx, { donation, attempt }: Gift): Promise<Arrived | undefined> {
  const church = donation.churchId;
  const lines = (await linesOfAttempt(tx, church, attempt.id)).filter((line) => line.state === "conflicted");
  const ids = [attempt.id, ...lines.map((line) => line.id)];
  const entries = (await entriesOf(tx, church, { kind: "funds", ids })).filter(
    (entry) => entry.purpose === "received",
  );
  const amounts = entries
    .flatMap((entry) => entry.postings)
    .filter((posting) => posting.account.code === "2900")
    .map((posting) => negate(posting.amount));
  const [first, ...others] = amounts;
  const [earliest] = entries.map((entry) => entry.occurredAt).sort((a, b) => a.getTime() - b.getTime());
  if (!first || !earliest || others.some((other) => other.currency !== first.currency)) return undefined;
  return { amount: others.reduce(add, first), at: earliest, lines };
}
