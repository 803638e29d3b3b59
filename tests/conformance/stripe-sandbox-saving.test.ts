import type Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { refusal, sandboxWorld } from "../support/stripe-sandbox.ts";

/** What Stripe answers when a means of payment is kept for later, and what it refuses. */
const mandate_data = {
  customer_acceptance: {
    type: "online" as const,
    online: { ip_address: "203.0.113.9", user_agent: "Mozilla/5.0" },
  },
};
const canadian = (mandate_options: object) => ({
  allowed_payment_method_types: ["acss_debit" as const],
  payment_method: "pm_acssDebit_success",
  payment_method_options: { acss_debit: { currency: "cad" as const, mandate_options } },
  confirm: true,
  mandate_data,
});
const typed = (type: string, details: object, address = {}): object => ({
  allowed_payment_method_types: [type],
  payment_method: undefined,
  payment_method_data: {
    type,
    billing_details: { name: "Ana", email: "ana@example.org", ...address },
    [type]: details,
  },
  mandate_data,
});
const american = (account: string) =>
  typed("us_bank_account", { account_number: account, routing_number: "110000000" });

const saved = (stripe: Stripe, more: object = {}) =>
  stripe.setupIntents.create({
    allowed_payment_method_types: ["card"],
    payment_method: "pm_card_visa",
    confirm: true,
    ...more,
  });

describe("a SetupIntent", () => {
  it("saves a card for its customer, and is then done for good", async () => {
    const { us, control } = sandboxWorld();
    const customer = await us.customers.create({});
    const done = await saved(us, {
      customer: customer.id,
      description: "Monthly gift",
      metadata: { a: "1" },
    });
    expect(done).toMatchObject({ status: "succeeded", description: "Monthly gift", mandate: null });
    expect(await us.paymentMethods.retrieve(String(done.payment_method))).toMatchObject({
      customer: customer.id,
    });
    const refused = [
      us.setupIntents.confirm(done.id, { payment_method: "pm_card_visa" }),
      us.setupIntents.cancel(done.id),
      us.setupIntents.verifyMicrodeposits(done.id, { descriptor_code: "SM11AA" }),
    ];
    for (const each of refused) {
      expect((await refusal(each)).code).toBe("setup_intent_unexpected_state");
    }
    expect(await control.passSetup(done.id)).toMatchObject({ ok: false });
    expect((await us.setupIntents.list({ customer: customer.id })).data.map(({ id }) => id)).toEqual([
      done.id,
    ]);
    const byMethod = await us.setupIntents.list({ payment_method: String(done.payment_method) });
    expect(byMethod.data.map(({ id }) => id)).toEqual([done.id]);
    expect((await us.setupIntents.list()).data).toHaveLength(1);
  });

  it.each<[string, object, object]>([
    [
      "for a voucher",
      { allowed_payment_method_types: ["oxxo"], confirm: false },
      { param: "allowed_payment_method_types" },
    ],
    ["for a customer nobody knows", { customer: "cus_none" }, { code: "resource_missing" }],
    ["of a method it does not allow", { payment_method: "pm_success_de" }, { param: "payment_method" }],
    ["without a method", { payment_method: undefined }, { code: "resource_missing" }],
    [
      "of an account without its holder's mandate",
      { allowed_payment_method_types: ["us_bank_account"], payment_method: "pm_usBankAccount_success" },
      { code: "setup_intent_mandate_invalid" },
    ],
    ["in Canada without a rhythm", canadian({ transaction_type: "personal" }), { code: "parameter_missing" }],
    ["by a token nobody made", { payment_method: undefined, confirmation_token: "ctoken_none" }, {}],
  ])("is refused %s", async (_what, asked, told) => {
    const { us } = sandboxWorld();
    expect(await refusal(saved(us, asked))).toMatchObject({ statusCode: 400, ...told });
  });

  it.each([
    [{ payment_schedule: "sporadic", transaction_type: "personal" }, null],
    [{ payment_schedule: "interval", interval_description: "every month" }, "every month"],
  ])("in Canada keeps what the debits are for: %o", async (terms, rhythm) => {
    const { client } = sandboxWorld();
    const ca = client("sk_test_ca_demo");
    const done = await ca.setupIntents.create(canadian(terms));
    const mandate = await ca.mandates.retrieve(String(done.mandate));
    expect(mandate.payment_method_details.acss_debit).toMatchObject({
      payment_schedule: terms.payment_schedule,
      interval_description: rhythm,
    });
    expect((await refusal(ca.mandates.retrieve("mandate_none"))).statusCode).toBe(404);
  });

  it.each([
    ["a card", { type: "card", card: { number: "4242424242424242", exp_month: 12, exp_year: 2030 } }],
    [
      "an account chosen in the bank's dialog, with its mandate",
      {
        type: "us_bank_account",
        billing_details: { name: "Ana" },
        us_bank_account: { financial_connections_account: "fca_000123456789" },
      },
    ],
  ])("takes the token of %s once", async (_what, data) => {
    const { us, call } = sandboxWorld();
    const form = new URLSearchParams(
      Object.entries(data).flatMap(([name, value]): [string, string][] =>
        typeof value === "string"
          ? [[`payment_method_data[${name}]`, value]]
          : Object.entries(value).map(([inner, text]) => [
              `payment_method_data[${name}][${inner}]`,
              String(text),
            ]),
      ),
    );
    const made = await call("POST", "/v1/confirmation_tokens", "pk_test_us_demo", form.toString());
    const { id } = (await made.json()) as { id: string };
    const asked = {
      allowed_payment_method_types: [data.type as "card"],
      confirmation_token: id,
      confirm: true,
    };
    expect((await us.setupIntents.create(asked)).status).toBe("succeeded");
    expect((await refusal(us.setupIntents.create(asked))).code).toBe("confirmation_token_already_used");
  });

  it("asks the bank first where the card wants it, and tells a no as a decline", async () => {
    const { us, control } = sandboxWorld();
    const asked = { payment_method: "pm_card_threeDSecure2Required" } as const;
    const onPage = await saved(us, { ...asked, return_url: "https://give.test/back" });
    expect(onPage.next_action?.redirect_to_url?.return_url).toBe("https://give.test/back");
    const inForm = await saved(us, asked);
    expect(inForm.next_action?.type).toBe("use_stripe_sdk");
    expect(await control.failSetup(onPage.id)).toMatchObject({
      ok: true,
      value: {
        status: "requires_payment_method",
        last_setup_error: { code: "setup_intent_authentication_failure" },
      },
    });
    expect(await control.passSetup(inForm.id)).toMatchObject({ ok: true, value: { status: "succeeded" } });
    expect(await control.passSetup("seti_none")).toMatchObject({ ok: false });
  });

  it.each([{ descriptor_code: "SM11AA" }, { amounts: [32, 45] as [number, number] }])(
    "of typed numbers waits for the small deposits: %o",
    async (proof) => {
      const { us } = sandboxWorld();
      const waiting = await saved(us, american("000123456789"));
      expect(waiting.next_action?.type).toBe("verify_with_microdeposits");
      const wrong =
        "amounts" in proof ? { amounts: [1, 2] as [number, number] } : { descriptor_code: "SM00ZZ" };
      expect((await refusal(us.setupIntents.verifyMicrodeposits(waiting.id, wrong))).code).toContain(
        "mismatch",
      );
      expect((await us.setupIntents.verifyMicrodeposits(waiting.id, proof)).status).toBe("succeeded");
    },
  );

  it("is given up while it waits, and hidden from a browser without its secret", async () => {
    const { us, usBrowser } = sandboxWorld();
    const waiting = await saved(us, american("000123456789"));
    const secret = waiting.client_secret ?? "";
    expect((await usBrowser.setupIntents.retrieve(waiting.id, { client_secret: secret })).id).toBe(
      waiting.id,
    );
    expect((await refusal(usBrowser.setupIntents.retrieve(waiting.id, { client_secret: "x" }))).code).toBe(
      "resource_missing",
    );
    expect(await us.setupIntents.cancel(waiting.id, { cancellation_reason: "abandoned" })).toMatchObject({
      status: "canceled",
      cancellation_reason: "abandoned",
    });
  });
});

