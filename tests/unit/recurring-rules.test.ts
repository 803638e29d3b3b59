import { Temporal } from "temporal-polyfill";
import { describe, expect, test } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import type { Problem } from "../../src/kernel/problem.ts";
import { faultsOf } from "../../src/pages/checkout/problem-faults.ts";
import { frequencyOf, readRule } from "../../src/pages/checkout/read-frequency.ts";
import { type Translate, translator } from "../../src/pages/i18n/language.ts";
import { carriedChange, readCarried } from "../../src/pages/portal/carried-change.ts";
import { changeValues, readChange } from "../../src/pages/portal/change-form.ts";
import { roomFault } from "../../src/pages/portal/room-fault.ts";
import { checkEnd, checkStart } from "../../src/recurring/check-schedule.ts";
import {
  type ChangeFacts,
  type ChangeWish,
  changedShares,
  decideChange,
} from "../../src/recurring/decide-change.ts";
import { describeRule } from "../../src/recurring/describe-rule.ts";
import { nextPayday } from "../../src/recurring/dunning/paydays.ts";
import { nextMandateCheck } from "../../src/recurring/mandate-checks.ts";
import { aheadFrom, amountDue, indexToGoOn, nextDates } from "../../src/recurring/next-due.ts";
import type { Rule } from "../../src/recurring/rule.ts";
import { offerIn } from "../support/offer.ts";
import { giftSample, mandateSample } from "../support/recurring-sample.ts";

/** What a recurring gift is by its rules alone: said, read from a form, changed, ended, and refused in a donor's words. */
const mxn = (minor: bigint) => money(minor, "MXN");
const fresh = { gifts: 0, totalMinor: 0n, unsettled: 0 };

const rules: readonly (readonly [Rule, string, string, string])[] = [
  [
    { cadence: "weekly" },
    "every week, on Thursday",
    "cada semana, el jueves",
    "toda semana, na quinta-feira",
  ],
  [
    { cadence: "biweekly", weekday: 7 },
    "every two weeks, on Sunday",
    "cada dos semanas, el domingo",
    "a cada duas semanas, no domingo",
  ],
  [
    { cadence: "twice_monthly", days: [1, 15] },
    "twice a month, on the 1st and the 15th",
    "dos veces al mes, los días 1 y 15",
    "duas vezes por mês, nos dias 1 e 15",
  ],
  [
    { cadence: "twice_monthly", days: [15, "last"] },
    "twice a month, on the 15th and the last day",
    "cada quincena, el día 15 y el último del mes",
    "duas vezes por mês, no dia 15 e no último dia",
  ],
  [
    { cadence: "monthly", on: { nth: 1, weekday: 5 } },
    "every month, on the first Friday",
    "cada mes, el primer viernes",
    "todo mês, na primeira sexta-feira",
  ],
  [
    { cadence: "quarterly", on: { day: "last" } },
    "every three months, on the last day",
    "cada tres meses, el último día",
    "a cada três meses, no último dia",
  ],
  [
    { cadence: "half_yearly", on: { nth: "last", weekday: 7 } },
    "every six months, on the last Sunday",
    "cada seis meses, el último domingo",
    "a cada seis meses, no último domingo",
  ],
  [
    { cadence: "yearly", on: { day: 23 } },
    "every year, on the 23rd of November",
    "cada año, el día 23 de noviembre",
    "todo ano, no dia 23 de novembro",
  ],
  [{ cadence: "monthly" }, "every month, on the 5th", "cada mes, el día 5", "todo mês, no dia 5"],
  [
    { cadence: "monthly", on: { day: 11 } },
    "every month, on the 11th",
    "cada mes, el día 11",
    "todo mês, no dia 11",
  ],
];

