import type { Sql, Statement, Tx } from "../db/client.ts";
import { given, hexOf, writeTogether } from "../db/together.ts";
import { assert } from "../kernel/assert.ts";
import {
  type AttemptId,
  type ChurchId,
  type DonationId,
  type DonorId,
  type GatewayAccountId,
  uuidOf,
} from "../kernel/ids.ts";
import type { Gift } from "./gift.ts";
import { storedText } from "./stored-json.ts";

/** What made an attempt change. */
export type Cause = "request" | "webhook" | "return" | "sweeper" | "operator" | "statement" | "approval";

/** What the donor typed for this gift alone, sealed under one key version. */
export type SealedWords = {
  readonly keyVersion: number;
  readonly givenName: Uint8Array | null;
  readonly note: Uint8Array | null;
};

/** A new gift as it is written. */
export type NewGift = { readonly gift: Gift; readonly sealed: SealedWords };

/** Writes donations, allocations, first attempts and their history, in one statement. */
export const insertGift = (tx: Tx, made: NewGift): Promise<DonationId> =>
  insertGifts(tx, made.gift.donation.churchId, made);

const insertGifts = writeTogether(async ({ sql }, church, made: readonly NewGift[]) => {
  const of = uuidOf(church);
  const shares = made.flatMap(({ gift }) =>
    gift.allocations.map(({ fundId, amount }, index) => ({
      donation_id: uuidOf(gift.donation.id),
      position: index + 1,
      fund_id: uuidOf(fundId),
      amount_minor: amount.minor.toString(),
    })),
  );
  await sql`
    with donation as (
      insert into donations (church_id, id, legal_entity_id, donor_id, recurring_gift_id, mode, amount_minor, cover_minor, currency,
        country, method, anonymous, key_version, given_name, note, locale, return_url, current_attempt_id, event_sequence, created_at)
      select ${of}, id, legal_entity_id, donor_id, recurring_gift_id, mode, amount_minor, cover_minor, currency,
        country, method, anonymous, key_version, given_name, note, locale, return_url, current_attempt_id, event_sequence, created_at
      from ${given(sql, donationColumns, made.map(donationRow))} g
    ), shares as (
      insert into allocations (church_id, donation_id, position, fund_id, amount_minor)
      select ${of}, donation_id, position, fund_id, amount_minor from ${given(sql, shareColumns, shares)} g
    ), ${newAttempts(
      sql,
      church,
      made.map(({ gift }) => gift),
    )}`;
  return made.map(({ gift }) => gift.donation.id);
});

const donationColumns = `id uuid, legal_entity_id uuid, donor_id uuid, recurring_gift_id uuid, mode text,
  amount_minor bigint, cover_minor bigint, currency text, country text, method text, anonymous boolean, key_version int,
  given_name bytea, note bytea, locale text, return_url text, current_attempt_id uuid, event_sequence int,
  created_at timestamptz`;
const shareColumns = "donation_id uuid, position smallint, fund_id uuid, amount_minor bigint";
const attemptColumns = `id uuid, donation_id uuid, number smallint, gateway text, gateway_account_id uuid, method text,
  presentation text, amount_minor bigint, currency text, state text, version int, gateway_key text,
  next_check_at timestamptz, checks smallint, created_at timestamptz`;

const donationRow = ({ gift: { donation: d, attempt }, sealed }: NewGift) => ({
  id: uuidOf(d.id),
  legal_entity_id: uuidOf(d.legalEntityId),
  donor_id: uuidOf(d.donorId),
  recurring_gift_id: d.recurringGiftId && uuidOf(d.recurringGiftId),
  mode: d.mode,
  amount_minor: d.amount.minor.toString(),
  cover_minor: d.cover.minor.toString(),
  currency: d.amount.currency,
  country: d.country,
  method: d.method,
  anonymous: d.anonymous,
  key_version: sealed.keyVersion,
  given_name: sealed.givenName && hexOf(sealed.givenName),
  note: sealed.note && hexOf(sealed.note),
  locale: d.locale,
  return_url: d.returnUrl,
  current_attempt_id: uuidOf(attempt.id),
  event_sequence: d.eventSequence,
  created_at: d.createdAt,
});

