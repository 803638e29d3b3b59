import { describe, expect, test } from "vitest";
import { btcpay } from "../../adapters/btcpay/index.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { btcpayWorld, done, lightning, opened, orderOf } from "./btcpay-in-sandbox.ts";

/** 500 pesos at the simulator's 1,500,000 pesos a coin. */
const price = 33_334n;
const pesos = money(50_000n, "MXN");

describe("what a donor is shown", () => {
  test("on the chain, on our page: a BIP 21 text that asks for the price, and BTCPay's own page", async () => {
    const { outcome } = await opened(await btcpayWorld());
    expect(outcome.action).toMatchObject({
      type: "display_qr",
      payload: expect.stringMatching(/^bitcoin:bcrt1q[0-9a-f]{38}\?amount=0\.00033334$/),
      url: expect.stringMatching(/^https:\/\/give\.example\.org\/sandbox\/btcpay\/i\//),
      expiresAt: new Date("2026-11-20T12:15:00Z"),
    });
  });

  test("Lightning, on our page: the invoice itself", async () => {
    const { outcome } = await opened(await btcpayWorld(), lightning());
    expect(outcome.action).toMatchObject({
      type: "display_qr",
      payload: expect.stringMatching(/^lightning:lnbcrt/),
    });
  });

  test("hosted: a redirect to the church's own server, and back to our page when paid", async () => {
    const world = await btcpayWorld();
    const { outcome, id } = await opened(
      world,
      orderOf({ method: { type: "bitcoin", presentation: "hosted" } }),
    );
    expect(outcome.action.type).toBe("redirect");
    const url = outcome.action.type === "redirect" ? outcome.action.url : "";
    const page = await world.simulator.pages?.(new Request(url));
    expect(await page?.text()).toContain("TEST MODE");
    const paid = await world.simulator.pages?.(new Request(`${url}/pay`, { method: "POST" }));
    expect(paid?.headers.get("location")).toBe("https://give.example.org/don?back=1");
    const order = orderOf();
    expect(await world.adapter.payments.lookup(world.handleOf(order, id), world.nextCall())).toMatchObject({
      kind: "captured",
    });
  });

  test("nothing of the donor leaves the house", async () => {
    const world = await btcpayWorld();
    await opened(world);
    const sent = world.requests.map(({ url, body }) => `${url} ${body}`).join("\n");
    for (const word of ["Ana", "López", "example.org/ana", "ana.lopez"]) expect(sent).not.toContain(word);
  });
});

describe("money on the chain", () => {
  test("exact: waits for its blocks, then is worth exactly the price", async () => {
    const world = await btcpayWorld();
    const { id, look, order } = await opened(world);
    done(await world.control.pay(id));
    expect(await look()).toMatchObject({ kind: "processing", evidence: { rawStatus: "Processing/None" } });
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({
      kind: "captured",
      gatewayPaymentId: id,
      amount: pesos,
      funding: "direct",
      capturedAt: world.clock.now(),
      evidence: {
        rawStatus: "Settled/None",
        excerpt: expect.stringMatching(/^testnet BTC-CHAIN; [0-9a-f]{64}-0 /),
      },
    });
    const hints = await world.announced();
    expect(hints.length).toBeGreaterThan(0);
    expect(new Set(hints.map(({ kind }) => kind))).toEqual(new Set(["attempt_hint"]));
    expect(hints[0]).toEqual({
      kind: "attempt_hint",
      subject: { gatewayPaymentId: id, attemptId: order.attemptId },
    });
  });

  test("short, still open: the same invoice asks for the rest", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    done(await world.control.pay(id, 20_000n));
    expect(await look()).toMatchObject({
      kind: "action_required",
      action: { payload: expect.stringMatching(/amount=0\.00013334$/) },
      evidence: { rawStatus: "New/PaidPartial" },
    });
    done(await world.control.pay(id));
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({ kind: "captured", amount: pesos });
  });

  test("short and expired: once confirmed, captured with its worth, so that the core sees the difference", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    done(await world.control.pay(id, 20_000n));
    world.clock.advance(minutes(16));
    expect(await look()).toMatchObject({
      kind: "processing",
      evidence: { rawStatus: "Expired/PaidPartial" },
    });
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({ kind: "captured", amount: money(30_000n, "MXN") });
  });

  test("over: captured with all that came", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    done(await world.control.pay(id, price + 10_000n));
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({
      kind: "captured",
      amount: money(65_001n, "MXN"),
      evidence: { rawStatus: "Settled/PaidOver" },
    });
  });

  test("over by a satoshi or two: not worth a cent more, so it is the price", async () => {
    const world = await btcpayWorld();
    const order = orderOf({ country: "us", amount: money(2_500n, "USD") });
    const { id, look } = await opened(world, order);
    done(await world.control.pay(id, 31_255n));
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({ kind: "captured", amount: money(2_500n, "USD") });
  });

  test("late: the expired invoice is void, and captured when the coins have come after all", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    world.clock.advance(minutes(20));
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
    expect(await world.announced()).toHaveLength(1);
    world.clock.advance(days(2));
    done(await world.control.pay(id));
    expect(await look()).toMatchObject({ kind: "processing", evidence: { rawStatus: "Expired/PaidLate" } });
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({ kind: "captured", amount: pesos });
    expect((await world.announced()).length).toBeGreaterThan(1);
  });

  test("so late that the server no longer watches: nothing is told", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    world.clock.advance(days(8));
    expect(await world.control.pay(id)).toMatchObject({ ok: false });
  });

  test("twice: the second payment adds to what came", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    done(await world.control.pay(id));
    done(await world.control.confirm(id));
    done(await world.control.pay(id, price));
    expect(await look()).toMatchObject({ kind: "processing" });
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({ kind: "captured", amount: money(100_002n, "MXN") });
  });

  test("taken back by the sender before a block: open again, and void by time", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    done(await world.control.pay(id));
    done(await world.control.takeBack(id));
    expect(await look()).toMatchObject({ kind: "action_required" });
    world.clock.advance(minutes(16));
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
  });

  test("never confirmed: it is not called lost while the coins may still come", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    done(await world.control.pay(id));
    done(await world.control.neverConfirm(id));
    expect(await look()).toMatchObject({ kind: "processing", evidence: { rawStatus: "Invalid/None" } });
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({ kind: "captured", amount: pesos });
  });

  test("dust is not carried", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    expect(await world.control.pay(id, 545n)).toMatchObject({ ok: false });
  });
});

