import { and, asc, desc, eq, lte, sql } from "drizzle-orm";
import type { Tx } from "../db/client.ts";
import type { DebitFile, DebitReturn } from "../gateway/debit-files.ts";
import type { AttemptId, ChurchId, DebitAccountId, DebitFileId, GatewayAccountId } from "../kernel/ids.ts";
import type { Sealed } from "../privacy/vault.ts";
import { debitAccounts, debitEntries, debitFiles, debitReturns } from "./tables.ts";

export type FileRecord = typeof debitFiles.$inferSelect;
export type EntryRecord = typeof debitEntries.$inferSelect;

/** `false` where the name is taken: nothing is written then. */
export async function insertAccount(
  tx: Tx,
  church: ChurchId,
  kept: {
    readonly id: DebitAccountId;
    readonly sealed: Sealed;
    readonly display: string;
    readonly authorization: "online" | "written";
    readonly now: Date;
  },
): Promise<boolean> {
  const inserted = await tx.orm
    .insert(debitAccounts)
    .values({
      churchId: church,
      id: kept.id,
      keyVersion: kept.sealed.keyVersion,
      account: kept.sealed.bytes,
      display: kept.display,
      authorization: kept.authorization,
      createdAt: kept.now,
    })
    .onConflictDoNothing()
    .returning({ id: debitAccounts.id });
  return inserted.length > 0;
}

export async function findAccount(
  tx: Tx,
  church: ChurchId,
  id: DebitAccountId,
): Promise<typeof debitAccounts.$inferSelect | undefined> {
  const [row] = await tx.orm
    .select()
    .from(debitAccounts)
    .where(and(eq(debitAccounts.churchId, church), eq(debitAccounts.id, id)));
  return row;
}

/** Drops the number for good, once. */
export async function forgetAccount(tx: Tx, church: ChurchId, id: DebitAccountId, now: Date): Promise<void> {
  await tx.orm
    .update(debitAccounts)
    .set({ account: null, forgottenAt: now })
    .where(
      and(
        eq(debitAccounts.churchId, church),
        eq(debitAccounts.id, id),
        sql`${debitAccounts.forgottenAt} is null`,
      ),
    );
}

/** Whether the attempt has its place in a file. */
export async function isFiled(tx: Tx, church: ChurchId, attemptId: AttemptId): Promise<boolean> {
  return (await findEntry(tx, church, attemptId)) !== undefined;
}

/** The attempt's latest. */
export async function findEntry(
  tx: Tx,
  church: ChurchId,
  attemptId: AttemptId,
): Promise<EntryRecord | undefined> {
  const [row] = await tx.orm
    .select()
    .from(debitEntries)
    .where(and(eq(debitEntries.churchId, church), eq(debitEntries.attemptId, attemptId)))
    .orderBy(desc(debitEntries.fileId))
    .limit(1);
  return row;
}

/** How many files of the account the day has; two builders at once meet at the unique index. */
export async function filesOfDay(
  tx: Tx,
  church: ChurchId,
  account: GatewayAccountId,
  madeOn: string,
): Promise<number> {
  return tx.orm.$count(
    debitFiles,
    and(
      eq(debitFiles.churchId, church),
      eq(debitFiles.gatewayAccountId, account),
      eq(debitFiles.madeOn, madeOn),
    ),
  );
}

export async function insertFile(
  tx: Tx,
  church: ChurchId,
  made: {
    readonly id: DebitFileId;
    readonly gatewayAccountId: GatewayAccountId;
    readonly madeOn: string;
    readonly sequenceOfDay: number;
    readonly file: DebitFile;
    readonly sha256: Uint8Array;
    readonly entries: readonly { readonly attemptId: AttemptId; readonly debitAccountId: DebitAccountId }[];
    readonly now: Date;
  },
): Promise<FileRecord> {
  const { file } = made;
  const row: FileRecord = {
    churchId: church,
    id: made.id,
    gatewayAccountId: made.gatewayAccountId,
    madeOn: made.madeOn,
    sequenceOfDay: made.sequenceOfDay,
    name: file.name,
    effectiveOn: file.effectiveOn,
    silentAfter: file.silentAfter,
    entries: made.entries.length,
    totalMinor: file.total.minor,
    currency: file.total.currency,
    sha256: made.sha256,
    state: "built",
    createdAt: made.now,
    sentAt: null,
  };
  await tx.orm.insert(debitFiles).values(row);
  await tx.orm.insert(debitEntries).values(
    made.entries.map((entry, position) => ({
      churchId: church,
      ...entry,
      fileId: made.id,
      position,
      state: "filed" as const,
    })),
  );
  return row;
}

/** The file, held until the transaction ends. */
export async function lockFile(tx: Tx, church: ChurchId, id: DebitFileId): Promise<FileRecord | undefined> {
  const [row] = await tx.orm
    .select()
    .from(debitFiles)
    .where(and(eq(debitFiles.churchId, church), eq(debitFiles.id, id)))
    .for("update");
  return row;
}

/** In the order they stand in the file. */
export async function entriesOf(
  tx: Tx,
  church: ChurchId,
  file: DebitFileId,
): Promise<readonly EntryRecord[]> {
  return tx.orm
    .select()
    .from(debitEntries)
    .where(and(eq(debitEntries.churchId, church), eq(debitEntries.fileId, file)))
    .orderBy(asc(debitEntries.position));
}

/** Sent, and past the day by which returns of it had to be here. */
export async function silentFiles(
  tx: Tx,
  church: ChurchId,
  now: Date,
  limit: number,
): Promise<readonly FileRecord[]> {
  return tx.orm
    .select()
    .from(debitFiles)
    .where(
      and(eq(debitFiles.churchId, church), eq(debitFiles.state, "sent"), lte(debitFiles.silentAfter, now)),
    )
    .orderBy(asc(debitFiles.id))
    .limit(limit);
}

export async function moveFile(
  tx: Tx,
  church: ChurchId,
  id: DebitFileId,
  to: { readonly state: "sent"; readonly sentAt: Date } | { readonly state: "settled" },
): Promise<void> {
  await tx.orm
    .update(debitFiles)
    .set(to)
    .where(and(eq(debitFiles.churchId, church), eq(debitFiles.id, id)));
}

export async function moveEntry(
  tx: Tx,
  church: ChurchId,
  entry: Pick<EntryRecord, "fileId" | "attemptId">,
  state: "settled" | "returned",
): Promise<void> {
  await tx.orm
    .update(debitEntries)
    .set({ state })
    .where(
      and(
        eq(debitEntries.churchId, church),
        eq(debitEntries.fileId, entry.fileId),
        eq(debitEntries.attemptId, entry.attemptId),
      ),
    );
}

/** Writes the return down; `false` when it was known. */
export async function insertReturn(
  tx: Tx,
  church: ChurchId,
  account: GatewayAccountId,
  attemptId: AttemptId,
  returned: DebitReturn,
  now: Date,
): Promise<boolean> {
  const written = await tx.orm
    .insert(debitReturns)
    .values({
      churchId: church,
      gatewayAccountId: account,
      returnId: returned.returnId,
      attemptId,
      code: returned.decline.rawCode,
      amountMinor: returned.amount.minor,
      returnedOn: returned.returnedOn,
      createdAt: now,
    })
    .onConflictDoNothing()
    .returning({ returnId: debitReturns.returnId });
  return written.length > 0;
}
