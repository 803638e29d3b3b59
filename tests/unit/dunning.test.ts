import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { declineOf } from "../../adapters/stripe/codes.ts";
import { declineReasons } from "../../src/gateway/payment.ts";
import { days, hours, minutes } from "../../src/kernel/clock.ts";
import {
  decideRetry,
  type RetryDecision,
  type RetryQuestion,
} from "../../src/recurring/dunning/decide-retry.ts";
import {
  checkOverrides,
  type Limit,
  limitsFor,
  networkLimits,
  ourLimits,
} from "../../src/recurring/dunning/limits.ts";
import { merchantAdvice, visaNever } from "../../src/recurring/dunning/network-words.ts";
import { type FailureReason, planOf } from "../../src/recurring/dunning/plans.ts";
import { railOf, rails } from "../../src/recurring/dunning/rails.ts";
import { civilDate } from "../../src/recurring/schedule.ts";

const zone = "America/Mexico_City";
/** A Wednesday, 09:00 in Mexico. */
const now = new Date("2026-11-18T15:00:00Z");

function ask(change: Partial<RetryQuestion> & { readonly reason?: FailureReason } = {}): RetryDecision {
  const { reason = "insufficient_funds", ...rest } = change;
  const rail = rest.rail ?? "card";
  return decideRetry({
    now,
    zone,
    seed: "rcg_1",
    rail,
    network: "visa",
    failure: { reason },
    tries: [{ at: now, reason }],
    retriesOfInstrument: [],
    usualHour: undefined,
    dueOn: "2026-11-18",
    nextDueOn: "2026-12-18",
    limits: limitsFor({ rail, network: rest.network ?? "visa", country: "mx" }, {}),
    railRule: undefined,
    bankHolidays: new Set(["2026-11-16"]),
    ...rest,
  });
}

/** `retry 2026-11-19`, `ask_method`, `give_up limit`. */
function word(decision: RetryDecision): string {
  if (decision.kind === "retry") return `retry ${civilDate(decision.at, zone)}`;
  return decision.kind === "give_up" ? `give_up ${decision.why}` : decision.kind;
}
const failedBefore = (count: number, reason: FailureReason = "insufficient_funds") =>
  Array.from({ length: count }, (_, n) => ({
    at: new Date(now.getTime() - (count - 1 - n) * days(2)),
    reason,
  }));

