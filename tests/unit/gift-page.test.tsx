import { describe, expect, test } from "vitest";
import { countries } from "../../countries/index.ts";
import type { DonorAction } from "../../src/gateway/payment.ts";
import type { DonationStatus, DonationView } from "../../src/giving/donation-view.ts";
import { present } from "../../src/kernel/assert.ts";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import { giftLinks } from "../../src/pages/checkout/gift-link.ts";
import { GiftPage } from "../../src/pages/checkout/gift-page.tsx";
import type { GiftScene } from "../../src/pages/checkout/gift-parts.tsx";
import { giftStamp } from "../../src/pages/checkout/gift-stamp.ts";
import { prefilledAgain } from "../../src/pages/checkout/prefill.ts";
import type { Language } from "../../src/pages/i18n/language.ts";
import { translator } from "../../src/pages/i18n/language.ts";
import { offered, offerIn } from "../support/offer.ts";

const at = new Date("2026-11-20T18:00:00Z");
const later = new Date("2026-11-23T18:00:00Z");
const mxn = (minor: bigint) => money(minor, "MXN");

const viewOf = (change: Partial<DonationView> = {}): DonationView => {
  const amount = change.amount ?? mxn(50_000n);
  const zero = money(0n, amount.currency);
  return {
    id: newId("donation"),
    churchId: newId("church"),
    legalEntityId: newId("legalEntity"),
    donorId: newId("donor"),
    recurringGiftId: undefined,
    mode: "test",
    status: "requires_action",
    amount,
    feeCover: zero,
    charged: amount,
    country: "mx",
    method: "card",
    anonymous: false,
    locale: "en-MX",
    returnUrl: undefined,
    allocations: [{ fundId: newId("fund"), fund: "general", amount }],
    action: undefined,
    decline: undefined,
    refunded: zero,
    disputed: false,
    fee: undefined,
    capturedAt: undefined,
    expiresAt: undefined,
    createdAt: at,
    attempt: {
      id: newId("attempt"),
      number: 1,
      state: "action_required",
      gateway: "stripe",
      gatewayPaymentId: undefined,
      presentation: "embedded",
      refusalDetail: undefined,
    },
    ...change,
  };
};

const sceneOf = (
  view: DonationView,
  change: Partial<GiftScene> & { language?: Language } = {},
): GiftScene => {
  const { language = "en", ...rest } = change;
  return {
    frame: {
      t: translator(language),
      language,
      nonce: "n",
      testMode: true,
      brandColor: undefined,
      inLanguage: (other) => `?lang=${other}`,
    },
    church: offerIn(view.country).church,
    country: present(countries.get(view.country), "a country we serve"),
    view,
    claims: [],
    locale: view.locale,
    links: giftLinks("luz", view.id, "token", language),
    fundNames: new Map([["general", "General fund"]]),
    publicUrl: "https://give.example.org",
    sdk: undefined,
    justSent: false,
    cancelFailed: false,
    ...rest,
  };
};

/** What a donor reads, without the markup. */
const textOf = (html: string): string =>
  html
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&")
    .replace(/\s+/g, " ");
const htmlOf = async (view: DonationView, change?: Parameters<typeof sceneOf>[1]): Promise<string> =>
  String(await (<GiftPage scene={sceneOf(view, change)} />));
const read = async (view: DonationView, change?: Parameters<typeof sceneOf>[1]): Promise<string> =>
  textOf(await htmlOf(view, change));

test("a refund the donor has to take is there with its amount and its way, until it is taken", async () => {
  const url = "https://btcpay.example.org/pull-payments/p1";
  const claims = [{ refund: newId("refund"), amount: mxn(20_000n), url }];
  const html = await htmlOf(viewOf({ status: "succeeded" }), { claims });
  expect(html).toContain(`href="${url}" rel="noreferrer"`);
  for (const says of ["A refund of $200.00", "whoever opens it can take the money"]) {
    expect(textOf(html)).toContain(says);
  }
  expect(await htmlOf(viewOf({ status: "succeeded" }))).not.toContain("take the money");
});