describe("how often", () => {
  test.each(rules)("%o is said as a donor would", (rule, en, es, pt) => {
    expect(["en-US", "es-MX", "pt-BR"].map((locale) => describeRule(rule, "2026-11-05", locale))).toEqual([
      en,
      es,
      pt,
    ]);
  });

  test.each(rules)("%o comes back from the form it was shown in", (rule) => {
    expect(readRule(frequencyOf(rule))).toEqual(rule);
  });

  test.each([
    [{ frequency: "once", weekday: "", month_day: "" }, undefined],
    [{ frequency: "weekly", weekday: "9", month_day: "" }, { cadence: "weekly" }],
    [{ frequency: "monthly", weekday: "", month_day: "32" }, { cadence: "monthly" }],
    [{ frequency: "monthly", weekday: "", month_day: "x" }, { cadence: "monthly" }],
    [{ frequency: "monthly", weekday: "", month_day: "5.1" }, { cadence: "monthly" }],
    [{ frequency: "monthly", weekday: "", month_day: "1.9" }, { cadence: "monthly" }],
  ])("a form that says %o", (form, rule) => {
    expect(readRule(form)).toEqual(rule);
  });
});

describe("the day it begins and ends", () => {
  test.each([
    ["2026-02-30", "no day of the calendar"],
    ["tomorrow", "no day of the calendar"],
    ["2026-11-01", "has passed"],
    ["2026-11-21", "too soon"],
    ["2027-12-01", "more than a year ahead"],
  ])("cannot begin on %s", (day, why) => {
    const told = checkStart(day, "2026-11-20", "2026-11-23");
    expect(told).toMatchObject({ ok: false, error: { errors: [{ pointer: "/starts_on" }] } });
    expect(JSON.stringify(told)).toContain(why);
  });

  const schedule = { rule: { cadence: "monthly" }, anchor: "2026-11-05", index: 1 } as const;
  test.each([
    [{ kind: "on_date", date: "2026-02-30" }, "/ends/date"],
    [{ kind: "with_campaign", campaign: "roof", date: "2026-12-04" }, "/ends/date"],
    [{ kind: "after_gifts", gifts: 2 }, "/ends/gifts"],
    [{ kind: "at_total", amount: 100_000 }, "/ends/amount"],
  ] as const)("cannot end %o", (ends, pointer) => {
    const told = checkEnd(ends, schedule, { gifts: 2, totalMinor: 100_000n });
    expect(told).toMatchObject({ ok: false, error: { errors: [{ pointer }] } });
  });

  test.each([
    [{ kind: "on_date", date: "2026-12-05" }, ["2026-12-05"]],
    [{ kind: "after_gifts", gifts: 2 }, ["2026-12-05", "2027-01-05"]],
    [{ kind: "at_total", amount: 120_000 }, ["2026-12-05", "2027-01-05", "2027-02-05"]],
    [{ kind: "never" }, ["2026-12-05", "2027-01-05", "2027-02-05", "2027-03-05"]],
  ] as const)("ending %o it comes on these dates", (ends, dates) => {
    const gift = giftSample({ ends });
    expect(nextDates(gift, fresh, 4)).toEqual(dates);
    expect(nextDates({ ...gift, nextDueOn: undefined }, fresh, 4)).toEqual([]);
  });

  test("the last gift up to a total is what is left of it", () => {
    const gift = giftSample({ ends: { kind: "at_total", amount: 120_000 } });
    expect(amountDue(gift, { ...fresh, totalMinor: 100_000n })).toEqual(mxn(20_000n));
    expect(amountDue(gift, fresh)).toEqual(mxn(50_000n));
    expect(aheadFrom(gift, 4, { ...fresh, totalMinor: 120_000n }).nextDueOn).toBeUndefined();
    expect(aheadFrom({ ...gift, status: "paused" }, 4, fresh)).toMatchObject({
      nextDueOn: "2027-03-05",
      nextOpenAt: undefined,
    });
  });

  test("going on, what was missed comes first only where it was missed and nothing must be told ahead", () => {
    const gift = giftSample();
    const on = { today: "2026-12-20", last: undefined };
    expect(indexToGoOn(gift, on)).toBe(2);
    expect(indexToGoOn(gift, { ...on, missed: "2026-12-01" })).toBe(1);
    expect(indexToGoOn(gift, { ...on, missed: "2026-12-10" })).toBe(2);
    expect(indexToGoOn({ ...gift, leadDays: 3 }, { ...on, missed: "2026-12-01" })).toBe(2);
  });
});

