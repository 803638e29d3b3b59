import { describe, expect, test } from "vitest";
import { sites } from "../../adapters/mercadopago/sites.ts";
import { checkoutAction } from "../../adapters/mercadopago/translate-action.ts";
import { notificationUrl, paymentBody } from "../../adapters/mercadopago/translate-order.ts";
import { paymentOutcome } from "../../adapters/mercadopago/translate-outcome.ts";
import { paymentSchema, preferenceSchema } from "../../adapters/mercadopago/wire.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import { present } from "../../src/kernel/assert.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import * as bodies from "./mercadopago-bodies.ts";
import { type Country, orderIn } from "./mercadopago-world.ts";

/** Mercado Pago's bodies as they may come, each beside what it means to us; and what an order is written as. */
const asOf = new Date("2026-11-20T13:00:00Z");
const publicKey = "TEST-page";
const outcome = (method: MethodType, fields: object) =>
  paymentOutcome(paymentSchema.parse(bodies.payment(fields)), { method, publicKey, asOf, evidence: {} });
const approved = (fields: object) =>
  paymentOutcome(paymentSchema.parse(bodies.approved(fields)), {
    method: "pix",
    publicKey,
    asOf,
    evidence: {},
  });
const brl = (minor: bigint) => money(minor, "BRL");

describe("a card whose bank asks whether it is the donor", () => {
  const three_ds_info = { external_resource_url: "https://acs.example/c?a=1", creq: "eyJ0+/=" };
  const asking = (fields: object) =>
    outcome("card", { status: "pending", status_detail: "pending_challenge", ...fields });

  test("is to be shown where, and what is posted there", () => {
    const told = asking({ three_ds_info });
    expect(told).toMatchObject({ action: { type: "use_sdk", publishableKey: publicKey } });
    const { clientToken } = Object(told).action;
    expect(Object.fromEntries(new URLSearchParams(clientToken))).toEqual({
      url: three_ds_info.external_resource_url,
      creq: three_ds_info.creq,
    });
  });

  test.each([
    ["says nothing of where", {}],
    ["says half of it", { three_ds_info: { external_resource_url: "https://acs.example/c" } }],
    ["has answered already", { three_ds_info, status_detail: "pending_review_manual" }],
  ])("waits where the bank %s", (_, fields) => {
    expect(asking(fields)).toMatchObject({ kind: "processing" });
  });
});

describe("a payment that waits for its donor", () => {
  const told = {
    external_resource_url: "https://mp.example/x",
    payment_method_reference_id: "646180157000000004",
  };
  test.each<[string, MethodType, object, object]>([
    [
      "a code",
      "pix",
      {},
      { action: { type: "display_qr", payload: "00020126", url: "https://mp.example/t" } },
    ],
    [
      "a code without a page",
      "pix",
      { point_of_interaction: { transaction_data: { qr_code: "0002" } } },
      { action: { type: "display_qr", payload: "0002" } },
    ],
    [
      "a code that is not there",
      "pix",
      { point_of_interaction: { transaction_data: {} } },
      { kind: "in_doubt" },
    ],
    ["nothing of a code", "pix", { point_of_interaction: null }, { kind: "in_doubt" }],
    [
      "a code that lapses by its own time",
      "pix",
      { date_of_expiration: null },
      { action: { expiresAt: new Date("2026-11-21T12:00:00.000Z") } },
    ],
    [
      "a code of no time at all",
      "pix",
      { date_of_expiration: null, date_created: null },
      { action: { expiresAt: new Date(asOf.getTime() + days(1)) } },
    ],
    [
      "a slip",
      "boleto",
      {},
      { action: { type: "display_voucher", reference: "9876543210", barcode: { format: "itf" } } },
    ],
    [
      "a slip of one number",
      "oxxo",
      { transaction_details: { barcode: { content: "20123" } } },
      { action: { reference: "20123", barcode: { text: "20123" } } },
    ],
    [
      "a slip by its code to show",
      "oxxo",
      { transaction_details: { verification_code: "77" } },
      { action: { reference: "77" } },
    ],
    ["a slip without a number", "oxxo", { transaction_details: {} }, { kind: "in_doubt" }],
    [
      "an account, told beside the method",
      "spei",
      { currency_id: "MXN", payment_method: { data: { reference_id: "722969010000000001" } } },
      { action: { type: "display_bank_transfer", bank: "Mercado Pago W" } },
    ],
    [
      "an account, told in the details",
      "spei",
      { currency_id: "MXN", payment_method: null, transaction_details: told },
      { action: { bank: "STP", url: "https://mp.example/x", expiresAt: expect.any(Date) } },
    ],
    [
      "an account of another bank, without a page or an end",
      "spei",
      {
        currency_id: "MXN",
        date_of_expiration: null,
        transaction_details: { payment_method_reference_id: "002180157000000004" },
      },
      { action: { bank: "Mercado Pago" } },
    ],
    ["no account", "spei", { currency_id: "MXN", transaction_details: {} }, { kind: "in_doubt" }],
    ["the bank's page", "pse", { currency_id: "COP" }, { action: { type: "redirect" } }],
    [
      "the bank's page, which is not there",
      "pse",
      { currency_id: "COP", transaction_details: {} },
      { kind: "in_doubt" },
    ],
    ["a slip chosen on the gateway's page", "mercado_pago", {}, { action: { type: "redirect" } }],
    ["in a method of nobody's", "cash", {}, { kind: "in_doubt" }],
    ["in no currency we know", "pix", { currency_id: "ZZZ" }, { kind: "in_doubt" }],
  ])("shows %s", (_what, method, fields, means) => {
    expect(outcome(method, fields)).toMatchObject(means);
  });
});

