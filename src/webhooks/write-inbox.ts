import type { Database, Tx } from "../db/client.ts";
import type { ChurchId, GatewayAccountId, InboxEventId } from "../kernel/ids.ts";
import { uuidOf } from "../kernel/ids.ts";
import type { ChurchVault, SealContext, Sealed } from "../privacy/vault.ts";

/** A delivery on its way into the inbox. */
export type InboxRow = {
  readonly churchId: ChurchId;
  readonly id: InboxEventId;
  readonly gatewayAccountId: GatewayAccountId;
  readonly verdict: "genuine" | "forged" | "stale";
  /** Only genuine deliveries have one. */
  readonly eventKey: string | null;
  readonly orderKey: string | null;
  readonly type: string | null;
  readonly headers: string;
  /** What followed our endpoint's address: some gateways sign it, or say there what the body is. */
  readonly target: string;
  readonly body: Uint8Array;
  readonly occurredAt: Date | null;
  readonly receivedAt: Date;
};

/** Resolves when the row is durable: `stored`, or `seen` when the gateway had sent this event before. */
export type InboxWriter = { write(row: InboxRow): Promise<"stored" | "seen"> };

/** Most rows written in one statement. */
const batchMost = 200;

type Waiting = {
  readonly row: InboxRow;
  readonly resolve: (result: "stored" | "seen") => void;
  readonly reject: (error: unknown) => void;
};

/**
 * Group commit: while one transaction of a church is under way, its next arrivals gather and go together in the
 * one after it. A lone delivery is written at once; under load many share one flush to disk.
 */
export function createInboxWriter(db: Database, vault: Pick<ChurchVault, "seal">): InboxWriter {
  const queues = new Map<ChurchId, { waiting: Waiting[]; writing: boolean }>();

  const pump = async (church: ChurchId): Promise<void> => {
    const queue = queues.get(church);
    if (!queue || queue.writing) return;
    queue.writing = true;
    while (queue.waiting.length > 0) {
      const batch = queue.waiting.splice(0, batchMost);
      try {
        const stored = await insertRows(
          db,
          vault,
          church,
          batch.map((w) => w.row),
        );
        for (const { row, resolve } of batch) resolve(stored.has(row.id) ? "stored" : "seen");
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    queues.delete(church);
  };

  return {
    write: (row) =>
      new Promise((resolve, reject) => {
        const queue = queues.get(row.churchId) ?? { waiting: [], writing: false };
        queues.set(row.churchId, queue);
        queue.waiting.push({ row, resolve, reject });
        void pump(row.churchId);
      }),
  };
}

/** Where a delivery's body is sealed to. */
export const bodyAt = (id: InboxEventId): SealContext => ({ table: "inbox", column: "body", row: id });

/** A body is bytes, the vault seals text: one character for each byte, either way. */
const asText = (body: Uint8Array): string => Buffer.from(body).toString("latin1");
export const bodyOf = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** The ids that were new. Of two arrivals of one event in a batch the first is stored. */
async function insertRows(
  db: Database,
  vault: Pick<ChurchVault, "seal">,
  church: ChurchId,
  rows: readonly InboxRow[],
): Promise<ReadonlySet<InboxEventId>> {
  const byUuid = new Map(rows.map((row) => [uuidOf(row.id), row.id]));
  const stored = await db.inChurch(church, async (tx) => {
    const sealed = await Promise.all(
      rows.map((row) => vault.seal(tx, church, bodyAt(row.id), asText(row.body))),
    );
    return insertSealed(tx, church, rows, sealed);
  });
  return new Set(stored.flatMap((row) => byUuid.get(row.id) ?? []));
}

function insertSealed(
  { sql }: Tx,
  church: ChurchId,
  rows: readonly InboxRow[],
  sealed: readonly Sealed[],
): PromiseLike<readonly { readonly id: string }[]> {
  const column = <T>(pick: (row: InboxRow) => T): T[] => rows.map(pick);
  const instant = (date: Date | null) => date?.toISOString() ?? null;
  return sql<{ id: string }[]>`
    insert into inbox (church_id, id, gateway_account_id, verdict, event_key, order_key, type, headers, target, key_version,
                       body, state, occurred_at, received_at, tries, next_at)
    select ${uuidOf(church)}, id, account, verdict, event_key, order_key, type, headers::jsonb, target, key_version,
           decode(body, 'base64'), case verdict when 'genuine' then 'received' else 'refused' end,
           occurred_at, received_at, 0, case verdict when 'genuine' then received_at end
    from unnest(
      ${column((r) => uuidOf(r.id))}::uuid[], ${column((r) => uuidOf(r.gatewayAccountId))}::uuid[],
      ${column((r) => r.verdict)}::text[], ${column((r) => r.eventKey)}::text[],
      ${column((r) => r.orderKey)}::text[], ${column((r) => r.type)}::text[],
      ${column((r) => r.headers)}::text[], ${column((r) => r.target)}::text[], ${sealed.map((s) => s.keyVersion)}::integer[],
      ${sealed.map((s) => Buffer.from(s.bytes).toString("base64"))}::text[],
      ${column((r) => instant(r.occurredAt))}::timestamptz[], ${column((r) => instant(r.receivedAt))}::timestamptz[]
    ) as t (id, account, verdict, event_key, order_key, type, headers, target, key_version, body, occurred_at, received_at)
    on conflict do nothing
    returning id`;
}
