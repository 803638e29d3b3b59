import { describe, expect, test } from "vitest";
import { money } from "../../src/kernel/money.ts";
import { adapterInSandbox, paymentId } from "./stripe-in-sandbox.ts";
import { begun, by, played, use } from "./stripe-sandbox-steps.ts";
import { handleOf, orderOf, refundOf } from "./stripe-under-test.ts";

describe("card", () => {
  test("on our form: declined, tried again, captured with its fee; the events say the same", async () => {
    const house = await adapterInSandbox();
    const order = orderOf(by("card", "embedded"));
    const { outcome, id, look } = await begun(house, order);
    const client_secret = use(outcome).clientToken;
    const confirm = async (payment_method: string) => {
      const form = new URLSearchParams({ client_secret, payment_method }).toString();
      const path = `/v1/payment_intents/${id}/confirm`;
      return (await house.call("POST", path, "pk_test_mx_demo", form)).status;
    };
    expect(await confirm("pm_card_chargeDeclinedInsufficientFunds")).toBe(402);
    expect(await look()).toMatchObject({
      kind: "action_required",
      lastDecline: { reason: "insufficient_funds" },
    });
    expect(await house.announced()).toMatchObject([
      {
        kind: "attempt_changed",
        outcome: { kind: "action_required", lastDecline: { reason: "insufficient_funds" } },
      },
    ]);
    expect(await confirm("pm_card_visa")).toBe(200);
    expect(await look()).toMatchObject({
      kind: "captured",
      amount: order.amount,
      fee: { amount: money(2_436n, "MXN"), tax: money(336n, "MXN") },
    });
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({
        kind: "attempt_changed",
        subject: { gatewayPaymentId: id, attemptId: order.attemptId },
        outcome: expect.objectContaining({ kind: "captured" }),
      }),
    );
  });

  test("on Stripe's page: declined, tried again, captured; session and intent lead to the same payment", async () => {
    const house = await adapterInSandbox();
    const order = orderOf(by("card", "hosted"));
    const { id: session, look } = await begun(house, order);
    expect(session).toMatch(/^cs_/);
    await house.control.completeCheckout(session, { type: "card", number: "4000000000000002" });
    const again = await look();
    expect(again).toMatchObject({ kind: "action_required", lastDecline: {}, action: { type: "redirect" } });
    const intent = paymentId(again);
    expect(intent).toMatch(/^pi_/);
    const byIntent = handleOf(intent, order);
    expect(await house.mx.payments.lookup(byIntent, house.nextCall())).toMatchObject({
      kind: "action_required",
    });
    played(await house.control.completeCheckout(session, { type: "card", number: "4242424242424242" }));
    expect(await look()).toMatchObject({ kind: "captured", gatewayPaymentId: intent });
    const events = await house.announced();
    for (const event of events) expect(event).toMatchObject({ subject: { attemptId: order.attemptId } });
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: "attempt_changed",
        outcome: expect.objectContaining({ kind: "captured" }),
      }),
    );
  });

  test("Stripe's page cancelled by us, and left to expire", async () => {
    const house = await adapterInSandbox();
    const cancelled = await begun(house, orderOf(by("card", "hosted")));
    const handle = handleOf(cancelled.id);
    expect(await house.mx.payments.cancel(handle, house.nextCall())).toMatchObject({ kind: "voided" });
    expect(await cancelled.look()).toMatchObject({ kind: "voided" });
    const left = await begun(house, orderOf(by("card", "hosted")));
    house.clock.advance(25 * 3_600_000);
    await house.announced();
    expect(await left.look()).toMatchObject({ kind: "voided", expired: true });
  });

  test("by token with a challenge: a redirect, then captured; cancelling then comes too late", async () => {
    const house = await adapterInSandbox();
    const order = orderOf(by("card", "token", "pm_card_threeDSecure2Required"));
    const { outcome, id, look } = await begun(house, order);
    expect(outcome).toMatchObject({ kind: "action_required", action: { type: "redirect" } });
    played(await house.control.passChallenge(id));
    expect(await look()).toMatchObject({ kind: "captured" });
    const handle = handleOf(id, order);
    expect(await house.mx.payments.cancel(handle, house.nextCall())).toMatchObject({
      kind: "too_late",
      current: { kind: "captured" },
    });
  });

  test("a fee that comes later is announced by a hint", async () => {
    const house = await adapterInSandbox({ balanceTransactions: "later" });
    const order = orderOf(by("card", "token", "pm_card_visa"));
    const { outcome, id, look } = await begun(house, order);
    expect(outcome.kind).toBe("captured");
    expect(outcome).not.toHaveProperty("fee");
    expect(await house.announced()).toContainEqual({
      kind: "attempt_hint",
      subject: { gatewayPaymentId: id, attemptId: order.attemptId },
    });
    expect(await look()).toMatchObject({ kind: "captured", fee: { amount: money(2_436n, "MXN") } });
  });
});