describe("when a gift is asked for again", () => {
  const onFirst: Readonly<Record<FailureReason, string>> = {
    insufficient_funds: "retry 2026-11-19",
    limit_exceeded: "retry 2026-11-19",
    call_issuer: "retry 2026-11-19",
    declined_generic: "retry 2026-11-19",
    provider_unavailable: "retry 2026-11-18",
    technical: "retry 2026-11-18",
    authentication_required: "ask_donor",
    card_expired: "ask_method",
    invalid_card_data: "ask_method",
    blocked_fraud: "ask_method",
    method_not_allowed: "ask_method",
    mandate_invalid: "ask_method",
    account_invalid: "ask_method",
    expired: "give_up final",
    duplicate: "give_up final",
  };
  it.each([...declineReasons, "technical"] as const)("a card that said %s", (reason) => {
    expect(word(ask({ reason }))).toBe(onFirst[reason]);
  });

  const debits = {
    ach: { funds: "retry 2026-11-20", soft: "give_up plan_over" },
    sepa: { funds: "retry 2026-11-20", soft: "give_up plan_over" },
    bacs: { funds: "retry 2026-11-20", soft: "give_up plan_over" },
    acss: { funds: "retry 2026-11-20", soft: "give_up plan_over" },
    pix_automatico: { funds: "give_up plan_over", soft: "retry 2026-11-20" },
  } as const;
  it.each(rails.filter((rail) => rail !== "card"))("on %s only what its scheme presents again", (rail) => {
    const says = (reason: FailureReason) => word(ask({ rail, network: undefined, reason }));
    expect(says("insufficient_funds")).toBe(debits[rail].funds);
    expect(says("declined_generic")).toBe(debits[rail].soft);
    expect(says("account_invalid")).toBe("ask_method");
    expect(says("technical")).toBe("retry 2026-11-18");
  });

  it("climbs the ladder for missing money: a day, a payday, three days, a week, and then no more", () => {
    const steps = [1, 2, 3, 4, 5].map((count) => word(ask({ tries: failedBefore(count) })));
    // The 20th is a Friday.
    expect(steps).toEqual([
      "retry 2026-11-19",
      "retry 2026-11-20",
      "retry 2026-11-21",
      "retry 2026-11-25",
      "give_up plan_over",
    ]);
  });

  it("tries a technical fault after a quarter of an hour, two hours and a day", () => {
    const waits = [1, 2, 3].map((count) => {
      const decision = ask({ reason: "technical", tries: failedBefore(count, "technical") });
      return decision.kind === "retry" ? decision.at.getTime() - now.getTime() : decision.kind;
    });
    expect(waits).toEqual([minutes(15), hours(2), days(1)]);
  });

  it("goes out at the hour at which this donor's gifts succeed", () => {
    const decision = ask({ usualHour: 19 });
    expect(decision).toEqual({ kind: "retry", at: new Date("2026-11-20T01:00:00Z") });
  });

  it("takes wages of a 15th on a Sunday to be paid on the Friday before", () => {
    const wednesday = new Date("2026-11-11T15:00:00Z");
    const tries = failedBefore(2).map((one) => ({ ...one, at: wednesday }));
    expect(word(ask({ now: wednesday, dueOn: "2026-11-09", tries }))).toBe("retry 2026-11-13");
  });

  it("presents an ACH debit on banking days, twice more at most", () => {
    const rule = { most: 2, withinDays: 180, sameAmount: true };
    const ach = (count: number) =>
      word(
        ask({
          rail: "ach",
          network: undefined,
          railRule: rule,
          tries: failedBefore(count),
          nextDueOn: undefined,
        }),
      );
    expect([1, 2, 3].map(ach)).toEqual(["retry 2026-11-20", "retry 2026-11-25", "give_up plan_over"]);
    expect(railOf("ach_debit")).toBe("ach");
  });

  it("never reaches the day the next period falls due", () => {
    expect(word(ask({ nextDueOn: "2026-11-19" }))).toBe("give_up next_period");
    expect(word(ask({ reason: "card_expired", nextDueOn: "2026-11-18" }))).toBe("give_up next_period");
  });

  const advised: Readonly<Record<string, string>> = {
    "01": "ask_method",
    "02": "retry 2026-11-21",
    "03": "ask_method",
    "21": "ask_method",
    "24": "retry 2026-11-19",
    "25": "retry 2026-11-19",
    "26": "retry 2026-11-20",
    "27": "retry 2026-11-22",
    "28": "retry 2026-11-24",
    "29": "retry 2026-11-26",
    "30": "retry 2026-11-28",
    "40": "ask_method",
    "41": "ask_method",
    "43": "retry 2026-11-19",
  };
  it.each(Object.keys(merchantAdvice))("obeys Mastercard's advice %s", (adviceCode) => {
    const failure = { reason: "insufficient_funds", adviceCode } as const;
    expect(word(ask({ network: "mastercard", failure }))).toBe(advised[adviceCode]);
  });

  it.each([...visaNever])("never repeats Visa's category 1 answer %s", (networkCode) => {
    expect(word(ask({ failure: { reason: "declined_generic", networkCode } }))).toBe("ask_method");
  });

  it("takes a bank at its word when it says never", () => {
    expect(word(ask({ failure: { reason: "call_issuer", retry: "never" } }))).toBe("ask_method");
  });
});

/** One more try at a moment passes neither the limit nor the church's own number for it. */
function expectWithin(
  limit: Limit,
  given: { readonly retries: readonly Date[]; readonly own: Readonly<Record<string, number>> },
  tries: readonly { readonly at: Date }[],
  at: Date,
): void {
  const all = limit.per === "occurrence" ? tries.slice(1).map((one) => one.at) : given.retries;
  const within = [...all, at].filter((one) => one.getTime() > at.getTime() - limit.withinMs);
  expect(within.length).toBeLessThanOrEqual(limit.retries);
  expect(limit.retries).toBeLessThanOrEqual(given.own[limit.id] ?? Number.MAX_SAFE_INTEGER);
}

