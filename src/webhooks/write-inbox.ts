import type { Database, Tx } from "../db/client.ts";
import { given } from "../db/together.ts";
import { present } from "../kernel/assert.ts";
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
  readonly headers: Readonly<Record<string, string>>;
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
    atOnce: 2,
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

const columns = `id uuid, account uuid, verdict text, event_key text, order_key text, type text, headers jsonb,
  target text, key_version int, body text, occurred_at timestamptz, received_at timestamptz`;

function insertSealed(
  { sql }: Tx,
  church: ChurchId,
  rows: readonly InboxRow[],
  sealed: readonly Sealed[],
): PromiseLike<readonly { readonly id: string }[]> {
  const told = rows.map((row, index) => {
    const { keyVersion, bytes } = present(sealed[index], "each was sealed");
    return {
      id: uuidOf(row.id),
      account: uuidOf(row.gatewayAccountId),
      verdict: row.verdict,
      event_key: row.eventKey,
      order_key: row.orderKey,
      type: row.type,
      headers: row.headers,
      target: row.target,
      key_version: keyVersion,
      // A third shorter than as hex, and bodies are most of what is sent.
      body: Buffer.from(bytes).toString("base64"),
      occurred_at: row.occurredAt,
      received_at: row.receivedAt,
    };
  });
  return sql<{ id: string }[]>`
    insert into inbox (church_id, id, gateway_account_id, verdict, event_key, order_key, type, headers, target, key_version,
                       body, state, occurred_at, received_at, tries, next_at)
    select ${uuidOf(church)}, id, account, verdict, event_key, order_key, type, headers, target, key_version,
           decode(body, 'base64'), case verdict when 'genuine' then 'received' else 'refused' end,
           occurred_at, received_at, 0, case verdict when 'genuine' then received_at end
    from ${given(sql, columns, told)} g
    on conflict do nothing
    returning id`;
}
