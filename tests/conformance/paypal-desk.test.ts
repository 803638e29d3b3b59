import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { scrub } from "../../adapters/paypal/evidence.ts";
import { paypal } from "../../adapters/paypal/index.ts";
import { paypalManifest } from "../../adapters/paypal/manifest.ts";
import { readEventTypes } from "../../adapters/paypal/translate-event.ts";
import { money } from "../../src/kernel/money.ts";
import { must, orderOf, type PaypalWorld, paypalWorld } from "./paypal-world.ts";

const base = "https://give.example.org/sandbox/paypal";
const page = (world: PaypalWorld, url: string, form?: Record<string, string>, language = "es") => {
  const init = form
    ? { method: "POST", body: new URLSearchParams(form), headers: { "accept-language": language } }
    : { headers: { "accept-language": language } };
  const answer = world.simulator.pages?.(new Request(url, init));
  if (!answer) throw new Error("the simulator has no pages");
  return answer;
};

describe("PayPal's page in the simulator", () => {
  test("approving sends the donor back to the gift, and the gift can be captured", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const begun = await world.adapter.payments.collect(order, world.call());
    if (begun.kind !== "action_required" || begun.action.type !== "redirect") throw new Error(begun.kind);
    const shown = await (await page(world, begun.action.url)).text();
    expect(shown).toContain("MODO DE PRUEBA");
    expect(shown).toContain("25.00 USD");
    expect(await (await page(world, begun.action.url, undefined, "pt")).text()).toContain("MODO DE TESTE");
    const back = await page(world, `${base}/checkoutnow`, {
      token: begun.gatewayPaymentId,
      do: "approve",
      tender: "",
    });
    expect(back.status).toBe(303);
    expect(back.headers.get("location")).toContain(
      `https://give.example.org/return?token=${begun.gatewayPaymentId}&PayerID=`,
    );
    expect(await world.capture(order, begun.gatewayPaymentId)).toMatchObject({ kind: "captured" });
    expect(await (await page(world, begun.action.url)).text()).toContain("ya se cerró");
  });

  test("cancelling goes to the cancel page and leaves the order open; a chosen refusal is met at the capture", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    const back = await page(world, `${base}/checkoutnow`, { token: id, do: "cancel" });
    expect(back.headers.get("location")).toBe(`https://give.example.org/cancel?token=${id}`);
    expect(await world.lookup(order, id)).toMatchObject({ kind: "action_required" });
    await page(world, `${base}/checkoutnow`, { token: id, do: "approve", tender: "PAYER_CANNOT_PAY" });
    expect(await world.capture(order, id)).toMatchObject({
      kind: "declined",
      decline: { rawCode: "PAYER_CANNOT_PAY" },
    });
  });

  test("an order nobody made is no page", async () => {
    const world = await paypalWorld();
    expect((await page(world, `${base}/checkoutnow?token=NOPE`)).status).toBe(404);
    expect((await page(world, `${base}/checkoutnow`, { token: "NOPE", do: "approve" })).status).toBe(404);
    expect((await page(world, `${base}/agreements/approve?approval_session_id=NOPE`)).status).toBe(404);
  });
});

describe("the desk", () => {
  const press = (world: PaypalWorld, payment: string, action: string, fields: Record<string, string> = {}) =>
    world.simulator.desk.play({ payment, action, fields });

  test("plays a gift from approval to refund and dispute, with words in three languages", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const id = await world.collected(order);
    must(await press(world, id, "approve"));
    await world.capture(order, id);
    const [shown] = await world.simulator.desk.payments();
    expect(shown).toMatchObject({ id, amount: order.amount, donation: order.donationId, method: "paypal" });
    for (const { label } of shown?.actions ?? []) {
      for (const text of [label.es, label.en, label.pt]) expect(text).toBeTruthy();
    }
    const refund = shown?.actions.find((one) => one.id.startsWith("refund."));
    expect(refund?.field).toMatchObject({ kind: "amount", value: order.amount });
    must(await press(world, id, refund?.id ?? "", { amount: "500" }));
    expect((await press(world, id, refund?.id ?? "", { amount: "999999" })).ok).toBe(false);
    expect((await press(world, id, refund?.id ?? "", { amount: "-5" })).ok).toBe(false);
    const dispute = (await world.simulator.desk.payments())[0]?.actions.find((one) =>
      one.id.startsWith("dispute."),
    );
    must(await press(world, id, dispute?.id ?? ""));
    const after = (await world.simulator.desk.payments())[0];
    expect(after?.status).toContain("dispute WAITING_FOR_SELLER_RESPONSE");
    expect(after?.status).toContain("refund COMPLETED");
    expect((await press(world, id, "approve")).ok).toBe(false);
    expect((await press(world, "NOPE", "approve")).ok).toBe(false);
  });

  test("a pending payment is settled or denied from the desk", async () => {
    const world = await paypalWorld();
    for (const [how, becomes] of [
      ["settle", "captured"],
      ["deny", "declined"],
    ] as const) {
      const order = orderOf();
      const id = await world.collected(order);
      must(await press(world, id, "approve_pending", { choice: "ECHECK" }));
      const pending = await world.capture(order, id);
      if (pending.kind !== "processing") throw new Error(pending.kind);
      must(await press(world, id, `${how}.${pending.gatewayPaymentId}`));
      expect(await world.lookup(order, id)).toMatchObject({ kind: becomes });
    }
  });
});

