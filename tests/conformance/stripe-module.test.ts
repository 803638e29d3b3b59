import { describe, expect, test } from "vitest";
import { gateways } from "../../adapters/index.ts";
import { stripeTypesOf } from "../../adapters/stripe/carried.ts";
import { stripe } from "../../adapters/stripe/index.ts";
import { stripeManifest } from "../../adapters/stripe/manifest.ts";
import { stripeMethods } from "../../adapters/stripe/manifest-methods.ts";
import { simulateStripe } from "../../adapters/stripe/sandbox/simulate.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import { days, fixedClock } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { by } from "./stripe-sandbox-steps.ts";
import { callAt, knownDonor, orderOf } from "./stripe-under-test.ts";

function simulated() {
  const clock = fixedClock("2026-11-20T18:00:00Z");
  const inbox: SandboxWebhook[] = [];
  const simulator = simulateStripe({
    store: memorySandboxStore(),
    clock,
    deliver: async (webhook) => {
      inbox.push(webhook);
      return { status: 200 };
    },
    background: (work) => void work(),
    pagesUrl: "http://localhost:8787/sandbox/stripe",
  });
  const on = (country: string, name = "demo") => {
    const account = simulator.openAccount({ country, name });
    const adapter = stripe.factory.create({
      credentials: account.credentials,
      transport: (input, init) => simulator.fetch(new Request(input, init)),
    });
    return { account, adapter };
  };
  let calls = 0;
  const call = () => callAt({ now: clock.now(), idempotencyKey: `module-${++calls}`, timeoutMs: 10_000 });
  return { simulator, inbox, clock, on, call };
}

describe("the gateway as the registry has it", () => {
  test("is registered by its own id", () => {
    expect(gateways.get("stripe")).toBe(stripe);
    expect(stripe.browserSdk?.island).toBe("sdk-stripe");
  });

  test("keys tell their mode, so that test and live are never mixed", () => {
    const keys = (mode: string) => ({ secret_key: `sk_${mode}_x`, publishable_key: `pk_${mode}_x` });
    expect(stripe.factory.modeOf(keys("live"))).toBe("live");
    expect(stripe.factory.modeOf(keys("test"))).toBe("test");
    expect(stripe.factory.modeOf({ secret_key: "rk_live_x", publishable_key: "pk_live_x" })).toBe("live");
  });

  test("every method it carries has a word of Stripe's, and none that the terms keep from churches", () => {
    const words = new Set(stripeMethods.flatMap(({ type }) => stripeTypesOf(type)));
    expect(stripeMethods.every(({ type }) => stripeTypesOf(type).length > 0)).toBe(true);
    for (const barred of ["pix", "bizum", "klarna", "afterpay_clearpay", "cashapp"]) {
      expect([...words]).not.toContain(barred);
    }
    expect(stripeManifest.barred.map(({ name }) => name)).toEqual([
      "Pix",
      "Bizum",
      "Klarna",
      "Afterpay / Clearpay",
      "Cash App Pay",
    ]);
    for (const { why } of stripeManifest.barred) {
      expect(new Set([why.es, why.en, why.pt]).size).toBe(3);
    }
  });

  test("no method is offered twice for the same donor, account and currency", () => {
    const offers = stripeMethods.flatMap((method) =>
      method.countries.flatMap((country) =>
        (method.accounts ?? [country]).map(
          (account) => `${method.type} ${country} ${account} ${method.currencies}`,
        ),
      ),
    );
    expect(new Set(offers).size).toBe(offers.length);
  });
});