const facts = (change: Partial<ChangeFacts> = {}): ChangeFacts => ({
  settings: { funds: [] },
  mandate: undefined,
  last: undefined,
  progress: fresh,
  today: "2026-11-20",
  fixedDay: false,
  chargedFor: (amount) => amount,
  ...change,
});
const decided = (wish: ChangeWish, change: Partial<ChangeFacts> = {}, gift = giftSample()) => {
  const told = decideChange(gift, wish, facts(change));
  if (!told.ok) throw new Error(told.error.detail);
  return told.value;
};

describe("a change", () => {
  const two = giftSample({
    shares: [
      { fundId: newId("fund"), amount: mxn(30_000n) },
      { fundId: newId("fund"), amount: mxn(20_000n) },
    ],
  });

  test.each<[string, ChangeWish, readonly string[]]>([
    ["of the amount", { amount: 60_000 }, ["amount", "split"]],
    ["of the rhythm", { rule: { cadence: "weekly" } }, ["rule"]],
    ["of the day it counts from", { startsOn: "2026-12-20" }, ["rule"]],
    ["of its end", { ends: { kind: "after_gifts", gifts: 3 } }, ["end"]],
    ["of the cover", { coverFees: true }, ["cover"]],
    ["of nothing", { rule: { cadence: "monthly" } }, []],
  ])("%s moves that alone", (_what, wish, what) => {
    expect(decided(wish).what).toEqual(what);
  });

  test("keeps a date that was put off where it was put, unless the rhythm is another", () => {
    const late = giftSample({ nextDueOn: "2026-12-08" });
    expect(decided({ ends: { kind: "after_gifts", gifts: 9 } }, {}, late).after.nextDueOn).toBe("2026-12-08");
    expect(decided({ startsOn: "2026-12-20" }, {}, late).after.nextDueOn).toBe("2026-12-20");
  });

  test("of the amount alone keeps every fund's proportion, and leaves none with nothing", () => {
    const shares = changedShares(two, { amount: 10 }).shares.map(({ amount }) => amount.minor);
    expect(shares.reduce((sum, share) => sum + share, 0n)).toBe(10n);
    expect(shares).toEqual([6n, 4n]);
    expect(changedShares(two, {})).toBe(two);
    const [fund] = two.shares;
    const named = [
      { fund: String(fund?.fundId), amount: 700 },
      { fund: "no id of ours", amount: 300 },
    ];
    expect(changedShares(two, { allocations: named })).toMatchObject({ amount: mxn(700n) });
  });

  test.each<[string, ChangeWish, ReturnType<typeof giftSample>, object]>([
    ["of one that is over", { amount: 1 }, giftSample({ status: "canceled" }), { code: "conflict" }],
    ["to less than there are funds", { amount: 1 }, two, { code: "amount_invalid" }],
    ["to a day that has passed", { startsOn: "2026-11-01" }, two, { errors: [{ pointer: "/starts_on" }] }],
    [
      "to an end before it begins",
      { ends: { kind: "on_date", date: "2026-11-21" } },
      two,
      { errors: [{ pointer: "/ends/date" }] },
    ],
    [
      "to a fund nobody knows",
      { allocations: [{ fund: "x", amount: 50_000 }] },
      two,
      { code: "fund_unknown" },
    ],
  ])("%s is refused", (_what, wish, gift, error) => {
    expect(decideChange(gift, wish, facts())).toMatchObject({ ok: false, error });
  });

  test.each<
    [string, ChangeWish, Partial<Parameters<typeof mandateSample>[0] & object>, boolean, string | undefined]
  >([
    ["below the ceiling", { amount: 90_000 }, {}, false, undefined],
    ["above the ceiling", { amount: 110_000 }, {}, false, "/amount"],
    ["of an amount the bank fixed", { amount: 60_000 }, { fixed: mxn(50_000n) }, false, "/amount"],
    ["to a rhythm the bank was not told", { rule: { cadence: "yearly" } }, {}, false, "/frequency"],
    [
      "to any rhythm, told as it comes",
      { rule: { cadence: "yearly" } },
      { cadence: "as_needed" },
      false,
      undefined,
    ],
    ["of the day the bank was told", { startsOn: "2026-12-20" }, {}, true, "/frequency"],
  ])("%s needs a new permission or not", (_what, wish, mandate, fixedDay, pointer) => {
    const { needsMandate } = decided(wish, { mandate: mandateSample(mandate), fixedDay });
    expect(needsMandate?.errors?.[0]?.pointer).toBe(pointer);
  });

  test("rides along to the page of the new permission and back", () => {
    const change = {
      amount: 75_000,
      allocations: [
        { fund: "general.2", amount: 50_000 },
        { fund: "missions", amount: 25_000 },
      ],
    };
    expect(readCarried(new URLSearchParams(carriedChange(change)))).toEqual(change);
    expect(readCarried(new URLSearchParams(carriedChange({ amount: 5 })))).toEqual({ amount: 5 });
    expect(readCarried(new URLSearchParams(carriedChange({})))).toBeUndefined();
    expect(readCarried(new URLSearchParams("amount=5&part=x&part=.5&part=y.zz"))).toEqual({ amount: 5 });
  });
});

