import { describe, expect, test } from "vitest";
import { hours } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { handleOf, must, orderOf, paypalWorld } from "./paypal-world.ts";

describe("a gift through PayPal", () => {
  test("redirect, approval, capture: the donor's gift is captured with PayPal's own fee, once", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const begun = await world.adapter.payments.collect(order, world.call());
    expect(begun).toMatchObject({
      kind: "action_required",
      action: {
        type: "redirect",
        url: expect.stringContaining("/sandbox/paypal/checkoutnow?token="),
        expiresAt: new Date("2026-11-20T21:00:00Z"),
      },
    });
    if (begun.kind !== "action_required") return;
    const id = begun.gatewayPaymentId;
    must(await world.control.approve(id));
    expect(await world.lookup(order, id)).toMatchObject({ kind: "authorized", amount: order.amount });
    const captured = await world.capture(order, id);
    expect(captured).toMatchObject({
      kind: "captured",
      amount: order.amount,
      fee: { amount: money(136n, "USD"), tax: money(0n, "USD") },
      funding: "direct",
    });
    // From the capture on, the capture's id is the payment's, and both ids lead to it.
    if (captured.kind !== "captured") return;
    expect(captured.gatewayPaymentId).not.toBe(id);
    for (const known of [id, captured.gatewayPaymentId]) {
      expect(await world.lookup(order, known)).toMatchObject({
        kind: "captured",
        gatewayPaymentId: captured.gatewayPaymentId,
      });
    }
  });

  test("capturing twice with the same key takes the money once", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    must(await world.control.approve(id));
    const first = await world.capture(order, id, { idempotencyKey: "k-capture" });
    expect(await world.capture(order, id, { idempotencyKey: "k-capture" })).toMatchObject(
      first.kind === "captured" ? { kind: "captured", gatewayPaymentId: first.gatewayPaymentId } : {},
    );
    // Another process with another key is told that it was taken, and reads what was.
    expect(await world.capture(order, id, { idempotencyKey: "other" })).toMatchObject({ kind: "captured" });
    expect((await world.control.payment(id))?.captures).toHaveLength(1);
  });

  test("the donation is refused a second payment under another attempt", async () => {
    const world = await paypalWorld();
    const { order } = await world.paid();
    const again = orderOf({ donationId: order.donationId });
    const id = await world.collected(again);
    must(await world.control.approve(id));
    expect(await world.capture(again, id)).toMatchObject({
      kind: "declined",
      decline: { reason: "duplicate", retry: "never", rawCode: "DUPLICATE_INVOICE_ID" },
    });
  });

  test("an order that PayPal calls COMPLETED with a pending capture is not paid", async () => {
    const world = await paypalWorld();
    for (const reason of [
      "ECHECK",
      "PENDING_REVIEW",
      "UNILATERAL",
      "RECEIVING_PREFERENCE_MANDATES_MANUAL_ACTION",
    ]) {
      const order = orderOf();
      const id = await world.collected(order);
      must(await world.control.approve(id, { pending: reason }));
      const outcome = await world.capture(order, id);
      expect(outcome).toMatchObject({ kind: "processing", evidence: { rawStatus: `PENDING/${reason}` } });
      expect(outcome.evidence.unrecognized).toBeUndefined();
      if (outcome.kind !== "processing") return;
      must(await world.control.settle(outcome.gatewayPaymentId, reason !== "UNILATERAL"));
      expect(await world.lookup(order, outcome.gatewayPaymentId)).toMatchObject(
        reason === "UNILATERAL"
          ? { kind: "declined" }
          : { kind: "captured", fee: { amount: { minor: 136n } } },
      );
    }
  });

  test.each([
    ["INSTRUMENT_DECLINED", "declined_generic"],
    ["PAYER_ACCOUNT_RESTRICTED", "account_invalid"],
    ["TRANSACTION_LIMIT_EXCEEDED", "limit_exceeded"],
    ["COMPLIANCE_VIOLATION", "blocked_fraud"],
  ])("a capture refused with %s is a decline the donor can understand", async (issue, reason) => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    must(await world.control.approve(id, { issue }));
    expect(await world.capture(order, id)).toMatchObject({
      kind: "declined",
      gatewayPaymentId: id,
      decline: { reason, rawCode: issue },
    });
  });

  test("a card the bank declines tells the bank's code", async () => {
    const world = await paypalWorld();
    const order = orderOf({ method: { type: "card", presentation: "hosted" } });
    const id = await world.collected(order);
    must(await world.control.approve(id, { code: "5120" }));
    expect(await world.capture(order, id)).toMatchObject({
      kind: "declined",
      decline: { reason: "insufficient_funds", rawCode: "5120" },
    });
  });

  test("PayPal sends the donor back for one more step: the page again, with the reason", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    expect(await world.capture(order, id)).toMatchObject({
      kind: "action_required",
      lastDecline: { reason: "authentication_required", rawCode: "ORDER_NOT_APPROVED" },
    });
  });

  test.each([
    ["12.34", "declined_generic"],
    ["21.43", "account_invalid"],
    ["11.45", "account_invalid"],
    ["10.23", "declined_generic"],
    ["13.42", "declined_generic"],
  ])("Venmo's test amount %s is declined", async (value, reason) => {
    const world = await paypalWorld();
    const amount = money(BigInt(value.replace(".", "")), "USD");
    const order = orderOf({ amount, method: { type: "venmo", presentation: "hosted" } });
    const id = await world.collected(order);
    must(await world.control.approve(id));
    expect(await world.capture(order, id)).toMatchObject({ kind: "declined", decline: { reason } });
  });

  test("Venmo carries its return address where Venmo's own context has none", async () => {
    const world = await paypalWorld();
    await world.collected(orderOf({ method: { type: "venmo", presentation: "hosted" } }));
    const body = JSON.parse(world.exchanges.at(-1)?.request.body ?? "{}");
    expect(body.application_context).toMatchObject({ return_url: "https://give.example.org/return" });
    expect(body.payment_source.venmo.experience_context).toBeDefined();
  });
});

