import { describe, expect, test } from "vitest";
import { z } from "zod";
import { transfer } from "../../adapters/transfer/index.ts";
import type { GatewayCredentials } from "../../src/gateway/adapter.ts";
import type { DonorAction } from "../../src/gateway/payment.ts";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { describeManifest } from "./adapter-suite-edges.ts";
import { call, now } from "./gateway-under-test.ts";
import { accounts, adapterFor, handleOf, orderFor, transferUnderTest } from "./transfer-under-test.ts";

describeManifest(transferUnderTest);

const pesos = money(50_000n, "MXN");
const euros = money(12_500n, "EUR");
type Shown = Extract<DonorAction, { type: "display_bank_transfer" }>;

async function shown(
  account: keyof typeof accounts,
  ...order: Parameters<typeof orderFor>
): Promise<{ readonly id: string; readonly action: Shown }> {
  const outcome = await adapterFor(accounts[account]).payments.collect(orderFor(...order), call());
  if (outcome.kind !== "action_required" || outcome.action.type !== "display_bank_transfer") {
    throw new Error(`the donor is shown nothing: ${JSON.stringify(outcome.kind)}`);
  }
  return { id: outcome.gatewayPaymentId, action: outcome.action };
}

describe("what an account takes", () => {
  const takes = (credentials: GatewayCredentials, country: string) =>
    transfer.factory.takes?.(credentials, country);

  test("a CLABE takes SPEI, and wires once a bank abroad can find it", () => {
    const wire = ["MXN", "USD", "EUR"];
    expect(takes(accounts.clabe, "mx")).toEqual({ spei: ["MXN"] });
    expect(takes({ ...accounts.clabe, bic: "BCMRMXMM" }, "mx")).toEqual({ spei: ["MXN"], wire });
    expect(takes({ ...accounts.clabe, bic: "BCMRMXMM", currency: "USD" }, "mx")).toEqual({ wire: ["USD"] });
  });

  test("a phone takes SINPE Móvil in Costa Rica and nothing elsewhere; an IBAN there takes wires", () => {
    expect(takes(accounts.phone, "cr")).toEqual({ sinpe_movil: ["CRC"] });
    expect(takes(accounts.phone, "mx")).toEqual({});
    expect(takes(accounts.iban, "cr")).toEqual({ wire: ["CRC", "USD", "EUR"] });
  });
});

describe("what a donor is shown", () => {
  test("SPEI: the church's CLABE, compact, and seven digits that fit the referencia", async () => {
    const { action } = await shown("clabe", "spei", "mx", pesos);
    expect(action).toMatchObject({
      account: { kind: "clabe", number: "032180000118359719" },
      bank: "Banco de Ejemplo",
      beneficiary: "Iglesia Luz A.R.",
      amountRemaining: pesos,
      reference: expect.stringMatching(/^[1-9]\d{6}$/),
    });
    expect(action.route).toBeUndefined();
  });

  test("a CBU is an account number, with a short code", async () => {
    const { action } = await shown("cbu", "bank_transfer", "ar", money(1_000_000n, "ARS"));
    expect(action.account).toEqual({ kind: "account", number: "2850590940090418135201" });
    expect(action.reference).toMatch(/^[2-9A-HJ-NP-Z]{8}$/);
  });

  test.each(["es", "pt", "de"])("an IBAN in %s: with its BIC and a creditor reference", async (country) => {
    const { action } = await shown("iban", "bank_transfer", country, euros);
    expect(action.account).toEqual({ kind: "iban", number: "DE89370400440532013000" });
    expect(action.route).toEqual({ kind: "bic", number: "COBADEFFXXX" });
    expect(action.reference).toMatch(/^RF\d\d[2-9A-HJ-NP-Z]{12}$/);
  });

  test("in the United Kingdom the sort code comes first", async () => {
    const { action } = await shown("gb", "bank_transfer", "gb", money(5_000n, "GBP"));
    expect(action).toMatchObject({
      account: { kind: "account", number: "55779911" },
      route: { kind: "sort_code", number: "200000" },
    });
  });

  test("SINPE Móvil: the phone, with the country's code", async () => {
    const { action } = await shown("phone", "sinpe_movil", "cr", money(500_000n, "CRC"));
    expect(action.account).toEqual({ kind: "phone", number: "+50688881234" });
    expect(action.reference).toHaveLength(8);
  });

  test("a wire shows the BIC, and beside the bank what its own country would use", async () => {
    const { action } = await shown("us", "wire", "us", money(100_000n, "USD"));
    expect(action.route).toEqual({ kind: "bic", number: "CHASUS33" });
    expect(action.bank).toBe("Banco de Ejemplo, ABA 021000021");
  });

  test.each([...transfer.factory.manifest.accountCountries])(
    "every country takes wires: %s",
    async (country) => {
      const dollars = money(100_000n, "USD");
      const { action } = await shown("us", "wire", country, dollars);
      expect(action.amountRemaining).toEqual(dollars);
    },
  );
});

