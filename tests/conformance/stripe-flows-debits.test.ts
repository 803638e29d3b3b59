import { describe, expect, test } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { adapterInSandbox } from "./stripe-in-sandbox.ts";
import { begun, by, played } from "./stripe-sandbox-steps.ts";
import { knownDonor, orderOf, refundOf } from "./stripe-under-test.ts";

const debits = [
  {
    type: "sepa_debit",
    country: "es",
    currency: "EUR",
    token: "pm_success_es",
    account: { type: "sepa_debit", iban: "DE89370400440532013000" },
  },
  {
    type: "bacs_debit",
    country: "gb",
    currency: "GBP",
    token: "pm_bacsDebit_success",
    account: { type: "bacs_debit", accountNumber: "00012345" },
  },
  {
    type: "acss_debit",
    country: "ca",
    currency: "CAD",
    token: "pm_acssDebit_success",
    account: { type: "acss_debit", accountNumber: "000123456789" },
  },
] as const;
type Debit = (typeof debits)[number];

const order = ({ type, country, currency }: Omit<Debit, "account" | "token">, token: string) =>
  orderOf({
    country,
    amount: money(2_500n, currency),
    donor: knownDonor,
    mandateAcceptance: { ipAddress: "203.0.113.9", userAgent: "Mozilla/5.0" },
    ...by(type, "token", token),
  });

describe.each(debits)("$type", (debit) => {
  test("is on its way for days, then captured", async () => {
    const house = await adapterInSandbox();
    const { outcome, look } = await begun(house, order(debit, debit.token), debit.country);
    expect(outcome).toMatchObject({ kind: "processing" });
    if (outcome.kind !== "processing") return;
    expect(outcome.answerDueAt.getTime() - house.clock.now().getTime()).toBeGreaterThan(days(8));
    house.clock.advance(days(8));
    await house.announced();
    expect(await look()).toMatchObject({ kind: "captured", amount: money(2_500n, debit.currency) });
  });

  test("is refused without the donor's acceptance of the mandate, and by the bank for no funds", async () => {
    const house = await adapterInSandbox();
    const { mandateAcceptance: _, ...without } = order(debit, debit.token);
    expect(await house[debit.country].payments.collect(without, house.nextCall())).toMatchObject({
      problem: { rawCode: "mandate_missing" },
    });
    const { id, look } = await begun(house, order(debit, debit.token), debit.country);
    const noFunds = { kind: "fails", code: "insufficient_funds", message: "No funds." } as const;
    played(await house.control.settleDebit(id, noFunds));
    expect(await look()).toMatchObject({ kind: "declined", decline: { reason: "insufficient_funds" } });
  });

  test("taken back by the donor's bank after it was captured: a dispute already lost", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, order(debit, debit.token), debit.country);
    played(await house.control.settleDebit(id));
    await house.announced();
    played(await house.control.returnDebit(id, "debit_not_authorized"));
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({ kind: "dispute_changed", status: "lost", fundsWithdrawn: true }),
    );
    const refund = refundOf(id, { amount: money(100n, debit.currency), method: debit.type });
    expect((await house[debit.country].payments.refund(refund, house.nextCall())).kind).toBe("refused");
  });

  test("can be given back in part for 180 days", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, order(debit, debit.token), debit.country);
    played(await house.control.settleDebit(id));
    const part = () => refundOf(id, { amount: money(100n, debit.currency), method: debit.type });
    expect((await house[debit.country].payments.refund(part(), house.nextCall())).kind).toBe("processing");
    house.clock.advance(days(181));
    expect((await house[debit.country].payments.refund(part(), house.nextCall())).kind).toBe("refused");
  });

  test("on Stripe's page: finished there is not money yet", async () => {
    const house = await adapterInSandbox();
    const hosted = orderOf({
      country: debit.country,
      amount: money(2_500n, debit.currency),
      donor: knownDonor,
      ...by(debit.type, "hosted"),
    });
    const { id, look } = await begun(house, hosted, debit.country);
    played(await house.control.completeCheckout(id, debit.account));
    const after = await look();
    expect(["processing", "action_required"]).toContain(after.kind);
  });
});

describe("the test accounts", () => {
  test.each([
    ["pm_failed_de", debits[0], { kind: "declined", decline: { reason: "mandate_invalid" } }],
    [
      "pm_bacsDebit_debitNotAuthorized",
      debits[1],
      { kind: "declined", decline: { reason: "mandate_invalid" } },
    ],
    [
      "pm_bacsDebit_insufficientFunds",
      debits[1],
      { kind: "declined", decline: { reason: "insufficient_funds" } },
    ],
    [
      "pm_acssDebit_insufficientFunds",
      debits[2],
      { kind: "declined", decline: { reason: "insufficient_funds" } },
    ],
  ] as const)("%s answers as Stripe's does", async (token, debit, becomes) => {
    const house = await adapterInSandbox();
    const { look } = await begun(house, order(debit, token), debit.country);
    house.clock.advance(days(8));
    await house.announced();
    expect(await look()).toMatchObject(becomes);
  });

  test.each([
    ["pm_disputed_de", debits[0]],
    ["pm_bacsDebit_disputed", debits[1]],
  ] as const)("%s is captured, then taken back", async (token, debit) => {
    const house = await adapterInSandbox();
    await begun(house, order(debit, token), debit.country);
    house.clock.advance(days(8));
    const told = await house.announced();
    expect(told).toContainEqual(expect.objectContaining({ kind: "dispute_changed", status: "lost" }));
  });

  test("an account that is not one of Stripe's is refused in test mode", async () => {
    const house = await adapterInSandbox();
    const hosted = orderOf({
      country: "es",
      amount: money(2_500n, "EUR"),
      donor: knownDonor,
      ...by("sepa_debit", "hosted"),
    });
    const { id } = await begun(house, hosted, "es");
    const live = { type: "sepa_debit", iban: "ES9121000418450200051332" } as const;
    expect(await house.control.completeCheckout(id, live)).toMatchObject({ ok: false });
  });
});
