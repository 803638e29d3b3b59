import type { EventType } from "./event-types.ts";

/** A part of our own house that acts on events, by its module's name (docs/decisions/0019). */
export type FollowerName = "messages" | "recurring";

type Follower = {
  readonly name: FollowerName;
  readonly types: readonly EventType[];
  /** Only events about a recurring gift: those whose data names one. */
  readonly ofRecurring?: true;
};

const followers: readonly Follower[] = [
  {
    name: "messages",
    types: [
      "donation.requires_action",
      "donation.succeeded",
      "donation.failed",
      "donation.refund_claimable",
      "donation.disputed",
      "recurring_gift.created",
      "recurring_gift.updated",
      "recurring_gift.paused",
      "recurring_gift.canceled",
      "receipt.issued",
    ],
  },
  {
    name: "recurring",
    types: [
      "donation.requires_action",
      "donation.processing",
      "donation.succeeded",
      "donation.failed",
      "donation.expired",
      "donation.canceled",
      "donation.needs_review",
      "donation.refunded",
      "donation.disputed",
    ],
    ofRecurring: true,
  },
];

/** Who acts on an event of this type with this data. */
export function followersOf(
  type: EventType,
  data: Readonly<Record<string, unknown>>,
): readonly FollowerName[] {
  const recurring = typeof data.recurring_gift === "string";
  return followers
    .filter(({ types, ofRecurring }) => types.includes(type) && (recurring || !ofRecurring))
    .map(({ name }) => name);
}
