import { z } from "zod";
import type { Deps } from "../deps.ts";
import { present } from "../kernel/assert.ts";
import { type DonorId, parseId } from "../kernel/ids.ts";
import type { FollowedEvent } from "../outbox/follow.ts";
import type { NewMessage, Params } from "./enqueue.ts";
import { fundNames } from "./fund-names.ts";

const money = z.object({ amount: z.int(), currency: z.string() });
const allocations = z.array(z.object({ fund: z.string(), amount: z.int() }));
const recurring = z.object({
  id: z.string(),
  collection: z.enum(["automatic", "reminder"]),
  status: z.string(),
  amount: money,
  donor: z.string(),
  locale: z.string(),
  frequency_text: z.string(),
  next_dates: z.array(z.string()),
  resumes_on: z.string().nullable(),
  canceled_by: z.string().nullable(),
  payment_method: z.object({ type: z.string(), display: z.string().nullable() }),
  allocations,
  changed: z.array(z.string()).default([]),
  changed_by: z.string().optional(),
  mandate: z.object({ id: z.string() }).nullable(),
  previous: z
    .object({
      amount: money,
      frequency_text: z.string(),
      mandate: z.string().nullable(),
      collection: z.enum(["automatic", "reminder"]),
      payment_method: z.object({ type: z.string(), display: z.string().nullable() }),
      allocations,
    })
    .optional(),
});
type Recurring = z.infer<typeof recurring>;

/** What a donor is told of when it changes; the rest has a message of its own, or none. */
const worthTelling = new Set(["amount", "split", "rule", "end", "cover", "restarted"]);

/** Another payment method is news once it is the one that is charged: asking for it, or not getting it, is none. */
function isNews(what: string, { mandate, previous, payment_method: { type } }: Recurring): boolean {
  if (what !== "method") return worthTelling.has(what);
  if (previous === undefined) return false;
  return previous.payment_method.type !== type || previous.mandate !== (mandate?.id ?? null);
}

type News = "recurring_started" | "recurring_changed" | "recurring_paused" | "recurring_canceled";

function newsIn(event: FollowedEvent, gift: Recurring): News | undefined {
  switch (event.type) {
    // It has begun once the donor's permission is there, which may be days after it was made.
    case "recurring_gift.created":
      return gift.status === "active" ? "recurring_started" : undefined;
    case "recurring_gift.updated":
      if (gift.changed.includes("activated")) return "recurring_started";
      return gift.changed.some((what) => isNews(what, gift)) ? "recurring_changed" : undefined;
    case "recurring_gift.paused":
      return "recurring_paused";
    case "recurring_gift.canceled":
      return "recurring_canceled";
    default:
      return undefined;
  }
}

/** What an event about a recurring gift tells its donor, if anything. */
export async function newsOfRecurring(
  deps: Pick<Deps, "settings">,
  event: FollowedEvent,
): Promise<NewMessage | undefined> {
  const gift = recurring.parse(event.data);
  const kind = newsIn(event, gift);
  if (kind === undefined) return undefined;
  const nameOf = await fundNames(deps, event.churchId);
  return {
    kind,
    to: { donor: donorIn(gift.donor) },
    dedupeKey: `${kind}:${event.id}`,
    locale: gift.locale,
    params: { recurring_gift: gift.id, ...paramsOf(kind, gift, nameOf) },
  };
}

type NameOf = (fund: string) => string | undefined;

function paramsOf(kind: News, gift: Recurring, nameOf: NameOf): Params {
  const terms = termsOf(gift, nameOf);
  switch (kind) {
    case "recurring_started":
      return { ...terms, collection: gift.collection, next_dates: gift.next_dates };
    case "recurring_changed":
      return {
        before: gift.previous ? termsOf(gift.previous, nameOf) : terms,
        after: terms,
        next_dates: gift.next_dates,
        by: gift.changed_by === "donor" ? "donor" : "church",
        now: !gift.previous || gift.previous.collection === gift.collection ? null : gift.collection,
      };
    case "recurring_paused":
      return { resumes_on: gift.resumes_on };
    case "recurring_canceled":
      return { by: gift.canceled_by ?? "donor" };
  }
}

type Promised = Pick<Recurring, "amount" | "frequency_text" | "payment_method" | "allocations">;

const termsOf = (
  { amount, frequency_text, payment_method, allocations: shares }: Promised,
  nameOf: NameOf,
) => ({
  amount,
  frequency_text,
  method: payment_method.type,
  display: payment_method.display,
  funds: shares.map((share) => ({
    name: nameOf(share.fund) ?? null,
    amount: { amount: share.amount, currency: amount.currency },
  })),
});

/** The donor an event names. */
export const donorIn = (text: string): DonorId => present(parseId("donor", text), "an event names its donor");
