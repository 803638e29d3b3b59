import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromDecimal, readDecimal, toDecimal } from "../../adapters/mercadopago/amounts.ts";
import { scrub } from "../../adapters/mercadopago/evidence.ts";
import { mercadopago } from "../../adapters/mercadopago/index.ts";
import { mercadoPagoManifest } from "../../adapters/mercadopago/manifest.ts";
import { openSeller } from "../../adapters/mercadopago/sandbox/accounts.ts";
import { paymentOutcome } from "../../adapters/mercadopago/translate-outcome.ts";
import { paymentSchema } from "../../adapters/mercadopago/wire.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import { money } from "../../src/kernel/money.ts";
import * as bodies from "./mercadopago-bodies.ts";
import { asked, orderIn, pagesUrl, usual, world } from "./mercadopago-world.ts";

describe("amounts", () => {
  test("what is written is read back the same, in every currency", () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 999_999_999_999n),
        fc.constantFrom("ARS", "BRL", "CLP", "MXN", "PEN", "UYU"),
        (minor, currency) => {
          const amount = money(minor, currency);
          const written = toDecimal(amount);
          expect(written.ok && fromDecimal(written.value, currency)).toEqual(amount);
          // Also after a journey through JSON.
          expect(written.ok && fromDecimal(JSON.parse(JSON.stringify(written.value)), currency)).toEqual(
            amount,
          );
        },
      ),
    );
  });

  test("Colombian pesos go whole or not at all", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 99_999_999_999n), (minor) => {
        expect(toDecimal(money(minor, "COP")).ok).toBe(minor % 100n === 0n);
      }),
    );
  });

  test.each(["", "1e3", "NaN", "Infinity", "1.234", "0x10", " 1", "1,5", "--1"])(
    "%j is no amount",
    (text) => {
      expect(readDecimal(text, "MXN")).toBeUndefined();
    },
  );

  test("trailing noughts are fine, and an unknown currency is not", () => {
    expect(readDecimal("12.340", "MXN")).toEqual(money(1_234n, "MXN"));
    expect(readDecimal("1", "ZZZ")).toBeUndefined();
  });
});

describe("a bank that gives no money", () => {
  const asOf = new Date("2026-11-20T13:00:00Z");
  const rejected = (method: MethodType, detail: string, at: string) =>
    paymentOutcome(
      paymentSchema.parse(
        bodies.payment({ status: "rejected", status_detail: detail, date_last_updated: at }),
      ),
      { method, publicKey: "TEST-page", asOf, evidence: {} },
    );

  test.each(["pse", "nequi"] as const)(
    "%s: silent until its time was over is expired, sooner is a fault",
    (method) => {
      const inTime = "2026-11-20T08:14:59.000-04:00";
      const over = "2026-11-20T08:15:00.000-04:00";
      expect(rejected(method, "bank_error", over)).toMatchObject({ kind: "voided", expired: true });
      expect(rejected(method, "bank_error", inTime)).toMatchObject({
        kind: "declined",
        decline: { reason: "provider_unavailable" },
      });
      expect(rejected(method, "rejected_by_bank", over)).toMatchObject({ kind: "declined" });
    },
  );

  test("a card is declined, however late", () => {
    expect(rejected("card", "bank_error", "2026-11-20T09:00:00.000-04:00").kind).toBe("declined");
  });
});

describe("credentials", () => {
  const { credentials } = mercadopago.factory;
  const seller = openSeller({ country: "mx", name: "demo" });
  const good = { access_token: seller.accessToken, public_key: seller.publicKey, country: "mx" };
  const live = `APP_USR${seller.accessToken.slice(4)}`;

  test("good ones pass, and tell their mode as far as they know it", () => {
    expect(credentials.safeParse(good).success).toBe(true);
    expect(mercadopago.factory.modeOf(good)).toBe("test");
    expect(mercadopago.factory.modeOf({ ...good, access_token: live })).toBe("either");
  });

  test.each([
    ["a token cut short", { ...good, access_token: "TEST-1" }],
    ["keys of two modes", { ...good, access_token: live }],
    ["a country without Mercado Pago", { ...good, country: "us" }],
    ["no public key", { access_token: good.access_token, country: "mx" }],
  ])("%s is refused", (_name, given) => {
    expect(credentials.safeParse(given).success).toBe(false);
  });

  test("an account of another country, or of another seller, is found out by asking", async () => {
    const { sandbox, call, account } = world();
    const transport = (input: string | URL | Request, init?: RequestInit) =>
      sandbox.fetch(new Request(input, init));
    const check = (given: Record<string, string>) =>
      mercadopago.factory.create({ credentials: given, transport }).payments.checkCredentials(call());
    const mx = account("mx").credentials;
    expect(await check({ ...mx })).toEqual({ ok: true, value: { country: "mx" } });
    expect((await check({ ...mx, country: "ar" })).ok).toBe(false);
    const somebody = { id: 42, site_id: "MLM" };
    const impostor = { credentials: { ...mx }, transport: async () => Response.json(somebody) };
    expect((await mercadopago.factory.create(impostor).payments.checkCredentials(call())).ok).toBe(false);
  });
});