describe("money on Lightning", () => {
  test("settles in the same second", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world, lightning());
    done(await world.control.pay(id));
    expect(await look()).toMatchObject({
      kind: "captured",
      amount: pesos,
      evidence: { excerpt: expect.stringContaining("BTC-LN") },
    });
  });

  test("carries neither less, nor more, nor twice, nor late", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world, lightning());
    expect(await world.control.pay(id, 1_000n)).toMatchObject({ ok: false });
    expect(await world.control.pay(id, price + 1n)).toMatchObject({ ok: false });
    done(await world.control.pay(id));
    expect(await world.control.pay(id, price)).toMatchObject({ ok: false });
    const late = await opened(world, lightning());
    world.clock.advance(minutes(16));
    expect(await world.control.pay(late.id)).toMatchObject({ ok: false });
  });
});

describe("by hand in the dashboard", () => {
  const mark = async (world: Awaited<ReturnType<typeof btcpayWorld>>, id: string, status: string) => {
    const { url, store_id, api_key } = world.account.credentials;
    const answer = await world.simulator.fetch(
      new Request(`${url}/api/v1/stores/${store_id}/invoices/${id}/status`, {
        method: "POST",
        headers: { authorization: `token ${api_key}`, "content-type": "application/json" },
        body: JSON.stringify({ status }),
      }),
    );
    expect(answer.status).toBe(200);
  };

  test("marked as settled without a coin: nothing is booked, and someone is called", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    await mark(world, id, "Settled");
    expect(await look()).toMatchObject({
      kind: "processing",
      evidence: { rawStatus: "Settled/Marked", unrecognized: "settled by hand, without money" },
    });
  });

  test("marked as settled after a part: the part is what came", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    done(await world.control.pay(id, 20_000n));
    done(await world.control.confirm(id));
    await mark(world, id, "Settled");
    expect(await look()).toMatchObject({ kind: "captured", amount: money(30_000n, "MXN") });
  });

  test("marked as invalid although the coins came: they still came", async () => {
    const world = await btcpayWorld();
    const { id, look } = await opened(world);
    done(await world.control.pay(id));
    await mark(world, id, "Invalid");
    expect(await look()).toMatchObject({ kind: "processing" });
    done(await world.control.confirm(id));
    expect(await look()).toMatchObject({ kind: "captured", amount: pesos });
  });
});

