import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { stripeSandboxPages } from "../../adapters/stripe/sandbox/pages.tsx";
import { sandboxWorld } from "../support/stripe-sandbox.ts";

/** The pages around a payment that Stripe and the donor's bank would show, walked by a donor. */
const site = "https://give.test";

function world() {
  const made = sandboxWorld({ hostedPages: `${site}/sandbox/stripe` });
  const pages = stripeSandboxPages(made.sandbox, { publicUrl: site });
  const visit = async (url: string, form?: Record<string, string>, headers: Record<string, string> = {}) => {
    const init = form ? { method: "POST", body: new URLSearchParams(form), headers } : { headers };
    const answer = await pages.fetch(new Request(new URL(url, site), init));
    return { status: answer.status, to: answer.headers.get("location"), text: await answer.text() };
  };
  return { ...made, visit };
}

const mandate_data = {
  customer_acceptance: { type: "online" as const, online: { ip_address: "203.0.113.9", user_agent: "x" } },
};
const intent = (stripe: Stripe, more: object) =>
  stripe.paymentIntents.create({ amount: 50_000, currency: "usd", confirm: true, ...more });
const typed = {
  allowed_payment_method_types: ["us_bank_account" as const],
  payment_method_data: {
    type: "us_bank_account" as const,
    billing_details: { name: "Ana" },
    us_bank_account: { account_number: "000123456789", routing_number: "110000000" },
  },
  mandate_data,
};

describe("the slip of a voucher", () => {
  it("says its number while it is open, and how it stands afterwards", async () => {
    const { mx, control, visit } = world();
    const made = await intent(mx, {
      currency: "mxn",
      allowed_payment_method_types: ["oxxo"],
      payment_method_data: { type: "oxxo", billing_details: { name: "Ana López", email: "ana@example.org" } },
    });
    const details = made.next_action?.oxxo_display_details;
    const url = details?.hosted_voucher_url ?? "";
    expect((await visit(url)).text).toContain(details?.number);
    await control.payVoucher(made.id);
    expect((await visit(url)).text).toContain("succeeded");
    expect((await visit(`${url}none`)).status).toBe(404);
  });
});

describe("the instructions of a transfer", () => {
  it.each([
    ["mx", "mxn", { type: "mx_bank_transfer" }, /\d{18}/],
    ["us", "usd", { type: "us_bank_transfer" }, /\d{8,}/],
    ["gb", "gbp", { type: "gb_bank_transfer" }, /\d{8}/],
    ["es", "eur", { type: "eu_bank_transfer", eu_bank_transfer: { country: "ES" } }, /ES\d{22}/],
  ])(
    "say the account lent in %s, and what is still to come",
    async (country, currency, bank_transfer, account) => {
      const { client, control, visit } = world();
      const stripe = client(`sk_test_${country}_demo`);
      const customer = await stripe.customers.create({});
      const made = await intent(stripe, {
        currency,
        customer: customer.id,
        allowed_payment_method_types: ["customer_balance"],
        payment_method_data: { type: "customer_balance" },
        payment_method_options: { customer_balance: { funding_type: "bank_transfer", bank_transfer } },
      });
      const url = made.next_action?.display_bank_transfer_instructions?.hosted_instructions_url ?? "";
      const before = await visit(url);
      expect(before.text).toMatch(account);
      expect(before.text).toContain("500.00");
      await control.transfer(made.id, 20_000);
      expect((await visit(url)).text).toContain("300.00");
      await control.transfer(made.id, 30_000);
      expect((await visit(url)).text).toContain("succeeded");
    },
  );
});

describe("the bank's question", () => {
  const asked = { allowed_payment_method_types: ["card"], payment_method: "pm_card_threeDSecure2Required" };
  const page = (id: string) => `/sandbox/stripe/3d_secure/${id}`;

  it.each([
    ["pass", "?return_url=/gift", "/gift", "succeeded"],
    ["fail", "?return_url=/gift&failed_url=/again", "/again", "requires_payment_method"],
    ["pass", `?return_url=${site}/gift`, `${site}/gift`, "succeeded"],
    ["pass", "?return_url=https://evil.test/", "/sandbox", "succeeded"],
    ["pass", "?return_url=//evil.test/", "/sandbox", "succeeded"],
    ["pass", "", `${site}/kept`, "succeeded"],
  ])("answered %s with %o leads to %s", async (verdict, query, to, status) => {
    const { us, visit } = world();
    const made = await intent(us, { ...asked, return_url: `${site}/kept` });
    expect((await visit(page(made.id))).text).toContain("500.00");
    expect(await visit(`${page(made.id)}${query}`, { verdict })).toMatchObject({ status: 303, to });
    expect((await us.paymentIntents.retrieve(made.id)).status).toBe(status);
  });

  it.each([
    ["pass", "succeeded"],
    ["fail", "requires_payment_method"],
  ])("about a card that is only kept has no amount, and answered %s it is %s", async (verdict, status) => {
    const { us, visit } = world();
    const made = await us.setupIntents.create({
      ...asked,
      allowed_payment_method_types: ["card"],
      confirm: true,
    });
    expect((await visit(page(made.id))).text).not.toContain('class="big"');
    expect(await visit(page(made.id), { verdict })).toMatchObject({ status: 303, to: "/sandbox" });
    expect((await us.setupIntents.retrieve(made.id)).status).toBe(status);
  });

  it("about nobody's payment is no page", async () => {
    const { visit } = world();
    expect((await visit(page("pi_none"))).status).toBe(404);
    expect((await visit(page("pi_none"), { verdict: "pass" })).status).toBe(404);
  });
});

