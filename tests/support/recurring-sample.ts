import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import type { Mandate, Occurrence, RecurringGift } from "../../src/recurring/recurring-gift.ts";

const at = new Date("2026-11-20T18:00:00Z");

/** A monthly promise of 500 pesos by card, as its row would hold it. */
export function giftSample(change: Partial<RecurringGift> = {}): RecurringGift {
  const amount = change.amount ?? money(50_000n, "MXN");
  return {
    churchId: newId("church"),
    id: newId("recurringGift"),
    legalEntityId: newId("legalEntity"),
    donorId: newId("donor"),
    mode: "test",
    status: "active",
    collection: "automatic",
    country: "mx",
    method: "card",
    presentation: "embedded",
    bank: undefined,
    mandateId: newId("mandate"),
    nextMandateId: undefined,
    nextChange: undefined,
    amount,
    shares: [{ fundId: newId("fund"), amount }],
    coverFees: false,
    anonymous: false,
    locale: "en-MX",
    returnUrl: undefined,
    rule: { cadence: "monthly" },
    anchor: "2026-11-05",
    timeZone: "America/Mexico_City",
    leadDays: 0,
    ruleNumber: 0,
    ends: { kind: "never" },
    nextIndex: 1,
    nextDueOn: "2026-12-05",
    nextOpenAt: new Date("2026-12-05T13:00:00Z"),
    resumesOn: undefined,
    pausedAt: undefined,
    catchUp: false,
    failedPeriods: 0,
    dormantReason: undefined,
    canceledBy: undefined,
    cancelReason: undefined,
    endedAt: undefined,
    version: 1,
    eventSequence: 1,
    createdAt: at,
    updatedAt: at,
    ...change,
  };
}

/** The permission such a promise lives on. */
export function mandateSample(change: Partial<Mandate> = {}): Mandate {
  return {
    churchId: newId("church"),
    id: newId("mandate"),
    donorId: newId("donor"),
    gatewayAccountId: newId("gatewayAccount"),
    gateway: "stripe",
    mode: "test",
    country: "mx",
    method: "card",
    presentation: "embedded",
    state: "active",
    version: 1,
    gatewayKey: "key",
    gatewayMandateId: "pm_1",
    customerRef: undefined,
    action: undefined,
    display: "visa 4242",
    network: "visa",
    expiresOn: undefined,
    cadence: "monthly",
    currency: "MXN",
    ceiling: money(100_000n, "MXN"),
    fixed: undefined,
    agreementText: "I agree",
    agreementVersion: "1",
    agreedAt: at,
    endedBy: undefined,
    endedCode: undefined,
    endAskedAt: undefined,
    nextCheckAt: undefined,
    checks: 0,
    createdAt: at,
    updatedAt: at,
    ...change,
  };
}

/** One date of it that came. */
export function occurrenceSample(change: Partial<Occurrence> = {}): Occurrence {
  return {
    churchId: newId("church"),
    id: newId("occurrence"),
    recurringGiftId: newId("recurringGift"),
    period: "0:0",
    ruleNumber: 0,
    index: 0,
    dueOn: "2026-11-05",
    state: "succeeded",
    amount: money(50_000n, "MXN"),
    donationId: undefined,
    nextAt: undefined,
    tries: 0,
    reminders: 0,
    heldUntil: undefined,
    stopAs: undefined,
    decline: undefined,
    version: 1,
    createdAt: at,
    updatedAt: at,
    settledAt: undefined,
    ...change,
  };
}
