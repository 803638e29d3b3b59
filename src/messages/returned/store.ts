import { and, asc, eq, inArray } from "drizzle-orm";
import type { Database, Tx } from "../../db/client.ts";
import { type ChurchId, type MessageId, uuidOf } from "../../kernel/ids.ts";
import type { ChurchVault } from "../../privacy/vault.ts";
import type { MessageState } from "../states.ts";
import { recipientOf } from "../store.ts";
import { messageReturns, messages } from "../tables.ts";
import type { Report } from "./read-returned.ts";
import { type ReturnClaim, tryByte } from "./return-address.ts";

/** The church a message is of, by the message's id alone; says nothing of who may ask. */
export function churchOfMessage(db: Database, id: MessageId): Promise<ChurchId | undefined> {
  return db.byProof(uuidOf(id), async ({ orm }) => {
    const [row] = await orm.select({ church: messages.churchId }).from(messages).where(eq(messages.id, id));
    return row?.church;
  });
}

export type ReturnedMessage = Pick<typeof messages.$inferSelect, "id" | "donorId" | "state"> & {
  /** Where the try went that came back; null where a later one went since, perhaps elsewhere. */
  readonly recipient: string | null;
};

/** The message a claim is about, held until the transaction ends. */
export async function holdReturned(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  claim: ReturnClaim,
): Promise<ReturnedMessage | undefined> {
  const [row] = await tx.orm
    .select()
    .from(messages)
    .where(and(eq(messages.churchId, church), eq(messages.id, claim.message)))
    .for("update");
  if (!row) return undefined;
  const latest = tryByte(row.tries) === claim.number;
  return { ...row, recipient: latest ? await recipientOf(tx, vault, church, row) : null };
}

/** Writes what was told; false when it was told before. */
export async function logReturn(
  tx: Tx,
  church: ChurchId,
  { message, number }: ReturnClaim,
  report: Report & { readonly at: Date },
): Promise<boolean> {
  const rows = await tx.orm
    .insert(messageReturns)
    .values({ churchId: church, messageId: message, number, ...report })
    .onConflictDoNothing()
    .returning({ id: messageReturns.messageId });
  return rows.length > 0;
}

export type Return = Pick<typeof messageReturns.$inferSelect, "messageId" | "kind" | "status" | "at">;

/** What was told of these messages after they had been taken, oldest first. */
export function listReturns(tx: Tx, church: ChurchId, ids: readonly MessageId[]): Promise<readonly Return[]> {
  const { messageId, kind, status, at } = messageReturns;
  return tx.orm
    .select({ messageId, kind, status, at })
    .from(messageReturns)
    .where(and(eq(messageReturns.churchId, church), inArray(messageId, [...ids])))
    .orderBy(asc(at));
}

/** A message that was sent turns out not to have arrived. */
export async function concludeReturned(
  tx: Tx,
  church: ChurchId,
  message: MessageId,
  end: { readonly state: Extract<MessageState, "failed" | "bounced">; readonly fault: string },
): Promise<void> {
  await tx.orm
    .update(messages)
    .set(end)
    .where(and(eq(messages.churchId, church), eq(messages.id, message)));
}
