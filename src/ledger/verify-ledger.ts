import { timingSafeEqual } from "node:crypto";
import type { Database, Tx } from "../db/client.ts";
import { type AccountId, type ChurchId, type EntryId, toId, uuidOf } from "../kernel/ids.ts";
import { type CanonicalRow, canonicalColumns, genesisHash, sealHash } from "./canonical-entry.ts";

/** The newest seal: kept elsewhere and given back later, it shows that nothing was cut off the end. */
export type ChainHead = { readonly number: bigint; readonly hash: string };

/** The first thing found wrong, named so that one can go and look at it. */
export type LedgerBreak =
  /** A seal is gone: the chain jumps over `number`. */
  | { readonly kind: "seal_missing"; readonly number: bigint }
  /** A seal stands, its entry does not. */
  | { readonly kind: "entry_missing"; readonly number: bigint; readonly entryId: EntryId }
  /** The entry, one of its postings, their account, or the seal itself is not what was sealed. */
  | { readonly kind: "entry_altered"; readonly number: bigint; readonly entryId: EntryId }
  /** The chain does not hold the head it was said to have. */
  | { readonly kind: "head_missing"; readonly number: bigint }
  /** An entry is neither sealed nor waiting to be. */
  | { readonly kind: "entry_outside_chain"; readonly entryId: EntryId }
  /** Its postings are not as many as declared, or do not add up to zero. */
  | { readonly kind: "entry_unbalanced"; readonly entryId: EntryId }
  /** A posting without an entry. */
  | { readonly kind: "posting_orphaned"; readonly entryId: EntryId }
  /** At this version the account's balance does not follow from the one before. */
  | {
      readonly kind: "balance_chain_broken";
      readonly accountId: AccountId;
      readonly shard: number;
      readonly version: bigint;
    }
  /** The balance row does not say what the newest posting says. */
  | { readonly kind: "balance_differs"; readonly accountId: AccountId; readonly shard: number }
  /** All balances of one currency do not add up to zero; the difference in minor units. */
  | { readonly kind: "trial_balance"; readonly currency: string; readonly difference: bigint };

export type LedgerProof =
  | {
      readonly ok: true;
      readonly sealed: bigint;
      /** Entries written but not sealed yet: balanced and chained, open to change by a superuser unnoticed. */
      readonly waiting: bigint;
      /** Absent while nothing is sealed. */
      readonly head?: ChainHead;
    }
  | { readonly ok: false; readonly break: LedgerBreak };

export type VerifyOptions = {
  /** A head an earlier run returned. */
  readonly knownHead?: ChainHead;
  readonly onProgress?: (sealsChecked: bigint) => void;
};

const pageSize = 500;

/**
 * Proves a church's ledger from its rows alone: the hash chain link by link, that every entry is in it or waits
 * for it, that every entry balances, that every account's balances follow from its postings, and that all
 * balances add up to zero. Reads only, in steps of one statement, so it runs beside the writers.
 */
export async function verifyLedger(
  db: Database,
  church: ChurchId,
  options: VerifyOptions = {},
): Promise<LedgerProof> {
  const id = uuidOf(church);
  const chain = await verifyChain(db, church, options);
  if ("kind" in chain) return { ok: false, break: chain };
  return db.inChurch(church, async (tx) => {
    for (const check of [
      outsideChain,
      unbalancedEntry,
      orphan,
      brokenBalances,
      differentBalance,
      trialBalance,
    ]) {
      const found = await check(tx, id);
      if (found) return { ok: false, break: found };
    }
    const [row] = await tx.sql<[{ waiting: bigint }]>`
      select count(*) as waiting from ledger_unsealed where church_id = ${id}`;
    const { number, hash } = chain;
    const head = number > 0n ? { head: { number, hash: hex(hash) } } : {};
    return { ok: true, sealed: number, waiting: row.waiting, ...head };
  });
}

type Link = { readonly number: bigint; readonly hash: Uint8Array };
type SealRow = { readonly number: bigint; readonly entry_id: string; readonly hash: Uint8Array } & {
  readonly [column in keyof CanonicalRow]: CanonicalRow[column];
} & { readonly id: string | null };

async function verifyChain(
  db: Database,
  church: ChurchId,
  { knownHead, onProgress }: VerifyOptions,
): Promise<Link | LedgerBreak> {
  let link: Link = { number: 0n, hash: genesisHash(uuidOf(church)) };
  let headSeen = knownHead === undefined;
  for (;;) {
    const after = link.number;
    const rows = await db.inChurch(
      church,
      (tx) => tx.sql<SealRow[]>`
        select s.number, s.entry_id, s.hash, ${canonicalColumns(tx)}
        from ledger_seals s left join journal_entries e on e.church_id = s.church_id and e.id = s.entry_id
        where s.church_id = ${uuidOf(church)} and s.number > ${after} order by s.number limit ${pageSize}`,
    );
    for (const row of rows) {
      const next = nextLink(link, row);
      if ("kind" in next) return next;
      link = next;
      if (knownHead?.number === link.number && knownHead.hash === hex(link.hash)) headSeen = true;
    }
    onProgress?.(link.number);
    if (rows.length < pageSize) break;
  }
  return knownHead && !headSeen ? { kind: "head_missing", number: knownHead.number } : link;
}