describe("where a gift stands", () => {
  test.each<readonly [string, Partial<DonationView>, readonly string[]]>([
    ["with nothing for the donor to do", {}, ["We are confirming", "General fund"]],
    [
      "processing a method that has gone from the country",
      { status: "processing", country: "us", method: "oxxo" },
      ["oxxo"],
    ],
    ["authorized", { status: "authorized" }, ["General fund"]],
    ["succeeded", { status: "succeeded" }, ["Thank you", "November 20, 2026"]],
    [
      "refunded in part",
      { status: "succeeded", refunded: mxn(10_000n), capturedAt: later },
      ["$100.00", "November 23, 2026"],
    ],
    ["refunded whole", { status: "succeeded", refunded: mxn(50_000n) }, ["returned"]],
    ["disputed", { status: "succeeded", disputed: true }, ["bank"]],
    ["canceled", { status: "canceled" }, ["canceled", "Give again"]],
    ["a canceled voucher", { status: "canceled", method: "oxxo" }, ["voucher"]],
    ["expired on a day", { status: "expired", expiresAt: later }, ["November 23, 2026"]],
    ["expired", { status: "expired" }, ["Nothing was charged"]],
    ["waiting for a person", { status: "needs_review" }, ["Iglesia Luz"]],
  ])("%s", async (_, change, says) => {
    const text = await read(viewOf(change));
    for (const sentence of says) expect(text).toContain(sentence);
  });

  test("a decline says why and what to do next; a refusal of ours says that it was not the donor", async () => {
    const declined = await read(
      viewOf({
        status: "failed",
        decline: { reason: "insufficient_funds", retry: "new_method", rawCode: "51" },
      }),
    );
    const refused = await read(viewOf({ status: "failed" }));
    expect(declined).not.toBe(refused);
    for (const text of [declined, refused]) expect(text).toContain("Nothing was charged");
    expect(declined).not.toMatch(/\b51\b/);
  });

  test.each<DonationStatus>(["requires_action", "processing", "authorized", "needs_review"])(
    "while it is %s the page looks for news by itself",
    async (status) => {
      expect(await htmlOf(viewOf({ status }))).toMatch(/data-watch="[^"]+status\.json/);
    },
  );

  test("every part of a split gift, the covered fee and what is charged are shown", async () => {
    const text = await read(
      viewOf({
        allocations: [
          { fundId: newId("fund"), fund: "general", amount: mxn(30_000n) },
          { fundId: newId("fund"), fund: "roof", amount: mxn(20_000n) },
        ],
        feeCover: mxn(1_500n),
        charged: mxn(51_500n),
      }),
    );
    expect(text).toMatch(/General fund · \$300\.00 MXN.*roof · \$200\.00 MXN/);
    expect(text).toMatch(/\$15\.00 MXN Total \$515\.00 MXN/);
  });

  test.each<Language>(["es", "en", "pt"])("in %s every status has words of its own", async (language) => {
    const statuses: DonationStatus[] = [
      "processing",
      "succeeded",
      "failed",
      "canceled",
      "expired",
      "needs_review",
    ];
    const texts = await Promise.all(
      statuses.map(async (status) => {
        const text = await read(viewOf({ status }), { language });
        expect(text).not.toMatch(/\{\{|undefined|\bgift\.|\bprocessing\./);
        return /<h1>(.*?)<\/h1>/.exec(await htmlOf(viewOf({ status }), { language }))?.[1];
      }),
    );
    expect(new Set(texts).size).toBe(statuses.length);
  });
});

describe("what the donor is to do", () => {
  const doing = (action: DonorAction, change: Partial<DonationView> = {}) => viewOf({ ...change, action });

  test("goes to the gateway's page; just sent it opens by itself, and a failed try is said", async () => {
    const action = { type: "redirect", url: "https://bank.example/pay?a=1&b=2" } as const;
    expect(await htmlOf(doing(action))).toContain('href="https://bank.example/pay?a=1&amp;b=2"');
    expect(await htmlOf(doing(action))).not.toContain("data-continue");
    expect(await htmlOf(doing(action), { justSent: true })).toContain('data-continue="1"');
    const decline = { reason: "card_expired", retry: "new_method", rawCode: "x" } as const;
    expect(await read(doing(action, { decline }))).toContain("Nothing was charged");
  });

  test("types into the gateway's fields, which the page loads and does not reload over", async () => {
    const action = { type: "use_sdk", clientToken: "secret_1", publishableKey: "pk_1" } as const;
    const html = await htmlOf(doing(action), {
      sdk: { script: "https://js.example/v3", island: "sdk-stripe" },
    });
    expect(html).toContain('data-sdk="https://js.example/v3"');
    expect(html).not.toContain("data-watch");
    expect(await htmlOf(doing(action))).toContain('data-sdk=""');
  });

  const voucher = { type: "display_voucher", reference: "93000000000001", expiresAt: later } as const;
  test.each<readonly [string, Partial<Extract<DonorAction, { type: "display_voucher" }>>, RegExp, RegExp]>([
    ["a number in groups", {}, /9300 0000 0000 01/, /barcode-|<svg/],
    ["a reference with letters as it is", { reference: "AB12CD" }, /AB12CD/, /<svg/],
    ["whom the cashier looks up", { payee: "110757" }, /<strong>110757<\/strong>/, /<svg/],
    ["a barcode of a till", { barcode: { format: "code128", text: "930000" } }, /<svg/, /never/],
    [
      "a barcode of a boleto",
      { barcode: { format: "itf", text: "34191790010104351004791020150008291070026000" } },
      /<svg/,
      /never/,
    ],
    [
      "the gateway's own page of it",
      { url: "https://voucher.example/1" },
      /href="https:\/\/voucher.example\/1"/,
      /<svg/,
    ],
  ])("pays a voucher: %s", async (_, change, shows, hides) => {
    const html = await htmlOf(doing({ ...voucher, ...change }, { method: "oxxo" }));
    const card = html.slice(html.indexOf('class="steps"'));
    expect(card).toMatch(shows);
    expect(card).not.toMatch(hides);
    expect(textOf(html)).toContain("November 23, 2026");
    expect(html).toContain("/cancel?");
  });

  test("scans a code, or copies its text", async () => {
    const payload = "00020126580014br.gov.bcb.pix0136123e4567-e12b-12d1-a456-426655440000";
    const html = await htmlOf(
      doing(
        { type: "display_qr", payload, expiresAt: later, url: "https://qr.example/1" },
        {
          country: "br",
          method: "pix",
          amount: money(5_000n, "BRL"),
          charged: money(5_000n, "BRL"),
          refunded: money(0n, "BRL"),
          feeCover: money(0n, "BRL"),
        },
      ),
    );
    expect(html).toContain(`data-copy="${payload}"`);
    expect(html).toMatch(/<svg[^>]*aria-label="[^"]*50\.00/);
    expect(html).toContain('href="https://qr.example/1"');
  });

  const transfer = (
    account: { kind: "clabe" | "account" | "iban" | "phone"; number: string },
    change: Partial<Extract<DonorAction, { type: "display_bank_transfer" }>> = {},
    remaining: Money = mxn(50_000n),
  ): DonorAction => ({
    type: "display_bank_transfer",
    account,
    bank: "Banco de Prueba",
    beneficiary: "Iglesia Luz A.R.",
    amountRemaining: remaining,
    ...change,
  });
  test.each<readonly [string, DonorAction, readonly string[], readonly string[]]>([
    [
      "a CLABE is shown in its parts",
      transfer({ kind: "clabe", number: "032180000118359719" }),
      ["032 180 00011835971 9"],
      ["Reference"],
    ],
    [
      "a CLABE that is none is shown as it is",
      transfer({ kind: "clabe", number: "0321800" }),
      [" 0321800 "],
      [],
    ],
    [
      "an IBAN is shown in groups",
      transfer({ kind: "iban", number: "ES9121000418450200051332" }),
      ["ES91 2100 0418 4502 0005 1332"],
      [],
    ],
    ["a phone is shown as it is", transfer({ kind: "phone", number: "+51999888777" }), ["+51999888777"], []],
    [
      "what finds the bank, what finds the gift, and until when",
      transfer(
        { kind: "account", number: "000123456789" },
        { route: { kind: "aba", number: "110000000" }, reference: "RF18LUZ", expiresAt: later, bank: "" },
      ),
      ["110000000", "RF18LUZ", "November 23, 2026"],
      ["Banco de Prueba"],
    ],
    [
      "what has come and what is still to come",
      transfer({ kind: "account", number: "1" }, {}, mxn(20_000n)),
      ["$300.00 MXN", "$200.00 MXN"],
      [],
    ],
  ])("transfers: %s", async (_, action, shows, hides) => {
    const text = await read(doing(action, { method: "spei" }));
    for (const shown of shows) expect(text).toContain(shown);
    for (const hidden of hides) expect(text).not.toContain(hidden);
  });

  test("euros to an IBAN are there to be scanned too, with what is still to come", async () => {
    const euros = { amount: money(5_000n, "EUR"), charged: money(5_000n, "EUR"), refunded: money(0n, "EUR") };
    const view = { ...euros, feeCover: money(0n, "EUR"), method: "bank_transfer", country: "de" } as const;
    const iban = { kind: "iban", number: "DE89370400440532013000" } as const;
    const page = (remaining: Money, account: Parameters<typeof transfer>[0] = iban) =>
      htmlOf(doing(transfer(account, { reference: "RF18539007547034" }, remaining), view));
    expect(await page(money(2_000n, "EUR"))).toMatch(/data-qr[^>]*>\s*<svg[^>]*aria-label="[^"]*20\.00/);
    expect(await page(euros.amount, { kind: "account", number: "1" })).not.toContain("data-qr");
  });

  test("a gateway's own page of the transfer is linked, and a cancel that came too late is said", async () => {
    const action = transfer({ kind: "account", number: "1" }, { url: "https://t.example" });
    const html = await htmlOf(doing(action, { method: "wire" }), { cancelFailed: true });
    expect(html).toContain('href="https://t.example"');
    expect(textOf(html)).toContain("It can no longer be canceled.");
  });

  test("the page knows that something changed: money that came in, a dispute, a decline", () => {
    const stamps = [
      viewOf({ action: transfer({ kind: "clabe", number: "1" }) }),
      viewOf({ action: transfer({ kind: "clabe", number: "1" }, {}, mxn(1n)) }),
      viewOf({ status: "succeeded" }),
      viewOf({ status: "succeeded", disputed: true }),
      viewOf({ decline: { reason: "card_expired", retry: "later", rawCode: "x" } }),
    ].map(giftStamp);
    expect(new Set(stamps).size).toBe(stamps.length);
  });
});

