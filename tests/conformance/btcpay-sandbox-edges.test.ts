import { describe, expect, test } from "vitest";
import { fromBtcpayAmount, worth } from "../../adapters/btcpay/amounts.ts";
import { hours, minutes } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { type BtcpayWorld, btcpayWorld, done, lightning, opened } from "./btcpay-in-sandbox.ts";

/** The church's own BTCPay server off the usual way: what it refuses, and wallets that do other than they are asked. */
const none = { ok: false };

async function client(world: BtcpayWorld) {
  const { api_key: key, store_id: store, url } = world.account.credentials;
  const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await world.simulator.fetch(
      new Request(`${String(url).replace(/\/$/, "")}/api/v1${path}`, {
        method,
        headers: {
          authorization: `token ${key}`,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: text }),
      }),
    );
    return { status: answer.status, body: JSON.parse(await answer.text()) };
  };
  const inStore = (path: string) => `/stores/${store}${path}`;
  return { ask, inStore };
}

describe("a call", () => {
  test("of another's key, store, or kind of body is refused", async () => {
    const world = await btcpayWorld();
    const { ask, inStore } = await client(world);
    const anonymous = { authorization: "" };
    expect((await ask("GET", inStore("/invoices"), undefined, anonymous)).status).toBe(401);
    expect((await ask("GET", "/stores/another/invoices")).status).toBe(403);
    expect((await ask("GET", "/nowhere")).status).toBe(404);
    expect((await ask("POST", inStore("/invoices"), "a=1", { "content-type": "text/plain" })).status).toBe(
      415,
    );
    expect((await ask("POST", inStore("/invoices"), "{")).status).toBe(400);
    expect((await ask("GET", inStore("/invoices/none"))).status).toBe(404);
    expect((await ask("GET", "/pull-payments/none", undefined, anonymous)).status).toBe(404);
  });

  test.each<[string, object]>([
    ["in no currency", { amount: "5", currency: "ZZZ" }],
    ["in a currency without a rate", { amount: "5", currency: "XDR" }],
    ["of nothing", { amount: "0", currency: "MXN" }],
    ["of too many decimals", { amount: "5.001", currency: "MXN" }],
    ["of a field there is not", { amount: "5", currency: "MXN", zz: 1 }],
    ["of another kind", { amount: "five", currency: "MXN" }],
  ])("for an invoice %s is refused", async (_what, body) => {
    const { ask, inStore } = await client(await btcpayWorld());
    const told = await ask("POST", inStore("/invoices"), body);
    expect([400, 422]).toContain(told.status);
  });

  test("for a list is of one order or of all, and as long as is asked", async () => {
    const world = await btcpayWorld();
    const { ask, inStore } = await client(world);
    const { order } = await opened(world);
    await opened(world);
    const found = async (query: string) => (await ask("GET", inStore(`/invoices${query}`))).body.length;
    expect(await found("")).toBe(2);
    expect(await found(`?orderId=${order.attemptId}`)).toBe(1);
    expect(await found("?take=1")).toBe(1);
    expect(await found("?take=zz")).toBe(2);
  });
});

describe("a wallet", () => {
  test("that sends dust, nothing, or to an address nobody watches any more is not carried", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    expect(await world.control.pay(id, 0n)).toMatchObject(none);
    expect(await world.control.pay(id, 545n)).toMatchObject(none);
    expect(await world.control.pay("none")).toMatchObject(none);
    expect(await world.control.confirm(id)).toMatchObject(none);
    world.clock.advance(hours(24 * 60));
    expect(await world.control.pay(id, 1_000n)).toMatchObject(none);
  });

  test("that sends a part, then late the rest, pays late", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    expect(done(await world.control.pay(id, 1_000n))).toMatchObject({
      status: "New",
      additionalStatus: "PaidPartial",
    });
    world.clock.advance(minutes(90));
    expect(done(await world.control.pay(id, 1_000n))).toMatchObject({
      status: "Expired",
      additionalStatus: "PaidPartial",
    });
    expect(done(await world.control.pay(id))).toMatchObject({
      status: "Expired",
      additionalStatus: "PaidLate",
    });
    expect(await world.control.expire(id)).toMatchObject(none);
  });

  test("that takes its coins back leaves the invoice as it was, open or over", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    done(await world.control.pay(id));
    expect(done(await world.control.takeBack(id))).toMatchObject({ status: "New", additionalStatus: "None" });
    const late = await opened(world);
    done(await world.control.pay(late.id, 1_000n));
    world.clock.advance(minutes(90));
    expect(done(await world.control.takeBack(late.id))).toMatchObject({
      status: "Expired",
      additionalStatus: "None",
    });
  });

  test("on Lightning pays once, exactly, and in time", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world, lightning());
    expect(await world.control.pay(id, 1n)).toMatchObject(none);
    expect(done(await world.control.pay(id))).toMatchObject({ status: "Settled" });
    expect(await world.control.pay(id)).toMatchObject(none);
  });

  test("whose coins are never confirmed makes the invoice invalid; what is settled is not marked so again", async () => {
    const world = await btcpayWorld();
    const { ask, inStore } = await client(world);
    const { id } = await opened(world);
    done(await world.control.pay(id));
    expect(done(await world.control.neverConfirm(id))).toMatchObject({ status: "Invalid" });
    const mark = (status: string) => ask("POST", inStore(`/invoices/${id}/status`), { status });
    expect((await mark("Settled")).body.status).toBe("Settled");
    expect((await mark("Settled")).status).toBe(422);
    expect((await mark("zz")).status).toBe(422);
  });
});

