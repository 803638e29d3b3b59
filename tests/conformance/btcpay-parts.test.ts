import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decimal,
  fromBtcpayAmount,
  subtractDecimals,
  sumDecimals,
  toBtcpayAmount,
  worth,
} from "../../adapters/btcpay/amounts.ts";
import { btcpay } from "../../adapters/btcpay/index.ts";
import { networkOf } from "../../adapters/btcpay/network.ts";
import { coinText, priceInSats, worthOfSats } from "../../adapters/btcpay/sandbox/coins.ts";
import { signature } from "../../adapters/btcpay/sandbox/events.ts";
import { checkoutLanguage } from "../../adapters/btcpay/translate-order.ts";
import { invoiceOutcome } from "../../adapters/btcpay/translate-outcome.ts";
import { invoiceSchema, promptSchema } from "../../adapters/btcpay/wire.ts";
import { seconds } from "../../src/kernel/clock.ts";
import { currencyCodes } from "../../src/kernel/currency.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import * as bodies from "./btcpay-bodies.ts";
import { btcpayWorld, done, opened, orderOf } from "./btcpay-in-sandbox.ts";
import { credentials } from "./btcpay-under-test.ts";
import { call, now } from "./gateway-under-test.ts";
import { answers, recording } from "./recording-transport.ts";

describe("amounts", () => {
  test("every amount of every currency comes back as it was written", () => {
    const currency = fc.constantFrom(...currencyCodes);
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 17n), currency, (minor, code) => {
        const written = toBtcpayAmount(money(minor, code));
        expect(written.ok && fromBtcpayAmount(written.value, code)).toEqual(money(minor, code));
      }),
    );
  });

  test("coins at a rate are worth what exact arithmetic says, and never a unit beside it", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2_100_000_000_000_000n), fc.bigInt(1n, 10n ** 12n), (sats, rate) => {
        const coins = decimal(coinText(sats));
        const price = decimal(String(rate));
        if (!coins || !price) throw new Error("unreadable");
        expect(worth(coins, price, "MXN")).toEqual(worthOfSats(sats, rate, "MXN"));
      }),
    );
  });

  test("an exact payment is worth the price in every currency, however little a satoshi is worth", () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 9n),
        fc.bigInt(1n, 10n ** 9n),
        fc.constantFrom("USD", "COP", "CLP", "MXN"),
        (minor, rate, currency) => {
          const price = money(minor, currency);
          const sats = priceInSats(price, rate);
          const payment = { ...bodies.prompts("exact")[0]?.payments[0], value: coinText(sats) };
          const invoice = invoiceSchema.parse({
            ...bodies.invoice("exact", { status: "Settled" }),
            amount: toText(price),
            currency,
          });
          const prompt = promptSchema.parse(
            bodies.prompts("exact", { rate: String(rate), payments: [payment] })[0],
          );
          const view = { asOf: now, evidence: {}, serverUrl: credentials.url, network: "testnet" } as const;
          expect(invoiceOutcome(invoice, prompt, view)).toMatchObject({ kind: "captured", amount: price });
        },
      ),
    );
  });

  const toText = (m: ReturnType<typeof money>): string => {
    const written = toBtcpayAmount(m);
    if (!written.ok) throw new Error(written.error);
    return written.value;
  };

  test("sums and differences are exact across scales", () => {
    const parts = ["0.1", "0.02", "3", "0.00000001"].map(decimal).filter((one) => one !== undefined);
    expect(sumDecimals(parts)).toEqual({ units: 312_000_001n, scale: 8 });
    expect(subtractDecimals({ units: 5n, scale: 0 }, { units: 1n, scale: 2 })).toEqual({
      units: 499n,
      scale: 2,
    });
  });

  test.each(["", " 1", "1e3", "0x10", "1,5", "١", "--1", "1.", ".5", `1${"0".repeat(40)}`])(
    "%j is no decimal",
    (text) => expect(decimal(text)).toBeUndefined(),
  );

  test("nothing that is not text of a decimal is read, whatever it is", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const read = decimal(text);
        if (read) expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      }),
    );
  });
});

