import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { readTogether } from "../db/together.ts";
import { present } from "../kernel/assert.ts";
import { after, minutes } from "../kernel/clock.ts";
import { type ChurchId, type DonorId, type MessageId, toId, uuidOf } from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import type { Params } from "./enqueue.ts";
import { type MessageKind, messageKinds } from "./kinds.ts";
import type { SendAnswer } from "./mailer.ts";
import { type Channel, channels, type MessageState } from "./states.ts";
import { deadAddresses, messages, messageTries } from "./tables.ts";

/** Longer than one send can take: a crash in between only delays the next try. */
const leaseMs = minutes(5);

export type DueMessage = {
  readonly church: ChurchId;
  readonly id: MessageId;
  readonly kind: MessageKind;
  readonly donor: DonorId | undefined;
  readonly channel: Channel;
  readonly locale: string;
  readonly params: Params;
  /** Tries made before this one. */
  readonly tries: number;
  /** A process claimed it before and never said what became of it. */
  readonly interrupted: boolean;
  readonly createdAt: Date;
};

const kindSchema = z.enum(Object.keys(messageKinds) as [MessageKind, ...MessageKind[]]);
const paramsSchema = z.record(z.string(), z.json());

export const messageQueue = { table: "messages", kind: "message" } as const;

const claimedRow = z.object({
  was: z.string(),
  kind: kindSchema,
  donor_id: z.string().nullable(),
  channel: z.enum(channels),
  locale: z.string(),
  tries: z.number(),
  key_version: z.number(),
  params: z.instanceof(Uint8Array),
  created_at: z.date(),
});

/**
 * Takes a due message for this process; `undefined` when another has it. Compare-and-set in one statement: a lock would
 * keep other transactions away, not those who share this one.
 */
export async function claimMessage(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  id: MessageId,
  now: Date,
): Promise<DueMessage | undefined> {
  const [found] = await tx.sql`
    with due as (
      select id, state from messages
      where church_id = ${uuidOf(church)} and id = ${uuidOf(id)} and next_at <= ${now}
      for update skip locked
    )
    update messages m set state = 'sending', tries = m.tries + 1, next_at = ${after(now, leaseMs)}
    from due where m.church_id = ${uuidOf(church)} and m.id = due.id
    returning due.state as was, m.kind, m.donor_id, m.channel, m.locale, m.tries, m.key_version, m.params, m.created_at`;
  if (!found) return undefined;
  const row = claimedRow.parse(found);
  const at = { table: "messages", column: "params", row: id };
  const params = paramsSchema.parse(
    JSON.parse(await vault.open(tx, church, at, row.params, row.key_version)),
  );
  return {
    church,
    id,
    kind: row.kind,
    donor: row.donor_id === null ? undefined : toId("donor", row.donor_id),
    channel: row.channel,
    locale: row.locale,
    params,
    tries: row.tries - 1,
    interrupted: row.was === "sending",
    createdAt: row.created_at,
  };
}

/** Left until `at` without counting as a try: the night, or a server that was not asked. */
export async function holdMessage(tx: Tx, { church, id, tries }: DueMessage, at: Date): Promise<void> {
  await tx.orm
    .update(messages)
    .set({ state: "queued", tries, nextAt: at })
    .where(and(eq(messages.churchId, church), eq(messages.id, id)));
}

/** There is nobody to send it to, or it came too late to mean anything. */
export async function suppressMessage(tx: Tx, { church, id }: DueMessage, fault: string): Promise<void> {
  await tx.orm
    .update(messages)
    .set({ state: "suppressed", nextAt: null, fault })
    .where(and(eq(messages.churchId, church), eq(messages.id, id)));
}

const stateAfter = {
  sent: "sent",
  retry: "queued",
  bounced: "bounced",
  opted_out: "suppressed",
  failed: "failed",
} as const;

