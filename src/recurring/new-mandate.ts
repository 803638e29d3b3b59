import type { MandateTerms } from "../gateway/manifest.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import { present } from "../kernel/assert.ts";
import { type ChurchId, type DonorId, type MandateId, newId } from "../kernel/ids.ts";
import { type Money, money } from "../kernel/money.ts";
import type { Route } from "../routing/choose-route.ts";
import { agreementText, agreementVersion } from "./agreement-words.ts";
import { describeRule } from "./describe-rule.ts";
import type { Agreement } from "./plan-start.ts";
import type { Mandate } from "./recurring-gift.ts";
import { mandateCadenceOf, type Rule } from "./rule.ts";

export type MandateWish = {
  readonly churchId: ChurchId;
  readonly churchName: string;
  readonly donorId: DonorId;
  readonly mode: "test" | "live";
  readonly country: string;
  readonly method: MethodType;
  readonly presentation: Presentation;
  readonly route: Route;
  /** What a period is charged. */
  readonly charged: Money;
  readonly rule: Rule;
  readonly anchor: string;
  readonly locale: string;
  readonly agreement: Agreement;
};

/** A mandate as it is first written: `requested`, its gateway key made, the agreed words in it. */
export function newMandate(wish: MandateWish, now: Date): Mandate {
  const { route, charged, agreement, rule, anchor, locale, method } = wish;
  const terms = present(route.capability.mandate, "the route pulls by itself");
  const ceiling = ceilingOf(charged, terms, agreement.ceiling);
  const frequency = describeRule(rule, anchor, locale);
  const words = agreementText({ church: wish.churchName, method, ceiling, frequency }, locale);
  const id: MandateId = newId("mandate");
  return {
    churchId: wish.churchId,
    id,
    donorId: wish.donorId,
    gatewayAccountId: route.account.id,
    gateway: route.account.gateway,
    mode: wish.mode,
    country: wish.country,
    method,
    presentation: wish.presentation,
    state: "requested",
    version: 1,
    gatewayKey: id,
    gatewayMandateId: undefined,
    customerRef: undefined,
    action: undefined,
    display: undefined,
    network: undefined,
    expiresOn: undefined,
    // A rail that takes charges as they come is not told a rhythm: the donor may change it in place.
    cadence: terms.cadences.includes("as_needed") ? "as_needed" : mandateCadenceOf[rule.cadence],
    currency: charged.currency,
    ceiling,
    fixed: terms.fixedAmount ? charged : undefined,
    agreementText: agreement.text ?? words,
    agreementVersion:
      agreement.text === undefined ? agreementVersion : (agreement.version ?? "of the caller"),
    agreedAt: now,
    endedBy: undefined,
    endedCode: undefined,
    endAskedAt: undefined,
    nextCheckAt: undefined,
    checks: 0,
    createdAt: now,
    updatedAt: now,
  };
}

/**
 * The most one charge may be: what the donor agreed to, else twice the gift, so that a small raise needs no new
 * permission; exactly the gift where the rail fixes it.
 */
export function ceilingOf(charged: Money, terms: MandateTerms, agreed: Money | undefined): Money {
  if (terms.fixedAmount) return charged;
  return agreed ?? money(charged.minor * 2n, charged.currency);
}