describe("chains", () => {
  test.each([
    ["bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", "mainnet"],
    ["1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2", "mainnet"],
    ["3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy", "mainnet"],
    ["tb1qw508d6qejxtdg4y5r3zarvary0c5xw7kxpjzsx", "testnet"],
    ["bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", "testnet"],
    ["mipcBbFg9gMiCh81Kj8tqqdgoZub1ZJRfn", "testnet"],
    ["lnbc2500u1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqf", "mainnet"],
    ["LNBC1PVJLUEZPP5QQQSYQCYQ5RQWZQFQQQSYQCYQ5RQWZQF", "mainnet"],
    ["lntb20m1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqwzqf", "testnet"],
    ["lnbcrt500n1pvjluezpp5qqqsyqcyq5rqwzqfqqqsyqcyq5rqw", "testnet"],
    ["https://evil.example", undefined],
    ["", undefined],
  ])("%s is of %s", (destination, network) => expect(networkOf(destination)).toBe(network));

  const collectOn = (network: string, prompt: object) => {
    const { transport } = recording(({ method, url }) => {
      if (url.searchParams.has("orderId")) return answers(200, []);
      return answers(200, method === "POST" ? bodies.invoice() : prompt);
    });
    const adapter = btcpay.factory.create({ credentials: { ...credentials, network }, transport });
    return adapter.payments.collect(orderOf(), call());
  };

  test("a live account whose store pays into a test chain is refused, and so the other way round", async () => {
    const mismatch = { kind: "refused", problem: { reason: "account_problem", rawCode: "network_mismatch" } };
    expect(await collectOn("mainnet", bodies.prompts("none"))).toMatchObject(mismatch);
    const real = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq";
    expect(
      await collectOn(
        "testnet",
        bodies.prompts("none", { destination: real, paymentLink: `bitcoin:${real}` }),
      ),
    ).toMatchObject(mismatch);
  });

  test("a link that pays into another address than the invoice's is never shown", async () => {
    const other = `bcrt1q${"9".repeat(38)}`;
    expect(
      await collectOn("testnet", bodies.prompts("none", { paymentLink: `bitcoin:${other}` })),
    ).toMatchObject({
      kind: "in_doubt",
      cause: "unreadable_answer",
    });
  });

  test("a store without the wallet is refused by name", async () => {
    expect(await collectOn("testnet", [])).toMatchObject({
      kind: "refused",
      problem: { rawCode: "payment_method_unavailable" },
    });
  });
});

describe("credentials", () => {
  const read = (fields: object) =>
    btcpay.factory.credentials.safeParse({ ...credentials, ...fields }).success;

  test("test and live are what the operator says of the chain, and real money needs a private way", () => {
    expect(btcpay.factory.modeOf({ ...credentials })).toBe("test");
    expect(btcpay.factory.modeOf({ ...credentials, network: "mainnet" })).toBe("live");
    expect(read({ network: "mainnet" })).toBe(true);
    expect(read({ network: "mainnet", url: "http://btcpay.example.org" })).toBe(false);
    expect(read({ network: "mainnet", url: "http://abcdefghijklmnop.onion" })).toBe(true);
    expect(read({ url: "http://localhost:14142" })).toBe(true);
  });

  test.each([
    { url: "ftp://x.example" },
    { url: "btcpay" },
    { store_id: "a/b/../c" },
    { api_key: "has spaces in it and more" },
    { network: "dogenet" },
    { network: undefined },
  ])("%j is refused", (fields) => expect(read(fields)).toBe(false));

  test.each([
    [401, { code: "unauthenticated", message: "no" }, /refused the API key/],
    [500, "", /could not be asked/],
    [200, { permissions: ["btcpay.store.canviewinvoices"] }, /may not create invoices, nor modify invoices/],
    [200, { permissions: ["btcpay.store.canmodifystoresettings:another"] }, /may not create invoices/],
  ])("a key that answers %i is explained", async (status, body, sentence) => {
    const { transport } = recording(() => answers(status, body));
    const adapter = btcpay.factory.create({ credentials, transport });
    const verdict = await adapter.payments.checkCredentials(call());
    expect(verdict.ok ? "" : verdict.error).toMatch(sentence);
  });
});