const attemptRow = ({ donation, attempt: a }: Gift) => ({
  id: uuidOf(a.id),
  donation_id: uuidOf(donation.id),
  number: a.number,
  gateway: a.gateway,
  gateway_account_id: uuidOf(a.gatewayAccountId),
  method: donation.method,
  presentation: a.presentation,
  amount_minor: a.amount.minor.toString(),
  currency: a.amount.currency,
  state: a.state,
  version: a.version,
  gateway_key: a.gatewayKey,
  next_check_at: a.nextCheckAt,
  checks: a.checks,
  created_at: a.createdAt,
});

/** The end of a statement that writes new attempts, each with the first line of its history. */
const newAttempts = (sql: Sql, church: ChurchId, gifts: readonly Gift[]) => sql`
  begun as ${given(sql, attemptColumns, gifts.map(attemptRow))}, attempt as (
    insert into payment_attempts (church_id, id, donation_id, number, gateway, gateway_account_id, method,
      presentation, amount_minor, currency, state, version, gateway_key, captured_minor, refunded_minor,
      next_check_at, checks, created_at, updated_at)
    select ${uuidOf(church)}, id, donation_id, number, gateway, gateway_account_id, method, presentation, amount_minor,
      currency, state, version, gateway_key, 0, 0, next_check_at, checks, created_at, created_at
    from begun
  )
  insert into attempt_changes (church_id, attempt_id, version, from_state, to_state, cause, at)
  select ${uuidOf(church)}, id, version, null, state, 'request', created_at from begun`;

/** The sealed name of the giver as typed for this gift, if one was. */
export async function sealedName(
  tx: Tx,
  church: ChurchId,
  donation: DonationId,
): Promise<{ readonly bytes: Uint8Array; readonly keyVersion: number } | undefined> {
  const [row] = await tx.sql<{ given_name: Uint8Array | null; key_version: number }[]>`
    select given_name, key_version from donations
    where church_id = ${uuidOf(church)} and id = ${uuidOf(donation)}`;
  return row?.given_name ? { bytes: row.given_name, keyVersion: row.key_version } : undefined;
}

/** Writes a further attempt of a donation and makes it the current one. */
export async function insertAttempt({ sql }: Tx, gift: Gift): Promise<void> {
  const { donation: d, attempt: a } = gift;
  await sql`
    with current as (
      update donations set current_attempt_id = ${uuidOf(a.id)}
      where church_id = ${uuidOf(d.churchId)} and id = ${uuidOf(d.id)}
    ), ${newAttempts(sql, d.churchId, [gift])}`;
}

/** An attempt as it was read and as it is to be. */
export type AttemptChange = {
  readonly before: Gift;
  readonly after: Gift;
  readonly cause: Cause;
  readonly at: Date;
};

/**
 * Writes changed attempts, their history and their donations' announcement counts, if nobody changed one since its
 * `before` was read; else it raises {@link staleAttempt} and the transaction is undone. The attempt that brought the
 * money is the donation's current one from then on, whichever was.
 */
export function saveAttempts(sql: Sql, church: ChurchId, changes: readonly AttemptChange[]): Statement {
  const of = uuidOf(church);
  return sql`
    with told as ${given(sql, changeColumns, changes.map(changeRow))}, changed as (
      update payment_attempts a set
        state = t.state, version = t.version, gateway_key = t.gateway_key, gateway_payment_id = t.gateway_payment_id,
        action = t.action::jsonb, decline = t.decline::jsonb, refusal = t.refusal::jsonb,
        evidence = t.evidence::jsonb, captured_minor = t.captured_minor, captured_at = t.captured_at,
        fee_minor = t.fee_minor, fee_tax_minor = t.fee_tax_minor, expires_at = t.expires_at,
        next_check_at = t.next_check_at, checks = t.checks, updated_at = t.at
      from told t
      where a.church_id = ${of} and a.id = t.id and a.version = t.version - 1
      returning a.id
    ), history as (
      insert into attempt_changes (church_id, attempt_id, version, from_state, to_state, cause, evidence, at)
      select ${of}, t.id, t.version, t.from_state, t.state, t.cause, t.evidence::jsonb, t.at
      from told t join changed using (id)
    ), counted as (
      update donations d set event_sequence = t.event_sequence,
        current_attempt_id = case when t.state = 'captured' then t.id else d.current_attempt_id end
      from told t join changed using (id)
      where d.church_id = ${of} and d.id = t.donation_id
        and (d.event_sequence <> t.event_sequence or (t.state = 'captured' and d.current_attempt_id <> t.id))
    )
    select must((select count(*) from changed) = ${changes.length}, ${staleAttempt})`;
}