describe("a refund", () => {
  const paid = async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    done(await world.control.pay(id));
    done(await world.control.confirm(id));
    const { ask, inStore } = await client(world);
    const back = (body: object) => ask("POST", inStore(`/invoices/${id}/refund`), body);
    return { world, ask, inStore, back };
  };

  test.each<[string, object]>([
    ["by a way it was not paid", { refundVariant: "RateThen", payoutMethodId: "BTC-LN" }],
    ["of an amount where none is asked for", { refundVariant: "RateThen", customAmount: "1" }],
    ["of nothing", { refundVariant: "Custom", customAmount: "0", customCurrency: "MXN" }],
    ["without an amount", { refundVariant: "Custom", customCurrency: "MXN" }],
    ["in no currency", { refundVariant: "Custom", customAmount: "1" }],
    ["in a currency nobody knows", { refundVariant: "Custom", customAmount: "1", customCurrency: "ZZZ" }],
    ["of another kind", { refundVariant: "zz" }],
  ])("%s is refused", async (_what, body) => {
    const { back } = await paid();
    expect((await back(body)).status).toBe(422);
  });

  test("is claimed once, paid once, and closed; what is closed is listed only when it is asked for", async () => {
    const { world, ask, inStore, back } = await paid();
    const { id } = (await back({ refundVariant: "RateThen" })).body;
    expect(await world.control.payOut(id)).toMatchObject(none);
    done(await world.control.claim(id));
    expect(await world.control.claim(id)).toMatchObject(none);
    const payouts = async (query = "") =>
      (await ask("GET", `/pull-payments/${id}/payouts${query}`)).body.length;
    expect(await payouts()).toBe(1);
    done(await world.control.payOut(id));
    done(await world.control.archive(id));
    expect(await world.control.claim(id)).toMatchObject(none);
    expect(await payouts()).toBe(1);
    const other = (await back({ refundVariant: "Custom", customAmount: "5", customCurrency: "MXN" })).body.id;
    done(await world.control.claim(other));
    done(await world.control.archive(other));
    expect((await ask("GET", `/pull-payments/${other}/payouts`)).body).toHaveLength(0);
    expect((await ask("GET", `/pull-payments/${other}/payouts?includeCancelled=true`)).body).toHaveLength(1);
    const pulls = async (query = "") => (await ask("GET", inStore(`/pull-payments${query}`))).body.length;
    expect([await pulls(), await pulls("?includeArchived=true")]).toEqual([0, 2]);
    expect(await world.control.claim("none")).toMatchObject(none);
  });

  test("of what was not paid is refused", async () => {
    const world = await btcpayWorld();
    const { id } = await opened(world);
    const { ask, inStore } = await client(world);
    expect((await ask("POST", inStore(`/invoices/${id}/refund`), { refundVariant: "RateThen" })).status).toBe(
      400,
    );
  });
});

describe("the desk", () => {
  test("has a button for each thing a wallet can do, and none for what is closed", async () => {
    const world = await btcpayWorld();
    const { desk } = world.simulator;
    const { id } = await opened(world);
    const buttons = async () =>
      (await desk.payments())
        .find((payment) => payment.id === id)
        ?.actions.map((action) => action.id.split(".")[0]);
    const press = (action: string, fields = {}) => desk.play({ payment: id, action, fields });
    expect(await buttons()).toEqual(["pay", "pay_other", "expire"]);
    for (const amount of ["", "zz", undefined])
      expect(await press("pay_other", { amount })).toMatchObject(none);
    expect(await press("nothing")).toMatchObject(none);
    expect(await press("pay_other", { amount: "25000" })).toMatchObject({ ok: true });
    expect(await buttons()).toContain("take_back");
    expect(await press("take_back")).toMatchObject({ ok: true });
    expect(await press("pay")).toMatchObject({ ok: true });
    expect(await press("never_confirm")).toMatchObject({ ok: true });
    const { ask, inStore } = await client(world);
    const made = await ask("POST", inStore(`/invoices/${id}/refund`), { refundVariant: "RateThen" });
    for (const action of ["claim", "pay_out", "archive"]) {
      expect(await buttons()).toContain(action);
      expect(await press(`${action}.${made.body.id}`)).toMatchObject({ ok: true });
    }
    expect(await buttons()).not.toContain("archive");
    expect((await desk.payments()).find((payment) => payment.id === id)?.status).toContain("refund archived");
  });
});

describe("amounts", () => {
  const decimal = (units: bigint, scale: number) => ({ units, scale });

  test("less than nothing is rounded away from it, as more is", () => {
    expect(worth(decimal(-15n, 1), decimal(1n, 2), "MXN")).toEqual(money(-2n, "MXN"));
    expect(worth(decimal(15n, 1), decimal(1n, 2), "MXN")).toEqual(money(2n, "MXN"));
    expect(worth(decimal(3n, 0), decimal(2n, 0), "MXN")).toEqual(money(600n, "MXN"));
  });

  test.each([
    ["5.00", "MXN", money(500n, "MXN")],
    ["5.000", "MXN", money(500n, "MXN")],
    ["5.001", "MXN", undefined],
    ["5", "BTC", undefined],
    ["five", "MXN", undefined],
  ] as const)("%s %s", (text, currency, amount) => {
    expect(fromBtcpayAmount(text, currency)).toEqual(amount);
  });
});
