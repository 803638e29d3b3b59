import type { Database, Tx } from "../db/client.ts";
import { gathered } from "../kernel/gathering.ts";
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

/** Group commit by church: a lone delivery is written at once; under load many share one flush to disk. */
export function createInboxWriter(db: Database, vault: Pick<ChurchVault, "seal">): InboxWriter {
  const write = gathered<ChurchId, InboxRow, "stored" | "seen">({
    most: batchMost,
    atOnce: 1,
    write: async (church, rows) => {
      const stored = await insertRows(db, vault, church, rows);
      return rows.map(({ id }) => (stored.has(id) ? "stored" : "seen"));
    },
  });
  return { write: (row) => write(row.churchId, row) };
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
