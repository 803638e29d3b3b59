import { z } from "zod";
import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { getDonor } from "../donors/store.ts";
import { pageUrlOf } from "../giving/gift-page-url.ts";
import { present } from "../kernel/assert.ts";
import { after, hours } from "../kernel/clock.ts";
import { type ChurchId, type DonationId, parseId, type RecurringGiftId } from "../kernel/ids.ts";
import type { FollowedEvent } from "../outbox/follow.ts";
import { enqueue, type NewMessage, type Params } from "./enqueue.ts";
import { fundNames } from "./fund-names.ts";
import { donorIn, newsOfRecurring } from "./tell-of-recurring.ts";

type Parts = Pick<Deps, "vault" | "clock" | "config" | "settings"> & {
  /** The civil date of the gift after this one of a standing promise; `undefined` where none is to come. */
  nextDateAfter(
    tx: Tx,
    church: ChurchId,
    given: { readonly recurringGift: RecurringGiftId; readonly donation: DonationId; readonly now: Date },
  ): Promise<string | undefined>;
};

const money = z.object({ amount: z.int(), currency: z.string() });
const donation = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  donor: z.string(),
  recurring_gift: z.string().nullable().default(null),
  payment_method: z.object({ type: z.string() }),
  allocations: z.array(z.object({ fund: z.string(), fund_code: z.string(), amount: z.int() })),
  next_action: z.looseObject({ type: z.string() }),
  attempt: z.string(),
  decline: z.object({ code: z.string() }).nullable(),
  created_at: z.string(),
  locale: z.string(),
  expires_at: z.string().nullable(),
});
const disputed = donation.extend({
  dispute: z.object({
    status: z.string(),
    reason: z.string().nullable().default(null),
    due_at: z.string().nullable().default(null),
  }),
});
const claimable = donation.extend({ refund: z.object({ id: z.string(), amount: z.int() }) });
const receiptData = z.object({
  id: z.string(),
  donor: z.string(),
  amount: money,
  url: z.url(),
  locale: z.string(),
});

/** What donors wait for with the answer in their hands; a redirect or a form they are looking at already. */
const toBePaidLater = new Set(["display_voucher", "display_bank_transfer", "display_qr"]);

/**
 * The follower "messages": writes what an event tells a donor, or the church. Safe to repeat: each message has the key
 * of the object and what happened to it.
 */
export async function tellOfEvent(deps: Parts, tx: Tx, event: FollowedEvent): Promise<void> {
  const message = await messageOf(deps, tx, event);
  if (message) await enqueue(tx, deps, event.churchId, message);
}

async function messageOf(deps: Parts, tx: Tx, event: FollowedEvent): Promise<NewMessage | undefined> {
  const { type, data } = event;
  switch (type) {
    case "donation.succeeded":
      return thankYou(deps, tx, event);
    case "donation.requires_action": {
      const gift = donation.parse(data);
      // A period of a reminder plan has a message of its own; the church hands these out in person.
      if (gift.recurring_gift !== null || !toBePaidLater.has(gift.next_action.type)) return undefined;
      // What lapses while the donor still looks at it needs no letter.
      if (gift.expires_at !== null && new Date(gift.expires_at) < after(event.createdAt, hours(2)))
        return undefined;
      return {
        kind: "voucher_waiting",
        to: { donor: donorIn(gift.donor) },
        dedupeKey: `voucher_waiting:${gift.attempt}`,
        locale: gift.locale,
        params: {
          donation: gift.id,
          amount: { amount: gift.amount, currency: gift.currency },
          method: gift.payment_method.type,
          action: json(gift.next_action),
          url: await giftUrl(deps, tx, event, gift.id),
          expires_at: gift.expires_at,
        },
      };
    }
    case "donation.failed": {
      const gift = donation.parse(data);
      // The donor saw it fail, unless it failed days later, as a returned debit does.
      const late = event.createdAt > after(new Date(gift.created_at), hours(1));
      if (gift.recurring_gift !== null || !late) return undefined;
      return {
        kind: "payment_failed",
        to: { donor: donorIn(gift.donor) },
        dedupeKey: `payment_failed:${gift.attempt}`,
        locale: gift.locale,
        params: {
          donation: gift.id,
          amount: { amount: gift.amount, currency: gift.currency },
          due_on: gift.created_at.slice(0, 10),
          reason: gift.decline?.code ?? null,
          ask: "new_method",
          url: await giftUrl(deps, tx, event, gift.id),
        },
      };
    }
    case "donation.refund_claimable":
      return refundToClaim(deps, tx, event);
    case "donation.disputed": {
      const { dispute, ...gift } = disputed.parse(data);
      const settings = await deps.settings.read(event.churchId);
      return {
        kind: "dispute",
        to: { church: true },
        dedupeKey: `dispute:${gift.id}`,
        locale: settings?.locale ?? gift.locale,
        params: {
          donation: gift.id,
          amount: { amount: gift.amount, currency: gift.currency },
          reason: dispute.reason,
          // Once it was answered, or decided, there is nothing to answer any more.
          due_at: dispute.status === "needs_response" ? dispute.due_at : null,
        },
      };
    }
    case "recurring_gift.created":
    case "recurring_gift.updated":
    case "recurring_gift.paused":
    case "recurring_gift.canceled":
      return newsOfRecurring(deps, event);
    case "receipt.issued":
      return receiptReady(event);
    default:
      return undefined;
  }
}