describe("the scrubber", () => {
  test("the donor's words do not survive, whatever stands around them", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const clean = scrub(`${before} Ana Sofía ana@example.org 4075595716483764 ${after}`, ["Ana Sofía"]);
        for (const word of ["Sofía", "ana@", "4075595716483764"]) expect(clean).not.toContain(word);
        expect(clean.length).toBeLessThanOrEqual(500);
      }),
    );
  });
});

describe("banks", () => {
  test("PSE's list with Nequi on it; Nequi alone for Nequi; none elsewhere", async () => {
    const { adapter, call } = world();
    const banks = adapter("co").banks;
    const pse = await banks?.list({ method: "pse", country: "co" }, call());
    expect(pse?.ok && pse.value.length).toBeGreaterThan(3);
    expect(await banks?.list({ method: "nequi", country: "co" }, call())).toEqual({
      ok: true,
      value: [{ code: "1507", name: "Nequi" }],
    });
    expect((await banks?.list({ method: "oxxo", country: "co" }, call()))?.ok).toBe(false);
    expect(adapter("mx").banks).toBeUndefined();
  });
});

describe("the manifest", () => {
  test("only Colombia and Chile have no decimals, and every site has a card and, but for Peru, the wallet", () => {
    expect(mercadoPagoManifest.amounts.zeroDecimal).toEqual(["COP", "CLP"]);
    for (const country of mercadoPagoManifest.accountCountries) {
      const types = mercadoPagoManifest.methods
        .filter((m) => m.countries.includes(country))
        .map((m) => m.type);
      expect(types).toContain("card");
      expect(types.includes("mercado_pago")).toBe(country !== "pe");
    }
  });

  test("cash goes back to a balance at the gateway, cards and Pix to where they came from", () => {
    for (const method of mercadoPagoManifest.methods) {
      const back = ["voucher", "bank_transfer"].includes(method.kind) ? "gateway_balance" : undefined;
      if (["voucher", "bank_transfer", "card", "qr"].includes(method.kind))
        expect(method.refundsTo).toBe(back);
    }
  });
});

describe("the pages a donor is sent to", () => {
  const open = async (country: "mx" | "co", type: "mercado_pago" | "pse" | "oxxo") => {
    const w = world();
    const order = orderIn(country, type, { method: asked(type), amount: usual(country) });
    const opened = await w.adapter(country).payments.collect(order, w.call());
    if (opened.kind !== "action_required") throw new Error(opened.kind);
    const { action } = opened;
    const url = "url" in action ? action.url : undefined;
    if (!url) throw new Error("no page");
    const visit = async (init?: RequestInit) => w.sandbox.pages?.(new Request(url, init));
    const press = (fields: Record<string, string>) =>
      visit({ method: "POST", body: new URLSearchParams(fields) });
    const status = async () => (await w.control.payments(1))[0]?.body.status;
    return { url, visit, press, status };
  };

  test("Checkout Pro: pay, and come back to the gift", async () => {
    const { url, visit, press, status } = await open("mx", "mercado_pago");
    expect(url.startsWith(pagesUrl)).toBe(true);
    expect(await (await visit())?.text()).toContain("TEST MODE");
    const declined = await press({ do: "pay", type: "mercado_pago", holder: "FUND" });
    expect(declined?.status).toBe(422);
    const done = await press({ do: "pay", type: "mercado_pago", holder: "APRO" });
    expect(done?.headers.get("location")).toContain("https://give.example.org/gift?back=1&collection_id=");
    expect(await status()).toBe("approved");
  });

  test("Checkout Pro: turn back", async () => {
    const { press, status } = await open("mx", "mercado_pago");
    const left = await press({ do: "leave" });
    expect(left?.headers.get("location")).toBe("https://give.example.org/gift?back=canceled");
    expect(await status()).toBeUndefined();
  });

  test.each([
    ["approve", "approved"],
    ["decline", "rejected"],
    ["leave", "pending"],
  ])("the bank's page: %s", async (answer, expected) => {
    const { press, status } = await open("co", "pse");
    expect((await press({ do: answer }))?.headers.get("location")).toBe(
      "https://give.example.org/gift?back=1",
    );
    expect(await status()).toBe(expected);
  });

  test("a slip shows its number, and what does not exist is not found", async () => {
    const { url, visit } = await open("mx", "oxxo");
    expect((await visit())?.status).toBe(200);
    const { sandbox } = world();
    expect((await sandbox.pages?.(new Request(url)))?.status).toBe(404);
  });
});

describe("the desk", () => {
  test("every button it shows can be pressed, in three languages", async () => {
    const w = world();
    for (const type of ["oxxo", "spei", "card"] as const) {
      await w.adapter("mx").payments.collect(orderIn("mx", type), w.call());
    }
    const { desk } = w.sandbox;
    for (const payment of await desk.payments()) {
      for (const action of payment.actions) {
        for (const text of [action.label.es, action.label.en, action.label.pt])
          expect(text.length).toBeGreaterThan(2);
      }
      const [first] = payment.actions;
      expect(first && (await desk.play({ payment: payment.id, action: first.id, fields: {} }))).toEqual({
        ok: true,
        value: undefined,
      });
    }
    expect((await desk.play({ payment: "0", action: "pay", fields: {} })).ok).toBe(false);
  });
});