describe("a church that may not use the category DONATION", () => {
  test("told at the order: the same gift without the category, under a second request id", async () => {
    const world = await paypalWorld();
    must(await world.control.settings(world.clientId, { donations: "refused_at_order" }));
    const order = orderOf();
    expect((await world.adapter.payments.collect(order, world.call({ idempotencyKey: "k" }))).kind).toBe(
      "action_required",
    );
    const orders = world.exchanges.filter(({ request }) => request.url.pathname === "/v2/checkout/orders");
    expect(orders.map(({ request }) => request.headers.get("paypal-request-id"))).toEqual(["k", "k:plain"]);
    const [first, second] = orders.map(
      ({ request }) => JSON.parse(request.body).purchase_units[0].items[0].category,
    );
    expect([first, second]).toEqual(["DONATION", undefined]);
    // Nothing is remembered: the next gift is offered as a donation again.
    await world.adapter.payments.collect(orderOf(), world.call());
    expect(JSON.parse(world.exchanges.at(-2)?.request.body ?? "{}").purchase_units[0].items[0].category).toBe(
      "DONATION",
    );
  });

  test("told only at the capture: the category is patched away and the gift still arrives", async () => {
    const world = await paypalWorld();
    must(await world.control.settings(world.clientId, { donations: "refused_at_capture" }));
    const order = orderOf();
    const id = await world.collected(order);
    must(await world.control.approve(id));
    expect(await world.capture(order, id, { idempotencyKey: "c" })).toMatchObject({ kind: "captured" });
    expect(
      world.exchanges
        .slice(-3)
        .map(({ request }) => `${request.method} ${request.headers.get("paypal-request-id")}`),
    ).toEqual(["POST c", "PATCH null", "POST c:plain"]);
  });
});