describe("the simulator on demand", () => {
  test.each(["mx", "us", "br", "ca", "gb", "es", "pt", "de"])("opens an account of %s", async (country) => {
    const { on, call } = simulated();
    const { account, adapter } = on(country, `${country}_x1`);
    expect(stripe.factory.credentials.safeParse(account.credentials).success).toBe(true);
    expect(await adapter.payments.checkCredentials(call())).toEqual({ ok: true, value: { country } });
  });

  test("two accounts of the same country see nothing of each other", async () => {
    const { on, call } = simulated();
    const [one, other] = [on("mx", "one"), on("mx", "other")];
    const order = orderOf();
    const given = await one.adapter.payments.collect(order, call());
    expect(given.kind).toBe("captured");
    const id = "gatewayPaymentId" in given ? (given.gatewayPaymentId ?? "") : "";
    const handle = { ...order, gatewayPaymentId: id, method: "card", createdAt: new Date() } as const;
    expect((await other.adapter.payments.lookup(handle, call())).kind).toBe("in_doubt");
  });

  test("signs what it sends with the account's own secret, wherever it was told to send it", async () => {
    const { simulator, inbox, on, call } = simulated();
    const { account, adapter } = on("pt");
    expect((await simulator.listen(account, "http://localhost:8787/webhooks/stripe/gwa_1")).ok).toBe(true);
    await adapter.payments.collect(
      orderOf({
        country: "pt",
        amount: money(2_500n, "EUR"),
        donor: knownDonor,
        ...by("multibanco", "instructions"),
      }),
      call(),
    );
    await simulator.control.flush();
    expect(inbox.length).toBeGreaterThan(0);
    for (const { url, headers, body } of inbox) {
      expect(url).toBe("http://localhost:8787/webhooks/stripe/gwa_1");
      const delivery = { headers, body: new TextEncoder().encode(body), target: "" };
      const at = new Date("2026-11-20T18:00:00Z");
      expect(await adapter.webhooks.verify(delivery, [secret(account.webhookSecret ?? "")], at)).toBe(
        "genuine",
      );
    }
    expect((await simulator.listen({ credentials: {}, webhookSecret: undefined }, "http://x.test")).ok).toBe(
      false,
    );
  });

  test("time does what nobody asks for: a reference lapses at a tick", async () => {
    const { simulator, clock, on, call } = simulated();
    const { adapter } = on("br");
    const order = orderOf({
      country: "br",
      amount: money(2_500n, "BRL"),
      donor: knownDonor,
      ...by("boleto", "instructions"),
    });
    await adapter.payments.collect(order, call());
    clock.advance(days(5));
    await simulator.tick?.(clock.now());
    const [payment] = await simulator.desk.payments();
    expect(payment?.status).toBe("requires_payment_method");
  });

  test("the desk names every button in three languages and plays each that a payment has", async () => {
    const { simulator, on, call } = simulated();
    const gifts = [
      ["br", "BRL", by("boleto", "instructions")],
      ["pt", "EUR", by("multibanco", "instructions")],
      ["pt", "EUR", by("mb_way", "instructions")],
      ["de", "EUR", by("bank_transfer", "instructions")],
      ["gb", "GBP", by("bank_transfer", "instructions")],
      ["gb", "GBP", by("revolut_pay", "hosted")],
      ["es", "EUR", by("sepa_debit", "token", "pm_success_es")],
    ] as const;
    for (const [country, currency, method] of gifts) {
      const { adapter } = on(country);
      const mandateAcceptance = { ipAddress: "203.0.113.9", userAgent: "Mozilla/5.0" };
      const order = orderOf({
        country,
        amount: money(2_500n, currency),
        donor: knownDonor,
        mandateAcceptance,
        ...method,
      });
      await adapter.payments.collect(order, call());
    }
    const payments = await simulator.desk.payments();
    expect(payments).toHaveLength(gifts.length);
    for (const payment of payments) {
      expect(payment.actions.length, payment.method).toBeGreaterThan(0);
      for (const { label } of payment.actions)
        expect([label.es, label.en, label.pt].every(Boolean)).toBe(true);
      const [first] = payment.actions;
      const fields = first?.field?.kind === "amount" ? { amount: String(first.field.value.minor) } : {};
      const played = await simulator.desk.play({ payment: payment.id, action: first?.id ?? "", fields });
      expect(played, payment.method).toEqual({ ok: true, value: undefined });
    }
    expect((await simulator.desk.payments()).map(({ status }) => status)).toEqual(
      gifts.map(() => "succeeded"),
    );
  });

  test("the page a donor is sent to asks, and sends them back", async () => {
    const { simulator, on, call } = simulated();
    const { adapter } = on("gb");
    const returnUrl = "http://localhost:8787/g/abc";
    const order = orderOf({
      country: "gb",
      amount: money(2_500n, "GBP"),
      returnUrl,
      ...by("pay_by_bank", "hosted"),
    });
    const outcome = await adapter.payments.collect(order, call());
    if (outcome.kind !== "action_required" || outcome.action.type !== "redirect")
      throw new Error(outcome.kind);
    const { url } = outcome.action;
    const page = await simulator.pages?.(new Request(url));
    expect(await page?.text()).toContain("25.00 GBP");
    const answered = await simulator.pages?.(new Request(url, { method: "POST", body: "verdict=pass" }));
    expect(answered?.status).toBe(303);
    expect(answered?.headers.get("location")).toBe(returnUrl);
    const [payment] = await simulator.desk.payments();
    expect(payment?.status).toBe("succeeded");
  });
});