describe("the limits", () => {
  it("ours lie below every network's they stand beside", () => {
    for (const ours of ourLimits) {
      const same = networkLimits.filter((one) => one.rail === "card" && one.withinMs === ours.withinMs);
      for (const theirs of same) expect(ours.retries).toBeLessThan(theirs.retries);
    }
  });

  it("a country's own rule stands in the place of the network's", () => {
    const ids = limitsFor({ rail: "card", network: "visa", country: "br" }, {}).map(({ id }) => id);
    expect(ids).toContain("visa_30_days_br");
    expect(ids).not.toContain("visa_30_days");
  });

  it("a church may lower them, never raise them, and names only limits there are", () => {
    expect(checkOverrides({ retries_per_occurrence: 2 }).ok).toBe(true);
    expect(checkOverrides({ retries_per_occurrence: 5 })).toMatchObject({
      ok: false,
      error: { errors: [{ pointer: "/dunning/retries_per_occurrence" }] },
    });
    expect(checkOverrides({ whatever: 1 })).toMatchObject({ ok: false, error: { code: "invalid_request" } });
    const limits = limitsFor({ rail: "card", network: "visa", country: "mx" }, { retries_per_occurrence: 0 });
    expect(word(ask({ limits }))).toBe("give_up limit");
  });

  it("eight tries again of one card in thirty days are enough, whoever's gifts they were for", () => {
    const eight = Array.from({ length: 8 }, (_, n) => new Date(now.getTime() - n * days(3)));
    expect(word(ask({ retriesOfInstrument: eight }))).toBe("give_up limit");
    expect(word(ask({ retriesOfInstrument: eight.slice(1) }))).toBe("retry 2026-11-19");
  });

  it("holds for any history: no cap passed, no advice cut short, no calendar moved", () => {
    const instant = fc.integer({ min: 0, max: days(40) }).map((ago) => new Date(now.getTime() - ago));
    const reason = fc.constantFrom<FailureReason>(...declineReasons, "technical");
    const network = fc.constantFrom("visa", "mastercard", "elo", undefined);
    fc.assert(
      fc.property(
        fc.record({
          rail: fc.constantFrom(...rails),
          network,
          reason,
          country: fc.constantFrom("br", "mx", "us"),
          adviceCode: fc.option(fc.constantFrom(...Object.keys(merchantAdvice)), { nil: undefined }),
          earlier: fc.array(fc.record({ at: instant, reason }), { maxLength: 12 }),
          retries: fc.array(instant, { maxLength: 25 }),
          nextIn: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }),
          usualHour: fc.option(fc.integer({ min: 0, max: 23 }), { nil: undefined }),
          own: fc.dictionary(
            fc.constantFrom(...[...networkLimits, ...ourLimits].map(({ id }) => id)),
            fc.integer({ min: 0, max: 40 }),
          ),
        }),
        (given) => {
          const nextDueOn =
            given.nextIn === undefined
              ? undefined
              : civilDate(new Date(now.getTime() + days(given.nextIn)), zone);
          const oldest = [...given.earlier].sort((a, b) => a.at.getTime() - b.at.getTime());
          const tries = [...oldest, { at: now, reason: given.reason }];
          const limits = limitsFor(given, given.own);
          const decision = ask({
            rail: given.rail,
            network: given.network,
            failure: { reason: given.reason, adviceCode: given.adviceCode },
            tries,
            retriesOfInstrument: given.retries,
            nextDueOn,
            usualHour: given.usualHour,
            limits,
          });
          if (decision.kind !== "retry") return;
          const { at } = decision;
          expect(at.getTime()).toBeGreaterThan(now.getTime());
          expect(civilDate(at, zone) < (nextDueOn ?? "9999")).toBe(true);
          expect(["funds", "soft", "technical"]).toContain(planOf[given.reason]);
          const told = given.network === "visa" ? undefined : merchantAdvice[given.adviceCode ?? ""];
          expect(["never", "new_method"]).not.toContain(told?.kind);
          const least = told?.kind === "not_before" ? told.ms : 0;
          expect(at.getTime()).toBeGreaterThanOrEqual(now.getTime() + least);
          for (const limit of limits) expectWithin(limit, given, tries, at);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("what Stripe says of a decline", () => {
  it("carries the network's own advice and answer, where there are any", () => {
    const words = { code: "card_declined", decline_code: "insufficient_funds" };
    expect(declineOf({ ...words, network_advice_code: "02", network_decline_code: "51" }).decline).toEqual({
      reason: "insufficient_funds",
      retry: "new_method",
      adviceCode: "02",
      networkCode: "51",
      rawCode: "insufficient_funds",
    });
    expect(declineOf(words).decline).not.toHaveProperty("adviceCode");
  });
});
