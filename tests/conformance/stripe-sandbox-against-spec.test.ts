import { describe, expect, it } from "vitest";
import { z } from "zod";
import { specJson, specsAbsent } from "../support/specs.ts";
import { sandboxWorld } from "../support/stripe-sandbox.ts";
import { stripeJudge } from "./stripe-specs.ts";

type World = ReturnType<typeof sandboxWorld>;
type Asked = {
  readonly method: string;
  readonly path: string;
  readonly pairs: readonly (readonly [string, string])[];
  /** The account's country; default Mexico. */
  readonly country?: string;
};

const keyOf = ({ country = "mx" }: Asked) => `sk_test_${country}_demo`;
const billed = (field: string): string => `payment_method_data[billing_details][${field}]`;
/** A payment confirmed at once with a method of its own, in the account's currency. */
const confirmed = (country: string, currency: string, type: string, more: Asked["pairs"] = []): Asked => ({
  method: "POST",
  path: "/v1/payment_intents",
  country,
  pairs: [
    ["amount", "2500"],
    ["currency", currency],
    ["allowed_payment_method_types[0]", type],
    ["confirm", "true"],
    ["payment_method_data[type]", type],
    [billed("name"), "Ana López"],
    [billed("email"), "ana@example.org"],
    ...more,
  ],
});
const accepted: Asked["pairs"] = [
  ["mandate_data[customer_acceptance][type]", "online"],
  ["mandate_data[customer_acceptance][online][ip_address]", "203.0.113.9"],
  ["mandate_data[customer_acceptance][online][user_agent]", "Mozilla/5.0"],
];
const back: Asked["pairs"] = [["return_url", "https://give.test/back"]];
const card = (more: readonly (readonly [string, string])[] = []): Asked["pairs"] => [
  ["amount", "50000"],
  ["currency", "mxn"],
  ["allowed_payment_method_types[0]", "card"],
  ...more,
];
const post = (path: string, pairs: Asked["pairs"]): Asked => ({ method: "POST", path, pairs });
const get = (path: string, pairs: Asked["pairs"] = []): Asked => ({ method: "GET", path, pairs });

async function paid(world: World, confirm = true) {
  const { mx: stripe } = world;
  return stripe.paymentIntents.create({
    amount: 50_000,
    currency: "mxn",
    allowed_payment_method_types: ["card"],
    ...(confirm ? { payment_method: "pm_card_visa", confirm } : {}),
  });
}

