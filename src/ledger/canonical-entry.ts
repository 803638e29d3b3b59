import { createHash } from "node:crypto";
import type { Tx } from "../db/client.ts";

/** An entry with its postings, as the rows have it: what a seal vouches for. Amounts and versions as text. */
export type CanonicalRow = {
  readonly id: string;
  readonly legal_entity_id: string;
  readonly source_kind: string;
  readonly source_id: string;
  readonly purpose: string;
  readonly occurred_at: Date;
  readonly value_date: string | null;
  readonly memo: string;
  readonly corrects_entry_id: string | null;
  readonly posting_count: number;
  readonly recorded_at: Date;
  readonly postings: readonly (readonly (string | null)[])[] | null;
};

/** The columns of {@link CanonicalRow}, for a query over `journal_entries e`. */
export const canonicalColumns = ({ sql }: Tx) => sql`
  e.id, e.legal_entity_id, e.source_kind, e.source_id, e.purpose, e.occurred_at, e.value_date::text, e.memo,
  e.corrects_entry_id, e.posting_count, e.recorded_at,
  (select jsonb_agg(jsonb_build_array(p.position::text, a.id, a.legal_entity_id, a.code, a.fund_id,
                                      a.gateway_account_id, a.currency, p.shard::text, p.version::text, p.currency,
                                      p.amount_minor::text, p.balance_after_minor::text) order by p.position)
   from postings p left join ledger_accounts a using (church_id, account_no)
   where p.church_id = e.church_id and p.entry_id = e.id) as postings`;

/** One text per entry: a JSON array in the order given, without spaces, so that nobody can spell it otherwise. */
function canonicalText(row: CanonicalRow): string {
  return JSON.stringify([
    "ofrenda-entry-1",
    row.id,
    row.legal_entity_id,
    row.source_kind,
    row.source_id,
    row.purpose,
    row.occurred_at.toISOString(),
    row.value_date,
    row.memo,
    row.corrects_entry_id,
    row.posting_count,
    row.recorded_at.toISOString(),
    row.postings ?? [],
  ]);
}

/** The hash a church's chain starts from: its own, so that no chain can stand in for another's. */
export const genesisHash = (churchUuid: string): Uint8Array =>
  createHash("sha256").update(`ofrenda-ledger-1:${churchUuid}`).digest();

/** SHA-256 over the hash before and the entry's canonical text. */
export const sealHash = (previous: Uint8Array, row: CanonicalRow): Uint8Array =>
  createHash("sha256").update(previous).update(canonicalText(row)).digest();