function nextLink(previous: Link, row: SealRow): Link | LedgerBreak {
  const number = previous.number + 1n;
  if (row.number !== number) return { kind: "seal_missing", number };
  const entryId = toId("entry", row.entry_id);
  if (row.id === null) return { kind: "entry_missing", number, entryId };
  const hash = sealHash(previous.hash, row);
  const same = hash.length === row.hash.length && timingSafeEqual(hash, row.hash);
  return same ? { number, hash } : { kind: "entry_altered", number, entryId };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

async function outsideChain({ sql }: Tx, church: string): Promise<LedgerBreak | undefined> {
  const [row] = await sql<{ id: string }[]>`
    select e.id from journal_entries e
    where e.church_id = ${church}
      and not exists (select from ledger_seals s where s.church_id = e.church_id and s.entry_id = e.id)
      and not exists (select from ledger_unsealed q where q.church_id = e.church_id and q.entry_id = e.id)
    order by e.id limit 1`;
  return row && { kind: "entry_outside_chain", entryId: toId("entry", row.id) };
}

async function unbalancedEntry({ sql }: Tx, church: string): Promise<LedgerBreak | undefined> {
  const [row] = await sql<{ id: string }[]>`
    with totals as (
      select entry_id, currency, count(*) as n, sum(amount_minor) as total from postings
      where church_id = ${church} group by entry_id, currency
    ), whole as (
      select entry_id, sum(n) as n, bool_or(total <> 0) as unbalanced from totals group by entry_id
    )
    select e.id from journal_entries e left join whole w on w.entry_id = e.id
    where e.church_id = ${church} and (w.n is distinct from e.posting_count or w.unbalanced)
    order by e.id limit 1`;
  return row && { kind: "entry_unbalanced", entryId: toId("entry", row.id) };
}

async function orphan({ sql }: Tx, church: string): Promise<LedgerBreak | undefined> {
  const [row] = await sql<{ entry_id: string }[]>`
    select p.entry_id from postings p
    where p.church_id = ${church}
      and not exists (select from journal_entries e where e.church_id = p.church_id and e.id = p.entry_id)
    order by p.entry_id limit 1`;
  return row && { kind: "posting_orphaned", entryId: toId("entry", row.entry_id) };
}

async function brokenBalances({ sql }: Tx, church: string): Promise<LedgerBreak | undefined> {
  const [row] = await sql<{ id: string; shard: number; version: bigint }[]>`
    select a.id, p.shard, p.version
    from (
      select *, lag(version, 1, 0::bigint) over chain as version_before,
             lag(balance_after_minor, 1, 0::bigint) over chain as balance_before
      from postings where church_id = ${church}
      window chain as (partition by account_no, shard order by version)
    ) p
    join ledger_accounts a using (church_id, account_no)
    where p.version <> p.version_before + 1 or p.balance_after_minor <> p.balance_before + p.amount_minor
      or p.currency <> a.currency
    order by p.account_no, p.shard, p.version limit 1`;
  return (
    row && {
      kind: "balance_chain_broken",
      accountId: toId("account", row.id),
      shard: row.shard,
      version: row.version,
    }
  );
}

async function differentBalance({ sql }: Tx, church: string): Promise<LedgerBreak | undefined> {
  const [row] = await sql<{ id: string; shard: number }[]>`
    select a.id, shard
    from (
      select distinct on (account_no, shard) account_no, shard, version, balance_after_minor from postings
      where church_id = ${church} order by account_no, shard, version desc
    ) p
    full join (select * from ledger_balances where church_id = ${church}) b using (account_no, shard)
    join ledger_accounts a on a.church_id = ${church} and a.account_no = coalesce(p.account_no, b.account_no)
    where coalesce(p.version, 0) is distinct from b.version
      or coalesce(p.balance_after_minor, 0) is distinct from b.balance_minor
    order by a.account_no, shard limit 1`;
  return row && { kind: "balance_differs", accountId: toId("account", row.id), shard: row.shard };
}

async function trialBalance({ sql }: Tx, church: string): Promise<LedgerBreak | undefined> {
  const [row] = await sql<{ currency: string; difference: bigint }[]>`
    select a.currency, sum(b.balance_minor)::bigint as difference
    from ledger_balances b join ledger_accounts a using (church_id, account_no)
    where b.church_id = ${church} group by a.currency having sum(b.balance_minor) <> 0 order by 1 limit 1`;
  return row && { kind: "trial_balance", currency: row.currency, difference: row.difference };
}
