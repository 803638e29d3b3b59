import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { CollectOutcome } from "../gateway/payment.ts";
import type { GatewayEvent } from "../gateway/webhook.ts";
import { applyFunds, type EventResult } from "../giving/apply-gateway-event.ts";
import { askToClose } from "../giving/cancel-donation.ts";
import type { Gift } from "../giving/gift.ts";
import { loadGift } from "../giving/load-gift.ts";
import type { NextWay } from "../giving/next-attempt.ts";
import type { GiftTerms } from "../giving/plan-gift.ts";
import { sharesFor } from "../giving/shares-for.ts";
import { isOpenTo, openUnasked, payAnotherWay } from "../giving/unasked-gift.ts";
import { present } from "../kernel/assert.ts";
import { after, days } from "../kernel/clock.ts";
import { equals, zero } from "../kernel/money.ts";
import type { OpenedAccount } from "../routing/gateway-accounts.ts";
import { loadOccurrence, periodsAwaited, saveOccurrence } from "./occurrence-store.ts";
import { codedMethods } from "./own-code.ts";
import type { Occurrence, RecurringGift } from "./recurring-gift.ts";
import { listGiftRows, loadRecurringGift } from "./store.ts";
import { openWords } from "./words.ts";

export type ArrivalParts = Pick<
  Deps,
  "db" | "vault" | "payments" | "settings" | "clock" | "log" | "metrics" | "doorbell"
>;
export type Arrival = Extract<GatewayEvent, { kind: "donor_paid" }>;

/** The period an arrival may be for, with the answer of the gateway that was asked to close its own code. */
type Prepared = {
  readonly period: Occurrence;
  readonly attempt: Gift["attempt"]["id"] | undefined;
  readonly closed: CollectOutcome | undefined;
};

/** So long after a period was given up, what comes is still taken for it, as a late voucher is. */
const lateMs = days(30);

/**
 * Finds the period that waits for what a donor has paid by their own code, and has its own code closed at the gateway,
 * so that it cannot be paid a second time. No transaction may be open. Answers how it is applied.
 *
 * @throws when the gateway cannot be asked, or is being asked at this moment: the caller tries the event again later.
 */
export async function prepareArrival(
  deps: ArrivalParts,
  account: OpenedAccount,
  arrival: Arrival,
): Promise<(tx: Tx) => Promise<EventResult>> {
  const found = await deps.db.inChurch(account.churchId, async (tx) =>
    (await isBooked(tx, account, arrival)) ? undefined : findPeriod(deps, tx, account, arrival),
  );
  const closed = found?.gift && (await closeOpen(deps, found.gift));
  // Its own code has just been paid as well: that is the period's gift, and this one is another.
  const usable = closed === undefined || closed.kind === "voided";
  const prepared =
    found && usable ? { period: found.period, attempt: found.gift?.attempt.id, closed } : undefined;
  return (tx) => applyArrival(deps, tx, account, arrival, prepared);
}

const isBooked = async (tx: Tx, { churchId, id }: OpenedAccount, { outcome }: Arrival): Promise<boolean> => {
  const theirs = { gatewayAccountId: id, gatewayPaymentId: outcome.gatewayPaymentId };
  return (await loadGift(tx, churchId, theirs, false)) !== undefined;
};

/** The earliest period of the donor's that waits for the very amount. */
async function findPeriod(
  deps: ArrivalParts,
  tx: Tx,
  account: OpenedAccount,
  { donorId, outcome }: Arrival,
): Promise<{ readonly period: Occurrence; readonly gift: Gift | undefined } | undefined> {
  const { churchId, legalEntityId, mode } = account;
  const methods = codedMethods(deps, account);
  const since = after(deps.clock.now(), -lateMs);
  for (const period of await periodsAwaited(tx, churchId, { donorId, legalEntityId, mode, methods, since })) {
    const { donationId } = period;
    const gift = donationId && (await loadGift(tx, churchId, { donationId }, false));
    const asked = gift ? gift.attempt.amount : period.amount;
    if (!equals(asked, outcome.amount)) continue;
    if (gift?.attempt.state === "submitted") throw new Error("the period's own code is being made");
    if (!gift || isOpenTo(gift)) return { period, gift: gift || undefined };
  }
  return undefined;
}

async function closeOpen(deps: ArrivalParts, gift: Gift): Promise<CollectOutcome | undefined> {
  const { state } = gift.attempt;
  if (state !== "action_required" && state !== "authorized") return undefined;
  return present(await askToClose(deps, gift), "the gateway says whether the period's own code is closed");
}