describe("webhooks", () => {
  const { webhooks } = btcpay.factory.create({
    credentials,
    transport: recording(() => answers(500, "")).transport,
  });
  const deliver = async (body: object, key = "s3cret") => {
    const text = JSON.stringify(body);
    return {
      headers: { "btcpay-sig": await signature(text, key) },
      body: new TextEncoder().encode(text),
      target: "",
    };
  };
  const at = (ms: number) => ({ timestamp: Math.floor((now.getTime() + ms) / 1000) });

  test("a repeat keeps its first time stamp for an hour, so an hour is fresh; two days and the future are stale", async () => {
    const verdict = async (ms: number) =>
      webhooks.verify(await deliver(bodies.event(at(ms))), [secret("s3cret")], now);
    expect(await verdict(-3_600_000)).toBe("genuine");
    expect(await verdict(-2 * 86_400_000)).toBe("stale");
    expect(await verdict(600_000)).toBe("stale");
  });

  test("an empty secret signs nothing, and a signature is exactly sixty-four digits", async () => {
    const delivery = await deliver(bodies.event());
    expect(await webhooks.verify(delivery, [secret("")], now)).toBe("forged");
    for (const header of [
      "",
      "sha256=",
      `sha256=${"0".repeat(63)}`,
      `sha1=${"0".repeat(64)}`,
      `sha256=${"0".repeat(65)}`,
    ]) {
      const forged = { ...delivery, headers: { "btcpay-sig": header } };
      expect(await webhooks.verify(forged, [secret("s3cret")], now)).toBe("forged");
    }
  });

  test("a redelivery is the same event under another delivery id", async () => {
    const first = webhooks.envelope(await deliver(bodies.event()));
    const again = webhooks.envelope(await deliver(bodies.event({ deliveryId: "dlv-2", isRedelivery: true })));
    expect(again).toEqual(first);
    expect(first).toMatchObject({ ok: true, value: { eventKey: "dlv-1", orderKey: "inv-exact" } });
  });

  test("another store's event is nobody's", async () => {
    const delivery = await deliver(bodies.event({ storeId: "another" }));
    expect(webhooks.envelope(delivery)).toEqual({ ok: false, error: "the event is of another store" });
    expect(webhooks.read(delivery).ok).toBe(false);
  });

  test.each([
    ["its own creation", { type: "InvoiceCreated" }],
    ["a refund made", { type: "InvoiceRefund" }],
    ["a payout of the church's own", { type: "PayoutUpdated", invoiceId: undefined }],
    ["the dashboard's test", { invoiceId: "__test__1__test__" }],
    ["an invoice of the church's own", { metadata: { orderId: "order-7" } }],
  ])("%s says nothing", async (_, fields) => {
    expect(webhooks.read(await deliver(bodies.event(fields)))).toMatchObject({
      ok: true,
      value: [{ kind: "ignored" }],
    });
  });

  test.each(["PayoutCreated", "PayoutApproved", "PayoutUpdated"])(
    "%s is a hint by the pull payment it claims",
    async (type) => {
      const fields = { type, invoiceId: undefined, metadata: undefined, pullPaymentId: "pull-1" };
      const delivery = await deliver(bodies.event(fields));
      expect(webhooks.envelope(delivery)).toMatchObject({ ok: true, value: { orderKey: "pull-1" } });
      expect(webhooks.read(delivery)).toEqual({
        ok: true,
        value: [{ kind: "refund_hint", gatewayRefundId: "pull-1" }],
      });
    },
  );

  test("an older server's event without metadata is a hint by the invoice alone", async () => {
    expect(webhooks.read(await deliver(bodies.event()))).toEqual({
      ok: true,
      value: [{ kind: "attempt_hint", subject: { gatewayPaymentId: "inv-exact" } }],
    });
  });

  test("undelivered events come again, each time as a redelivery of the same", async () => {
    const world = await btcpayWorld();
    world.door.status = 500;
    await opened(world);
    await world.control.flush();
    expect(world.inbox).toHaveLength(1);
    world.clock.advance(seconds(11));
    world.door.status = 200;
    await world.control.flush();
    const [first, second] = world.inbox.map(({ body }) => JSON.parse(body));
    expect(second).toMatchObject({ originalDeliveryId: first.deliveryId, isRedelivery: true });
    world.clock.advance(seconds(3_600));
    await world.control.flush();
    expect(world.inbox).toHaveLength(2);
  });

  test.each(["late", "lost", "out_of_order", "duplicated"] as const)("travelling %s", async (mode) => {
    const world = await btcpayWorld();
    await world.control.deliverWebhooks(mode);
    const { id } = await opened(world);
    done(await world.control.pay(id));
    await world.control.flush();
    const types = world.inbox.map(({ body }) => JSON.parse(body).type);
    if (mode === "late" || mode === "lost") expect(types).toEqual([]);
    if (mode === "duplicated") expect(types.filter((type) => type === "InvoiceCreated")).toHaveLength(3);
    if (mode === "out_of_order") expect(types).toContain("InvoiceReceivedPayment");
    await world.control.deliverWebhooks("normal");
    await world.control.flush();
    expect(world.inbox.length > 0).toBe(mode !== "lost");
  });
});