describe("giving the same again", () => {
  const offer = offerIn("mx", {
    methods: [offered("mx", "oxxo"), offered("mx", "card")],
    funds: ["general", "missions"],
  });

  test("keeps amount, funds and choices, and nothing about the donor", () => {
    const values = prefilledAgain(
      viewOf({
        amount: mxn(35_050n),
        feeCover: mxn(100n),
        anonymous: true,
        allocations: [
          { fundId: newId("fund"), fund: "general", amount: mxn(30_000n) },
          { fundId: newId("fund"), fund: "missions", amount: mxn(5_050n) },
        ],
      }),
      { ...offer, locale: "es-CO" },
      "2026-11-20",
    );
    expect(values).toMatchObject({
      amount: "other",
      amount_other: "350,50",
      split: true,
      parts: { general: "300", missions: "50,50" },
      method: "card",
      cover_fees: true,
      anonymous: true,
      name: "",
      email: "",
    });
  });

  test("chooses the first method where the gift's own is gone, and none where there is none", () => {
    const gift = viewOf({ method: "paypal" });
    const again = prefilledAgain(gift, offer, "2026-11-20");
    expect(again).toMatchObject({ amount: "50000", method: "oxxo", split: false, frequency: "once" });
    expect(prefilledAgain(gift, { ...offer, methods: [] }, "2026-11-20")).toMatchObject({ method: "" });
  });
});