describe("the same order again", () => {
  test("a repeat after a lost answer gives the same invoice, not a second one", async () => {
    const world = await btcpayWorld();
    const order = orderOf();
    await world.control.nextCall("timeout_after", "POST");
    expect(await world.adapter.payments.collect(order, world.nextCall())).toMatchObject({
      kind: "in_doubt",
      cause: "timeout",
    });
    const found = await world.adapter.payments.lookup(world.handleOf(order), world.nextCall());
    const again = await world.adapter.payments.collect(order, world.nextCall());
    expect(again).toEqual(found);
    expect(world.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  test("what the server never got is never seen", async () => {
    const world = await btcpayWorld();
    const order = orderOf();
    await world.control.nextCall("timeout_before", "POST");
    expect(await world.adapter.payments.collect(order, world.nextCall())).toMatchObject({ kind: "in_doubt" });
    expect(await world.adapter.payments.lookup(world.handleOf(order), world.nextCall())).toMatchObject({
      kind: "never_seen",
    });
  });

  test.each(["500", "malformed", "timeout_after"] as const)(
    "made, but the second question failed (%s): in doubt, with the invoice's id",
    async (fault) => {
      const world = await btcpayWorld();
      await world.control.nextCall(
        fault,
        `GET /api/v1/stores/${world.account.credentials.store_id}/invoices/`,
      );
      const outcome = await world.adapter.payments.collect(orderOf(), world.nextCall());
      expect(outcome).toMatchObject({ kind: "in_doubt", gatewayPaymentId: expect.any(String) });
    },
  );

  test("a server that cannot be reached: nothing was sent", async () => {
    const world = await btcpayWorld();
    await world.control.nextCall("connection_refused");
    expect(await world.adapter.payments.collect(orderOf(), world.nextCall())).toMatchObject({
      kind: "not_sent",
    });
  });

  test("a server that asks to slow down refuses", async () => {
    const world = await btcpayWorld();
    await world.control.nextCall("429", "POST");
    expect(await world.adapter.payments.collect(orderOf(), world.nextCall())).toMatchObject({
      kind: "refused",
      problem: { reason: "rate_limited" },
    });
  });
});

describe("cancelling", () => {
  const cancel = (world: Awaited<ReturnType<typeof btcpayWorld>>, order = orderOf(), id?: string) =>
    world.adapter.payments.cancel(world.handleOf(order, id), world.nextCall());

  test("an open invoice asks for no more money, and says so when asked again", async () => {
    const world = await btcpayWorld();
    const { order, id, look } = await opened(world);
    expect(await cancel(world, order, id)).toMatchObject({ kind: "voided", gatewayPaymentId: id });
    expect(await look()).toMatchObject({ kind: "voided", expired: false });
    expect(await cancel(world, order, id)).toMatchObject({ kind: "voided" });
  });

  test("found by our own id when the answer was lost", async () => {
    const world = await btcpayWorld();
    const { order } = await opened(world);
    expect(await cancel(world, order)).toMatchObject({ kind: "voided" });
  });

  test.each([undefined, 20_000n])("coins on their way cannot be stopped (%s satoshis)", async (sats) => {
    const world = await btcpayWorld();
    const { order, id } = await opened(world);
    done(await world.control.pay(id, sats));
    expect(await cancel(world, order, id)).toMatchObject({
      kind: "too_late",
      current: { kind: "processing" },
    });
  });

  test("a captured one answers too late", async () => {
    const world = await btcpayWorld();
    const { order, id } = await opened(world, lightning());
    done(await world.control.pay(id));
    expect(await cancel(world, order, id)).toMatchObject({ kind: "too_late", current: { kind: "captured" } });
  });

  test("an attempt the server never saw cannot be cancelled there", async () => {
    expect(await cancel(await btcpayWorld())).toMatchObject({ kind: "refused" });
  });
});

describe("giving back", () => {
  const refundOf = (id: string, fields = {}) => ({
    refundId: newId("refund"),
    gatewayPaymentId: id,
    amount: money(20_000n, "MXN"),
    refundable: pesos,
    method: "bitcoin" as const,
    reason: "requested_by_donor" as const,
    ...fields,
  });
  const paid = async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    done(await world.control.pay(id));
    done(await world.control.confirm(id));
    return { world, id };
  };

  test("the donor has to claim it, the church has to approve it, then it is paid", async () => {
    const { world, id } = await paid();
    const order = refundOf(id);
    const made = await world.adapter.payments.refund(order, world.nextCall());
    const pull = made.kind === "action_required" ? made.gatewayRefundId : "";
    const claimUrl = `https://give.example.org/sandbox/btcpay/pull-payments/${pull}`;
    expect(made).toMatchObject({ kind: "action_required", claimUrl });
    const look = () =>
      world.adapter.payments.lookupRefund({ ...order, gatewayRefundId: pull }, world.nextCall());
    expect(await look()).toMatchObject({ kind: "action_required", claimUrl });
    await world.announced();
    expect(await (await world.simulator.pages?.(new Request(claimUrl)))?.text()).toContain("200.00 MXN");
    const sent = await world.simulator.pages?.(new Request(`${claimUrl}/claim`, { method: "POST" }));
    expect(sent?.headers.get("location")).toBe(claimUrl);
    const hint = { kind: "refund_hint", gatewayRefundId: pull };
    expect(await world.announced()).toEqual([hint]);
    expect(await look()).not.toHaveProperty("claimUrl");
    expect(await look()).toMatchObject({ kind: "processing" });
    done(await world.control.payOut(pull));
    expect(await world.announced()).toEqual([hint, hint]);
    expect(await look()).toMatchObject({ kind: "succeeded", gatewayRefundId: pull });
    const page = await world.simulator.pages?.(new Request(claimUrl));
    expect(await page?.text()).not.toContain("<form");
  });

  test("not claimed before its time ran out: failed; claimed in time, it goes on", async () => {
    const { world, id } = await paid();
    for (const claimed of [false, true]) {
      const order = refundOf(id);
      const made = await world.adapter.payments.refund(order, world.nextCall());
      const gatewayRefundId = made.kind === "action_required" ? made.gatewayRefundId : "";
      if (claimed) done(await world.control.claim(gatewayRefundId));
      done(await world.control.lapse(gatewayRefundId));
      const look = world.adapter.payments.lookupRefund({ ...order, gatewayRefundId }, world.nextCall());
      const after = claimed ? { kind: "processing" } : { kind: "failed", rawCode: "expired" };
      expect(await look).toMatchObject(after);
      expect(await world.control.claim(gatewayRefundId)).toMatchObject({ ok: false });
    }
  });

  test("a repeat gives the same refund, and a lost one is found by our id", async () => {
    const { world, id } = await paid();
    const order = refundOf(id);
    await world.control.nextCall("timeout_after", "POST");
    expect(await world.adapter.payments.refund(order, world.nextCall())).toMatchObject({ kind: "in_doubt" });
    const found = await world.adapter.payments.lookupRefund(order, world.nextCall());
    expect(await world.adapter.payments.refund(order, world.nextCall())).toEqual(found);
    expect(await world.adapter.payments.lookupRefund(refundOf(id), world.nextCall())).toMatchObject({
      kind: "never_seen",
    });
  });

  test("closed by the church before it was claimed: failed", async () => {
    const { world, id } = await paid();
    const order = refundOf(id);
    const made = await world.adapter.payments.refund(order, world.nextCall());
    const pull = made.kind === "action_required" ? made.gatewayRefundId : "";
    done(await world.control.archive(pull));
    expect(
      await world.adapter.payments.lookupRefund({ ...order, gatewayRefundId: pull }, world.nextCall()),
    ).toMatchObject({ kind: "failed", rawCode: "archived" });
  });

  test("the claim page's link, which is money to whoever holds it, is in no evidence", async () => {
    const { world, id } = await paid();
    const { evidence } = await world.adapter.payments.refund(refundOf(id), world.nextCall());
    expect(JSON.stringify(evidence)).not.toContain("pull-payments");
  });

  test("a claim page at another house is not shown", async () => {
    const { world, id } = await paid();
    const order = refundOf(id);
    await world.adapter.payments.refund(order, world.nextCall());
    const elsewhere = btcpay.factory.create({
      credentials: btcpay.factory.credentials.parse(world.account.credentials),
      transport: async (input, init) => {
        const answer = await world.simulator.fetch(new Request(input, init));
        return new Response((await answer.text()).replaceAll("https://give.", "https://thief."), answer);
      },
    });
    const found = await elsewhere.payments.lookupRefund(order, world.nextCall());
    expect(found).toMatchObject({ kind: "action_required" });
    expect(found).not.toHaveProperty("claimUrl");
  });

  test("an invoice nobody paid has nothing to give back", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    expect(await world.adapter.payments.refund(refundOf(id), world.nextCall())).toMatchObject({
      kind: "refused",
      problem: { rawCode: "non-refundable" },
    });
  });
});

describe("whose account it is", () => {
  test("a key that works is told so; one that opens another store is not", async () => {
    const world = await btcpayWorld();
    expect(await world.adapter.payments.checkCredentials(world.nextCall())).toEqual({
      ok: true,
      value: { country: undefined },
    });
  });

  test("two names are two stores, and one does not open the other", async () => {
    const world = await btcpayWorld();
    const other = world.simulator.openAccount({ country: "mx", name: "another" });
    expect(other.credentials.store_id).not.toBe(world.account.credentials.store_id);
    const answer = await world.simulator.fetch(
      new Request(`${other.credentials.url}/api/v1/stores/${other.credentials.store_id}/invoices`, {
        headers: { authorization: `token ${world.account.credentials.api_key}` },
      }),
    );
    expect(answer.status).toBe(403);
  });
});
