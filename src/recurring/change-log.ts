import type { Tx } from "../db/client.ts";
import type { Actor, RecurringGift } from "./recurring-gift.ts";
import { recurringChanges } from "./tables.ts";

/** What a change is called in the log. */
export type WhatChanged =
  | "created"
  | "activated"
  | "amount"
  | "split"
  | "rule"
  | "end"
  | "cover"
  | "method"
  | "paused"
  | "resumed"
  | "skipped"
  | "snoozed"
  | "dormant"
  | "restarted"
  | "completed"
  | "canceled";

/** One line of the log: who changed what of it, and when. Written once. */
export async function logChange(
  tx: Tx,
  gift: RecurringGift,
  entry: {
    readonly what: WhatChanged;
    readonly actor: Actor;
    readonly before?: object;
    readonly after?: object;
  },
): Promise<void> {
  const { kind, id } = entry.actor;
  await tx.orm.insert(recurringChanges).values({
    churchId: gift.churchId,
    recurringGiftId: gift.id,
    version: gift.version,
    what: entry.what,
    actor: id === undefined ? kind : `${kind}:${id}`,
    before: entry.before ?? null,
    after: entry.after ?? null,
    at: gift.updatedAt,
  });
}
