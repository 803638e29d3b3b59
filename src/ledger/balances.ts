import type { Tx } from "../db/client.ts";
import {
  type AccountId,
  type ChurchId,
  type EntryId,
  type LegalEntityId,
  toId,
  uuidOf,
} from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import { chart } from "./chart.ts";
import type { AccountAddress } from "./entry-draft.ts";
import { addressOf, bookedMoney } from "./read-entries.ts";

/** An account with what stands on it: signed, debit positive, in the account's currency. */
export type AccountBalance = {
  readonly id: AccountId;
  readonly legalEntityId: LegalEntityId;
  readonly account: AccountAddress;
  readonly name: string;
  readonly normalSide: "debit" | "credit";
  readonly balance: Money;
};

/** Every account that was ever posted to, by code, and per currency what debits and credits add up to. */
export type TrialBalance = {
  /** Entries that occurred at or before this instant are counted; absent means all. */
  readonly asOf?: Date;
  readonly accounts: readonly AccountBalance[];
  /** `difference` is debits minus credits: zero, or the ledger is broken. All three in one currency. */
  readonly totals: readonly { readonly debits: Money; readonly credits: Money; readonly difference: Money }[];
};

type AccountRow = {
  readonly id: string;
  readonly legal_entity_id: string;
  readonly code: string;
  readonly currency: string;
  readonly fund_id: string | null;
  readonly gateway_account_id: string | null;
  readonly balance: bigint;
};

/**
 * The trial balance of a church at an instant, from one snapshot. As of the past it is today's balances less
 * what occurred since, so that recent dates, the ones asked for, cost little.
 */
export async function trialBalance(tx: Tx, church: ChurchId, asOf?: Date): Promise<TrialBalance> {
  const accounts = await accountBalances(tx, church, asOf);
  const sides = new Map<string, { debits: bigint; credits: bigint }>();
  for (const { balance } of accounts) {
    const side = sides.get(balance.currency) ?? { debits: 0n, credits: 0n };
    if (balance.minor > 0n) side.debits += balance.minor;
    else side.credits -= balance.minor;
    sides.set(balance.currency, side);
  }
  return {
    ...(asOf ? { asOf } : {}),
    accounts,
    totals: [...sides].map(([currency, { debits, credits }]) => ({
      debits: bookedMoney(debits, currency),
      credits: bookedMoney(credits, currency),
      difference: bookedMoney(debits - credits, currency),
    })),
  };
}

/** Every account of a church with its balance now, or at `asOf` (by `occurredAt`, inclusive), shards added up. */
export async function accountBalances(
  tx: Tx,
  church: ChurchId,
  asOf?: Date,
): Promise<readonly AccountBalance[]> {
  const id = uuidOf(church);
  const since = asOf
    ? tx.sql`coalesce((
        select sum(s.amount) from since s where s.account_no = a.account_no), 0)`
    : tx.sql`0`;
  const rows = await tx.sql<AccountRow[]>`
    ${
      asOf
        ? tx.sql`with since as (
            select p.account_no, sum(p.amount_minor) as amount from journal_entries e
            join postings p on p.church_id = e.church_id and p.entry_id = e.id
            where e.church_id = ${id} and e.occurred_at > ${asOf} group by p.account_no)`
        : tx.sql``
    }
    select a.id, a.legal_entity_id, a.code, a.currency, a.fund_id, a.gateway_account_id,
           (coalesce(sum(b.balance_minor), 0) - ${since})::bigint as balance
    from ledger_accounts a left join ledger_balances b using (church_id, account_no)
    where a.church_id = ${id}
    group by a.church_id, a.account_no
    order by a.code, a.currency, a.account_no`;
  return rows.map(accountBalance);
}

function accountBalance(row: AccountRow): AccountBalance {
  const account = addressOf(row.code, row.fund_id, row.gateway_account_id);
  const { name, normalSide } = chart[account.code];
  return {
    id: toId("account", row.id),
    legalEntityId: toId("legalEntity", row.legal_entity_id),
    account,
    name,
    normalSide,
    balance: bookedMoney(row.balance, row.currency),
  };
}

