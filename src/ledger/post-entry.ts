import type { Sql, Statement, Tx } from "../db/client.ts";
import { assert, present } from "../kernel/assert.ts";
import { type ChurchId, type EntryId, newId, uuidOf } from "../kernel/ids.ts";
import { chart } from "./chart.ts";
import type { AccountAddress, EntryDraft } from "./entry-draft.ts";

/** The most entries one call books: a bound on how long its locks are held. */
const batchMost = 500;

/** One posting as `post_entries` reads it. */
type Line = {
  readonly entry: string;
  readonly entity: string;
  readonly code: AccountAddress["code"];
  readonly dimension: string;
  readonly currency: string;
  readonly position: number;
  readonly amount: string;
};

/**
 * Books entries in the caller's transaction, already scoped to the church: the only writer of the ledger.
 * Entries whose (source kind, source id, purpose) is booked already are skipped and counted as `already`.
 *
 * One statement in all but the first use of an account. Call it once per transaction, as late as can be: it
 * locks balances in a fixed order until the commit, and a second call would start that order again.
 *
 * Throws PostgreSQL's error where a rule of the ledger is broken: `23514` with the constraint's name
 * (`sign_limit`, `posting_fits` …) at once, `entry_balances` and `entry_is_whole` at the commit.
 */
export async function postEntries(
  tx: Tx,
  church: ChurchId,
  entries: readonly EntryDraft[],
  recordedAt: Date,
): Promise<{ posted: number; already: number }> {
  const [first] = entries;
  if (!first) return { posted: 0, already: 0 };
  assert(entries.length <= batchMost, `at most ${batchMost} entries are booked at once`);
  const call = callOf(entries, first);
  const book = async () => {
    const [row] = await tx.sql<[{ posted: number | null }]>`
      select post_entries(${call.heads}::text::jsonb, ${call.lines}::text::jsonb, ${call.lane}, ${recordedAt}) as posted`;
    return row.posted;
  };
  let posted = await book();
  if (posted === null) {
    await openAccounts(tx, church, entries, recordedAt);
    posted = present(await book(), "the accounts of these entries were opened just now");
  }
  return { posted, already: entries.length - posted };
}

/**
 * The same as one statement for `Database.together`: nothing can be opened on the way, so it raises
 * {@link accountsMissing} on the first use of an account, and the caller comes back through `postEntries`.
 */
export function postStatement(
  sql: Sql,
  entries: readonly EntryDraft[],
  recordedAt: Date,
): Statement | undefined {
  const [first] = entries;
  if (!first) return undefined;
  const call = callOf(entries, first);
  return sql`
    select must(posted is not null, ${accountsMissing}) from post_entries(${call.heads}::text::jsonb,
      ${call.lines}::text::jsonb, ${call.lane}, ${recordedAt}) as posted`;
}

/** What the database says when an entry names an account that was never used. */
export const accountsMissing = "accounts_missing";

const callOf = (entries: readonly EntryDraft[], first: EntryDraft) => ({
  heads: JSON.stringify(entries.map(entryHead)),
  lines: JSON.stringify(entries.flatMap(entryLines)),
  lane: laneOf(first.id),
});

/**
 * Which shard of each shared account a batch writes to, from its first entry: `lane % shards`. The end of an id is
 * random, so batches spread evenly; one lane for the whole batch keeps its locks few.
 */
export const laneOf = (first: EntryId): number => Number.parseInt(first.slice(-4), 16);

const entryHead = (entry: EntryDraft) => ({
  id: uuidOf(entry.id),
  legal_entity_id: uuidOf(entry.legalEntityId),
  source_kind: entry.source.kind,
  source_id: entry.source.id,
  purpose: entry.purpose,
  occurred_at: entry.occurredAt,
  value_date: entry.valueDate,
  memo: entry.memo,
  corrects_entry_id: entry.corrects && uuidOf(entry.corrects),
  posting_count: entry.postings.length,
});

function entryLines(entry: EntryDraft): Line[] {
  const id = uuidOf(entry.id);
  const entity = uuidOf(entry.legalEntityId);
  return entry.postings.map(({ account, amount }, index) => ({
    entry: id,
    entity,
    code: account.code,
    dimension: dimensionOf(account) ?? entity,
    currency: amount.currency,
    position: index + 1,
    amount: amount.minor.toString(),
  }));
}

/** The uuid of the fund or gateway account the chart asks for; throws where the address has another or none. */
function dimensionOf(account: AccountAddress): string | undefined {
  const { code, fundId, gatewayAccountId } = account;
  const { dimension } = chart[code];
  assert(
    (fundId !== undefined) === (dimension === "fund") &&
      (gatewayAccountId !== undefined) === (dimension === "gateway_account"),
    `account ${code} is kept per ${dimension === "none" ? "legal entity only" : dimension}`,
  );
  const owner = fundId ?? gatewayAccountId;
  return owner && uuidOf(owner);
}

/** Opens what the entries need and nobody opened before, in one order so that two openers cannot deadlock. */
async function openAccounts(
  tx: Tx,
  church: ChurchId,
  entries: readonly EntryDraft[],
  openedAt: Date,
): Promise<void> {
  const wanted = new Map<string, Record<string, unknown>>();
  for (const { legalEntityId, postings } of entries) {
    for (const { account, amount } of postings) {
      const { code, fundId, gatewayAccountId } = account;
      const line = chart[code];
      wanted.set(`${legalEntityId} ${code} ${fundId ?? gatewayAccountId ?? ""} ${amount.currency}`, {
        id: uuidOf(newId("account")),
        legal_entity_id: uuidOf(legalEntityId),
        code,
        currency: amount.currency,
        fund_id: fundId && uuidOf(fundId),
        gateway_account_id: gatewayAccountId && uuidOf(gatewayAccountId),
        normal_side: line.normalSide,
        may_go_negative: line.mayGoNegative,
        shards: line.shards,
      });
    }
  }
  await tx.sql`
    insert into ledger_accounts (church_id, id, legal_entity_id, code, currency, fund_id, gateway_account_id,
                                 normal_side, may_go_negative, shards, opened_at)
    select ${uuidOf(church)}::uuid, w.id, w.legal_entity_id, w.code, w.currency, w.fund_id, w.gateway_account_id,
           w.normal_side, w.may_go_negative, w.shards, ${openedAt}
    from jsonb_to_recordset(${JSON.stringify([...wanted.values()])}::text::jsonb)
      as w(id uuid, legal_entity_id uuid, code text, currency text, fund_id uuid, gateway_account_id uuid,
           normal_side text, may_go_negative boolean, shards smallint)
    order by w.legal_entity_id, w.code, coalesce(w.fund_id, w.gateway_account_id), w.currency
    on conflict (church_id, legal_entity_id, code, dimension_id, currency) do nothing`;
}