function receiptReady({ data }: FollowedEvent): NewMessage {
  const receipt = receiptData.parse(data);
  return {
    kind: "receipt_ready",
    to: { donor: donorIn(receipt.donor) },
    dedupeKey: `receipt_ready:${receipt.id}`,
    locale: receipt.locale,
    params: { url: receipt.url, amount: receipt.amount },
  };
}

/** The letter leads to the gift's page, where the claim is: the claim itself is money to whoever reads of it. */
async function refundToClaim(deps: Parts, tx: Tx, event: FollowedEvent): Promise<NewMessage> {
  const { refund, ...gift } = claimable.parse(event.data);
  return {
    kind: "refund_to_claim",
    to: { donor: donorIn(gift.donor) },
    dedupeKey: `refund_to_claim:${refund.id}`,
    locale: gift.locale,
    params: {
      donation: gift.id,
      amount: { amount: refund.amount, currency: gift.currency },
      url: await giftUrl(deps, tx, event, gift.id),
    },
  };
}

/** Thanks go once per gift, to whoever left an address. */
async function thankYou(deps: Parts, tx: Tx, event: FollowedEvent): Promise<NewMessage | undefined> {
  const gift = donation.parse(event.data);
  const donor = donorIn(gift.donor);
  const known = await getDonor(tx, deps.vault, event.churchId, donor);
  if (!known?.email) return undefined;
  const nameOf = await fundNames(deps, event.churchId);
  return {
    kind: "thank_you",
    to: { donor },
    dedupeKey: `thank_you:${gift.id}`,
    locale: gift.locale,
    params: {
      donation: gift.id,
      amount: { amount: gift.amount, currency: gift.currency },
      funds: gift.allocations.map(({ fund, fund_code, amount }) => ({
        name: nameOf(fund) ?? fund_code,
        amount: { amount, currency: gift.currency },
      })),
      recurring_gift: gift.recurring_gift,
      next_due_on: await nextDueOn(deps, tx, event.churchId, gift),
      url: await giftUrl(deps, tx, event, gift.id),
    },
  };
}

async function nextDueOn(
  deps: Parts,
  tx: Tx,
  church: ChurchId,
  gift: z.infer<typeof donation>,
): Promise<string | null> {
  const recurringGift = parseId("recurringGift", gift.recurring_gift ?? "");
  const given = parseId("donation", gift.id);
  if (!recurringGift || !given) return null;
  const now = deps.clock.now();
  return (await deps.nextDateAfter(tx, church, { recurringGift, donation: given, now })) ?? null;
}

/** An event's data is plain JSON already. */
const json = (value: object): Params => z.record(z.string(), z.json()).parse(value);

async function giftUrl(deps: Parts, tx: Tx, { churchId }: FollowedEvent, gift: string): Promise<string> {
  const settings = present(await deps.settings.read(churchId), "a church with a gift is there");
  const donation = present(parseId("donation", gift), "the event is about a donation");
  return pageUrlOf(deps, tx, churchId, settings.slug, donation);
}
