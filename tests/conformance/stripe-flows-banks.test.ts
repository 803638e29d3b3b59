import { describe, expect, test } from "vitest";
import { money } from "../../src/kernel/money.ts";
import { adapterInSandbox, usOrder } from "./stripe-in-sandbox.ts";
import { ach, begun, by, played } from "./stripe-sandbox-steps.ts";
import { handleOf, orderOf, refundOf } from "./stripe-under-test.ts";

describe("OXXO", () => {
  const order = () => orderOf(by("oxxo", "instructions"));

  test("paid at the till", async () => {
    const house = await adapterInSandbox();
    const { outcome, id, look } = await begun(house, order());
    expect(outcome).toMatchObject({ kind: "action_required", action: { type: "display_voucher" } });
    played(await house.control.payVoucher(id));
    expect(await look()).toMatchObject({ kind: "captured", funding: "direct" });
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({ outcome: expect.objectContaining({ kind: "captured" }) }),
    );
  });

  test("never paid: void by time, in the look-up and in the event", async () => {
    const house = await adapterInSandbox();
    const { id, look } = await begun(house, order());
    await house.announced();
    played(await house.control.expireVoucher(id));
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
    expect(await house.announced()).toMatchObject([{ outcome: { kind: "voided", expired: true } }]);
  });

  test("cancelled before it was paid", async () => {
    const house = await adapterInSandbox();
    const { id, look } = await begun(house, order());
    const handle = handleOf(id);
    expect(await house.mx.payments.cancel(handle, house.nextCall())).toMatchObject({ kind: "voided" });
    expect(await look()).toMatchObject({ kind: "voided", expired: false });
  });
});

describe("SPEI", () => {
  test("paid short, then too much: what remains, what arrived and what is left over are all told", async () => {
    const house = await adapterInSandbox();
    const order = orderOf(by("spei", "instructions"));
    const { outcome, id, look } = await begun(house, order);
    const customer = outcome.customerRef ?? "";
    expect(customer).toMatch(/^cus_/);
    await house.announced();

    played(await house.control.transfer(id, 20_000));
    expect(await look()).toMatchObject({ action: { amountRemaining: money(30_000n, "MXN") } });
    const short = await house.announced();
    const received = (minor: bigint) =>
      expect.objectContaining({
        kind: "funds_moved",
        customerRef: customer,
        direction: "received",
        amount: money(minor, "MXN"),
      });
    expect(short).toContainEqual(received(20_000n));

    played(await house.control.transfer(id, 40_000));
    expect(await look()).toMatchObject({
      kind: "captured",
      amount: money(50_000n, "MXN"),
      funding: "balance",
      customerRef: customer,
    });
    expect(await house.announced()).toContainEqual(received(40_000n));

    const next = orderOf({
      ...by("spei", "instructions"),
      amount: money(15_000n, "MXN"),
      donor: { name: "Ana López", email: "ana@example.org", reference: "dnr-1", customerRef: customer },
    });
    const second = await begun(house, next);
    expect(second.outcome).toMatchObject({
      kind: "action_required",
      action: { amountRemaining: money(5_000n, "MXN") },
    });
  });

  test("a refund waits until the donor gives Stripe their bank details", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, orderOf(by("spei", "instructions")));
    played(await house.control.transfer(id, 50_000));
    const order = refundOf(id, { amount: money(50_000n, "MXN"), method: "spei" });
    const refund = await house.mx.payments.refund(order, house.nextCall());
    expect(["action_required", "processing"]).toContain(refund.kind);
    expect((await house.mx.payments.lookupRefund(order, house.nextCall())).kind).toBe(refund.kind);
  });
});

describe("ACH debit", () => {
  test("settles after days, with its capped fee", async () => {
    const house = await adapterInSandbox();
    const { outcome, id, look } = await begun(house, ach("pm_usBankAccount_success"), "us");
    expect(outcome.kind).toBe("processing");
    played(await house.control.settleDebit(id));
    expect(await look()).toMatchObject({ kind: "captured", fee: { amount: money(20n, "USD") } });
  });

  test.each([
    ["pm_usBankAccount_insufficientFunds", "insufficient_funds"],
    ["pm_usBankAccount_accountClosed", "account_invalid"],
    ["pm_usBankAccount_noAccount", "account_invalid"],
    ["pm_usBankAccount_debitNotAuthorized", "mandate_invalid"],
    ["pm_usBankAccount_invalidCurrency", "method_not_allowed"],
  ])("%s comes back as %s", async (token, reason) => {
    const house = await adapterInSandbox();
    const { id, look } = await begun(house, ach(token), "us");
    played(await house.control.settleDebit(id));
    const outcome = await look();
    expect(outcome).toMatchObject({ kind: "declined", decline: { reason } });
    expect(outcome.evidence.unrecognized).toBeUndefined();
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({ outcome: expect.objectContaining({ kind: "declined" }) }),
    );
  });

  test("returned after success: a dispute already lost, with the money gone", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, ach("pm_usBankAccount_success"), "us");
    played(await house.control.settleDebit(id));
    await house.announced();
    played(await house.control.returnDebit(id));
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({
        kind: "dispute_changed",
        subject: { gatewayPaymentId: id },
        amount: money(2_500n, "USD"),
        status: "lost",
        fundsWithdrawn: true,
      }),
    );
  });

  test("on Stripe's page: a finished page is not money yet", async () => {
    const house = await adapterInSandbox();
    const order = usOrder(by("ach_debit", "hosted"));
    const { id, look } = await begun(house, order, "us");
    played(
      await house.control.completeCheckout(id, { type: "us_bank_account", accountNumber: "000123456789" }),
    );
    const outcome = await look();
    expect(["processing", "action_required"]).toContain(outcome.kind);
    const told = await house.announced();
    expect(told.some((event) => event.kind === "attempt_changed" && event.outcome.kind === "captured")).toBe(
      false,
    );
  });
});
