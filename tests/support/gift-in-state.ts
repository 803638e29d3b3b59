import type { AttemptState } from "../../src/giving/attempt-state.ts";
import type { AttemptRecord, Gift } from "../../src/giving/gift.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money, zero } from "../../src/kernel/money.ts";

const now = new Date("2026-11-20T12:00:00Z");

/** A gift of 500 pesos by card whose attempt is in the state named. */
export function giftIn(state: AttemptState, change: Partial<AttemptRecord> = {}): Gift {
  const fundId = newId("fund");
  return {
    donation: {
      churchId: newId("church"),
      id: newId("donation"),
      legalEntityId: newId("legalEntity"),
      donorId: newId("donor"),
      recurringGiftId: undefined,
      mode: "test",
      amount: money(50_000n, "MXN"),
      cover: zero("MXN"),
      country: "mx",
      method: "card",
      anonymous: false,
      locale: "es-MX",
      returnUrl: undefined,
      eventSequence: 1,
      createdAt: now,
    },
    allocations: [{ fundId, code: "general", restricted: false, amount: money(50_000n, "MXN") }],
    refunded: zero("MXN"),
    disputed: false,
    paidByAnother: false,
    attempt: {
      id: newId("attempt"),
      number: 1,
      gateway: "stripe",
      gatewayAccountId: newId("gatewayAccount"),
      presentation: "embedded",
      amount: money(50_000n, "MXN"),
      state,
      version: 1,
      gatewayKey: "ofr-1",
      gatewayPaymentId: undefined,
      action: undefined,
      decline: undefined,
      refusal: undefined,
      evidence: undefined,
      captured: zero("MXN"),
      refundClaimed: zero("MXN"),
      capturedAt: undefined,
      fee: undefined,
      expiresAt: undefined,
      nextCheckAt: undefined,
      checks: 0,
      createdAt: now,
      ...change,
    },
  };
}
