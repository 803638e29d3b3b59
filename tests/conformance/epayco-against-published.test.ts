import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { fromEpaycoAmount, toEpaycoAmount } from "../../adapters/epayco/amounts.ts";
import { sealer } from "../../adapters/epayco/seal.ts";
import { namesOf } from "../../adapters/epayco/translate-order.ts";
import { bogota } from "../../adapters/epayco/translate-outcome.ts";
import { money } from "../../src/kernel/money.ts";
import { balotoOrder, epaycoWorld, opened, voucher } from "./epayco-in-sandbox.ts";
import { credentials } from "./epayco-under-test.ts";

/**
 * The contract of `POST /payment/api/v1/transactions` for cash, as ePayco's own SDKs build and read it (their mappers
 * and tests), written down as JSON Schema. ePayco's OpenAPI page is not at hand as a file.
 */
const text = { type: "string", minLength: 1 };
const digits = { type: "string", pattern: "^\\d+$" };
const flag = { enum: ["true", "false"] };
const closed = (properties: Readonly<Record<string, object>>, optional: readonly string[] = []) => ({
  type: "object",
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const extras = { type: "object", additionalProperties: { type: "string" } };
const request = closed(
  {
    invoice: text,
    quotes: { const: "1" },
    documentType: { enum: ["CC", "CE", "NIT", "TI", "PPN"] },
    document: text,
    names: text,
    lastNames: text,
    phone: text,
    cellphone: digits,
    address: text,
    city: text,
    email: text,
    amount: digits,
    tax: digits,
    ico: digits,
    taxBase: digits,
    currency: { enum: ["COP", "USD"] },
    testMode: flag,
    uniqueTransactionPerBill: flag,
    paymentMethod: { const: "CASH" },
    paymentMethodData: closed({ franchise: { enum: ["EF", "BA", "GA", "RS", "PR", "SR"] } }),
    country: { const: "CO" },
    ip: text,
    responseUrl: text,
    confirmationUrl: text,
    confirmationMethod: { enum: ["GET", "POST"] },
    description: text,
    integrationType: closed({ tipo_checkout: { const: "smart_checkout" }, modo_pago: { const: "cash" } }),
    publicKey: text,
    extras,
    extrasEpayco: extras,
    i: { const: "MDAwMDAwMDAwMDAwMDAwMA==" },
    language: text,
  },
  ["phone", "address", "city"],
);
const response = {
  type: "object",
  required: ["success", "data"],
  properties: {
    success: { const: true },
    data: {
      type: "object",
      required: ["refPayco", "invoice", "amount", "currency", "status", "franchise", "paymentProviderData"],
      properties: {
        refPayco: { type: "integer" },
        invoice: text,
        amount: { type: "number" },
        status: text,
        paymentProviderData: {
          type: "object",
          required: ["pin", "agreementCode", "expirationDate"],
          properties: {
            expirationDate: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$" },
          },
        },
      },
    },
  },
};
const ajv = new Ajv({ allErrors: true, strict: false });
const validRequest = ajv.compile(request);
const validResponse = ajv.compile(response);

describe("against what ePayco's own SDKs send and read", () => {
  test.each(["baloto", "gana", "su_red"] as const)(
    "%s: the opened request and the simulator's answer fit",
    async (type) => {
      const world = await epaycoWorld();
      const answered: unknown[] = [];
      const { fetch } = world.simulator;
      world.simulator.fetch = async (asked) => {
        const answer = await fetch(asked);
        if (/v1\/transactions/.test(asked.url)) answered.push(await answer.clone().json());
        return answer;
      };
      const { look } = await voucher(world, balotoOrder({ method: { type, presentation: "instructions" } }));
      await look();
      const sent = world.requests.find(
        ({ method, url }) => method === "POST" && url.pathname.endsWith("/transactions"),
      );
      const plain = opened(JSON.parse(sent?.body ?? "{}"), world.account.credentials.private_key ?? "");
      expect(validRequest(plain) ? [] : validRequest.errors).toEqual([]);
      expect(answered).toHaveLength(2);
      for (const body of answered) expect(validResponse(body) ? [] : validResponse.errors).toEqual([]);
      expect(sent?.headers.get("authorization")).toMatch(/^Bearer /);
    },
  );

  test("the control: a wrong request is refused", async () => {
    const world = await epaycoWorld();
    await voucher(world);
    const sent = world.requests.find(
      ({ method, url }) => method === "POST" && url.pathname.endsWith("/transactions"),
    );
    const plain = opened(JSON.parse(sent?.body ?? "{}"), world.account.credentials.private_key ?? "");
    const base = z.record(z.string(), z.unknown()).parse(plain);
    for (const wrong of [
      { ...base, amount: 50_000 },
      { ...base, paymentMethodData: { franchise: "baloto" } },
      { ...base, gift: "yes" },
      { ...base, email: undefined },
    ]) {
      expect(validRequest(JSON.parse(JSON.stringify(wrong)))).toBe(false);
    }
  });

  const good = {
    invoice: "att_1",
    description: "x",
    quotes: "1",
    documentType: "CC",
    document: "1035851980",
    names: "Ana",
    lastNames: "López",
    email: "ana@example.org",
    cellphone: "3001234567",
    ip: "190.0.0.1",
    amount: "50000",
    tax: 0,
    ico: 0,
    taxBase: 0,
    currency: "COP",
    country: "CO",
    testMode: true,
    uniqueTransactionPerBill: true,
    paymentMethod: "CASH",
    paymentMethodData: { franchise: "BA" },
    responseUrl: "https://x.example/r",
    confirmationUrl: "https://x.example/c",
    confirmationMethod: "POST",
    integrationType: { tipo_checkout: "smart_checkout", modo_pago: "cash" },
    extras: { extra1: "a" },
    extrasEpayco: { extra1: "" },
  };

  test.each([
    ["nothing wrong", {}, true],
    ["a network it does not have", { paymentMethodData: { franchise: "ZZ" } }, false],
    ["an amount below the least", { amount: "4999" }, false],
    ["an amount above the most", { amount: "1000001" }, false],
    ["an amount with decimals", { amount: "50000.50" }, false],
    ["dollars", { currency: "USD" }, false],
    ["a live transaction", { testMode: false }, false],
    ["no real address", { email: "nobody" }, false],
    ["a document nobody has", { documentType: "CPF" }, false],
    ["a field nobody documented", { gift: "yes" }, false],
  ])("the simulator and %s", async (_, fields, taken) => {
    const world = await epaycoWorld();
    const { public_key = "", private_key = "" } = world.account.credentials;
    const login = await world.simulator.fetch(
      new Request("https://apiflow.epayco.io/authentication/api/v2/login", {
        method: "POST",
        body: JSON.stringify({
          client_id: public_key,
          client_secret: private_key,
          grant_type: "client_credentials",
        }),
      }),
    );
    const { data } = await login.json();
    const send = async (key: string) => {
      const body = await sealer(key, {})({ ...good, ...fields, publicKey: public_key });
      const answer = await world.simulator.fetch(
        new Request("https://apiflow.epayco.io/payment/api/v1/transactions", {
          method: "POST",
          headers: { authorization: `Bearer ${data.token}` },
          body: JSON.stringify(body),
        }),
      );
      return (await answer.json()).success;
    };
    expect(await send(private_key)).toBe(taken);
    expect(await send("b".repeat(32))).toBe(false);
    // The same invoice a second time.
    expect(await send(private_key)).toBe(false);
  });
});

describe("parts", () => {
  test("a sealed body is opened by another implementation, and is the same bytes every time", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.integer(), async (words, number) => {
        const body = { publicKey: "open", words, inner: { number } };
        const sealed = await sealer(credentials.private_key, {})(body);
        expect(opened(sealed, credentials.private_key)).toMatchObject({
          publicKey: "open",
          words,
          inner: { number: String(number) },
          language: "node",
        });
        expect(await sealer(credentials.private_key, {})(body)).toEqual(sealed);
      }),
      { numRuns: 50 },
    );
  });

  test("every amount of whole pesos comes back, and no other is written", () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 99_999_999_999n), (minor) => {
        const written = toEpaycoAmount(money(minor, "COP"));
        expect(written.ok).toBe(minor % 100n === 0n);
        if (written.ok) {
          expect(fromEpaycoAmount(written.value, "COP")).toEqual(money(minor, "COP"));
          expect(fromEpaycoAmount(`${written.value}.00`, "cop")).toEqual(money(minor, "COP"));
          expect(fromEpaycoAmount(Number(written.value), "COP")).toEqual(money(minor, "COP"));
        }
      }),
    );
  });

  test.each([
    ["50000", "USD"],
    ["1e5", "COP"],
    [" 1", "COP"],
    [0.5, "COP"],
    ["", "COP"],
    ["-1", "COP"],
    ["1.234", "COP"],
  ])("%j %s is not read", (value, currency) => expect(fromEpaycoAmount(value, currency)).toBeUndefined());

  test.each([
    ["Ana", "Ana", "Ana"],
    ["Ana López", "Ana", "López"],
    ["Ana López Díaz", "Ana", "López Díaz"],
    ["Ana Sofía López Díaz", "Ana Sofía", "López Díaz"],
  ])("%s is %s and %s", (name, names, lastNames) => expect(namesOf(name)).toEqual({ names, lastNames }));

  test("Bogotá is five hours behind, and what is no time is none", () => {
    expect(bogota("2026-07-07 19:50:07")).toEqual(new Date("2026-07-08T00:50:07Z"));
    for (const wrong of ["", "mañana", "2026-13-40 00:00:00", "2026-07-07"])
      expect(bogota(wrong)).toBeUndefined();
  });
});