describe("what was never paid", () => {
  test("an order nobody approved expires after three hours, and says so for good", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const born = world.clock.now();
    const id = await world.collected(order);
    world.clock.advance(hours(2));
    expect(await world.lookup(order, id, born)).toMatchObject({ kind: "action_required" });
    world.clock.advance(hours(2));
    // PayPal does not know the order any more; that alone proves nothing while it could still be open elsewhere.
    expect(await world.lookup(order, id, born)).toMatchObject({ kind: "in_doubt" });
    world.clock.advance(hours(70));
    expect(await world.lookup(order, id, born)).toMatchObject({ kind: "voided", expired: true });
  });

  test("an approval nobody captured is given up by PayPal, and never captured afterwards", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    must(await world.control.approve(id));
    await world.announced();
    world.clock.advance(hours(4));
    expect(await world.control.tick()).toBe(1);
    expect(await world.announced()).toMatchObject([
      {
        kind: "attempt_changed",
        subject: { gatewayPaymentId: id, attemptId: order.attemptId },
        outcome: { kind: "voided", expired: true },
      },
    ]);
    expect(await world.capture(order, id)).toMatchObject({ kind: "voided", expired: true });
  });

  test("cancelling: an order without a capture is given up, a captured one comes too late", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    const cancel = (of: typeof order, known: string) =>
      world.adapter.payments.cancel(handleOf(of, world.clock.now(), known), world.call());
    expect(await cancel(order, id)).toMatchObject({ kind: "voided", gatewayPaymentId: id });
    must(await world.control.approve(id));
    expect(await cancel(order, id)).toMatchObject({ kind: "voided" });
    // Nothing was sent but reads: PayPal has no call that ends an order.
    expect(world.exchanges.slice(-2).every(({ request }) => request.method === "GET")).toBe(true);
    const paid = await world.paid();
    expect(await cancel(paid.order, paid.captureId)).toMatchObject({
      kind: "too_late",
      current: { kind: "captured" },
    });
  });
});

describe("answers that were lost", () => {
  test("a repeated collect with the same key gives the same order, never a second one", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    await world.control.nextCall("lost_after", "POST /v2/checkout/orders");
    expect(await world.adapter.payments.collect(order, world.call({ idempotencyKey: "k" }))).toMatchObject({
      kind: "in_doubt",
      cause: "connection_lost",
    });
    expect(await world.adapter.payments.collect(order, world.call({ idempotencyKey: "k" }))).toMatchObject({
      kind: "action_required",
    });
    expect(await world.control.payments()).toHaveLength(1);
  });

  test("without PayPal's id, money is found by our own in the transactions", async () => {
    const world = await paypalWorld("us", { searchDelayMs: hours(3) });
    const born = world.clock.now();
    const { order, captureId } = await world.paid();
    expect(await world.lookup(order, undefined, born)).toMatchObject({ kind: "in_doubt" });
    world.clock.advance(hours(4));
    expect(await world.lookup(order, undefined, born)).toMatchObject({
      kind: "captured",
      gatewayPaymentId: captureId,
    });
  });

  test("without PayPal's id and without money, never seen only once the search can be believed", async () => {
    const world = await paypalWorld();
    const born = world.clock.now();
    const order = orderOf();
    expect(await world.lookup(order, undefined, born)).toMatchObject({ kind: "in_doubt" });
    world.clock.advance(hours(5));
    expect(await world.lookup(order, undefined, born)).toMatchObject({ kind: "never_seen" });
  });

  test("a capture whose answer was lost is read back, not taken again", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    must(await world.control.approve(id));
    await world.control.nextCall("lost_after", `POST /v2/checkout/orders/${id}/capture`);
    expect(await world.capture(order, id)).toMatchObject({ kind: "in_doubt", gatewayPaymentId: id });
    expect(await world.lookup(order, id)).toMatchObject({ kind: "captured" });
  });

  test("an access token is fetched once, and once more when PayPal has ended it", async () => {
    const world = await paypalWorld();
    const tokens = () =>
      world.exchanges.filter(({ request }) => request.url.pathname.endsWith("/oauth2/token")).length;
    await world.collected(orderOf());
    await world.collected(orderOf());
    expect(tokens()).toBe(1);
    await world.control.nextCall("token_ended");
    await world.collected(orderOf());
    expect(tokens()).toBe(2);
    // Near its end it is not used any more.
    world.clock.advance(hours(9));
    await world.collected(orderOf());
    expect(tokens()).toBe(3);
  });

  test("a token that cannot be fetched leaves nothing in doubt: nothing was sent", async () => {
    const world = await paypalWorld();
    await world.control.nextCall("lost_after", "POST /v1/oauth2/token");
    expect(await world.adapter.payments.collect(orderOf(), world.call())).toMatchObject({ kind: "not_sent" });
  });

  test("wrong credentials are told to the operator in a sentence", async () => {
    const world = await paypalWorld();
    expect(await world.adapter.payments.checkCredentials(world.call())).toEqual({
      ok: true,
      value: { country: "us" },
    });
    const wrong = { ...world.account.credentials, client_secret: "not-the-secret-of-it" };
    const { paypal } = await import("../../adapters/paypal/index.ts");
    const adapter = paypal.factory.create({ credentials: wrong, transport: world.transport });
    const checked = await adapter.payments.checkCredentials(world.call());
    expect(checked).toMatchObject({
      ok: false,
      error: expect.stringContaining("PayPal refused the credentials"),
    });
  });
});

