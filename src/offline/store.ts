import { and, asc, desc, eq, lt } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { present } from "../kernel/assert.ts";
import { isCurrency } from "../kernel/currency.ts";
import type { ChurchId, DonationId, OfflineBatchId } from "../kernel/ids.ts";
import { money, sum } from "../kernel/money.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { inPersonTypes, lineWords, type OfflineBatch, type OfflineLine } from "./batch.ts";
import { offlineBatches, offlineLines } from "./tables.ts";

const storedShares = z.array(z.object({ fund: z.string(), amount: z.string().regex(/^\d+$/) }));
const storedMethod = z.enum(inPersonTypes);

/** Sealed to the batch and the place in it. */
const at = (batch: OfflineBatchId, position: number) => ({
  table: "offline_lines",
  column: `words_${position}`,
  row: batch,
});

/** Writes a batch with its lines. */
export async function insertBatch(tx: Tx, vault: ChurchVault, batch: OfflineBatch): Promise<void> {
  await tx.orm.insert(offlineBatches).values({
    churchId: batch.churchId,
    id: batch.id,
    legalEntityId: batch.legalEntityId,
    mode: batch.mode,
    label: batch.label,
    receivedOn: batch.receivedOn,
    currency: batch.total.currency,
    state: batch.state,
    enteredBy: batch.enteredBy,
    enteredRoot: batch.enteredRoot,
    createdAt: batch.createdAt,
  });
  const rows = await Promise.all(
    batch.lines.map(async (line, position) => {
      const { churchId, id } = batch;
      const sealed = await vault.seal(tx, churchId, at(id, position), JSON.stringify(line.words));
      return {
        churchId,
        batchId: id,
        position,
        method: line.method,
        amountMinor: line.amount.minor,
        allocations: line.allocations.map((a) => ({ fund: a.fund, amount: a.amount.minor.toString() })),
        keyVersion: sealed.keyVersion,
        words: sealed.bytes,
      };
    }),
  );
  await tx.orm.insert(offlineLines).values(rows);
}

/** The batch with its lines opened, locked when it is about to change; `undefined` when the church has none such. */
export async function loadBatch(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  id: OfflineBatchId,
  lock: boolean,
): Promise<OfflineBatch | undefined> {
  const its = and(eq(offlineBatches.churchId, church), eq(offlineBatches.id, id));
  const query = tx.orm.select().from(offlineBatches).where(its);
  const [row] = await (lock ? query.for("update") : query);
  return row && withLines(tx, vault, row);
}

/** A page of batches of one mode, newest first; those of one counter only, when `enteredBy` is given. */
export async function listBatches(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  page: {
    readonly mode: "test" | "live";
    readonly limit: number;
    readonly before?: OfflineBatchId | undefined;
    readonly enteredBy?: string | undefined;
  },
): Promise<readonly OfflineBatch[]> {
  const rows = await tx.orm
    .select()
    .from(offlineBatches)
    .where(
      and(
        eq(offlineBatches.churchId, church),
        eq(offlineBatches.mode, page.mode),
        page.before ? lt(offlineBatches.id, page.before) : undefined,
        page.enteredBy ? eq(offlineBatches.enteredBy, page.enteredBy) : undefined,
      ),
    )
    .orderBy(desc(offlineBatches.id))
    .limit(page.limit);
  return Promise.all(rows.map((row) => withLines(tx, vault, row)));
}

/** Batches that two have counted and that are not all booked, oldest first. */
export async function batchesToBook(tx: Tx, church: ChurchId): Promise<readonly OfflineBatchId[]> {
  const rows = await tx.orm
    .select({ id: offlineBatches.id })
    .from(offlineBatches)
    .where(and(eq(offlineBatches.churchId, church), eq(offlineBatches.state, "counted")))
    .orderBy(asc(offlineBatches.id))
    .limit(20);
  return rows.map(({ id }) => id);
}

type Row = typeof offlineBatches.$inferSelect;

async function withLines(tx: Tx, vault: ChurchVault, row: Row): Promise<OfflineBatch> {
  const currency = present(isCurrency(row.currency) ? row.currency : undefined, "stored as a currency");
  const lines = await tx.orm
    .select()
    .from(offlineLines)
    .where(and(eq(offlineLines.churchId, row.churchId), eq(offlineLines.batchId, row.id)))
    .orderBy(asc(offlineLines.position));
  const opened = await Promise.all(
    lines.map(async (line): Promise<OfflineLine> => {
      const words = await vault.open(
        tx,
        row.churchId,
        at(row.id, line.position),
        line.words,
        line.keyVersion,
      );
      return {
        method: storedMethod.parse(line.method),
        amount: money(line.amountMinor, currency),
        allocations: storedShares
          .parse(line.allocations)
          .map((share) => ({ fund: share.fund, amount: money(BigInt(share.amount), currency) })),
        words: lineWords.parse(JSON.parse(words)),
        donationId: line.donationId ?? undefined,
        fault: line.fault ?? undefined,
      };
    }),
  );
  return {
    churchId: row.churchId,
    id: row.id,
    legalEntityId: row.legalEntityId,
    mode: row.mode,
    label: row.label,
    receivedOn: row.receivedOn,
    total: sum(
      opened.map((line) => line.amount),
      currency,
    ),
    state: row.state,
    enteredBy: row.enteredBy,
    enteredRoot: row.enteredRoot,
    countedBy: row.countedBy ?? undefined,
    createdAt: row.createdAt,
    lines: opened,
  };
}

/** The batch's next state; the second counter's name where it is that which is written. */
export async function setBatchState(
  tx: Tx,
  batch: Pick<OfflineBatch, "churchId" | "id">,
  change: {
    readonly state: OfflineBatch["state"];
    readonly countedBy?: string;
    readonly countedRoot?: string;
    readonly countedAt?: Date;
  },
): Promise<void> {
  await tx.orm
    .update(offlineBatches)
    .set(change)
    .where(and(eq(offlineBatches.churchId, batch.churchId), eq(offlineBatches.id, batch.id)));
}

/** What became of one line. */
export async function setLine(
  tx: Tx,
  batch: Pick<OfflineBatch, "churchId" | "id">,
  position: number,
  result: { readonly donationId: DonationId; readonly fault: null } | { readonly fault: string },
): Promise<void> {
  await tx.orm
    .update(offlineLines)
    .set(result)
    .where(
      and(
        eq(offlineLines.churchId, batch.churchId),
        eq(offlineLines.batchId, batch.id),
        eq(offlineLines.position, position),
      ),
    );
}