/** One good request for each endpoint that takes parameters worth mutating. */
const good: Readonly<Record<string, (world: World) => Promise<Asked>>> = {
  "a card payment": async () =>
    post(
      "/v1/payment_intents",
      card([
        ["payment_method", "pm_card_visa"],
        ["confirm", "true"],
        ["return_url", "https://give.test/back"],
        ["description", "Donation"],
        ["receipt_email", "ana@example.org"],
        ["metadata[attempt_id]", "att_1"],
        ["capture_method", "automatic"],
        ["payment_method_options[card][request_three_d_secure]", "automatic"],
        ["expand[0]", "latest_charge"],
      ]),
    ),
  "an OXXO voucher": async () =>
    post("/v1/payment_intents", [
      ["amount", "50000"],
      ["currency", "mxn"],
      ["allowed_payment_method_types[0]", "oxxo"],
      ["confirm", "true"],
      ["payment_method_data[type]", "oxxo"],
      ["payment_method_data[billing_details][name]", "Ana López"],
      ["payment_method_data[billing_details][email]", "ana@example.org"],
      ["payment_method_options[oxxo][expires_after_days]", "3"],
    ]),
  "a SPEI transfer": async (world) =>
    post("/v1/payment_intents", [
      ["amount", "50000"],
      ["currency", "mxn"],
      ["customer", (await world.mx.customers.create({ name: "Ana" })).id],
      ["allowed_payment_method_types[0]", "customer_balance"],
      ["confirm", "true"],
      ["payment_method_data[type]", "customer_balance"],
      ["payment_method_options[customer_balance][funding_type]", "bank_transfer"],
      ["payment_method_options[customer_balance][bank_transfer][type]", "mx_bank_transfer"],
    ]),
  "a boleto": async () =>
    confirmed("br", "brl", "boleto", [
      ["payment_method_data[boleto][tax_id]", "00000000000"],
      [billed("address][line1"), "Rua das Flores, 10"],
      [billed("address][city"), "São Paulo"],
      [billed("address][state"), "SP"],
      [billed("address][postal_code"), "01001000"],
      ["payment_method_options[boleto][expires_after_days]", "3"],
    ]),
  "a Multibanco reference": async () => confirmed("pt", "eur", "multibanco"),
  "an MB WAY request": async () => confirmed("pt", "eur", "mb_way", [[billed("phone"), "+351911111111"]]),
  "a SEPA debit": async () =>
    confirmed("es", "eur", "sepa_debit", [
      ["payment_method_data[sepa_debit][iban]", "DE89370400440532013000"],
      ...accepted,
    ]),
  "a Bacs debit": async () =>
    confirmed("gb", "gbp", "bacs_debit", [
      ["payment_method_data[bacs_debit][sort_code]", "108800"],
      ["payment_method_data[bacs_debit][account_number]", "00012345"],
      [billed("address][line1"), "10 Test Street"],
      ...accepted,
    ]),
  "a Canadian debit": async () =>
    confirmed("ca", "cad", "acss_debit", [
      ["payment_method_data[acss_debit][account_number]", "000123456789"],
      ["payment_method_data[acss_debit][institution_number]", "000"],
      ["payment_method_data[acss_debit][transit_number]", "11000"],
      ["payment_method_options[acss_debit][mandate_options][payment_schedule]", "sporadic"],
      ["payment_method_options[acss_debit][mandate_options][transaction_type]", "personal"],
      ...accepted,
    ]),
  "Pay by Bank": async () => confirmed("gb", "gbp", "pay_by_bank", back),
  "Revolut Pay": async () => confirmed("gb", "gbp", "revolut_pay", back),
  "Amazon Pay": async () => confirmed("us", "usd", "amazon_pay", back),
  stablecoins: async () => confirmed("us", "usd", "crypto", back),
  "a transfer to an IBAN": async (world) => ({
    ...post("/v1/payment_intents", [
      ["amount", "50000"],
      ["currency", "eur"],
      ["customer", (await world.client("sk_test_de_demo").customers.create({ name: "Ana" })).id],
      ["allowed_payment_method_types[0]", "customer_balance"],
      ["confirm", "true"],
      ["payment_method_data[type]", "customer_balance"],
      ["payment_method_options[customer_balance][funding_type]", "bank_transfer"],
      ["payment_method_options[customer_balance][bank_transfer][type]", "eu_bank_transfer"],
      ["payment_method_options[customer_balance][bank_transfer][eu_bank_transfer][country]", "DE"],
    ]),
    country: "de",
  }),
  "a confirmation": async (world) =>
    post(`/v1/payment_intents/${(await paid(world, false)).id}/confirm`, [
      ["payment_method", "pm_card_visa"],
      ["return_url", "https://give.test/back"],
    ]),
  "a cancellation": async (world) =>
    post(`/v1/payment_intents/${(await paid(world, false)).id}/cancel`, [
      ["cancellation_reason", "requested_by_customer"],
    ]),
  "a refund": async (world) =>
    post("/v1/refunds", [
      ["payment_intent", (await paid(world)).id],
      ["amount", "1000"],
      ["reason", "requested_by_customer"],
      ["metadata[refund_id]", "rfd_1"],
    ]),
  "a customer": async () =>
    post("/v1/customers", [
      ["name", "Ana López"],
      ["email", "ana@example.org"],
      ["phone", "+525512345678"],
      ["metadata[donor_reference]", "dnr_1"],
      ["address[country]", "MX"],
    ]),
  "a hosted session": async () =>
    post("/v1/checkout/sessions", [
      ["mode", "payment"],
      ["submit_type", "donate"],
      ["success_url", "https://give.test/done"],
      ["cancel_url", "https://give.test/back"],
      ["line_items[0][quantity]", "1"],
      ["line_items[0][price_data][currency]", "mxn"],
      ["line_items[0][price_data][unit_amount]", "50000"],
      ["line_items[0][price_data][product_data][name]", "Donation"],
      ["payment_intent_data[metadata][attempt_id]", "att_1"],
      ["locale", "es-419"],
    ]),
  "an answer to a dispute": async (world) => {
    const opened = await world.control.openDispute((await paid(world)).id);
    if (!opened.ok) throw new Error(opened.error);
    return post(`/v1/disputes/${opened.value.id}`, [
      ["evidence[uncategorized_text]", "The donor gave."],
      ["submit", "false"],
    ]);
  },
  "a card to be saved": async (world) =>
    post("/v1/setup_intents", [
      ["customer", (await world.mx.customers.create({ name: "Ana" })).id],
      ["usage", "off_session"],
      ["allowed_payment_method_types[0]", "card"],
      ["payment_method", "pm_card_visa"],
      ["confirm", "true"],
      ["description", "Monthly gift"],
      ["metadata[recurring_reference]", "rcg_1"],
      ["return_url", "https://give.test/back"],
      ["expand[0]", "payment_method"],
    ]),
  "a Canadian account to be saved": async () => ({
    ...post("/v1/setup_intents", [
      ["allowed_payment_method_types[0]", "acss_debit"],
      ["payment_method_data[type]", "acss_debit"],
      ["payment_method_data[acss_debit][account_number]", "000123456789"],
      ["payment_method_data[acss_debit][institution_number]", "000"],
      ["payment_method_data[acss_debit][transit_number]", "11000"],
      [billed("name"), "Ana López"],
      [billed("email"), "ana@example.org"],
      ["payment_method_options[acss_debit][currency]", "cad"],
      ["payment_method_options[acss_debit][mandate_options][payment_schedule]", "interval"],
      ["payment_method_options[acss_debit][mandate_options][interval_description]", "every month"],
      ["payment_method_options[acss_debit][mandate_options][transaction_type]", "personal"],
      ["confirm", "true"],
      ...accepted,
    ]),
    country: "ca",
  }),
  "a page for saving": async (world) =>
    post("/v1/checkout/sessions", [
      ["mode", "setup"],
      ["customer", (await world.mx.customers.create({ name: "Ana" })).id],
      ["currency", "mxn"],
      ["allowed_payment_method_types[0]", "card"],
      ["success_url", "https://give.test/done"],
      ["cancel_url", "https://give.test/back"],
      ["setup_intent_data[metadata][recurring_reference]", "rcg_1"],
      ["setup_intent_data[description]", "Monthly gift"],
      ["locale", "es-419"],
    ]),
  "a list of what was saved": async () => get("/v1/setup_intents", [["limit", "5"]]),
  "a list of balance lines": async () =>
    get("/v1/balance_transactions", [
      ["limit", "10"],
      ["created[gte]", "1790000000"],
    ]),
  "a search": async () => get("/v1/payment_intents/search", [["query", "metadata['attempt_id']:'att_1'"]]),
  "a list of refunds": async (world) =>
    get("/v1/refunds", [
      ["payment_intent", (await paid(world)).id],
      ["limit", "5"],
    ]),
};