/** In the caller's transaction: the period's gift, or else a gift of its own; booked once, however often it is told. */
async function applyArrival(
  deps: ArrivalParts,
  tx: Tx,
  account: OpenedAccount,
  arrival: Arrival,
  prepared: Prepared | undefined,
): Promise<EventResult> {
  if (await isBooked(tx, account, arrival)) return { kind: "unchanged", remark: "booked before" };
  if (prepared && (await payPeriod(deps, tx, account, arrival, prepared))) return { kind: "applied" };
  const gifts = await listGiftRows(tx, account.churchId, { donorId: arrival.donorId, limit: 100 });
  const methods = new Set<string>(codedMethods(deps, account));
  const theirs = gifts.filter(
    (gift) =>
      methods.has(gift.method) && gift.legalEntityId === account.legalEntityId && gift.mode === account.mode,
  );
  const promise = theirs.find(({ status }) => status === "active") ?? theirs[0];
  if (!promise) {
    // Nobody was given such a code: the money is there all the same, and belongs to nobody until a person decides.
    const { amount, gatewayPaymentId: gatewayTransactionId } = arrival.outcome;
    const customerRef = arrival.donorId;
    const moved = {
      kind: "funds_moved",
      customerRef,
      gatewayTransactionId,
      direction: "received",
      amount,
    } as const;
    return applyFunds(deps, tx, account, moved);
  }
  const terms = await termsOf(deps, account, promise, arrival, undefined);
  const { given } = await openWords(tx, deps.vault, account.churchId, promise.id);
  await openUnasked(deps, tx, terms, { name: given.name, note: undefined }, arrival.outcome);
  return { kind: "applied", remark: "no period waited for it: a gift of its own" };
}

/** `false` when the period has moved on meanwhile in a way that leaves no room for it. */
async function payPeriod(
  deps: ArrivalParts,
  tx: Tx,
  account: OpenedAccount,
  arrival: Arrival,
  { period, attempt, closed }: Prepared,
): Promise<boolean> {
  const { churchId } = account;
  const held = await loadOccurrence(tx, churchId, period.id, true);
  if (!held || held.state === "succeeded" || held.stopAs || held.state === "skipped") return false;
  const gift = held.donationId && (await loadGift(tx, churchId, { donationId: held.donationId }, true));
  // Another worker asked for the period meanwhile: look again at what is to be closed.
  if ((gift ? gift.attempt.id : undefined) !== attempt) throw new Error("the period is being asked for");
  const promise = present(
    await loadRecurringGift(tx, churchId, held.recurringGiftId, false),
    "an occurrence has its recurring gift",
  );
  const now = deps.clock.now();
  if (gift)
    return payAnotherWay(deps, tx, gift, closed, await wayOf(deps, account, promise), arrival.outcome);
  const terms = await termsOf(deps, account, promise, arrival, held);
  const { given, note } = await openWords(tx, deps.vault, churchId, promise.id);
  const donationId = await openUnasked(deps, tx, terms, { name: given.name, note }, arrival.outcome);
  const change = { state: "collecting", donationId, nextAt: undefined, updatedAt: now } as const;
  return saveOccurrence(tx, held, { ...held, ...change, version: held.version + 1 });
}

async function wayOf(
  deps: ArrivalParts,
  { churchId, id }: OpenedAccount,
  { method }: RecurringGift,
): Promise<NextWay> {
  const settings = await deps.settings.read(churchId);
  const known = settings?.accounts.find((one) => one.id === id);
  const account = known ?? (await deps.settings.readFresh(churchId))?.accounts.find((one) => one.id === id);
  const routable = present(account, "an account that told of money is the church's");
  const capability = deps.payments.manifests
    .get(routable.gateway)
    ?.methods.find((able) => able.type === method && able.donorCode);
  return {
    account: routable,
    capability: present(capability, "the gateway gives codes for the method"),
    presentation: "instructions",
    method,
  };
}

/** The gift as it came: a period's as promised, any other in the same proportions. */
async function termsOf(
  deps: ArrivalParts,
  account: OpenedAccount,
  promise: RecurringGift,
  { outcome: { amount } }: Arrival,
  period: Occurrence | undefined,
): Promise<GiftTerms> {
  const { churchId, donorId, mode, country, method, anonymous, locale, returnUrl } = promise;
  const way = await wayOf(deps, account, promise);
  const settings = present(await deps.settings.read(churchId), "the church is there");
  return {
    churchId,
    donorId,
    recurringGiftId: period && promise.id,
    mode,
    amount,
    cover: zero(amount.currency),
    charged: amount,
    shares: sharesFor(promise.shares, amount, settings.funds),
    country,
    method,
    account: way.account,
    presentation: way.presentation,
    anonymous,
    locale,
    returnUrl,
  };
}