describe("an answer that was lost", () => {
  test.each(["timeout_after", "malformed"] as const)(
    "%s: in doubt, found by our id, and a repeat with the same key makes no second payment",
    async (kind) => {
      const house = await adapterInSandbox();
      const order = orderOf(by("card", "token", "pm_card_visa"));
      const call = house.nextCall();
      await house.control.nextCall({ kind });
      expect((await house.mx.payments.collect(order, call)).kind).toBe("in_doubt");
      const found = await house.mx.payments.lookup(handleOf(undefined, order), house.nextCall());
      expect(found.kind).toBe("captured");
      const repeated = await house.mx.payments.collect(order, {
        ...call,
        now: new Date(call.now.getTime() + 60_000),
      });
      expect(repeated).toMatchObject({ kind: "captured", gatewayPaymentId: paymentId(found) });
      expect(await house.control.payments()).toHaveLength(1);
    },
  );

  test("a session whose answer was lost is found too, though sessions cannot be searched", async () => {
    const house = await adapterInSandbox();
    const order = orderOf(by("card", "hosted"));
    house.clock.set(new Date(Number.parseInt(order.attemptId.slice(4, 16), 16)));
    await house.control.nextCall({ kind: "timeout_after" });
    expect((await house.mx.payments.collect(order, house.nextCall())).kind).toBe("in_doubt");
    expect(await house.mx.payments.lookup(handleOf(undefined, order), house.nextCall())).toMatchObject({
      kind: "action_required",
      action: { type: "redirect" },
    });
  });

  test("refused for its rate, and never connected", async () => {
    const house = await adapterInSandbox();
    await house.control.nextCall({ kind: "429" });
    expect(await house.mx.payments.collect(orderOf(), house.nextCall())).toMatchObject({
      kind: "refused",
      problem: { reason: "rate_limited" },
    });
    await house.control.nextCall({ kind: "connection_refused" });
    expect(await house.mx.payments.collect(orderOf(), house.nextCall())).toMatchObject({ kind: "not_sent" });
  });
});

describe("refunds and disputes", () => {
  test("a part, twice, then more than is left; each announced with our id", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, orderOf());
    await house.announced();
    const refund = (minor: bigint) => {
      const order = refundOf(id, { amount: money(minor, "MXN") });
      return house.mx.payments.refund(order, house.nextCall()).then((outcome) => ({ outcome, order }));
    };
    const first = await refund(20_000n);
    expect(first.outcome.kind).toBe("succeeded");
    expect(await house.announced()).toContainEqual(
      expect.objectContaining({
        kind: "refund_changed",
        refundId: first.order.refundId,
        status: "succeeded",
      }),
    );
    expect((await refund(30_000n)).outcome.kind).toBe("succeeded");
    expect((await refund(1n)).outcome.kind).toBe("refused");
  });

  test("a refund whose answer was lost is found, and its repeat gives no second one", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, orderOf());
    const order = refundOf(id, { amount: money(20_000n, "MXN"), reason: "duplicate" });
    const call = house.nextCall();
    await house.control.nextCall({ kind: "timeout_after" });
    expect((await house.mx.payments.refund(order, call)).kind).toBe("in_doubt");
    expect((await house.mx.payments.lookupRefund(order, house.nextCall())).kind).toBe("succeeded");
    expect((await house.mx.payments.refund(order, call)).kind).toBe("succeeded");
    expect((await house.control.payment(id))?.refunds).toHaveLength(1);
  });

  test("a dispute opened and lost, and one won", async () => {
    for (const verdict of ["lost", "won"] as const) {
      const house = await adapterInSandbox();
      const { id } = await begun(house, orderOf());
      await house.announced();
      const dispute = played(await house.control.openDispute(id));
      expect(await house.announced()).toContainEqual(
        expect.objectContaining({
          kind: "dispute_changed",
          gatewayDisputeId: dispute.id,
          fundsWithdrawn: true,
        }),
      );
      played(await house.control.closeDispute(dispute.id, verdict));
      const told = await house.announced();
      expect(told.at(-1)).toMatchObject({ status: verdict, fundsWithdrawn: verdict === "lost" });
    }
  });
});

describe("settlement lines", () => {
  test("are what the sandbox booked: captures, refunds and disputes, net = gross − fee", async () => {
    const house = await adapterInSandbox();
    const { id } = await begun(house, orderOf());
    await house.mx.payments.refund(refundOf(id), house.nextCall());
    const second = await begun(house, orderOf());
    played(await house.control.openDispute(second.id));
    const window = {
      from: new Date(house.clock.now().getTime() - 86_400_000),
      to: new Date(house.clock.now().getTime() + 86_400_000),
    };
    const kinds: string[] = [];
    for await (const line of house.mx.settlements?.lines(window, house.nextCall()) ?? []) {
      kinds.push(line.kind);
      expect(line.net.minor).toBe(line.gross.minor - line.fee.amount.minor);
    }
    expect(kinds.sort()).toEqual(["capture", "capture", "dispute", "refund"]);
  });
});
