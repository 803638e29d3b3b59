import type { Database, Tx } from "../db/client.ts";
import { type ChurchId, toId, uuidOf } from "../kernel/ids.ts";
import { type CanonicalRow, canonicalColumns, genesisHash, sealHash } from "./canonical-entry.ts";

/** The most entries sealed in one transaction. */
const sealMost = 1000;

/**
 * Takes up to `limit` waiting entries of a church into its hash chain and says how many it took: 0 when none
 * wait, or another sealer is at work on this church. Runs beside the writers and never makes one wait.
 *
 * Entries wait in `ledger_unsealed`, put there by the transaction that wrote them, so an entry whose transaction
 * commits late appears late and is sealed then: no order of numbers or clocks can hide it, nor a restored backup.
 */
export function sealLedger(db: Database, church: ChurchId, limit: number, now: Date): Promise<number> {
  return db.inChurch(church, async (tx) => {
    const id = uuidOf(church);
    const [lock] = await tx.sql<[{ ours: boolean }]>`
      select pg_try_advisory_xact_lock(hashtextextended(${`ledger seal ${id}`}, 0)) as ours`;
    if (!lock.ours) return 0;
    const waiting = await tx.sql<CanonicalRow[]>`
      select ${canonicalColumns(tx)}
      from ledger_unsealed q join journal_entries e on e.church_id = q.church_id and e.id = q.entry_id
      where q.church_id = ${id} order by e.id limit ${Math.min(limit, sealMost)}`;
    if (waiting.length > 0) await appendSeals(tx, id, waiting, now);
    return waiting.length;
  });
}

async function appendSeals(tx: Tx, church: string, rows: readonly CanonicalRow[], now: Date): Promise<void> {
  const [head] = await tx.sql<{ number: bigint; hash: Uint8Array }[]>`
    select number, hash from ledger_seals where church_id = ${church} order by number desc limit 1`;
  let { number, hash } = head ?? { number: 0n, hash: genesisHash(church) };
  const seals = rows.map((row) => {
    number += 1n;
    hash = sealHash(hash, row);
    return { number: number.toString(), entry: row.id, hash: Buffer.from(hash).toString("hex") };
  });
  await tx.sql`
    insert into ledger_seals (church_id, number, entry_id, hash, sealed_at)
    select ${church}::uuid, s.number, s.entry, decode(s.hash, 'hex'), ${now}
    from jsonb_to_recordset(${JSON.stringify(seals)}::text::jsonb) as s(number bigint, entry uuid, hash text)`;
  await tx.sql`
    delete from ledger_unsealed q using jsonb_to_recordset(${JSON.stringify(seals)}::text::jsonb) as s(entry uuid)
    where q.church_id = ${church} and q.entry_id = s.entry`;
}

/** Churches with entries to seal, at most `limit`. For the background job: seal each until nothing waits. */
export function churchesToSeal(db: Database, limit: number): Promise<readonly ChurchId[]> {
  return db.sweeping(async ({ sql }) => {
    const rows = await sql<{ church_id: string }[]>`
      select distinct church_id from ledger_unsealed limit ${limit}`;
    return rows.map((row) => toId("church", row.church_id));
  });
}

/** Seals what waits, church by church: the whole background job. Bounded by `churches` and `entriesEach`. */
export async function sealDue(
  db: Database,
  now: Date,
  bounds: { readonly churches: number; readonly entriesEach: number },
): Promise<number> {
  let sealed = 0;
  for (const church of await churchesToSeal(db, bounds.churches)) {
    for (let left = bounds.entriesEach; left > 0; ) {
      const took = await sealLedger(db, church, left, now);
      if (took === 0) break;
      sealed += took;
      left -= took;
    }
  }
  return sealed;
}
