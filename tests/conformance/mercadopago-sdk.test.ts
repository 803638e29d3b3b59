import { MercadoPagoConfig, Payment, PaymentRefund, Preference } from "mercadopago";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { accountOf } from "../../adapters/mercadopago/account.ts";
import { idempotencyUuid } from "../../adapters/mercadopago/client.ts";
import { mercadopago } from "../../adapters/mercadopago/index.ts";
import { paymentBody, readyToSend } from "../../adapters/mercadopago/translate-order.ts";
import { preferenceBody } from "../../adapters/mercadopago/translate-preference.ts";
import type { Transport } from "../../src/gateway/adapter.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { type Country, handleOf, orderIn, type World, world } from "./mercadopago-world.ts";
import { answers, recording } from "./recording-transport.ts";

type Wire = { readonly line: string; readonly headers: Record<string, string>; readonly body: string };

async function wireOf(request: Request): Promise<Wire> {
  const headers = Object.fromEntries([...request.headers].filter(([name]) => sent.includes(name)));
  return { line: `${request.method} ${request.url}`, headers, body: await request.clone().text() };
}
const sent = [
  "authorization",
  "content-type",
  "x-idempotency-key",
  "x-product-id",
  "x-tracking-id",
  "user-agent",
  "x-render-in-process-refunds",
];

describe("the official SDK, untouched, at the gateway's real host name", () => {
  let seen: Wire[] = [];
  let here: World = world();
  const server = setupServer(
    http.all("https://api.mercadopago.com/*", async ({ request }) => {
      seen.push(await wireOf(request));
      return here.sandbox
        .fetch(request.clone())
        .then(async (answer) => new HttpResponse(await answer.text(), answer));
    }),
  );
  beforeAll(() => server.listen({ onUnhandledFrame: "error" }));
  afterEach(() => {
    seen = [];
    here = world();
  });
  afterAll(() => server.close());

  /** What the adapter sends through the transport it is given, kept beside. */
  const adapterOn = (country: Country) => {
    const wires: Wire[] = [];
    const transport: Transport = async (input, init) => {
      const request = new Request(input, init);
      wires.push(await wireOf(request));
      return here.sandbox.fetch(request);
    };
    const { credentials } = here.account(country);
    return {
      wires,
      credentials,
      account: accountOf(credentials, transport),
      adapter: mercadopago.factory.create({ credentials, transport }),
    };
  };
  const configOf = (token: string | undefined, key?: string) =>
    new MercadoPagoConfig({
      accessToken: token ?? "",
      options: { maxRetries: 0, timeout: 2_000, ...(key ? { idempotencyKey: key } : {}) },
    });

  test.each([
    ["mx", "oxxo"],
    ["br", "card"],
    ["co", "pse"],
    ["br", "boleto"],
  ] as const)("%s %s: the adapter's request is the SDK's own, byte for byte", async (country, type) => {
    const { adapter, wires, credentials, account } = adapterOn(country);
    const order = orderIn(country, type);
    await adapter.payments.collect(order, here.call({ idempotencyKey: "same" }));
    const ready = readyToSend(order, account.site);
    if (!ready.ok) throw new Error(ready.error.detail);
    const config = configOf(credentials.access_token, await idempotencyUuid("same"));
    const answer = await new Payment(config).create({ body: paymentBody(order, ready.value, account.site) });
    expect(answer.external_reference).toBe(order.attemptId);
    expect(wires).toEqual(seen);
  });

  test("a preference too, and a refund but for the header that lets it say it is on its way", async () => {
    const { adapter, wires, credentials, account } = adapterOn("ar");
    const order = orderIn("ar", "mercado_pago");
    await adapter.payments.collect(order, here.call({ idempotencyKey: "same" }));
    const ready = readyToSend(order, account.site);
    if (!ready.ok || ready.value.flow.kind !== "checkout_pro") throw new Error("not ready");
    const key = await idempotencyUuid("same");
    const body = preferenceBody(order, ready.value.amount, ready.value.flow);
    await new Preference(configOf(credentials.access_token, key)).create({ body });
    expect(wires).toEqual(seen);

    const paid = await adapter.payments.collect(orderIn("ar", "card"), here.call());
    if (paid.kind !== "captured") throw new Error(paid.kind);
    wires.length = 0;
    const refund = {
      refundId: newId("refund"),
      gatewayPaymentId: paid.gatewayPaymentId,
      amount: money(100_000n, "ARS"),
      refundable: paid.amount,
      method: "card",
      reason: "duplicate",
    } as const;
    await adapter.payments.refund(refund, here.call({ idempotencyKey: "refund" }));
    const refundKey = await idempotencyUuid("refund");
    await new PaymentRefund(configOf(credentials.access_token, refundKey)).create({
      payment_id: paid.gatewayPaymentId,
      body: { amount: 1000 },
    });
    const { "x-render-in-process-refunds": mayWait, ...headers } = wires[0]?.headers ?? {};
    expect(mayWait).toBe("true");
    expect({ ...wires[0], headers }).toEqual(seen[1]);
  });
});

