import { z } from "zod";
import type { Tx } from "../db/client.ts";
import type { Decline } from "../gateway/payment.ts";
import { type AttemptId, type ChurchId, type DonationId, type DonorId, toId, uuidOf } from "../kernel/ids.ts";
import { type AttemptState, attemptStates } from "./attempt-state.ts";
import type { Gift } from "./gift.ts";
import { readDecline } from "./stored-json.ts";

/** One try of a donation, as dunning looks at it. */
export type TriedAttempt = {
  readonly donationId: DonationId;
  readonly number: number;
  readonly state: AttemptState;
  readonly decline: Decline | undefined;
  readonly at: Date;
};

/** Every attempt of these donations, oldest first. */
export async function attemptsOf(
  tx: Tx,
  church: ChurchId,
  donations: readonly DonationId[],
): Promise<readonly TriedAttempt[]> {
  const rows = await tx.sql`
    select donation_id, number, state, decline, created_at from payment_attempts
    where church_id = ${uuidOf(church)} and donation_id = any(${donations.map((id) => uuidOf(id))}::uuid[])
    order by created_at, number`;
  return rows.map((row) => ({
    donationId: toId("donation", row.donation_id),
    number: row.number,
    state: z.enum(attemptStates).parse(row.state),
    decline: readDecline(row.decline),
    at: row.created_at,
  }));
}

/** When a donor's latest gifts were paid, newest first. */
export async function paidTimes(
  tx: Tx,
  church: ChurchId,
  donor: DonorId,
  limit: number,
): Promise<readonly Date[]> {
  const rows = await tx.sql<{ captured_at: Date }[]>`
    select a.captured_at from donations d
    join payment_attempts a on a.church_id = d.church_id and a.id = d.current_attempt_id
    where d.church_id = ${uuidOf(church)} and d.donor_id = ${uuidOf(donor)} and a.state = 'captured'
    order by d.id desc limit ${limit}`;
  return rows.map((row) => row.captured_at);
}

/** The attempt of a donation whose money a person must decide about; it need not be the one the donation stands by. */
export async function conflictedAttempt(
  tx: Tx,
  church: ChurchId,
  donation: DonationId,
): Promise<AttemptId | undefined> {
  const [row] = await tx.sql<{ id: string }[]>`
    select id from payment_attempts
    where church_id = ${uuidOf(church)} and donation_id = ${uuidOf(donation)} and state = 'conflicted'
    order by number limit 1`;
  return row && toId("attempt", row.id);
}

/** Whether the donor has contested one of these donations at their bank, charged since then, and has not lost. */
export async function contestedSince(
  tx: Tx,
  church: ChurchId,
  donations: readonly DonationId[],
  since: Date,
): Promise<boolean> {
  const [row] = await tx.sql`
    select from disputes d
    join payment_attempts a on a.church_id = d.church_id and a.id = d.attempt_id
    where d.church_id = ${uuidOf(church)} and d.donation_id = any(${donations.map((id) => uuidOf(id))}::uuid[])
      and d.status <> 'won' and a.created_at >= ${since} limit 1`;
  return row !== undefined;
}

/** Whether another attempt of the donation has money, or money that a person must decide about. */
export async function moneyElsewhere(tx: Tx, { donation, attempt }: Gift): Promise<boolean> {
  const [row] = await tx.sql`
    select from payment_attempts
    where church_id = ${uuidOf(donation.churchId)} and donation_id = ${uuidOf(donation.id)}
      and id <> ${uuidOf(attempt.id)} and state in ('captured', 'conflicted') limit 1`;
  return row !== undefined;
}