describe("asked again", () => {
  const order = orderFor("spei", "mx", pesos);
  const { payments } = adapterFor(accounts.clabe);

  test("a repeat and a look-up, with the gateway's id or without, say the same words", async () => {
    const first = await payments.collect(order, call());
    const later = call({ now: new Date(now.getTime() + 900), idempotencyKey: "key-2" });
    expect(await payments.collect(order, later)).toEqual(first);
    expect(await payments.lookup(handleOf(order, new Date(now.getTime() - 40)), later)).toEqual(first);
    const gatewayPaymentId = "gatewayPaymentId" in first ? first.gatewayPaymentId : undefined;
    const handle = { ...handleOf(order), ...(gatewayPaymentId === undefined ? {} : { gatewayPaymentId }) };
    expect(await payments.lookup(handle, later)).toEqual(first);
  });

  test("once its time is over it is expired, and never before", async () => {
    const at = (ms: number) => payments.lookup(handleOf(order), call({ now: new Date(now.getTime() + ms) }));
    expect((await at(days(7))).kind).toBe("action_required");
    expect(await at(days(8))).toMatchObject({ kind: "voided", expired: true });
  });

  test("it is cancelled without asking anybody", async () => {
    expect(await payments.cancel(handleOf(order), call())).toMatchObject({ kind: "voided" });
  });

  test("it stays cancellable, and expires, after the account has become another", async () => {
    const other = adapterFor(accounts.phone).payments;
    const handle = { ...handleOf(order), gatewayPaymentId: "1234567.x" };
    expect(await other.cancel(handle, call())).toMatchObject({
      kind: "voided",
      gatewayPaymentId: "1234567.x",
    });
    const late = call({ now: new Date(now.getTime() + days(9)) });
    expect(await other.lookup(handle, late)).toMatchObject({ kind: "voided", expired: true });
  });
});

describe("what an account cannot do is refused by name", () => {
  test.each([
    ["a phone takes no wire", accounts.phone, "wire", "cr", money(1_000n, "USD")],
    ["a CLABE without a BIC takes no wire", accounts.clabe, "wire", "mx", pesos],
    ["an IBAN takes no SPEI", accounts.iban, "spei", "mx", pesos],
    ["SPEI carries pesos only", accounts.clabe, "spei", "mx", euros],
    [
      "an account kept in euros takes no dollars",
      { ...accounts.iban, currency: "EUR" },
      "wire",
      "de",
      money(1_000n, "USD"),
    ],
    ["a method of no bank account", accounts.clabe, "card", "mx", pesos],
  ] as const)("%s", async (_, credentials, type, country, amount) => {
    const outcome = await adapterFor(credentials).payments.collect(orderFor(type, country, amount), call());
    expect(outcome).toMatchObject({ kind: "refused", problem: { reason: "unsupported" } });
  });

  test("a refund is paid by hand", async () => {
    const { payments } = adapterFor(accounts.clabe);
    const order = {
      refundId: newId("refund"),
      gatewayPaymentId: "1234567.x",
      amount: pesos,
      refundable: pesos,
      method: "spei",
      reason: "requested_by_donor",
    } as const;
    expect(await payments.refund(order, call())).toMatchObject({
      kind: "refused",
      problem: { reason: "unsupported", rawCode: "manual_payout" },
    });
  });

  test("whoever claims to be its webhook is a forger", async () => {
    const { webhooks } = adapterFor(accounts.clabe);
    const delivery = { headers: {}, body: new TextEncoder().encode("{}"), target: "" };
    expect(await webhooks.verify(delivery, [secret("any")], now)).toBe("forged");
    expect(webhooks.envelope(delivery).ok).toBe(false);
    expect(webhooks.read(delivery).ok).toBe(false);
  });
});

describe("the account's numbers", () => {
  const faults = (credentials: Record<string, string>) => {
    const read = transfer.factory.credentials.safeParse(credentials);
    return read.success ? [] : read.error.issues.map((issue) => issue.path.join("."));
  };

  test.each(Object.entries(accounts))("%s is taken", (_, credentials) => {
    expect(faults(credentials)).toEqual([]);
    expect(transfer.factory.modeOf(credentials)).toBe("either");
  });

  test.each([
    ["a CLABE with a wrong check digit", { ...accounts.clabe, number: "032180000118359718" }, "number"],
    ["a CBU one digit short", { ...accounts.cbu, number: "285059094009041813520" }, "number"],
    ["an IBAN with two digits changed", { ...accounts.iban, number: "DE89370400440532013001" }, "number"],
    ["a BIC of no country", { ...accounts.iban, bic: "COBAZZFF" }, "bic"],
    ["a routing number mistyped", { ...accounts.us, aba: "021000022" }, "aba"],
    ["an account number that finds no bank", { ...accounts.gb, sort_code: "" }, "bic"],
    ["a landline for SINPE", { ...accounts.phone, number: "2222 3333" }, "number"],
    ["no beneficiary", { ...accounts.clabe, beneficiary: " " }, "beneficiary"],
  ])("%s is refused at the field", (_, credentials, field) => {
    expect(faults(credentials)).toContain(field);
  });

  test("its form can be asked for field by field", () => {
    const shape = z.object({ properties: z.record(z.string(), z.unknown()) });
    const { properties } = shape.parse(z.toJSONSchema(transfer.factory.credentials));
    expect(Object.keys(properties)).toEqual([
      "kind",
      "number",
      "bank",
      "beneficiary",
      "bic",
      "aba",
      "sort_code",
      "branch",
      "currency",
    ]);
  });

  test.each([
    [accounts.clabe, "mx"],
    [accounts.cbu, "ar"],
    [accounts.iban, undefined],
    [accounts.us, undefined],
    [accounts.phone, "cr"],
    [accounts.gb, undefined],
  ])("a national number tells its country, others do not", async (credentials, country) => {
    expect(await adapterFor(credentials).payments.checkCredentials(call())).toEqual({
      ok: true,
      value: { country },
    });
  });
});
