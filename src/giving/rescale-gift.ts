import type { Tx } from "../db/client.ts";
import { assert } from "../kernel/assert.ts";
import { uuidOf } from "../kernel/ids.ts";
import { allocate, type Money, money, subtract } from "../kernel/money.ts";
import type { Gift } from "./gift.ts";

/**
 * The same gift with what arrived as its amount: shares and cover in the proportion they had, adding up to it exactly.
 * Every fund keeps at least one minor unit, taken from the largest part. Callers have seen that {@link canRescale}.
 */
export function rescaled(gift: Gift, arrived: Money): Gift {
  assert(canRescale(gift, arrived), "what arrived can be shared out");
  const weights = [...gift.allocations.map((share) => share.amount.minor), gift.donation.cover.minor];
  const parts = allocate(arrived, weights).map((part) => part.minor);
  for (const [index] of gift.allocations.entries()) {
    if (parts[index] !== 0n) continue;
    const largest = parts.reduce((at, part, n) => (part > (parts[at] ?? 0n) ? n : at), 0);
    parts[index] = 1n;
    parts[largest] = (parts[largest] ?? 0n) - 1n;
  }
  const of = (index: number): Money => money(parts[index] ?? 0n, arrived.currency);
  const cover = of(gift.allocations.length);
  return {
    ...gift,
    donation: { ...gift.donation, amount: subtract(arrived, cover), cover },
    allocations: gift.allocations.map((share, index) => ({ ...share, amount: of(index) })),
    attempt: { ...gift.attempt, amount: arrived },
  };
}

/** Whether what arrived is of the gift's currency and enough for each of its funds to have some of it. */
export const canRescale = (gift: Gift, arrived: Money): boolean =>
  arrived.currency === gift.attempt.amount.currency && arrived.minor >= BigInt(gift.allocations.length + 1);

/** Writes the amounts of a gift that was rescaled; its attempt's state is written apart, and first. */
export async function saveRescaled(tx: Tx, gift: Gift): Promise<void> {
  const { donation, attempt, allocations } = gift;
  const church = uuidOf(donation.churchId);
  await tx.sql`
    with attempt as (
      update payment_attempts set amount_minor = ${attempt.amount.minor}
      where church_id = ${church} and id = ${uuidOf(attempt.id)}
    ), shares as (
      update allocations set amount_minor = share.amount_minor
      from unnest(${allocations.map((share) => share.amount.minor.toString())}::bigint[])
           with ordinality as share (amount_minor, position)
      where allocations.church_id = ${church} and allocations.donation_id = ${uuidOf(donation.id)}
        and allocations.position = share.position
    )
    update donations set amount_minor = ${donation.amount.minor}, cover_minor = ${donation.cover.minor}
    where church_id = ${church} and id = ${uuidOf(donation.id)}`;
}