describe("the form of a change", () => {
  const t = translator("en");
  const offer = offerIn("mx", { funds: ["general", "missions"] });
  const [general, missions] = offer.funds;
  const gift = giftSample({
    shares: [
      { fundId: general?.id ?? newId("fund"), amount: mxn(30_000n) },
      { fundId: missions?.id ?? newId("fund"), amount: mxn(20_000n) },
    ],
  });

  test("sent as it came changes nothing, the split and the day implied with it", () => {
    const values = changeValues(gift, offer);
    expect(values).toMatchObject({ split: true, month_day: "5" });
    expect(readChange(values, gift, offer, t)).toEqual({ ok: true, value: {} });
    const weekly = { ...gift, rule: { cadence: "weekly" } as const };
    expect(changeValues(weekly, offer).weekday).toBe("4");
    const named = { ...gift, rule: { cadence: "weekly", weekday: 2 } as const };
    expect(changeValues(named, offer).weekday).toBe("2");
  });

  test("shows the share of a fund that takes no more gifts by its id", () => {
    const closed = giftSample();
    expect(changeValues(closed, offer).fund).toBe(String(closed.shares[0]?.fundId));
  });

  test("that cannot be read says where", () => {
    const values = { ...changeValues(gift, offer), amount_other: "much", frequency: "sometimes" };
    const told = readChange(values, gift, offer, t);
    expect(told).toMatchObject({ ok: false });
    expect(told.ok ? [] : told.error.map(({ place }) => place)).toEqual(
      expect.arrayContaining(["amount", "frequency"]),
    );
  });
});

