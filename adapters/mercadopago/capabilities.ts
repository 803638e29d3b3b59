import type { DonorField } from "../../src/gateway/country-profile.ts";
import type { MethodCapability } from "../../src/gateway/manifest.ts";
import { present } from "../../src/kernel/assert.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { type CurrencyCode, exponentOf } from "../../src/kernel/currency.ts";
import { money } from "../../src/kernel/money.ts";
import { checkoutLastsMs } from "./method-codes.ts";
import { type Site, siteOf, sites } from "./sites.ts";

type Limits = Pick<MethodCapability, "minimum" | "maximum">;
type Confidence = MethodCapability["confidence"];

/** Whole units of a currency as money. */
const units = (amount: bigint, currency: CurrencyCode) =>
  money(amount * 10n ** BigInt(exponentOf(currency)), currency);

const between = (least: bigint, most: bigint, currency: CurrencyCode): Limits => ({
  minimum: [units(least, currency)],
  maximum: [units(most, currency)],
});

/**
 * Where no limit was found: one whole unit, and ten million of it (a billion where a unit is worth a fraction of a
 * cent). Each account's own limits stand in `GET /v1/payment_methods` and are refused by name when passed.
 */
const unstated = (currency: CurrencyCode): Limits =>
  currency === "COP" || currency === "CLP" || currency === "ARS"
    ? between(1n, 1_000_000_000n, currency)
    : between(1n, 10_000_000n, currency);

type Given = Pick<MethodCapability, "type" | "kind" | "presentations" | "requires" | "confidence"> &
  Partial<Pick<MethodCapability, "expiresAfterMs" | "refunds" | "tokens">> & {
    readonly limits?: Limits;
    /** Money given in cash or by transfer goes back to a Mercado Pago balance of the donor's. */
    readonly backToBalance?: true;
  };

function at(site: Site, given: Given): MethodCapability {
  const { limits = unstated(site.currency), backToBalance, refunds = site.refunds, ...rest } = given;
  return {
    ...rest,
    ...limits,
    countries: [site.country],
    currencies: [site.currency],
    refunds,
    ...(refunds === "none" ? {} : { refundWindowDays: site.refundWindowDays }),
    ...(backToBalance && refunds !== "none" ? { refundsTo: "gateway_balance" as const } : {}),
    // None of Mercado Pago's terms that were read speak of churches (facts: methods §12).
    churches: "not_stated",
  };
}

const inCountry = (country: string, given: Given): MethodCapability =>
  at(present(siteOf(country), `Mercado Pago has a site in ${country}`), given);

const voucher = (
  country: string,
  type: MethodCapability["type"],
  requires: readonly DonorField[],
  confidence: Confidence,
  limits?: Limits,
): MethodCapability =>
  inCountry(country, {
    type,
    kind: "voucher",
    presentations: ["instructions"],
    requires,
    confidence,
    expiresAfterMs: days(3),
    backToBalance: true,
    ...(limits ? { limits } : {}),
  });

const cards = sites.map((site) =>
  at(site, {
    type: "card",
    kind: "card",
    presentations: ["token", "hosted"],
    tokens: "hosted_fields",
    requires: site.country === "mx" ? ["email"] : ["email", "tax_id"],
    confidence: "high",
  }),
);

/** Peru's wallet does not pay in other people's sites (facts: payment-methods has no such row). */
const wallets = sites
  .filter(({ country }) => country !== "pe")
  .map((site) =>
    at(site, {
      type: "mercado_pago",
      kind: "wallet",
      presentations: ["hosted"],
      requires: [],
      confidence: ["mx", "ar", "br"].includes(site.country) ? "high" : "medium",
      expiresAfterMs: checkoutLastsMs,
    }),
  );

const named = ["name", "email"] as const;
const identified = ["name", "email", "tax_id"] as const;
const withAddress = [...identified, "address"] as const;
const forPse = [...withAddress, "phone"] as const;
const pseLimits = between(1_600n, 340_000_000n, "COP");

/** Every method at every site, with what was found about it (facts: payment-methods, methods §4). */
export const capabilities: readonly MethodCapability[] = [
  ...cards,
  ...wallets,
  voucher("mx", "oxxo", named, "high"),
  voucher("mx", "paycash", named, "medium"),
  voucher("mx", "bbva_cash", named, "medium"),
  voucher("mx", "citibanamex_cash", named, "medium"),
  inCountry("mx", {
    type: "spei",
    kind: "bank_transfer",
    presentations: ["instructions"],
    requires: named,
    confidence: "medium",
    backToBalance: true,
  }),
  inCountry("co", {
    type: "pse",
    kind: "bank_redirect",
    presentations: ["hosted"],
    requires: [...forPse, "bank"],
    confidence: "high",
    expiresAfterMs: minutes(15),
    backToBalance: true,
    limits: pseLimits,
  }),
  inCountry("co", {
    type: "nequi",
    kind: "wallet",
    presentations: ["hosted"],
    requires: forPse,
    confidence: "medium",
    expiresAfterMs: minutes(15),
    backToBalance: true,
    limits: pseLimits,
  }),
  voucher("co", "efecty", identified, "high"),
  inCountry("br", {
    type: "pix",
    kind: "qr",
    presentations: ["instructions"],
    requires: identified,
    confidence: "high",
    expiresAfterMs: days(1),
  }),
  voucher("br", "boleto", withAddress, "high"),
  voucher("br", "loterica", withAddress, "medium"),
  voucher("ar", "rapipago", identified, "high"),
  voucher("ar", "pago_facil", identified, "high"),
  inCountry("cl", {
    type: "webpay",
    kind: "card",
    presentations: ["hosted"],
    requires: ["email"],
    confidence: "medium",
    expiresAfterMs: checkoutLastsMs,
    limits: between(50n, 3_000_000n, "CLP"),
  }),
  inCountry("cl", {
    type: "fintoc",
    kind: "bank_redirect",
    presentations: ["hosted"],
    requires: ["email", "tax_id"],
    confidence: "high",
    expiresAfterMs: minutes(10),
    // Only by hand in Mercado Pago's panel, within 72 hours.
    refunds: "none",
  }),
  inCountry("pe", {
    type: "yape",
    kind: "wallet",
    presentations: ["token"],
    requires: ["email"],
    confidence: "high",
    limits: between(1n, 2_000n, "PEN"),
  }),
  voucher("pe", "pago_efectivo", identified, "high", between(5n, 10_000n, "PEN")),
  voucher("uy", "abitab", identified, "high"),
  voucher("uy", "redpagos", identified, "high"),
];