describe("refunds", () => {
  test("in parts, up to what is left, each once", async () => {
    const world = await paypalWorld();
    const { captureId } = await world.paid();
    const part = world.refundOrder(captureId, money(1_000n, "USD"), money(2_500n, "USD"));
    const first = await world.adapter.payments.refund(part, world.call({ idempotencyKey: "r1" }));
    expect(first).toMatchObject({ kind: "succeeded" });
    expect(await world.adapter.payments.refund(part, world.call({ idempotencyKey: "r1" }))).toEqual(
      expect.objectContaining({
        kind: "succeeded",
        gatewayRefundId: first.kind === "succeeded" ? first.gatewayRefundId : "",
      }),
    );
    // The same refund under a forgotten key: PayPal knows its number, and a look-up tells the rest.
    expect(await world.adapter.payments.refund(part, world.call())).toMatchObject({ kind: "in_doubt" });
    const rest = world.refundOrder(captureId, money(1_500n, "USD"));
    expect(await world.adapter.payments.refund(rest, world.call())).toMatchObject({ kind: "succeeded" });
    expect(
      await world.adapter.payments.refund(world.refundOrder(captureId, money(1n, "USD")), world.call()),
    ).toMatchObject({
      kind: "refused",
      problem: { rawCode: "CAPTURE_FULLY_REFUNDED" },
    });
  });

  test("after 180 days, or without balance, PayPal refuses and says why", async () => {
    const world = await paypalWorld();
    const { captureId } = await world.paid();
    const refund = () =>
      world.adapter.payments.refund(world.refundOrder(captureId, money(100n, "USD")), world.call());
    must(await world.control.settings(world.clientId, { refunds: "no_balance" }));
    expect(await refund()).toMatchObject({ kind: "refused", problem: { reason: "account_problem" } });
    must(await world.control.settings(world.clientId, { refunds: "at_once" }));
    world.clock.advance(hours(24 * 181));
    expect(await refund()).toMatchObject({
      kind: "refused",
      problem: { rawCode: "REFUND_TIME_LIMIT_EXCEEDED" },
    });
  });

  test("a pending one is looked up by PayPal's id, or by ours when the answer was lost", async () => {
    const world = await paypalWorld();
    must(await world.control.settings(world.clientId, { refunds: "pending" }));
    const { captureId } = await world.paid();
    const order = world.refundOrder(captureId, money(900n, "USD"));
    await world.control.nextCall("lost_after", "POST /v2/payments/captures");
    expect(await world.adapter.payments.refund(order, world.call())).toMatchObject({ kind: "in_doubt" });
    const handle = {
      refundId: order.refundId,
      gatewayPaymentId: captureId,
      method: "paypal",
      amount: order.amount,
    } as const;
    const found = await world.adapter.payments.lookupRefund(handle, world.call());
    expect(found).toMatchObject({ kind: "processing" });
    if (found.kind !== "processing") return;
    must(await world.control.settleRefund(found.gatewayRefundId, false));
    const known = { ...handle, gatewayRefundId: found.gatewayRefundId };
    expect(await world.adapter.payments.lookupRefund(known, world.call())).toMatchObject({ kind: "failed" });
    const other = { ...handle, refundId: newId("refund") };
    expect(await world.adapter.payments.lookupRefund(other, world.call())).toMatchObject({
      kind: "never_seen",
    });
  });
});