describe("a refusal in a donor's words", () => {
  const t = ((key: string) => key) as unknown as Translate;
  const problem = (code: Problem["code"], pointer?: string): Problem => ({
    code,
    detail: "for engineers",
    ...(pointer ? { errors: [{ pointer, detail: "x" }] } : {}),
  });

  test.each<[Problem, string]>([
    [problem("amount_out_of_range"), "portal.errors.ceiling"],
    [problem("payment_method_not_offered", "/frequency"), "portal.errors.cadence"],
    [problem("payment_method_not_offered"), "errors.method_gone"],
    [problem("invalid_request", "/resumes_on"), "portal.errors.pause"],
    [problem("invalid_request", "/starts_on"), "portal.errors.date_past"],
    [problem("invalid_request", "/else"), "portal.errors.nothing"],
    [problem("conflict", "/due_on"), "portal.errors.conflict"],
    [problem("conflict"), "portal.errors.not_now"],
    [problem("gateway_unavailable"), "errors.gateway"],
    [problem("gateway_refused"), "errors.gateway"],
    [problem("overloaded"), "errors.busy"],
    [problem("too_many_requests"), "errors.busy"],
    [problem("not_found"), "portal.errors.nothing"],
  ])("in the portal: %o", (told, words) => {
    expect(roomFault(told, t)).toBe(words);
  });

  test.each<[Problem, string, string]>([
    [problem("amount_invalid"), "amount", "errors.amount_missing"],
    [problem("currency_unknown"), "amount", "errors.amount_missing"],
    [problem("amount_out_of_range"), "amount", "errors.amount_outside"],
    [problem("invalid_request", "/starts_on"), "starts_on", "often.errors.starts_on"],
    [problem("invalid_request"), "form", "errors.other"],
    [problem("payment_method_not_offered", "/frequency"), "frequency", "often.errors.cadence"],
    [problem("payment_method_not_offered"), "method", "errors.method_gone"],
    [problem("gateway_account_missing"), "method", "errors.method_gone"],
    [problem("fund_unknown"), "fund", "errors.fund"],
    [problem("donor_field_missing", "/donor/name"), "name", "errors.name"],
    [problem("donor_field_missing", "/donor/tax_id"), "tax_id", "errors.tax_id"],
    [problem("donor_field_invalid", "/donor/tax_id"), "tax_id", "errors.tax_id_shape"],
    [problem("donor_field_missing", "/donor/email"), "email", "errors.email"],
    [problem("donor_field_invalid", "/donor/phone"), "phone", "errors.phone_shape"],
    [problem("donor_field_missing", "/donor/address"), "address", "errors.address"],
    [problem("donor_field_missing", "/payment_method/bank"), "bank", "errors.bank"],
    [problem("donor_field_missing"), "form", "errors.other"],
    [problem("idempotency_key_reused"), "form", "errors.used"],
    [problem("idempotency_in_flight"), "form", "errors.in_flight"],
    [problem("gateway_refused"), "form", "errors.gateway"],
    [problem("overloaded"), "form", "errors.busy"],
    [problem("not_found"), "form", "errors.other"],
  ])("on the giving page: %o", (told, place, text) => {
    expect(faultsOf(told, offerIn("mx"), t)).toEqual([{ place, text }]);
  });
});

describe("when a permission is asked after", () => {
  const now = new Date("2026-11-20T18:00:00Z");
  test.each([
    [{ state: "requested", checks: 7 }, "give_up"],
    [{ state: "pending", checks: 18 }, "give_up"],
    [{ state: "active" }, "never"],
    [{ state: "ended" }, "never"],
    [{ state: "active", endAskedAt: now, checks: 30 }, "never"],
    [{ state: "active", expiresOn: "2026-10" }, "never"],
  ] as const)("%o: %s", (change, next) => {
    expect(nextMandateCheck(mandateSample(change), now)).toBe(next);
  });

  test.each([
    [{ state: "active", expiresOn: "2026-12" }, "2026-11-22"],
    [{ state: "active", expiresOn: "2026-11" }, "2026-11-19"],
  ] as const)("of a card %o the network's news are waited for until %s", (change, day) => {
    const on = new Date("2026-11-10T18:00:00Z");
    const told = nextMandateCheck(mandateSample(change), on);
    expect(told instanceof Date && told.toISOString().slice(0, 10)).toBe(day);
  });

  test("asked to end, it is asked again soon", () => {
    const told = nextMandateCheck(mandateSample({ endAskedAt: now, checks: 2 }), now);
    expect(told).toEqual(new Date(now.getTime() + days(1)));
  });
});

describe("the next payday", () => {
  test.each([
    ["2026-11-10", [], "2026-11-13"],
    ["2026-11-13", [], "2026-11-20"],
    // The 15th is a Sunday and the Friday before it a holiday: paid on Thursday.
    ["2026-11-09", ["2026-11-13"], "2026-11-12"],
    ["2026-11-27", [], "2026-11-30"],
    ["2026-12-29", ["2026-12-31"], "2026-12-30"],
  ])("after %s, with %o off, is %s", (date, off, payday) => {
    expect(nextPayday(Temporal.PlainDate.from(date), new Set(off)).toString()).toBe(payday);
  });
});
