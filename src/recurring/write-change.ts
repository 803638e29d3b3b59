import type { Tx } from "../db/client.ts";
import { assert } from "../kernel/assert.ts";
import { moneyJson } from "../kernel/money.ts";
import { announce } from "../outbox/announce.ts";
import { logChange, type WhatChanged } from "./change-log.ts";
import { describeRule } from "./describe-rule.ts";
import { loadMandate } from "./mandate-store.ts";
import type { Actor, RecurringGift } from "./recurring-gift.ts";
import { allocationsJson, recurringJson } from "./recurring-json.ts";
import { saveRecurringGift } from "./store.ts";
import { viewOfGift } from "./view.ts";

export type RecurringEvent =
  | "recurring_gift.created"
  | "recurring_gift.updated"
  | "recurring_gift.paused"
  | "recurring_gift.canceled"
  | "recurring_gift.payment_failed";

/** One change of a recurring gift that was read under lock, as it is to be written. */
export type Change = {
  readonly to: Partial<Omit<RecurringGift, "churchId" | "id" | "version" | "eventSequence">>;
  readonly what: readonly WhatChanged[];
  readonly event: RecurringEvent;
  readonly actor: Actor;
  readonly now: Date;
  readonly before?: object;
  readonly after?: object;
};

/**
 * The only writer of a recurring gift's changes: the row, a line of the log for each thing changed, and the event, in
 * the caller's transaction, which holds the row's lock. Answers with the gift as it is now.
 */
export async function writeChange(tx: Tx, before: RecurringGift, change: Change): Promise<RecurringGift> {
  const after: RecurringGift = {
    ...before,
    ...change.to,
    version: before.version + 1,
    eventSequence: before.eventSequence + 1,
    updatedAt: change.now,
  };
  assert(await saveRecurringGift(tx, before, after), "the recurring gift was read under lock");
  for (const what of change.what) {
    await logChange(tx, after, {
      what,
      actor: change.actor,
      ...(change.before ? { before: change.before } : {}),
      ...(change.after ? { after: change.after } : {}),
    });
  }
  const { what: changed, actor } = change;
  const { mandateId } = before;
  const mandate = mandateId && (await loadMandate(tx, before.churchId, mandateId, false));
  const previous = {
    amount: moneyJson(before.amount),
    frequency_text: frequencyText(before),
    collection: before.collection,
    mandate: mandateId ?? null,
    payment_method: { type: before.method, display: mandate?.display ?? null },
    allocations: allocationsJson(before),
  };
  await announceGift(tx, after, change.event, change.now, { changed, changed_by: actor.kind, previous });
  return after;
}

const frequencyText = ({ rule, anchor, locale }: RecurringGift): string => describeRule(rule, anchor, locale);

/** Tells the church's systems how the gift is now, and what changed; its sequence was raised with its row. */
export async function announceGift(
  tx: Tx,
  gift: RecurringGift,
  type: RecurringEvent,
  now: Date,
  change: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const data = { ...recurringJson(await viewOfGift(tx, gift)), ...change };
  await announce(tx, gift.churchId, { type, objectId: gift.id, sequence: gift.eventSequence, data }, now);
}