const changeColumns = `id uuid, donation_id uuid, event_sequence int, from_state text, state text, version int, cause text,
  gateway_key text, gateway_payment_id text, action text, decline text, refusal text, evidence text,
  captured_minor bigint, captured_at timestamptz, fee_minor bigint, fee_tax_minor bigint, expires_at timestamptz,
  next_check_at timestamptz, checks smallint, at timestamptz`;

function changeRow({ before, after, cause, at }: AttemptChange) {
  const { donation: d, attempt: a } = after;
  assert(a.version === before.attempt.version + 1, "a change raises the version by one");
  return {
    id: uuidOf(a.id),
    donation_id: uuidOf(d.id),
    event_sequence: d.eventSequence,
    from_state: before.attempt.state,
    state: a.state,
    version: a.version,
    cause,
    gateway_key: a.gatewayKey,
    gateway_payment_id: a.gatewayPaymentId,
    action: storedText(a.action),
    decline: storedText(a.decline),
    refusal: storedText(a.refusal),
    evidence: storedText(a.evidence),
    captured_minor: a.captured.minor.toString(),
    captured_at: a.capturedAt,
    fee_minor: a.fee?.amount.minor.toString(),
    fee_tax_minor: a.fee?.tax.minor.toString(),
    expires_at: a.expiresAt,
    next_check_at: a.nextCheckAt,
    checks: a.checks,
    at,
  };
}

/** What the database says when an attempt is no longer as it was read. */
export const staleAttempt = "stale_attempt";

/** Moves the next look-up of an attempt that did not change. */
export async function saveCheck(
  tx: Tx,
  church: ChurchId,
  attempt: AttemptId,
  checks: number,
  nextCheckAt: Date | null,
): Promise<void> {
  await tx.sql`
    update payment_attempts set checks = ${checks}, next_check_at = ${nextCheckAt}
    where church_id = ${uuidOf(church)} and id = ${uuidOf(attempt)}`;
}

/** The donation's announcement counter, raised by one, for changes that are not the attempt's (refunds, disputes). */
export async function raiseEventSequence(tx: Tx, church: ChurchId, donation: DonationId): Promise<number> {
  const [row] = await tx.sql<[{ event_sequence: number }]>`
    update donations set event_sequence = event_sequence + 1
    where church_id = ${uuidOf(church)} and id = ${uuidOf(donation)} returning event_sequence`;
  return row.event_sequence;
}

/** Remembers the gateway's own name for a donor; the first one stays. */
export function rememberCustomer(sql: Sql, gift: Gift, customerRef: string, now: Date): Statement {
  return sql`
    insert into gateway_customers (church_id, gateway_account_id, donor_id, customer_ref, created_at)
    values (${uuidOf(gift.donation.churchId)}, ${uuidOf(gift.attempt.gatewayAccountId)},
            ${uuidOf(gift.donation.donorId)}, ${customerRef}, ${now})
    on conflict do nothing`;
}

export async function customerRefOf(
  tx: Tx,
  church: ChurchId,
  account: GatewayAccountId,
  donor: DonorId,
): Promise<string | undefined> {
  const [row] = await tx.sql<{ customer_ref: string }[]>`
    select customer_ref from gateway_customers
    where church_id = ${uuidOf(church)} and gateway_account_id = ${uuidOf(account)} and donor_id = ${uuidOf(donor)}`;
  return row?.customer_ref;
}