describe("an account that is typed", () => {
  const iban = { iban: "DE89 3704 0044 0532 0130 00" };
  const bacs = { sort_code: "108800", account_number: "00012345" };
  const acss = { account_number: "000123456789", institution_number: "000", transit_number: "11000" };
  const inLondon = (details: object, address = {}) => typed("bacs_debit", details, address);
  const home = { address: { line1: "10 Test Street", city: "London", postal_code: "N1 1AA" } };

  it.each<[string, object]>([
    ["IBAN", typed("sepa_debit", iban)],
    ["sort code", inLondon(bacs, home)],
  ])("by %s stands under a mandate", async (_what, asked) => {
    const { client } = sandboxWorld();
    const done = await saved(client("sk_test_es_demo"), asked);
    expect(done).toMatchObject({ status: "succeeded", mandate: expect.stringMatching(/^mandate_/) });
  });

  it.each<[string, object, string]>([
    ["without its IBAN", typed("sepa_debit", { iban: " " }), "payment_method_data[sepa_debit][iban]"],
    ["of a living IBAN", typed("sepa_debit", { iban: "DE02120300000000202051" }), "sepa_debit"],
    [
      "without a sort code",
      inLondon({ account_number: "00012345" }),
      "payment_method_data[bacs_debit][sort_code]",
    ],
    [
      "without a number",
      inLondon({ sort_code: "108800" }),
      "payment_method_data[bacs_debit][account_number]",
    ],
    ["without an address", inLondon(bacs), "payment_method_data[billing_details][address]"],
    ["of a living branch", inLondon({ ...bacs, sort_code: "20-00-00" }, home), "bacs_debit[sort_code]"],
    [
      "of a living institution",
      typed("acss_debit", { ...acss, institution_number: "003" }),
      "acss_debit[institution_number]",
    ],
    [
      "without a routing number",
      typed("us_bank_account", { account_number: "000123456789" }),
      "payment_method_data[us_bank_account][routing_number]",
    ],
  ])("%s is refused by name", async (_what, asked, param) => {
    const { client } = sandboxWorld();
    expect((await refusal(saved(client("sk_test_gb_demo"), asked))).param).toBe(param);
  });
});