describe("the page of the small deposits", () => {
  it.each(["payment", "saving"])("takes the code of a %s, and says when it is wrong", async (what) => {
    const { us, visit } = world();
    const made =
      what === "payment"
        ? await intent(us, typed)
        : await us.setupIntents.create({ ...typed, confirm: true } as Stripe.SetupIntentCreateParams);
    const url = made.next_action?.verify_with_microdeposits?.hosted_verification_url ?? "";
    expect((await visit(url)).text).toContain("<form");
    const wrong = await visit(url, { code: "SM00ZZ" });
    expect([wrong.status, wrong.text.includes('role="alert"')]).toEqual([422, true]);
    expect((await visit(url, {})).status).toBe(422);
    const right = await visit(url, { code: " SM11AA " });
    expect([right.status, right.text.includes("<form")]).toEqual([200, false]);
    expect((await visit(`${url}none`)).status).toBe(404);
  });
});

describe("the form in our page", () => {
  it("opens with its own secret alone, and shows the wallets asked for", async () => {
    const { us, visit } = world();
    const made = await us.paymentIntents.create({ amount: 5000, currency: "usd" });
    const form = (secret: string, more = "") => visit(`/sandbox/stripe/elements?secret=${secret}${more}`);
    const shown = await form(made.client_secret ?? "", "&wallets=applePay%20link&show=expressCheckout");
    expect(shown.text).toContain("Apple Pay");
    expect(shown.text).not.toContain("Google Pay");
    expect((await form(`${made.id}_secret_other`)).status).toBe(404);
    expect((await visit("/sandbox/stripe/elements")).status).toBe(404);
    const saving = await us.setupIntents.create({ allowed_payment_method_types: ["us_bank_account"] });
    expect((await form(saving.client_secret ?? "")).status).toBe(200);
  });

  it("reaches the API with a publishable key only", async () => {
    const { us, visit } = world();
    const made = await us.paymentIntents.create({ amount: 5000, currency: "usd" });
    const path = `/sandbox/stripe/v1/payment_intents/${made.id}?client_secret=${made.client_secret}`;
    for (const headers of [{}, { authorization: "Bearer sk_test_us_demo" }]) {
      expect((await visit(path, undefined, headers)).status).toBe(401);
    }
    const authorization = "Bearer pk_test_us_demo";
    expect(JSON.parse((await visit(path, undefined, { authorization })).text).id).toBe(made.id);
    const form = { type: "link", "billing_details[email]": "ana@example.org" };
    const kept = await visit("/sandbox/stripe/v1/payment_methods", form, { authorization });
    expect(JSON.parse(kept.text)).toMatchObject({
      object: "payment_method",
      link: { email: "ana@example.org" },
    });
  });
});

describe("Stripe's own page", () => {
  const opened = (stripe: Stripe, more: object = {}) =>
    stripe.checkout.sessions.create({
      mode: "payment",
      line_items: [{ price_data: { currency: "usd", unit_amount: 5000, product_data: { name: "Gift" } } }],
      success_url: `${site}/done?s={CHECKOUT_SESSION_ID}`,
      cancel_url: `${site}/back`,
      ...more,
    });

  it.each<[string, string, object, Record<string, string>, number, string | undefined]>([
    [
      "a card",
      "us",
      {},
      { number: "4242 4242 4242 4242", name: "Ana", email: "ana@example.org" },
      303,
      "/done?s=cs_",
    ],
    ["a wallet", "us", {}, { wallet: "apple_pay" }, 303, "/done?s=cs_"],
    ["Link", "us", {}, { type: "link" }, 303, "/done?s=cs_"],
    ["a declined card", "us", {}, { number: "4000000000000002" }, 422, undefined],
    ["no number", "us", {}, {}, 422, undefined],
    ["a card whose bank asks", "us", {}, { number: "4000002760003184" }, 303, "/3d_secure/"],
    ["the way back", "us", {}, { leave: "1" }, 303, `${site}/back`],
    ["the way back to nowhere", "us", { cancel_url: undefined }, { leave: "1" }, 303, "/"],
  ])("with %s", async (_what, country, more, form, status, to) => {
    const { client, visit } = world();
    const session = await opened(client(`sk_test_${country}_demo`), more);
    expect((await visit(session.url ?? "")).text).toContain("50.00");
    const answer = await visit(session.url ?? "", form);
    expect(answer.status).toBe(status);
    if (to) expect(answer.to).toContain(to);
    else expect(answer.text).toContain('role="alert"');
  });

  it("asks in the donor's MB WAY app, and in Portugal only", async () => {
    const { client, visit } = world();
    const session = await opened(client("sk_test_pt_demo"), {
      allowed_payment_method_types: ["mb_way"],
      line_items: [{ price_data: { currency: "eur", unit_amount: 5000, product_data: { name: "Gift" } } }],
    });
    const form = { type: "mb_way", account: "+351912345678" };
    expect((await visit(session.url ?? "", form)).to).toContain("/authorize/");
  });

  it("for saving says no amount, and is closed once it is done", async () => {
    const { us, visit } = world();
    const session = await us.checkout.sessions.create({ mode: "setup", success_url: `${site}/done` });
    const url = session.url ?? "";
    expect((await visit(url)).text).not.toContain('class="big"');
    expect((await visit(url, { number: "4000000000000002" })).status).toBe(422);
    expect((await visit(url, { number: "4242424242424242" })).to).toBe(`${site}/done`);
    expect((await visit(url)).text).not.toContain("<form");
    expect((await visit(`${url}none`)).status).toBe(404);
    expect((await visit(`${url}none`, {})).status).toBe(404);
  });
});