describe("a payment that waits for others", () => {
  const review = { status: "in_process", status_detail: "pending_review_manual" };
  test.each<[MethodType, object, object]>([
    ["card", review, { kind: "processing", answerDueAt: new Date(asOf.getTime() + days(4)) }],
    [
      "pse",
      { ...review, currency_id: "COP" },
      { kind: "processing", answerDueAt: new Date(asOf.getTime() + minutes(5)) },
    ],
    [
      "card",
      { status: "authorized", status_detail: "pending_capture" },
      { kind: "authorized", expiresAt: new Date("2026-11-25T12:00:00.000Z") },
    ],
    [
      "card",
      { status: "authorized", status_detail: "pending_capture", date_created: null },
      { kind: "authorized", expiresAt: new Date(asOf.getTime() + days(5)) },
    ],
    [
      "card",
      { status: "zz", status_detail: null },
      { kind: "processing", evidence: { unrecognized: expect.any(String), rawStatus: "zz" } },
    ],
  ])("%s %o", (method, fields, means) => {
    expect(outcome(method, fields)).toMatchObject(means);
  });
});

describe("a payment that was made", () => {
  const details = (more: object) => ({
    transaction_details: { net_received_amount: 475.1, total_paid_amount: 500, overpaid_amount: 0, ...more },
  });
  const tax = (original: number | null) => ({
    type: "tax",
    accounts: { from: "collector" },
    amounts: { original },
  });

  test.each<[string, object, object]>([
    ["whole", {}, { amount: brl(50_000n), fee: { amount: brl(2_490n), tax: brl(0n) } }],
    [
      "with a tax among the fee",
      { charges_details: [tax(4.9), { type: "fee" }] },
      { fee: { amount: brl(2_490n), tax: brl(490n) } },
    ],
    ["with a tax that is not told", { charges_details: [tax(null)] }, { fee: { tax: brl(0n) } }],
    [
      "with a tax above the fee",
      { charges_details: [tax(100)] },
      { fee: { amount: brl(2_490n), tax: brl(0n) } },
    ],
    ["short", details({ total_paid_amount: 300 }), { amount: brl(30_000n) }],
    [
      "short, with a coupon",
      { ...details({ total_paid_amount: 300 }), coupon_amount: 100 },
      { amount: brl(40_000n) },
    ],
    ["over", details({ overpaid_amount: 20 }), { amount: brl(52_000n) }],
    ["without a moment", { date_approved: null }, { capturedAt: asOf }],
  ])("%s", (_what, fields, means) => {
    expect(approved(fields)).toMatchObject({ kind: "captured", ...means });
  });

  test.each<[string, object]>([
    ["more credited than came", details({ net_received_amount: 600 })],
    ["nothing credited yet", details({ net_received_amount: 0 })],
    ["something given back", { transaction_amount_refunded: 5 }],
    ["no word of it", { transaction_details: {} }],
  ])("with %s, its fee is unknown", (_what, fields) => {
    expect(approved(fields)).not.toHaveProperty("fee");
  });

  test("for less than nothing is not believed", () => {
    expect(approved({ transaction_amount: 0 })).toMatchObject({ kind: "in_doubt" });
    expect(approved(details({ overpaid_amount: -1 }))).toMatchObject({ kind: "in_doubt" });
  });
});

