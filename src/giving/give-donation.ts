import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { donorForGift } from "../donors/donor-for-gift.ts";
import type { CollectOutcome } from "../gateway/payment.ts";
import { awaitAnswer } from "../idempotency/await-answer.ts";
import {
  type Claim,
  type ClaimOrder,
  type CommandName,
  claim,
  finish,
  type KeptAnswer,
  release,
  replayed,
  tryClaim,
} from "../idempotency/claim.ts";
import { fingerprintOf } from "../idempotency/fingerprint.ts";
import { assert, present } from "../kernel/assert.ts";
import { newId, parseId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { Route } from "../routing/choose-route.ts";
import { collect } from "./collect.ts";
import { type DonationJson, donationJson } from "./donation-json.ts";
import { type Gift, viewOf } from "./gift.ts";
import { pageUrlOf } from "./gift-page-url.ts";
import type { GiveRequest } from "./give-request.ts";
import { loadGift } from "./load-gift.ts";
import { type NextAttempt, startNextAttempt } from "./next-attempt.ts";
import { openGift } from "./open-gift.ts";
import { newGift, type Plan, planGift } from "./plan-gift.ts";
import { customerRefOf } from "./store.ts";
import { writeAnswer, writeUnderLock } from "./write-answer.ts";

/** A donation as first answered; `replayed` when an earlier request with the same key was answered before. */
export type Given = { readonly donation: DonationJson; readonly status: number; readonly replayed: boolean };

const route = "POST /v1/donations";

/**
 * The story of one donation, top to bottom. Gather and decide without writing; tx A claims the key and writes
 * donation, allocations and the attempt as `submitted`; the gateway is called with no transaction open; tx B
 * writes its answer, the ledger entries, the announcement and the stored response.
 *
 * Killed between A and B, the attempt stays `submitted`: a repeat of the request takes over from there with the
 * same gateway key, and without one the sweeper asks the gateway.
 */
export async function giveDonation(deps: Deps, request: GiveRequest): Promise<Result<Given, Problem>> {
  const name: CommandName = { principal: request.principal, route, key: request.idempotencyKey };
  const { idempotencyKey: _, traceId: __, principal: ___, device: ____, ...command } = request;
  const fingerprint = fingerprintOf(command);
  const plan = await planGift(deps, request);
  if (!plan.ok) return (await answeredBefore(deps, request, name, fingerprint)) ?? plan;

  const begun = await claimOrResume(deps, plan.value, {
    church: request.churchId,
    name,
    fingerprint,
    resourceId: newId("donation"),
    now: deps.clock.now(),
  });
  if (!begun.ok) {
    const inFlight = begun.error.code === "idempotency_in_flight";
    return (inFlight && (await firstAnswer(deps, request, name, fingerprint))) || begun;
  }
  if (begun.value.kind === "replay") return ok(replayOf(begun.value.answer));
  // Taken over from a process that died after the gateway had answered: the answer is in the tables.
  if (begun.value.gift.attempt.state !== "submitted") return ok(await settle(deps, begun.value.gift, name));
  return collectAndConclude(deps, begun.value, plan.value, name);
}

type Go = {
  readonly kind: "go";
  readonly gift: Gift;
  /** The gateway's own name for the donor, where it keeps one. */
  readonly customerRef: string | undefined;
  /** Where the donor sees how the gift stands, and comes back to from the gateway's pages. */
  readonly pageUrl: string;
  /** Outbound deliveries written with it. */
  readonly deliveries: number;
};
type Begun = Go | { readonly kind: "replay"; readonly answer: Extract<Claim, { kind: "replay" }> };

/** The key was given back and is ours after all: what was claimed is undone, and begun from the start. */
class ClaimGivenBack extends Error {}

/** Transaction A where the key is new, else what the key already stands for. */
async function claimOrResume(deps: Deps, plan: Plan, order: ClaimOrder): Promise<Result<Begun, Problem>> {
  // A key can be given back between the two looks; somebody who loses it twice over may as well wait.
  for (let round = 0; round < 3; round++) {
    const begun = await deps.db.sharing(order.church, (tx) => begin(deps, tx, plan, order));
    if (begun) return ok(begun);
    try {
      return await deps.db.inChurch(order.church, (tx) => resume(deps, tx, plan, order));
    } catch (error) {
      if (!(error instanceof ClaimGivenBack)) throw error;
    }
  }
  return err({ code: "idempotency_in_flight", detail: "repeat the request shortly", retryAfterSeconds: 1 });
}

/** Transaction A; `undefined`, and nothing written, when somebody has used the key before. */
async function begin(deps: Deps, tx: Tx, plan: Plan, order: ClaimOrder): Promise<Go | undefined> {
  const { request, checked, settings } = plan;
  const { now } = order;
  const locale = request.locale ?? settings.locale;
  // Before all else, so that a lost claim undoes nobody's work in a transaction that is shared.
  if (!(await tryClaim(tx, order))) return undefined;
  const fields = { ...checked.donor, locale };
  const donor = await donorForGift(tx, deps.vault, request.churchId, fields, now);
  const donationId = present(parseId("donation", order.resourceId), "the claim is for a donation");
  const [{ account, presentation }] = plan.routes;
  const { amount, country, mode, anonymous, returnUrl, note, churchId } = request;
  const terms = { churchId, donorId: donor.id, amount, country, mode, anonymous, returnUrl, locale };
  const gift = newGift(
    { ...plan, ...terms, account, presentation, method: checked.type, recurringGiftId: undefined },
    donationId,
    now,
  );
  const deliveries = await openGift(deps, tx, gift, { name: checked.donor.name, note });
  return readyToSend(deps, tx, plan, gift, deliveries);
}

/** The key was used before: its answer, a refusal, or the work of a process that died, to be gone on with. */
async function resume(deps: Deps, tx: Tx, plan: Plan, order: ClaimOrder): Promise<Result<Begun, Problem>> {
  // An answer that was given stays as it is: it is read without holding anybody off.
  const claimed = (await replayed(tx, order)) ?? (await claim(tx, order));
  if (!claimed.ok) return claimed;
  if (claimed.value.kind === "replay") return ok({ kind: "replay", answer: claimed.value });
  // Won after all: the command that had the key gave it back in between.
  if (claimed.value.kind === "won") throw new ClaimGivenBack();
  const made = present(parseId("donation", claimed.value.resourceId), "the claim names a donation");
  const left = present(await loadGift(tx, plan.request.churchId, { donationId: made }, true), "it exists");
  return ok(await readyToSend(deps, tx, plan, left, 0));
}

async function readyToSend(deps: Deps, tx: Tx, plan: Plan, gift: Gift, deliveries: number): Promise<Go> {
  const { churchId, id, donorId } = gift.donation;
  const [route] = plan.routes;
  const customerRef = route.capability.remembersDonor
    ? await customerRefOf(tx, churchId, gift.attempt.gatewayAccountId, donorId)
    : undefined;
  const pageUrl = await pageUrlOf(deps, tx, churchId, plan.settings.slug, id);
  return { kind: "go", gift, customerRef, pageUrl, deliveries };
}

/**
 * Sends the attempt and writes what came of it (transaction B). Only an attempt that provably moved no money
 * (`not_sent`, `refused`) may be followed by one on the next route, at most once.
 */
async function collectAndConclude(
  deps: Deps,
  begun: Go,
  plan: Plan,
  name: CommandName,
): Promise<Result<Given, Problem>> {
  const church = begun.gift.donation.churchId;
  const { request, checked } = plan;
  let { gift, customerRef } = begun;
  for (;;) {
    const outcome = await collect(deps, {
      gift,
      donor: checked.donor,
      customerRef,
      method: request.method,
      churchName: plan.settings.name,
      device: request.device,
      receivedAt: request.receivedAt,
      pageUrl: begun.pageUrl,
      traceId: request.traceId,
    });
    const movedNothing = outcome.kind === "not_sent" || outcome.kind === "refused";
    const another = movedNothing ? otherRoute(plan, gift) : undefined;
    let next: NextAttempt | undefined;
    const answering = (after: Gift): KeptAnswer => ({ name, status: 201, body: donationJson(viewOf(after)) });
    const written = movedNothing
      ? await writeUnderLock(
          deps,
          gift,
          { kind: "outcome", outcome, anotherRoute: another !== undefined },
          async (tx, after) => {
            if (after.attempt.state !== "refused") await finish(tx.sql, church, [answering(after)]);
            // With the refusal, so that a take-over never finds a donation between two attempts.
            else if (another)
              next = await startNextAttempt(
                tx,
                after,
                { ...another, method: checked.type },
                deps.clock.now(),
              );
            else await release(tx.sql, church, name);
          },
        )
      : await writeAnswer(deps, gift, { kind: "outcome", outcome }, answering);
    if (written.deliveries + begun.deliveries > 0) deps.doorbell.ring("outbox");
    if (written.gift.attempt.state !== "refused") {
      return ok({ donation: donationJson(viewOf(written.gift)), status: 201, replayed: false });
    }
    if (!next) {
      assert(movedNothing, "a refused attempt moved nothing");
      return err(sayUnavailable(outcome));
    }
    ({ gift, customerRef } = next);
  }
}

/** The way left after the first attempt: the best one by another account. After a second attempt there is none. */
function otherRoute(plan: Plan, gift: Gift): Route | undefined {
  const { attempt, donation } = gift;
  if (attempt.number > 1) return undefined;
  return plan.routes.find(
    ({ account }) =>
      account.id !== attempt.gatewayAccountId &&
      account.legalEntityId === donation.legalEntityId &&
      // A token means nothing to another gateway than the one whose hosted fields made it.
      (attempt.presentation !== "token" || account.gateway === attempt.gateway),
  );
}

function sayUnavailable(outcome: Extract<CollectOutcome, { kind: "not_sent" | "refused" }>): Problem {
  if (outcome.kind === "not_sent") {
    return {
      code: "gateway_unavailable",
      detail:
        "the gateway could not be reached and nothing was charged: repeat the request, the same key may be used",
      retryAfterSeconds: 5,
    };
  }
  return {
    code: "gateway_refused",
    detail: `nothing was charged; the gateway said: ${outcome.problem.detail}`,
  };
}

/** Answers with what the tables hold now, and keeps that answer for the key. */
async function settle(deps: Deps, gift: Gift, name: CommandName): Promise<Given> {
  const body = donationJson(viewOf(gift));
  const { churchId } = gift.donation;
  await deps.db.inChurch(churchId, (tx) => finish(tx.sql, churchId, [{ name, status: 201, body }]));
  return { donation: body, status: 201, replayed: false };
}

/** A command that would be refused now may have been carried out before: then its first answer stands. */
async function answeredBefore(
  deps: Deps,
  request: GiveRequest,
  name: CommandName,
  fingerprint: Uint8Array,
): Promise<Result<Given, Problem> | undefined> {
  const look = lookOf(deps, request, name, fingerprint);
  return givenOf(await deps.db.inChurch(request.churchId, (tx) => replayed(tx, look)));
}

/** The answer of the request that is being worked on at this moment, when it comes soon. */
async function firstAnswer(
  deps: Deps,
  request: GiveRequest,
  name: CommandName,
  fingerprint: Uint8Array,
): Promise<Result<Given, Problem> | undefined> {
  return givenOf(await awaitAnswer(deps.db, lookOf(deps, request, name, fingerprint)));
}

const lookOf = (deps: Deps, request: GiveRequest, name: CommandName, fingerprint: Uint8Array) => ({
  church: request.churchId,
  name,
  fingerprint,
  now: deps.clock.now(),
});

function givenOf(found: Result<Claim, Problem> | undefined): Result<Given, Problem> | undefined {
  if (found === undefined || !found.ok) return found;
  return found.value.kind === "replay" ? ok(replayOf(found.value)) : undefined;
}

function replayOf(answer: Extract<Claim, { kind: "replay" }>): Given {
  return { donation: answer.body as DonationJson, status: answer.status, replayed: true };
}