describe("PayPal-Mock-Response", () => {
  test.each([
    ["INSTRUMENT_DECLINED", 422],
    ["DUPLICATE_INVOICE_ID", 422],
    ["PERMISSION_DENIED", 403],
    ["INVALID_RESOURCE_ID", 404],
    ["INTERNAL_SERVER_ERROR", 500],
  ])("%s is answered with %i, and nothing is done", async (issue, status) => {
    const world = await paypalWorld();
    await world.collected(orderOf());
    const sent = world.exchanges.at(-1)?.request;
    const headers = new Headers(sent?.headers);
    headers.set("paypal-request-id", "mock");
    headers.set("paypal-mock-response", JSON.stringify({ mock_application_codes: issue }));
    const url = "https://api-m.paypal.com/v2/checkout/orders";
    const answer = await world.simulator.fetch(
      new Request(url, { method: "POST", headers, body: sent?.body ?? "" }),
    );
    expect(answer.status).toBe(status);
    expect(await world.control.payments()).toHaveLength(1);
  });
});

describe("what an account can be used for", () => {
  const good = {
    client_id: "AeA1QIZXiflr1_-r0U2UbWTziOWX1GRQer5jkUq4ZfWT5qwb6qQRPq7jDtv57TL4POEEezGLdutcxnkJ",
    client_secret: "ECYYrrSHdKfk_Q0EdvzdGkzj58a66kKaUQ5dZAEv4HvvtDId2_DpSuYDB088BZxGuMji7G4OFUnPog6p",
    environment: "live",
    country: "mx",
  };

  test("credentials of the wrong shape are refused when connecting, and test and live are told apart", () => {
    const { credentials, modeOf } = paypal.factory;
    expect(credentials.safeParse(good).success).toBe(true);
    expect(modeOf(good)).toBe("live");
    expect(modeOf({ ...good, environment: "sandbox" })).toBe("test");
    for (const wrong of [
      { client_id: "x" },
      { client_secret: "a b" },
      { environment: "test" },
      { country: "it" },
      { country: "bo" },
    ]) {
      expect(credentials.safeParse({ ...good, ...wrong }).success).toBe(false);
    }
  });

  test("a live account talks to PayPal's live host", async () => {
    const hosts: string[] = [];
    const adapter = paypal.factory.create({
      credentials: good,
      transport: async (input) => {
        hosts.push(new URL(input instanceof Request ? input.url : input).host);
        return Response.json({ access_token: "A21AAx", expires_in: 60 }, { status: 200 });
      },
    });
    await adapter.payments.collect(orderOf({ country: "mx", amount: money(5_000n, "MXN") }), {
      idempotencyKey: "k",
      now: new Date("2026-11-20T12:00:00Z"),
      timeoutMs: 1_000,
      traceId: "t",
    });
    expect(new Set(hosts)).toEqual(new Set(["api-m.paypal.com"]));
  });

  test.each([
    ["reais outside Brazil", { country: "us", amount: money(5_000n, "BRL") }],
    ["pesos of Colombia", { country: "co", amount: money(5_000_000n, "COP") }],
    [
      "Venmo in Mexico",
      { country: "mx", amount: money(5_000n, "MXN"), method: { type: "venmo", presentation: "hosted" } },
    ],
    ["a gift of another country's account", { country: "mx", amount: money(5_000n, "MXN") }],
    ["a form on our page", { method: { type: "paypal", presentation: "embedded" } }],
  ] as const)("%s is refused without a request", async (_, fields) => {
    const world = await paypalWorld("us");
    expect(await world.adapter.payments.collect(orderOf(fields), world.call())).toMatchObject({
      kind: "refused",
      problem: { reason: "unsupported" },
    });
    expect(world.exchanges).toEqual([]);
  });

  test("every country of the method list is carried, each in the currency PayPal takes there", () => {
    const carried = paypalManifest.methods
      .filter(({ type }) => type === "paypal")
      .flatMap(({ countries, currencies }) => countries.map((country) => `${country} ${currencies.join()}`));
    expect(carried.sort()).toEqual(
      "ar USD,br BRL,ca CAD,cl USD,co USD,cr USD,de EUR,do USD,ec USD,es EUR,gb GBP,gt USD,mx MXN,pa USD,pe USD,pt EUR,us USD".split(
        ",",
      ),
    );
  });
});

test("nothing of the donor and no token survives in what is kept", () => {
  const text =
    "Bearer A21AAsecret.x_y Ana Sofía a@b.example +52 55 1234 5678 https://x.example/a?token=1 5O190127TN364715T";
  const clean = scrub(text, ["Ana Sofía"]);
  for (const word of ["A21AA", "Ana", "Sofía", "a@b", "1234", "token=1"]) expect(clean).not.toContain(word);
  expect(clean).toContain("5O190127TN364715T");
});

test("the README tells an operator every event type to subscribe to", () => {
  const readme = readFileSync(join(import.meta.dirname, "../../adapters/paypal/README.md"), "utf8");
  expect(readEventTypes.filter((type) => !readme.includes(`\`${type}\``))).toEqual([]);
});