describe("a page", () => {
  const page = (fields: object) =>
    checkoutAction(preferenceSchema.parse({ id: "1", init_point: "https://mp.example/p", ...fields }), asOf);

  test.each<[object, object | undefined]>([
    [{}, { type: "redirect", url: "https://mp.example/p" }],
    [{ expires: true, expiration_date_to: "2026-11-19T00:00:00Z" }, undefined],
    [{ expires: false, expiration_date_to: "2026-11-19T00:00:00Z" }, { url: "https://mp.example/p" }],
    [
      { expires: true, expiration_date_to: "2026-11-21T00:00:00Z" },
      { expiresAt: new Date("2026-11-21T00:00:00Z") },
    ],
  ])("%o", (fields, action) => {
    if (action) expect(page(fields)).toMatchObject(action);
    else expect(page(fields)).toBeUndefined();
  });
});

describe("an order", () => {
  const siteIn = (country: Country) =>
    present(
      sites.find((site) => site.country === country),
      "a site",
    );
  const written = (country: Country, type: MethodType, flow: object, change: object = {}) =>
    paymentBody({ ...orderIn(country, type), ...change }, { flow, amount: 500 } as never, siteIn(country));
  const bank = { kind: "bank_redirect", code: "pse", lastsMs: 1, pse: true };
  const device = { ipAddress: "190.24.11.5", userAgent: "x" };

  test.each([
    ["https://x.test/hook", "https://x.test/hook?attempt="],
    ["https://x.test/hook?a=1", "https://x.test/hook?a=1&attempt="],
  ])("is heard of at %s with its attempt", (notification, address) => {
    const order = { ...orderIn("mx", "oxxo"), notificationUrl: notification };
    expect(notificationUrl(order)).toBe(`${address}${order.attemptId}`);
  });

  test.each<[string, object]>([
    ["tok", { token: "tok", installments: 1 }],
    ["tok:visa", { payment_method_id: "visa" }],
    ["tok:visa:24", { payment_method_id: "visa", issuer_id: 24 }],
    ["tok:visa:zz", { payment_method_id: "visa" }],
    ["tok:visa:24:challenge", { issuer_id: 24, three_d_secure_mode: "optional" }],
  ])("by the token %s says what the page knew of the card", (token, fields) => {
    const body = written(
      "mx",
      "card",
      { kind: "token" },
      { method: { type: "card", presentation: "token", token } },
    );
    expect(body).toMatchObject(fields);
    for (const field of ["issuer_id", "three_d_secure_mode"]) expect(field in body).toBe(field in fields);
  });

  test("by PSE of a donor of whom little is known still has every place filled", () => {
    const donor = { name: "Ana", reference: "dnr-1", device };
    expect(
      written("co", "pse", bank, { donor, method: { type: "pse", presentation: "hosted", bank: "1007" } }),
    ).toMatchObject({
      payer: {
        first_name: "Ana",
        entity_type: "individual",
        address: { zip_code: "00000", street_name: "", street_number: "0", neighborhood: "", city: "" },
        phone: { area_code: "", number: "" },
      },
      additional_info: { ip_address: "190.24.11.5" },
    });
  });

  test("by PSE of a church member's firm is a firm's", () => {
    const donor = { ...orderIn("co", "pse").donor, taxId: { type: "nit", number: "9001234567" } };
    expect(written("co", "pse", bank, { donor })).toMatchObject({ payer: { entity_type: "association" } });
  });

  test("for a page is no payment", () => {
    expect(() => written("mx", "card", { kind: "checkout_pro" })).toThrow("preference");
  });

  test("of a donor nobody knows says nothing of them", () => {
    const body = written(
      "mx",
      "oxxo",
      { kind: "voucher", code: "oxxo", lastsMs: 1 },
      { donor: { reference: "dnr-1" } },
    );
    expect(body.payer).toEqual({});
  });
});
