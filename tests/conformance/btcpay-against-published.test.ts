import { describe, expect, test } from "vitest";
import { days, minutes } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { btcpayWorld, done, lightning, opened, orderOf } from "./btcpay-in-sandbox.ts";
import { faultsOf, faultsOfEvent } from "./btcpay-published.ts";

const json = (text: string): unknown => (text === "" ? undefined : JSON.parse(text));

/** A world whose every exchange is held against the published description. */
async function watchedWorld() {
  const world = await btcpayWorld();
  const faults: string[] = [];
  let exchanges = 0;
  const { fetch } = world.simulator;
  world.simulator.fetch = async (request) => {
    const sent = await request.clone().text();
    const answer = await fetch(request);
    const url = new URL(request.url);
    exchanges += 1;
    faults.push(
      ...faultsOf({
        method: request.method,
        path: url.pathname.replace("/sandbox/btcpay", ""),
        query: url.searchParams,
        sent: json(sent),
        status: answer.status,
        answered: json(await answer.clone().text()),
      }),
    );
    return answer;
  };
  return { world, faults, exchanges: () => exchanges };
}

describe("against the published Greenfield API", () => {
  test("every request of the adapter, and every answer of the simulator, fits", async () => {
    const { world, faults, exchanges } = await watchedWorld();
    const { adapter, control } = world;
    expect((await adapter.payments.checkCredentials(world.nextCall())).ok).toBe(true);
    const chain = await opened(world);
    done(await control.pay(chain.id, 20_000n));
    await chain.look();
    done(await control.pay(chain.id));
    done(await control.confirm(chain.id));
    await chain.look();
    const refund = {
      refundId: newId("refund"),
      gatewayPaymentId: chain.id,
      amount: money(10_000n, "MXN"),
      refundable: money(50_000n, "MXN"),
      method: "bitcoin",
      reason: "duplicate",
    } as const;
    const made = await adapter.payments.refund(refund, world.nextCall());
    const pull = made.kind === "action_required" ? made.gatewayRefundId : "";
    done(await control.claim(pull));
    await adapter.payments.lookupRefund({ ...refund, gatewayRefundId: pull }, world.nextCall());
    const hosted = orderOf({ method: { type: "lightning", presentation: "hosted" }, locale: "pt-BR" });
    const page = await opened(world, hosted);
    await adapter.payments.cancel(world.handleOf(hosted, page.id), world.nextCall());
    await adapter.payments.refund(
      { ...refund, refundId: newId("refund"), gatewayPaymentId: "nobody" },
      world.nextCall(),
    );
    const late = await opened(world, orderOf());
    world.clock.advance(minutes(20));
    await late.look();
    world.clock.advance(days(1));
    done(await control.pay(late.id));
    await late.look();
    done(await control.pay((await opened(world, lightning({ locale: "en-US" }))).id));
    expect(faults).toEqual([]);
    expect(exchanges()).toBeGreaterThan(25);
    await control.flush();
    const told = world.inbox.map(({ body }) => JSON.parse(body));
    expect(told.flatMap(faultsOfEvent)).toEqual([]);
    expect(new Set(told.map(({ type }) => type)).size).toBeGreaterThanOrEqual(7);
  });

  const exchange = {
    method: "POST",
    path: "/api/v1/stores/s/invoices",
    query: new URLSearchParams(),
    sent: { amount: "5.00", currency: "USD", checkout: { expirationMinutes: 15 } },
    status: 422,
    answered: [{ path: "Amount", message: "no" }],
  };

  test("the control: what is right passes, and each wrong request is refused", () => {
    expect(faultsOf(exchange)).toEqual([]);
    for (const sent of [
      { ...exchange.sent, amount: 5 },
      { ...exchange.sent, price: "5.00" },
      { ...exchange.sent, checkout: { expirationMinutes: "15" } },
      { ...exchange.sent, checkout: { paymentTolerance: 101 } },
      { ...exchange.sent, checkout: { redirectUrl: "https://x.example" } },
    ]) {
      expect(faultsOf({ ...exchange, sent })).not.toEqual([]);
    }
    expect(faultsOf({ ...exchange, path: "/api/v1/stores/s/bills" })).not.toEqual([]);
    expect(faultsOf({ ...exchange, answered: { error: "no" } })).not.toEqual([]);
  });

  test.each([
    ["a number for an amount", { amount: 5, currency: "USD" }],
    ["a negative amount", { amount: "-5.00", currency: "USD" }],
    ["nothing", { amount: "0", currency: "USD" }],
    ["more decimals than the currency has", { amount: "5.001", currency: "USD" }],
    ["decimals where there are none", { amount: "5.5", currency: "CLP" }],
    ["a currency that is none", { amount: "5.00", currency: "ZZZ" }],
    [
      "a way to pay nobody has",
      { amount: "5.00", currency: "USD", checkout: { paymentMethods: ["DOGE-CHAIN"] } },
    ],
    ["a language without a file", { amount: "5.00", currency: "USD", checkout: { defaultLanguage: "xx" } }],
    [
      "an expiry under thirty seconds",
      { amount: "5.00", currency: "USD", checkout: { expirationMinutes: 0.1 } },
    ],
    ["a tolerance above all", { amount: "5.00", currency: "USD", checkout: { paymentTolerance: 101 } }],
    ["a field nobody documented", { amount: "5.00", currency: "USD", gift: true }],
  ])("the simulator refuses %s, as the server does", async (_, body) => {
    const world = await btcpayWorld();
    const { url, store_id, api_key } = world.account.credentials;
    const send = (token: string) =>
      world.simulator.fetch(
        new Request(`${url}/api/v1/stores/${store_id}/invoices`, {
          method: "POST",
          headers: { authorization: `token ${token}`, "content-type": "application/json" },
          body: JSON.stringify(body),
        }),
      );
    expect([400, 422]).toContain((await send(api_key ?? "")).status);
    expect((await send(`${"1".repeat(39)}2`)).status).toBe(401);
  });
});
