import { describe, expect, test } from "vitest";
import { z } from "zod";
import { gateways } from "../../adapters/index.ts";
import { countries } from "../../countries/index.ts";
import { type MethodType, methodTypes } from "../../src/gateway/methods.ts";
import { exponentOf, isCurrency } from "../../src/kernel/currency.ts";
import { carriedBy } from "../../src/routing/carried-by.ts";
import { limitsOf } from "../../src/routing/choose-route.ts";
import { factsAbsent, factsJson } from "../support/facts.ts";

/*
 * The researched table of methods (174 rows) against what the countries offer: what may be offered is, by the gateway
 * the row names; what a church may not use never is.
 */

const limit = z.object({ value: z.number(), currency: z.string() }).nullable();
const rowSchema = z.object({
  id: z.string(),
  method: z.string(),
  country: z.string(),
  gateway: z.string(),
  min_amount: limit,
  max_amount: limit,
  nonprofit_eligibility: z.enum(["allowed", "approval_needed", "check", "prohibited"]),
  countable: z.boolean(),
  confidence: z.enum(["high", "medium", "low"]),
});
type Row = z.infer<typeof rowSchema>;

const rows: readonly Row[] = factsAbsent ? [] : z.array(rowSchema).parse(factsJson("payment-methods.json"));

/** The table's words for gateways that are ours under another name. */
const gatewayNames: Readonly<Record<string, string>> = {
  bank_statement: "transfer",
  spei_direct: "transfer",
  pix_bacen: "pix",
  br_code_static: "pix",
  nacha_file: "ach_file",
};
const ours = new Set(["stripe", "mercadopago", "paypal", "pix", "transfer", "btcpay", "epayco", "ach_file"]);
const gatewayOf = (row: Row): string => gatewayNames[row.gateway] ?? row.gateway;

/** The table's words for methods whose name is not `{type}_{country}`. */
const typeNames: Readonly<Record<string, MethodType>> = {
  banamex: "citibanamex_cash",
  bbva_atm: "bbva_cash",
  mercadopago_wallet: "mercado_pago",
  pagofacil: "pago_facil",
  pagoefectivo: "pago_efectivo",
  transfer: "bank_transfer",
  us_bank_transfer: "bank_transfer",
  gb_bank_transfer: "bank_transfer",
  eu_bank_transfer: "bank_transfer",
  wire_sepa: "bank_transfer",
  wire_swift: "wire",
  pix_cobv: "pix",
  pix_static: "pix",
  ach_nacha: "ach_debit",
  crypto_usdc: "crypto_stablecoin",
  crypto_btc: "bitcoin",
  crypto_lightning: "lightning",
};

/** Our word for the row's method; local card brands are cards. `undefined`: outside our vocabulary. */
function typeOf(row: Row): MethodType | undefined {
  const bare = row.method.replace(/_([a-z]{2}|intl)$/, "");
  if (bare.startsWith("card")) return "card";
  return typeNames[row.method] ?? typeNames[bare] ?? methodTypes.find((type) => type === bare);
}

/** Rows that are not offered although they could be, and why. */
const leftOut: ReadonlyMap<string, string> = new Map([
  ["apple_pay_us__paypal", "PayPal wants its advanced checkout approved first; Stripe carries it"],
  ["google_pay_us__paypal", "PayPal wants its advanced checkout approved first; Stripe carries it"],
  ["crypto_paypal__paypal", "the official SDK has no crypto source, refunds come back in another coin"],
  [
    "pix_automatico_br__pix_bacen",
    "a standing permission, not a way to give once: the recurring gift asks for it",
  ],
]);

const served = rows.filter((row) => row.country === "*" || countries.has(row.country.toLowerCase()));
const offerable = served.filter(
  (row) => row.countable && row.confidence !== "low" && ours.has(gatewayOf(row)) && !leftOut.has(row.id),
);
const placesOf = (row: Row) => (row.country === "*" ? [...countries.keys()] : [row.country.toLowerCase()]);

describe.skipIf(factsAbsent)("countries against the researched table of methods", () => {
  test("the table is the one we know, and every exception is a row of it", () => {
    expect(rows.length).toBeGreaterThanOrEqual(174);
    expect(offerable.length).toBeGreaterThanOrEqual(100);
    for (const id of leftOut.keys())
      expect(
        rows.some((row) => row.id === id),
        id,
      ).toBe(true);
  });

  test.each(offerable)("$id: offered, by that gateway", (row) => {
    const type = typeOf(row);
    const offering = placesOf(row).filter((code) =>
      countries
        .get(code)
        ?.methods.some((method) => method.type === type && method.gateways.includes(gatewayOf(row))),
    );
    expect(offering.length, `${type} by ${gatewayOf(row)}`).toBeGreaterThan(0);
  });

  test.each(served.filter((row) => row.nonprofit_eligibility === "prohibited"))(
    "$id: closed to churches, so never offered by that gateway",
    (row) => {
      const manifest = gateways.get(gatewayOf(row))?.factory.manifest;
      for (const code of placesOf(row)) {
        const method = countries.get(code)?.methods.find(({ type }) => type === typeOf(row));
        expect(method?.gateways ?? []).not.toContain(gatewayOf(row));
        const capable = manifest?.methods.some(
          (able) => able.type === typeOf(row) && able.countries.includes(code),
        );
        expect(capable ?? false, "and its manifest does not carry it").toBe(false);
        expect(
          manifest?.barred.some((barred) => barred.countries.includes(code)),
          "with a reason to tell",
        ).toBe(true);
      }
    },
  );

  test.each(offerable.filter((row) => row.country !== "*"))(
    "$id: our limits are no wider than the table's",
    (row) => {
      const country = countries.get(row.country.toLowerCase());
      const method = country?.methods.find(({ type }) => type === typeOf(row));
      if (!country || !method) throw new Error("not offered");
      const currency = method.currency ?? country.currency;
      const manifests = new Map([...gateways].map(([id, { factory }]) => [id, factory.manifest]));
      for (const { manifest, capability } of carriedBy(country, method, manifests)) {
        if (manifest.id !== gatewayOf(row)) continue;
        const { minimum, maximum } = limitsOf(method, capability, currency);
        const least = minorOf(row.min_amount, currency);
        const most = minorOf(row.max_amount, currency);
        if (least !== undefined) expect(minimum?.minor ?? 0n).toBeGreaterThanOrEqual(least);
        if (most !== undefined) expect(maximum?.minor ?? most + 1n).toBeLessThanOrEqual(most);
      }
    },
  );

  test("a method known only with low confidence is offered only where the issue asks for it", () => {
    const low = served.filter((row) => row.countable && row.confidence === "low" && ours.has(gatewayOf(row)));
    const offered = low.filter((row) => {
      const country = countries.get(row.country.toLowerCase());
      return country?.methods.some(
        (method) => method.type === typeOf(row) && method.gateways.includes(gatewayOf(row)),
      );
    });
    expect(offered.map(({ id }) => id).sort()).toEqual([
      "baloto_co__epayco",
      "gana_co__epayco",
      "su_red_co__epayco",
    ]);
  });
});

/** A limit of the table in minor units; `undefined` where it has none in this currency. */
function minorOf(amount: Row["min_amount"], currency: string): bigint | undefined {
  if (!amount || amount.currency !== currency || !isCurrency(currency)) return undefined;
  return BigInt(Math.round(amount.value * 10 ** exponentOf(currency)));
}