describe("the rest", () => {
  test.each([
    ["es-MX", "es-ES"],
    ["pt-BR", "pt-BR"],
    ["pt-PT", "pt-PT"],
    ["pt", "pt-BR"],
    ["en-US", "en"],
    ["qu-PE", "en"],
    ["", "en"],
  ])("a donor of %s sees BTCPay in %s", (locale, language) =>
    expect(checkoutLanguage(locale)).toBe(language),
  );

  test("the bank's side at the desk: each button does what it says, and is gone when it cannot", async () => {
    const world = await btcpayWorld();
    const { desk } = world.simulator;
    const { id, look } = await opened(world);
    const buttons = async () =>
      (await desk.payments()).find((one) => one.id === id)?.actions.map((one) => one.id);
    expect(await buttons()).toEqual(["pay", "pay_other", "expire"]);
    const press = (action: string, fields = {}) => desk.play({ payment: id, action, fields });
    expect(await press("pay_other", { amount: "30000" })).toEqual({ ok: true, value: undefined });
    expect(await buttons()).toEqual(["pay", "pay_other", "confirm", "take_back", "never_confirm", "expire"]);
    expect(await press("expire")).toMatchObject({ ok: true });
    expect(await press("pay")).toMatchObject({ ok: true });
    expect(await press("confirm")).toMatchObject({ ok: true });
    expect(await look()).toMatchObject({ kind: "captured", evidence: { rawStatus: "Expired/PaidLate" } });
    expect(await press("expire")).toMatchObject({ ok: false });
    expect(await press("pay_other", { amount: "no" })).toMatchObject({ ok: false });
    const refund = {
      refundId: newId("refund"),
      gatewayPaymentId: id,
      amount: money(50_000n, "MXN"),
      refundable: money(50_000n, "MXN"),
      method: "bitcoin",
      reason: "duplicate",
    } as const;
    await world.adapter.payments.refund(refund, world.nextCall());
    for (const step of ["claim", "pay_out"]) {
      const action = (await buttons())?.find((one) => one.startsWith(`${step}.`)) ?? "";
      expect(await press(action)).toMatchObject({ ok: true });
    }
    expect(await world.adapter.payments.lookupRefund(refund, world.nextCall())).toMatchObject({
      kind: "succeeded",
    });
    for (const { label } of (await desk.payments())[0]?.actions ?? []) {
      expect(Object.values(label).every((text) => text.length > 0)).toBe(true);
    }
  });

  test("a page of an invoice nobody made is not found, and the API answers under the same address", async () => {
    const world = await btcpayWorld();
    const { url } = world.account.credentials;
    expect((await world.simulator.pages?.(new Request(`${url}/i/nobody`)))?.status).toBe(404);
    expect((await world.simulator.pages?.(new Request(`${url}/api/v1/api-keys/current`)))?.status).toBe(401);
  });
});