describe("one way out, whoever else is on the way", () => {
  test("nothing leaves by the global fetch, which is the same before and after", async () => {
    const own = globalThis.fetch;
    const leaked: unknown[] = [];
    const watch: typeof fetch = async (input) => {
      leaked.push(input);
      return new Response("{}");
    };
    globalThis.fetch = watch;
    try {
      const { adapter, call } = world();
      const gateway = adapter("mx");
      const order = orderIn("mx", "oxxo");
      const opened = await gateway.payments.collect(order, call());
      if (opened.kind !== "action_required") throw new Error(opened.kind);
      await gateway.payments.cancel(handleOf(order, opened.gatewayPaymentId), call());
      await gateway.payments.checkCredentials(call());
      expect(globalThis.fetch).toBe(watch);
      expect(leaked).toEqual([]);
    } finally {
      globalThis.fetch = own;
    }
  });

  test("a transport that is itself built on the global fetch reaches it, once", async () => {
    const own = globalThis.fetch;
    const reached: string[] = [];
    globalThis.fetch = async (input) => {
      reached.push(String(input instanceof Request ? input.url : input));
      return Response.json({ message: "no", error: "bad_request", status: 400 }, { status: 400 });
    };
    try {
      const { account, call } = world();
      const { credentials } = account("mx");
      const { payments } = mercadopago.factory.create({
        credentials,
        transport: (input, init) => fetch(input, init),
      });
      expect((await payments.collect(orderIn("mx", "oxxo"), call())).kind).toBe("refused");
      expect(reached).toEqual(["https://api.mercadopago.com/v1/payments"]);
    } finally {
      globalThis.fetch = own;
    }
  });

  test("a hundred calls of many accounts at once each go their own way", async () => {
    const own = globalThis.fetch;
    const runs = Array.from({ length: 100 }, async (_, i) => {
      const mine: string[] = [];
      const { sandbox, call } = world();
      const { credentials } = sandbox.openAccount({ country: "mx", name: `church ${i}` });
      const transport: Transport = async (input, init) => {
        const request = new Request(input, init);
        mine.push(request.headers.get("authorization") ?? "");
        await new Promise((resolve) => setTimeout(resolve, i % 7));
        return sandbox.fetch(request);
      };
      const { payments } = mercadopago.factory.create({ credentials, transport });
      const outcomes = await Promise.all([
        payments.collect(orderIn("mx", "oxxo"), call()),
        payments.collect(orderIn("mx", "spei"), call()),
        payments.checkCredentials(call()),
      ]);
      expect(outcomes.slice(0, 2).map((one) => "kind" in one && one.kind)).toEqual([
        "action_required",
        "action_required",
      ]);
      expect(mine).toEqual(Array(3).fill(`Bearer ${credentials.access_token}`));
    });
    await Promise.all(runs);
    expect(globalThis.fetch).toBe(own);
  });
});

describe("idempotency keys on the wire", () => {
  const { sandbox } = world();
  const { credentials } = sandbox.openAccount({ country: "br", name: "church" });

  test("an old key is never sent again: every call has its own, and reads have none", async () => {
    const { transport, requests } = recording(() => answers(500, {}));
    const { payments, webhooks } = mercadopago.factory.create({ credentials, transport });
    const { call } = world();
    const order = orderIn("br", "pix");
    await payments.collect(order, call({ idempotencyKey: "first" }));
    await payments.lookup(handleOf(order), call({ idempotencyKey: "lookup" }));
    await payments.checkCredentials(call({ idempotencyKey: "check" }));
    await payments.collect(orderIn("br", "mercado_pago"), call({ idempotencyKey: "second" }));
    const body = new TextEncoder().encode(
      JSON.stringify({ id: 1, type: "payment", data: { id: "7" }, date_created: "2026-11-20T08:00:00Z" }),
    );
    await webhooks.inquire?.({ headers: {}, body, target: "?data.id=7&type=payment" }, call());
    const keys = requests.map((request) => [request.method, request.headers.get("x-idempotency-key")]);
    expect(keys).toEqual([
      ["POST", await idempotencyUuid("first")],
      ["GET", null],
      ["GET", null],
      ["POST", await idempotencyUuid("second")],
      ["GET", null],
    ]);
  });

  test("the hazard itself: the SDK on a shared configuration sends an old key again", async () => {
    const keys: (string | null)[] = [];
    const server = setupServer(
      http.post("https://api.mercadopago.com/*", ({ request }) => {
        keys.push(request.headers.get("x-idempotency-key"));
        return HttpResponse.json({});
      }),
    );
    server.listen({ onUnhandledFrame: "error" });
    const shared = new MercadoPagoConfig({ accessToken: "T", options: { maxRetries: 0 } });
    await new Payment(shared).create({ body: {}, requestOptions: { idempotencyKey: "old" } });
    await new Preference(shared).create({ body: { items: [] } });
    server.close();
    expect(keys).toEqual(["old", "old"]);
  });

  test("a key becomes one and the same UUID, another key another", async () => {
    expect(await idempotencyUuid("ofr-1")).toBe(await idempotencyUuid("ofr-1"));
    expect(await idempotencyUuid("ofr-1")).not.toBe(await idempotencyUuid("ofr-1-cancel"));
    expect(await idempotencyUuid("ofr-1")).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  test("the SDK's own retries are off: a server error is sent once", async () => {
    const { transport, requests } = recording(() => answers(503, {}));
    const { payments } = mercadopago.factory.create({ credentials, transport });
    expect((await payments.collect(orderIn("br", "pix"), world().call())).kind).toBe("in_doubt");
    expect(requests).toHaveLength(1);
  });
});