/** The movements of one account in the order they occurred, with the balance after each. */
export type AccountStatement = {
  readonly account: AccountAddress & { readonly id: AccountId; readonly name: string };
  /** What stood on the account before the first line. */
  readonly opening: Money;
  readonly lines: readonly StatementLine[];
  /** What stood on it after the last line: at `asOf` when `more` is false. */
  readonly closing: Money;
  /** Whether lines were left out by the limit; ask again from the last line's cursor. */
  readonly more: boolean;
};

export type StatementLine = {
  readonly entryId: EntryId;
  readonly position: number;
  readonly occurredAt: Date;
  readonly purpose: string;
  readonly memo: string;
  readonly amount: Money;
  readonly balance: Money;
};

/** What to show: lines that occurred at or before `asOf`, from `from` on, after the line named by `after`. */
export type StatementPage = {
  readonly limit: number;
  readonly asOf?: Date;
  readonly from?: Date;
  readonly after?: { readonly occurredAt: Date; readonly entryId: EntryId; readonly position: number };
};

type LineRow = {
  readonly entry_id: string;
  readonly position: number;
  readonly occurred_at: Date;
  readonly purpose: string;
  readonly memo: string;
  readonly amount: bigint;
  readonly running: bigint;
};

/**
 * The statement of one account, oldest line first, shards merged. Ordered by when things occurred, so an event
 * we learned of late stands where it belongs and the balances after it show it. `undefined` when this church
 * has no such account.
 */
export async function accountStatement(
  tx: Tx,
  church: ChurchId,
  accountId: AccountId,
  page: StatementPage,
): Promise<AccountStatement | undefined> {
  const [found] = await tx.sql<(AccountRow & { account_no: bigint })[]>`
    select id, account_no, legal_entity_id, code, currency, fund_id, gateway_account_id, 0::bigint as balance
    from ledger_accounts where church_id = ${uuidOf(church)} and id = ${uuidOf(accountId)}`;
  if (!found) return undefined;
  const { after } = page;
  const rows = await tx.sql<LineRow[]>`
    with moved as (
      select p.entry_id, p.position, e.occurred_at, e.purpose, e.memo, p.amount_minor as amount,
             (sum(p.amount_minor) over (order by e.occurred_at, p.entry_id, p.position))::bigint as running
      from postings p join journal_entries e on e.church_id = p.church_id and e.id = p.entry_id
      where p.church_id = ${uuidOf(church)} and p.account_no = ${found.account_no}
      ${page.asOf ? tx.sql`and e.occurred_at <= ${page.asOf}` : tx.sql``}
    )
    select * from moved where true
      ${page.from ? tx.sql`and occurred_at >= ${page.from}` : tx.sql``}
      ${
        after
          ? tx.sql`and (occurred_at, entry_id, position)
                   > (${after.occurredAt}, ${uuidOf(after.entryId)}::uuid, ${after.position})`
          : tx.sql``
      }
    order by occurred_at, entry_id, position limit ${page.limit + 1}`;
  const shown = rows.slice(0, page.limit);
  const inCurrency = (minor: bigint): Money => bookedMoney(minor, found.currency);
  const opening = shown[0]
    ? shown[0].running - shown[0].amount
    : await balanceBefore(tx, church, found, page);
  const account = addressOf(found.code, found.fund_id, found.gateway_account_id);
  return {
    account: { ...account, id: accountId, name: chart[account.code].name },
    opening: inCurrency(opening),
    lines: shown.map((row) => ({
      entryId: toId("entry", row.entry_id),
      position: row.position,
      occurredAt: row.occurred_at,
      purpose: row.purpose,
      memo: row.memo,
      amount: inCurrency(row.amount),
      balance: inCurrency(row.running),
    })),
    closing: inCurrency(shown.at(-1)?.running ?? opening),
    more: rows.length > page.limit,
  };
}

/** For a statement without lines: all that occurred at or before `asOf` came before it. */
async function balanceBefore(
  tx: Tx,
  church: ChurchId,
  account: { readonly account_no: bigint },
  page: StatementPage,
): Promise<bigint> {
  const [row] = await tx.sql<[{ total: bigint }]>`
    select coalesce(sum(p.amount_minor), 0)::bigint as total
    from postings p join journal_entries e on e.church_id = p.church_id and e.id = p.entry_id
    where p.church_id = ${uuidOf(church)} and p.account_no = ${account.account_no}
    ${page.asOf ? tx.sql`and e.occurred_at <= ${page.asOf}` : tx.sql``}`;
  return row.total;
}
