import type { Tx } from "../db/client.ts";
import { assert } from "../kernel/assert.ts";
import { isCurrency } from "../kernel/currency.ts";
import { type ChurchId, type EntryId, toId, uuidOf } from "../kernel/ids.ts";
import { type Money, money } from "../kernel/money.ts";
import { isAccountCode } from "./chart.ts";
import type { AccountAddress, EntryDraft, EntryPurpose, EntrySource } from "./entry-draft.ts";

/** An entry as it was booked: the draft, and when we wrote it. */
export type BookedEntry = EntryDraft & { readonly recordedAt: Date };

type EntryRow = {
  readonly id: string;
  readonly legal_entity_id: string;
  readonly source_kind: EntrySource["kind"];
  readonly source_id: string;
  readonly purpose: EntryPurpose;
  readonly occurred_at: Date;
  readonly value_date: string | null;
  readonly memo: string;
  readonly corrects_entry_id: string | null;
  readonly recorded_at: Date;
  /** Amounts as text: JSON numbers would lose what is above 2^53. */
  readonly postings: readonly {
    readonly code: string;
    readonly fund: string | null;
    readonly gateway_account: string | null;
    readonly amount: string;
    readonly currency: string;
  }[];
};

/**
 * What was booked for these events, oldest first: for a refund of an attempt refunded before, and for taking an
 * entry back. Events nothing was booked for are simply absent.
 */
export async function entriesOf(
  tx: Tx,
  church: ChurchId,
  sources: { readonly kind: EntrySource["kind"]; readonly ids: readonly string[] },
): Promise<readonly BookedEntry[]> {
  if (sources.ids.length === 0) return [];
  const rows = await tx.sql<EntryRow[]>`
    select ${entryColumns(tx)} from journal_entries e
    where e.church_id = ${uuidOf(church)} and e.source_kind = ${sources.kind}
      and e.source_id in (select jsonb_array_elements_text(${JSON.stringify(sources.ids)}::text::jsonb))
    order by e.id`;
  return rows.map(bookedEntry);
}

/**
 * A page of a church's entries, newest first: at most `limit`, those before the entry `before` when given.
 * `legalEntityId`, `from` and `to` (by `occurredAt`, `to` not included) narrow it.
 */
export async function listEntries(
  tx: Tx,
  church: ChurchId,
  page: { readonly limit: number; readonly before?: EntryId; readonly from?: Date; readonly to?: Date },
): Promise<readonly BookedEntry[]> {
  const { before, from, to } = page;
  const rows = await tx.sql<EntryRow[]>`
    select ${entryColumns(tx)} from journal_entries e
    where e.church_id = ${uuidOf(church)}
      ${before ? tx.sql`and e.id < ${uuidOf(before)}` : tx.sql``}
      ${from ? tx.sql`and e.occurred_at >= ${from}` : tx.sql``}
      ${to ? tx.sql`and e.occurred_at < ${to}` : tx.sql``}
    order by e.id desc limit ${page.limit}`;
  return rows.map(bookedEntry);
}

const entryColumns = ({ sql }: Tx) => sql`
  e.id, e.legal_entity_id, e.source_kind, e.source_id, e.purpose, e.occurred_at, e.value_date::text, e.memo,
  e.corrects_entry_id, e.recorded_at,
  (select jsonb_agg(jsonb_build_object('code', a.code, 'fund', a.fund_id, 'gateway_account', a.gateway_account_id,
                                       'amount', p.amount_minor::text, 'currency', p.currency) order by p.position)
   from postings p join ledger_accounts a using (church_id, account_no)
   where p.church_id = e.church_id and p.entry_id = e.id) as postings`;

function bookedEntry(row: EntryRow): BookedEntry {
  return {
    id: toId("entry", row.id),
    legalEntityId: toId("legalEntity", row.legal_entity_id),
    source: { kind: row.source_kind, id: row.source_id },
    purpose: row.purpose,
    occurredAt: row.occurred_at,
    ...(row.value_date === null ? {} : { valueDate: row.value_date }),
    memo: row.memo,
    ...(row.corrects_entry_id === null ? {} : { corrects: toId("entry", row.corrects_entry_id) }),
    postings: row.postings.map((posting) => ({
      account: addressOf(posting.code, posting.fund, posting.gateway_account),
      amount: bookedMoney(BigInt(posting.amount), posting.currency),
    })),
    recordedAt: row.recorded_at,
  };
}

/** An account's address from its row. */
export function addressOf(code: string, fund: string | null, gatewayAccount: string | null): AccountAddress {
  assert(isAccountCode(code), `account ${code} stands in the chart`);
  return {
    code,
    ...(fund === null ? {} : { fundId: toId("fund", fund) }),
    ...(gatewayAccount === null ? {} : { gatewayAccountId: toId("gatewayAccount", gatewayAccount) }),
  };
}

/** Minor units of a row with the currency beside them. */
export function bookedMoney(minor: bigint, currency: string): Money {
  assert(isCurrency(currency), `${currency} is a currency`);
  return money(minor, currency);
}