const written = (pairs: Asked["pairs"]): string =>
  pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");

/** Everything that can go wrong with one parameter, whether it is then wrong or not: the schemas judge. */
function mutations({ pairs }: Asked): Asked["pairs"][] {
  const swapped = (i: number, pair: readonly [string, string]) =>
    pairs.map((one, at) => (at === i ? pair : one));
  const each = pairs.flatMap(([name, value], i) => [
    pairs.filter((_, at) => at !== i),
    swapped(i, [name, "10.5"]),
    swapped(i, [name, "not_a_word_of_theirs"]),
    swapped(i, [`${name}[deeper]`, value]),
    ...(name.includes("[") ? [[...pairs, [name.replace(/\[[^[]*$/, "[unheard_of]"), "1"] as const]] : []),
    ...(name.includes("[") ? [swapped(i, [name.replace(/\[.*$/, ""), value])] : []),
  ]);
  return [...each, [...pairs, ["unheard_of", "1"]], [...pairs, ["payment_method_types[0]", "card"]]];
}

describe.skipIf(specsAbsent)("the sandbox and Stripe's published request schemas", () => {
  const judge = specsAbsent ? undefined : stripeJudge();
  const verdict = (asked: Asked, pairs: Asked["pairs"]) => {
    const query = asked.method === "GET" ? `?${written(pairs)}` : "";
    const url = new URL(`https://api.stripe.com${asked.path}${query}`);
    return judge?.({ method: asked.method, url, headers: new Headers(), body: written(pairs) }).faults ?? [];
  };
  const answered = (world: World, asked: Asked, pairs: Asked["pairs"]) =>
    asked.method === "GET"
      ? world.call("GET", `${asked.path}?${written(pairs)}`, keyOf(asked))
      : world.call("POST", asked.path, keyOf(asked), written(pairs));

  it.each(Object.keys(good))("agree that %s is good", async (name) => {
    const world = sandboxWorld();
    const asked = await good[name]?.(world);
    if (!asked) throw new Error("no such request");
    expect(verdict(asked, asked.pairs)).toEqual([]);
    const answer = await answered(world, asked, asked.pairs);
    expect(answer.status, await answer.text()).toBe(200);
  });

  it.each(Object.keys(good))(
    "agree on every spoilt form of %s: what the schemas refuse, the sandbox refuses",
    async (name) => {
      const make = good[name];
      if (!make) throw new Error("no such request");
      const pattern = await make(sandboxWorld());
      let refused = 0;
      for (let i = 0; i < mutations(pattern).length; i++) {
        const world = sandboxWorld();
        const asked = await make(world);
        const pairs = mutations(asked)[i] ?? [];
        if (verdict(asked, pairs).length === 0) continue;
        refused += 1;
        const answer = await answered(world, asked, pairs);
        const body = await answer.json();
        expect(
          [answer.status, body.error?.type],
          `${written(pairs)} → ${JSON.stringify(body).slice(0, 200)}`,
        ).toEqual([400, "invalid_request_error"]);
      }
      // The negative control of this test itself: a judge that refuses nothing proves nothing.
      expect(refused).toBeGreaterThan(2);
    },
  );
});

async function payVoucher({ control }: World, id: string) {
  const paidNow = await control.payVoucher(id);
  if (!paidNow.ok) throw new Error(paidNow.error);
  return { charge: (await control.payment(id))?.charge ?? {} };
}

const schemaShape = z.object({ components: z.object({ schemas: z.record(z.string(), z.unknown()) }) });
const objectSchema = z.object({
  required: z.array(z.string()).default([]),
  properties: z.record(z.string(), z.unknown()).default({}),
});
const leaf = z.object({ enum: z.array(z.unknown()).optional(), $ref: z.string().optional() });

describe.skipIf(specsAbsent)("objects of the sandbox have what Stripe's response schemas require", () => {
  const { schemas } = specsAbsent
    ? { schemas: {} }
    : schemaShape.parse(specJson("stripe/openapi-2022-11-15.json")).components;

  function faults(schemaName: string, body: object): string[] {
    const schema = objectSchema.parse(schemas[schemaName]);
    const missing = schema.required.filter((name) => !(name in body)).map((name) => `${schemaName}.${name}`);
    const inside = Object.entries(schema.properties).flatMap(([name, property]) => {
      const value: unknown = Reflect.get(body, name);
      const known = leaf.safeParse(property);
      const at = `${schemaName}.${name}`;
      if (!known.success || value === undefined || value === null) return [];
      if (known.data.enum && !known.data.enum.includes(value)) return [`${at}=${String(value)}`];
      const ref = known.data.$ref?.split("/").at(-1);
      return ref && typeof value === "object" && objectSchema.safeParse(schemas[ref]).success
        ? faults(ref, value)
        : [];
    });
    return [...missing, ...inside];
  }

  it("in answers and in events", async () => {
    const world = sandboxWorld();
    const { mx: stripe, us, control } = world;
    const customer = await stripe.customers.create({ name: "Ana", email: "ana@example.org" });
    const intent = await paid(world);
    const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 1000 });
    const voucher = await stripe.paymentIntents.create({
      amount: 50_000,
      currency: "mxn",
      allowed_payment_method_types: ["oxxo"],
      payment_method_data: { type: "oxxo", billing_details: { name: "Ana", email: "ana@example.org" } },
      confirm: true,
    });
    const debit = await us.paymentIntents.create({
      amount: 5000,
      currency: "usd",
      allowed_payment_method_types: ["us_bank_account"],
      payment_method: "pm_usBankAccount_success",
      mandate_data: { customer_acceptance: { type: "offline" } },
      confirm: true,
    });
    const session = await stripe.checkout.sessions.create({
      success_url: "https://give.test/done",
      submit_type: "donate",
      line_items: [{ price_data: { currency: "mxn", unit_amount: 50_000, product_data: { name: "x" } } }],
    });
    await control.transfer(customer.id, 10_000);
    const opened = await control.openDispute((await paid(world)).id);
    const saved = await world.client("sk_test_gb_demo").setupIntents.create({
      allowed_payment_method_types: ["bacs_debit"],
      customer: (await world.client("sk_test_gb_demo").customers.create({})).id,
      payment_method: "pm_bacsDebit_success",
      mandate_data: { customer_acceptance: { type: "offline" } },
      confirm: true,
      expand: ["mandate", "payment_method"],
    });
    const european = await world.client("sk_test_de_demo").paymentIntents.create({
      amount: 5000,
      currency: "eur",
      allowed_payment_method_types: ["sepa_debit"],
      payment_method: "pm_success_de",
      mandate_data: { customer_acceptance: { type: "offline" } },
      confirm: true,
    });
    const slip = await world.client("sk_test_br_demo").paymentIntents.create({
      amount: 5000,
      currency: "brl",
      allowed_payment_method_types: ["boleto"],
      payment_method_data: {
        type: "boleto",
        boleto: { tax_id: "000.000.000-00" },
        billing_details: {
          name: "Ana",
          email: "ana@example.org",
          address: { line1: "Rua 1", city: "São Paulo", state: "SP", postal_code: "01001000", country: "BR" },
        },
      },
      confirm: true,
    });
    const { charge: paidSlip } = await payVoucher(world, slip.id);
    const found: [string, object][] = [
      ["payment_intent", intent],
      ["payment_intent", voucher],
      ["payment_intent", debit],
      ["payment_intent", slip],
      ["charge", paidSlip],
      ["charge", await world.client("sk_test_de_demo").charges.retrieve(String(european.latest_charge))],
      ["setup_intent", saved],
      ["mandate", typeof saved.mandate === "object" && saved.mandate ? saved.mandate : {}],
      [
        "payment_method",
        typeof saved.payment_method === "object" && saved.payment_method ? saved.payment_method : {},
      ],
      ["payment_method", await stripe.paymentMethods.retrieve(String(intent.payment_method))],
      ["charge", await stripe.charges.retrieve(String(intent.latest_charge))],
      ["charge", await us.charges.retrieve(String(debit.latest_charge))],
      ["refund", refund],
      ["dispute", opened.ok ? opened.value : {}],
      ["checkout.session", session],
      ["customer", customer],
      ["cash_balance", await stripe.customers.retrieveCashBalance(customer.id)],
      ["account", await stripe.accounts.retrieveCurrent()],
      [
        "webhook_endpoint",
        await stripe.webhookEndpoints.create({ url: "https://x.test/w", enabled_events: ["*"] }),
      ],
    ];
    for (const line of (await stripe.balanceTransactions.list()).data)
      found.push(["balance_transaction", line]);
    for (const move of (await stripe.customers.listCashBalanceTransactions(customer.id)).data) {
      found.push(["customer_cash_balance_transaction", move]);
    }
    for (const event of (await stripe.events.list({ limit: 100 })).data) found.push(["event", event]);
    // Between 2022-11-15 and 2026-10-28.endive nothing required of these objects has left; what has (an intent's
    // `charges`, a charge's `invoice`) was optional. The sandbox's types are stripe 23.1.0's own.
    expect([...new Set(found.flatMap(([name, body]) => faults(name, body)))]).toEqual([]);
    expect(faults("payment_intent", { ...intent, status: "wondering" })).toEqual([
      "payment_intent.status=wondering",
    ]);
    expect(faults("charge", {})).toContain("charge.amount");
  });
});