/** What became of a try; `nextAt` is when the next one is due, and without it the message is done with. */
export async function settleMessage(
  tx: Tx,
  vault: ChurchVault,
  message: DueMessage,
  end: {
    readonly answer: SendAnswer;
    readonly to: string;
    readonly subject: string | null;
    readonly at: Date;
    readonly nextAt: Date | undefined;
  },
): Promise<void> {
  const { church, id } = message;
  const { answer } = end;
  const given = answer.kind === "retry" && !end.nextAt ? "failed" : stateAfter[answer.kind];
  const here = and(eq(messages.churchId, church), eq(messages.id, id));
  const sealed = await vault.sealRow(
    tx,
    church,
    { table: "messages", row: id },
    new Map<"params" | "recipient" | "subject", string | null>([
      ["params", JSON.stringify(message.params)],
      ["recipient", end.to],
      ["subject", end.subject],
    ]),
  );
  await tx.orm
    .update(messages)
    .set({
      state: given,
      nextAt: end.nextAt ?? null,
      fault: answer.kind === "sent" ? null : answer.answer.slice(0, 300),
      keyVersion: sealed.keyVersion,
      params: present(sealed.bytes.get("params"), "it was sealed"),
      recipient: sealed.bytes.get("recipient") ?? null,
      subject: sealed.bytes.get("subject") ?? null,
      ...(answer.providerId === undefined ? {} : { providerId: answer.providerId }),
      ...(answer.kind === "sent" ? { sentAt: end.at } : {}),
    })
    .where(here);
  await tx.orm.insert(messageTries).values({
    churchId: church,
    messageId: id,
    number: message.tries + 1,
    at: end.at,
    result: answer.kind === "opted_out" ? "failed" : answer.kind,
    answer: answer.answer.slice(0, 300),
  });
}

/** Nothing more goes to this address by this way. */
export async function markDead(
  tx: Tx,
  church: ChurchId,
  dead: {
    readonly addressIndex: Uint8Array;
    readonly channel: Channel;
    readonly why: "bounced" | "complained" | "opted_out";
    readonly at: Date;
  },
): Promise<void> {
  await tx.orm
    .insert(deadAddresses)
    .values({ churchId: church, ...dead })
    .onConflictDoNothing();
}

/** Whether nothing is to go to this address by this way any more. */
export async function isDead(
  tx: Tx,
  church: ChurchId,
  channel: Channel,
  addressIndex: Uint8Array,
): Promise<boolean> {
  return (await deadBy(tx, church, hex(addressIndex)))?.has(channel) ?? false;
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

const deadBy = readTogether(async (tx, church, indexes: readonly string[]) => {
  const rows = await tx.orm
    .select()
    .from(deadAddresses)
    .where(
      and(
        eq(deadAddresses.churchId, church),
        inArray(
          deadAddresses.addressIndex,
          indexes.map((index) => Buffer.from(index, "hex")),
        ),
      ),
    );
  const byIndex = Map.groupBy(rows, (row) => hex(row.addressIndex));
  return new Map([...byIndex].map(([index, dead]) => [index, new Set(dead.map((row) => row.channel))]));
});

export type MessageQuery = {
  readonly limit: number;
  readonly before?: MessageId | undefined;
  readonly donor?: DonorId | undefined;
  readonly kind?: MessageKind | undefined;
  readonly state?: MessageState | undefined;
};

/** Newest first; one more than `limit`, to tell whether there are more. Says nothing of what was written. */
export function listMessages(
  tx: Tx,
  church: ChurchId,
  query: MessageQuery,
): Promise<readonly (typeof messages.$inferSelect)[]> {
  return tx.orm
    .select()
    .from(messages)
    .where(
      and(
        eq(messages.churchId, church),
        query.before && lt(messages.id, query.before),
        query.donor && eq(messages.donorId, query.donor),
        query.kind && eq(messages.kind, query.kind),
        query.state && eq(messages.state, query.state),
      ),
    )
    .orderBy(desc(messages.id))
    .limit(query.limit + 1);
}

/** Puts a message that is done with back into the queue. False when there is none, or it is on its way already. */
export async function requeueMessage(tx: Tx, church: ChurchId, id: MessageId, now: Date): Promise<boolean> {
  const rows = await tx.orm
    .update(messages)
    .set({ state: "queued", nextAt: now, fault: null })
    .where(and(eq(messages.churchId, church), eq(messages.id, id), sql`${messages.nextAt} is null`))
    .returning({ id: messages.id });
  return rows.length > 0;
}

/** A text that was sent turns out not to have arrived; answers where it went. */
export async function concludeText(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  providerId: string,
  result: "bounced" | "opted_out" | "failed",
): Promise<{ readonly channel: Channel; readonly recipient: string | null } | undefined> {
  const [row] = await tx.orm
    .update(messages)
    .set({ state: stateAfter[result], fault: `the carrier: ${result}` })
    .where(
      and(eq(messages.churchId, church), eq(messages.providerId, providerId), eq(messages.state, "sent")),
    )
    .returning();
  if (!row) return undefined;
  return { channel: row.channel, recipient: await recipientOf(tx, vault, church, row) };
}

/** Where a message went, once it was composed. */
export async function recipientOf(
  tx: Tx,
  vault: ChurchVault,
  church: ChurchId,
  row: Pick<typeof messages.$inferSelect, "id" | "recipient" | "keyVersion">,
): Promise<string | null> {
  if (!row.recipient) return null;
  const at = { table: "messages", column: "recipient", row: row.id };
  return vault.open(tx, church, at, row.recipient, row.keyVersion);
}
