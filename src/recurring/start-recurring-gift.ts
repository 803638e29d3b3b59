import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { donorForGift } from "../donors/donor-for-gift.ts";
import type { MandateOutcome } from "../gateway/mandate.ts";
import {
  type Claim,
  type ClaimOrder,
  type CommandName,
  claim,
  finish,
  release,
  replayed,
} from "../idempotency/claim.ts";
import { fingerprintOf } from "../idempotency/fingerprint.ts";
import { present } from "../kernel/assert.ts";
import { newId, parseId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { withoutGaps } from "../kernel/without-gaps.ts";
import { applyMandate } from "./apply-mandate.ts";
import { askMandate } from "./ask-mandate.ts";
import { logChange } from "./change-log.ts";
import { ringFor } from "./command.ts";
import { insertMandate } from "./mandate-store.ts";
import { newMandate } from "./new-mandate.ts";
import { newRecurringGift } from "./new-recurring-gift.ts";
import { asAnswer, sayUnavailable } from "./not-asked.ts";
import { planStart, type StartPlan, type StartRequest } from "./plan-start.ts";
import type { Actor, Mandate, RecurringGift } from "./recurring-gift.ts";
import { type RecurringGiftJson, recurringJson } from "./recurring-json.ts";
import { recurringPageUrl } from "./recurring-page-url.ts";
import { insertRecurringGift, loadRecurringGift } from "./store.ts";
import { viewOfGift } from "./view.ts";
import { sealWords } from "./words.ts";
import { announceGift } from "./write-change.ts";

/** A recurring gift as first answered; `replayed` when an earlier request with the same key was answered before. */
export type Started = {
  readonly gift: RecurringGiftJson;
  readonly status: number;
  readonly replayed: boolean;
};

const route = "POST /v1/recurring-gifts";

/**
 * Starts a standing promise, as `giveDonation` starts a gift: decided without writing; one transaction claims the key and
 * writes promise and mandate; the gateway is asked for the permission with no transaction open; a second one writes its
 * answer and keeps it for the key. Killed in between, the sweep of mandates finds out. No money moves here: the first
 * occurrence is opened by its date like every other.
 */
export async function startRecurringGift(
  deps: Deps,
  request: StartRequest,
  actor: Actor = { kind: "church", id: request.principal },
): Promise<Result<Started, Problem>> {
  const name: CommandName = { principal: request.principal, route, key: request.idempotencyKey };
  const { idempotencyKey: _, traceId: __, principal: ___, device: ____, ...command } = request;
  const order = {
    church: request.churchId,
    name,
    fingerprint: fingerprintOf(command),
    resourceId: newId("recurringGift"),
    now: deps.clock.now(),
  };
  const plan = await planStart(deps, request);
  if (!plan.ok) {
    const before = await deps.db.inChurch(request.churchId, (tx) => replayed(tx, order));
    return before === undefined ? plan : before.ok ? (replayOf(before.value) ?? plan) : before;
  }
  const begun = await deps.db.inChurch(request.churchId, (tx) => begin(deps, tx, plan.value, order, actor));
  if (!begun.ok) return begun;
  ringFor(deps);
  if (begun.value.kind === "answered") return ok(begun.value.started);
  const { gift, mandate } = begun.value;
  const { slug } = plan.value.settings;
  const page = await deps.db.inChurch(gift.churchId, (tx) =>
    recurringPageUrl(deps, tx, gift.churchId, slug, gift.id),
  );
  const outcome = await askMandate(deps, {
    mandate,
    donor: plan.value.checked.donor,
    device: request.agreement.device ?? request.method.mandateAcceptance ?? request.device,
    token: request.method.token,
    bank: request.method.bank,
    churchName: plan.value.settings.name,
    startsOn: present(gift.nextDueOn, "a new promise has a first date"),
    endsOn: "date" in gift.ends ? gift.ends.date : undefined,
    returnUrl: request.returnUrl ?? `${page}&back=1`,
    locale: gift.locale,
    traceId: request.traceId,
  });
  return conclude(deps, gift, mandate, outcome, name);
}

type Begun =
  | { readonly kind: "asking"; readonly gift: RecurringGift; readonly mandate: Mandate }
  | { readonly kind: "answered"; readonly started: Started };

async function begin(
  deps: Deps,
  tx: Tx,
  plan: StartPlan,
  order: ClaimOrder,
  actor: Actor,
): Promise<Result<Begun, Problem>> {
  const claimed = await claim(tx, order);
  if (!claimed.ok) return claimed;
  const before = replayOf(claimed.value);
  if (before) return before.ok ? ok({ kind: "answered", started: before.value }) : before;
  if (claimed.value.kind === "take_over") return ok(await takeOver(tx, order, claimed.value.resourceId));
  const { request, checked } = plan;
  const { now } = order;
  const locale = request.locale ?? plan.settings.locale;
  const donor = await donorForGift(tx, deps.vault, request.churchId, { ...checked.donor, locale }, now);
  const mandate = plan.collection === "automatic" ? mandateOf(plan, donor.id, locale, now) : undefined;
  if (mandate) {
    const from = request.agreement.device ?? request.method.mandateAcceptance ?? request.device;
    await insertMandate(tx, deps.vault, mandate, from);
  }
  const id = present(parseId("recurringGift", order.resourceId), "the claim is for a recurring gift");
  const gift = newRecurringGift(plan, { id, donorId: donor.id, mandate, locale }, now);
  const { name, taxIdType, address } = checked.donor;
  const words = await sealWords(tx, deps.vault, request.churchId, id, {
    given: {
      ...withoutGaps({ name, taxIdType, address }),
    },
    note: request.note,
  });
  await insertRecurringGift(tx, gift, words);
  await logChange(tx, gift, { what: "created", actor });
  await announceGift(tx, gift, "recurring_gift.created", now);
  if (mandate) return ok({ kind: "asking", gift, mandate });
  return ok({ kind: "answered", started: await settle(tx, gift, order.name) });
}

function mandateOf(plan: StartPlan, donorId: Mandate["donorId"], locale: string, now: Date): Mandate {
  const { request, checked, settings, route: chosen } = plan;
  return newMandate(
    {
      churchId: request.churchId,
      churchName: settings.name,
      donorId,
      mode: request.mode,
      country: request.country,
      method: checked.type,
      presentation: chosen.presentation,
      route: chosen,
      charged: plan.charged,
      rule: request.rule,
      anchor: plan.anchor,
      locale,
      agreement: request.agreement,
    },
    now,
  );
}

/** Whoever had the key died: the gateway is asked again under the same key, or what was answered stands. */
async function takeOver(tx: Tx, order: ClaimOrder, resourceId: string): Promise<Begun> {
  const id = present(parseId("recurringGift", resourceId), "the claim names a recurring gift");
  const gift = present(await loadRecurringGift(tx, order.church, id, true), "it exists");
  const { mandate } = await viewOfGift(tx, gift);
  if (mandate?.state === "requested") return { kind: "asking", gift, mandate };
  return { kind: "answered", started: await settle(tx, gift, order.name) };
}

async function conclude(
  deps: Deps,
  gift: RecurringGift,
  mandate: Mandate,
  outcome: MandateOutcome,
  name: CommandName,
): Promise<Result<Started, Problem>> {
  const church = gift.churchId;
  const nothingGiven = outcome.kind === "refused" || outcome.kind === "not_sent";
  const concluded = await deps.db.inChurch(church, async (tx): Promise<Result<Started, Problem>> => {
    await applyMandate(deps, tx, church, mandate.id, asAnswer(outcome));
    if (nothingGiven) {
      await release(tx.sql, church, name);
      return err(sayUnavailable(outcome));
    }
    const after = present(await loadRecurringGift(tx, church, gift.id, true), "it exists");
    return ok(await settle(tx, after, name));
  });
  ringFor(deps);
  return concluded;
}

async function settle(tx: Tx, gift: RecurringGift, name: CommandName): Promise<Started> {
  const body = recurringJson(await viewOfGift(tx, gift));
  await finish(tx.sql, gift.churchId, [{ name, status: 201, body }]);
  return { gift: body, status: 201, replayed: false };
}

function replayOf(found: Claim): Result<Started, Problem> | undefined {
  if (found.kind !== "replay") return undefined;
  return ok({ gift: found.body as RecurringGiftJson, status: found.status, replayed: true });
}
