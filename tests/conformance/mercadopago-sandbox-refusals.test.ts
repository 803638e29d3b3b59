import { describe, expect, test } from "vitest";
import * as bank from "../../adapters/mercadopago/sandbox/bank-side.ts";
import { testToken } from "../../adapters/mercadopago/sandbox/tokens.ts";
import { days } from "../../src/kernel/clock.ts";
import { type Country, orderIn, pagesUrl, type World, world } from "./mercadopago-world.ts";

/** What Mercado Pago refuses, by its own numbers, and its pages and desk off the usual way. */
const host = "https://api.mercadopago.com";

type Sent = { readonly headers?: Record<string, string> };

function client(made: World, country: Country) {
  const token = made.account(country).credentials.access_token;
  return async (method: string, path: string, body?: unknown, { headers = {} }: Sent = {}) => {
    const sent = typeof body === "string" ? body : JSON.stringify(body);
    const answer = await made.sandbox.fetch(
      new Request(`${host}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, "x-idempotency-key": crypto.randomUUID(), ...headers },
        ...(method === "GET" || body === undefined ? {} : { body: sent }),
      }),
    );
    const read = JSON.parse(await answer.text());
    return { status: answer.status, code: read.cause?.[0]?.code, body: read };
  };
}

const people: Partial<Record<Country, object>> = {
  br: { type: "CPF", number: "39053344705" },
  co: { type: "CC", number: "1032456789" },
  pe: { type: "DNI", number: "45678912" },
};
const slip = (country: Country, more: object = {}) => ({
  transaction_amount: country === "pe" ? 500 : 5000,
  payment_method_id: { br: "bolbradesco", mx: "oxxo", co: "efecty", pe: "pagoefectivo_atm" }[String(country)],
  payer: { email: "a@example.org", first_name: "Ana", last_name: "López", identification: people[country] },
  ...more,
});
const page = (more: object = {}) => ({
  items: [{ id: "1", title: "Gift", quantity: 1, unit_price: 500 }],
  payer: { email: "a@example.org" },
  ...more,
});

describe("a payment", () => {
  test.each<[string, Country, unknown, number]>([
    ["of parts of a peso in Colombia", "co", slip("co", { transaction_amount: 5000.5 }), 4037],
    ["by nothing named", "mx", slip("mx", { payment_method_id: undefined }), 2131],
    ["by a means there is not", "mx", slip("mx", { payment_method_id: "pix" }), 3011],
    ["by the wallet", "mx", slip("mx", { payment_method_id: "account_money" }), 3011],
    ["by a card without its token", "mx", slip("mx", { payment_method_id: "master" }), 3003],
    [
      "by a token nobody made",
      "mx",
      slip("mx", { payment_method_id: "master", token: "f".repeat(32), installments: 1 }),
      2006,
    ],
    [
      "by a token without instalments",
      "mx",
      slip("mx", { payment_method_id: "master", token: testToken("APRO") }),
      4016,
    ],
    ["by a slip with a card's token", "mx", slip("mx", { token: testToken("APRO"), installments: 1 }), 3011],
    ["of nobody in Brazil", "br", slip("br", { payer: { email: "a@example.org" } }), 2067],
    [
      "of a document that is none",
      "br",
      slip("br", { payer: { email: "a@example.org", identification: { type: "CPF", number: "1" } } }),
      2067,
    ],
    [
      "that was due yesterday",
      "mx",
      slip("mx", { date_of_expiration: "2020-01-01T00:00:00.000-04:00" }),
      4020,
    ],
    [
      "due in two months",
      "mx",
      slip("mx", {
        date_of_expiration: new Date(Date.now() + days(60)).toISOString().replace("Z", "-00:00"),
      }),
      4020,
    ],
    ["due on a day that is none", "mx", slip("mx", { date_of_expiration: "soon" }), 23],
    ["told to no address", "mx", slip("mx", { notification_url: "x" }), 4020],
    ["of a donor without an address", "mx", slip("mx", { payer: { email: "x" } }), 4050],
    ["of a field there is not", "mx", slip("mx", { zz: 1 }), 8],
    ["without a body", "mx", "", 4037],
    ["of no JSON", "mx", "{", 1],
    ["of another kind", "mx", "[]", 1],
  ])("%s is refused", async (_what, country, body, code) => {
    const ask = client(world(), country);
    expect(await ask("POST", "/v1/payments", body)).toMatchObject({ status: 400, code });
  });

  test("is written once under its key, which nothing else may use", async () => {
    const made = world();
    const ask = client(made, "mx");
    const headers = { "x-idempotency-key": "k" };
    const [one, two] = [
      await ask("POST", "/v1/payments", slip("mx"), { headers }),
      await ask("POST", "/v1/payments", slip("mx"), { headers }),
    ];
    expect([one.status, two.status, two.body.id]).toEqual([201, 201, one.body.id]);
    expect(
      (await ask("POST", "/v1/payments", slip("mx", { transaction_amount: 9 }), { headers })).status,
    ).toBe(409);
    const nameless = await made.sandbox.fetch(
      new Request(`${host}/v1/payments`, {
        method: "POST",
        headers: { authorization: `Bearer ${made.account("mx").credentials.access_token}` },
        body: JSON.stringify(slip("mx")),
      }),
    );
    expect(JSON.parse(await nameless.text()).cause[0].code).toBe(4292);
    for (const authorization of ["", "Basic x", "Bearer x"]) {
      expect(
        (await ask("GET", `/v1/payments/${one.body.id}`, undefined, { headers: { authorization } })).status,
      ).toBe(401);
    }
  });

  test("is found by its reference, the oldest or the newest first, and only by whose it is", async () => {
    const made = world();
    const ask = client(made, "mx");
    const ids: number[] = [];
    for (let n = 0; n < 2; n++) {
      ids.push((await ask("POST", "/v1/payments", slip("mx", { external_reference: "r" }))).body.id);
      made.clock.advance(1000);
    }
    const found = async (more: string) =>
      (await ask("GET", `/v1/payments/search?external_reference=r${more}`)).body.results?.map(
        (one: { id: number }) => one.id,
      );
    expect(await found("&sort=date_created&criteria=asc")).toEqual(ids);
    expect(await found("&sort=date_created&criteria=desc&limit=1")).toEqual([ids[1]]);
    expect((await ask("GET", "/v1/payments/search?external_reference=r")).code).toBe(1);
    expect((await ask("GET", "/v1/payments/search?sort=x&criteria=up")).code).toBe(1);
    expect((await client(made, "br")("GET", `/v1/payments/${ids[0]}`)).status).toBe(404);
    for (const path of [
      "/v1/payments/1",
      "/v1/chargebacks/1",
      "/post-purchase/v1/claims/1",
      "/checkout/preferences/1",
      "/nowhere",
    ]) {
      expect((await ask("GET", path)).status).toBe(404);
    }
  });

  test("gets more time or is called off while it waits, and not afterwards", async () => {
    const ask = client(world(), "mx");
    const { id } = (await ask("POST", "/v1/payments", slip("mx"))).body;
    const later = new Date(Date.now() + days(9)).toISOString().replace("Z", "-00:00");
    const longer = await ask("PUT", `/v1/payments/${id}`, { date_of_expiration: later });
    expect(longer.body).toMatchObject({ status: "pending", date_of_expiration: later });
    expect((await ask("PUT", `/v1/payments/${id}`, { status: "cancelled" })).body.status).toBe("cancelled");
    expect((await ask("PUT", `/v1/payments/${id}`, { status: "cancelled" })).code).toBe(2063);
    expect((await ask("POST", `/v1/payments/${id}/refunds`, {})).code).toBe(2063);
    expect((await ask("GET", `/v1/payments/${id}/refunds/1`)).status).toBe(404);
  });
});

describe("money back", () => {
  const paid = async (country: Country) => {
    const made = world();
    const ask = client(made, country);
    const { id } = (await ask("POST", "/v1/payments", slip(country))).body;
    await made.control.play(String(id), bank.pay);
    return { made, ask, back: (body: object) => ask("POST", `/v1/payments/${id}/refunds`, body) };
  };

  test("is never more than came, and comes in at most twenty parts", async () => {
    const { back, made } = await paid("mx");
    expect((await back({ amount: 5001 })).code).toBe(4296);
    for (let n = 0; n < 20; n++) expect((await back({ amount: 1 })).status).toBe(201);
    expect((await back({ amount: 1 })).code).toBe(4295);
    made.clock.advance(days(400));
    expect((await back({ amount: 1 })).code).toBe(2024);
  });

  test("is whole pesos in Colombia, and all of it in Peru", async () => {
    const { back } = await paid("co");
    expect((await back({ amount: 0.5 })).code).toBe(4296);
    expect((await back({ amount: 1000 })).status).toBe(201);
    const peru = await paid("pe");
    expect((await peru.back({ amount: 100 })).code).toBe(4297);
    expect((await peru.back({})).status).toBe(201);
  });
});

describe("Checkout Pro", () => {
  test.each<[string, Country, object, number]>([
    [
      "of parts of a peso in Colombia",
      "co",
      page({ items: [{ id: "1", title: "Gift", quantity: 1, unit_price: 0.5 }] }),
      4037,
    ],
    [
      "in another country's money",
      "mx",
      page({ items: [{ id: "1", title: "Gift", quantity: 1, unit_price: 5, currency_id: "ARS" }] }),
      4032,
    ],
    ["that returns by itself to nowhere", "mx", page({ auto_return: "approved" }), 4001],
    ["for a wallet its site has not", "pe", page({ purpose: "wallet_purchase" }), 4002],
  ])("%s is refused", async (_what, country, body, code) => {
    const told = await client(world(), country)("POST", "/checkout/preferences", body);
    expect(told).toMatchObject({ status: 400, code });
  });

  async function opened(country: Country, more: object = {}) {
    const made = world();
    const ask = client(made, country);
    const { id } = (await ask("POST", "/checkout/preferences", page(more))).body;
    const visit = (form?: Record<string, string>) => {
      const init = form ? { method: "POST", body: new URLSearchParams(form) } : {};
      const answer = made.sandbox.pages?.(new Request(`${pagesUrl}/checkout/${id}`, init));
      if (!answer) throw new Error("there are no pages");
      return answer;
    };
    return { made, ask, id, visit };
  }
  const back_urls = {
    success: "https://give.test/yes",
    pending: "https://give.test/wait",
    failure: "https://give.test/no",
  };

  test.each<[string, object, Record<string, string>, number, string]>([
    ["pays and is taken back", { back_urls }, { type: "card", holder: "APRO" }, 303, "https://give.test/yes"],
    ["pays with the name of nobody", { back_urls }, { type: "card" }, 303, "https://give.test/yes"],
    [
      "waits and is taken back",
      { back_urls },
      { type: "card", holder: "CONT" },
      303,
      "https://give.test/wait",
    ],
    [
      "waits where only success has an address",
      { back_urls: { success: "https://give.test/yes" } },
      { type: "card", holder: "CONT" },
      303,
      "https://give.test/yes",
    ],
    ["pays and stays", {}, { type: "card", holder: "APRO" }, 303, "/"],
    ["leaves", { back_urls }, { do: "leave" }, 303, "https://give.test/no"],
    ["leaves to nowhere", {}, { do: "leave" }, 303, "/"],
    ["is declined", { back_urls }, { type: "card", holder: "FUND" }, 422, ""],
    ["chooses what is not there", { back_urls }, { type: "oxxo" }, 422, ""],
  ])("a donor %s", async (_what, more, form, status, to) => {
    const { visit } = await opened("mx", more);
    const answer = await visit(form);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("location") ?? "").toContain(to);
  });

  test("says the money of its country, and is closed when its time is over", async () => {
    const { made, ask, id, visit } = await opened("co");
    const shown = await (await visit()).text();
    expect(shown).toContain("500");
    expect(shown).not.toContain("MX");
    const over = page({ expires: true, expiration_date_to: "2020-01-01T00:00:00.000-04:00" });
    expect((await ask("PUT", `/checkout/preferences/${id}`, over)).body.expires).toBe(true);
    expect(await (await visit()).text()).not.toContain("<form");
    expect((await visit({ type: "card", holder: "APRO" })).status).toBe(422);
    expect(await made.control.payPage("nobody", "card", "APRO")).toMatchObject({ ok: false });
  });

  test("goes on at the bank's page, which closes once it is answered", async () => {
    const made = world();
    const order = orderIn("co", "pse");
    const begun = await made.adapter("co").payments.collect(order, made.call());
    if (begun.kind !== "action_required" || begun.action.type !== "redirect") throw new Error(begun.kind);
    const { url } = begun.action;
    const visit = async (form?: Record<string, string>, at = url) =>
      (await made.sandbox.pages?.(
        new Request(at, form ? { method: "POST", body: new URLSearchParams(form) } : {}),
      )) as Response;
    expect(await (await visit()).text()).toContain("<form");
    expect((await visit({ do: "leave" })).headers.get("location")).toContain("give.example.org");
    expect(await (await visit()).text()).toContain("<form");
    expect((await visit({ do: "decline" })).status).toBe(303);
    expect(await (await visit()).text()).not.toContain("<form");
    const nobody = `${pagesUrl}/bank/1`;
    expect([(await visit(undefined, nobody)).status, (await visit({}, nobody)).status]).toEqual([404, 404]);
    expect((await visit(undefined, `${pagesUrl}/ticket/1`)).status).toBe(404);
  });
});

describe("a token of a card", () => {
  const card = {
    card_number: "5031755734530604",
    security_code: "123",
    expiration_month: 11,
    expiration_year: 2030,
    cardholder: { name: "APRO" },
  };
  const make = async (made: World, country: Country, body: object = card) => {
    const key = made.account(country).credentials.public_key;
    const asked = new Request(`${host}/v1/card_tokens?public_key=${key}`, {
      method: "POST",
      body: JSON.stringify(body),
    });
    return JSON.parse(await (await made.sandbox.fetch(asked)).text());
  };
  const by = (token: string) => slip("mx", { token, payment_method_id: "master", installments: 1 });

  test("is of one seller, for one payment, for a week", async () => {
    const made = world();
    const ask = client(made, "mx");
    const foreign = await make(made, "br");
    expect((await ask("POST", "/v1/payments", by(foreign.id))).code).toBe(2006);
    const own = await make(made, "mx");
    expect((await ask("POST", "/v1/payments", by(own.id))).body.status).toBe("approved");
    expect((await ask("POST", "/v1/payments", by(own.id))).code).toBe(3003);
    const old = await make(made, "mx");
    made.clock.advance(days(8));
    expect((await ask("POST", "/v1/payments", by(old.id))).code).toBe(3003);
    const live = await made.sandbox.fetch(
      new Request(`${host}/v1/card_tokens?public_key=APP_USR-1`, { method: "POST", body: "{}" }),
    );
    expect(live.status).toBe(401);
  });
});

describe("the desk", () => {
  test("plays nothing on a payment that is not so far, and nothing on nobody's", async () => {
    const made = world();
    const ask = client(made, "mx");
    const { id } = (await ask("POST", "/v1/payments", slip("mx"))).body;
    const on = (what: Parameters<World["control"]["play"]>[1], of = String(id)) =>
      made.control.play(of, what);
    const none = { ok: false };
    for (const what of [
      bank.payAgain,
      bank.openChargeback,
      bank.openClaim,
      (play: Parameters<typeof bank.pay>[0]) => bank.closeChargeback(play, true),
      (play: Parameters<typeof bank.pay>[0]) => bank.closeClaim(play, true),
      (play: Parameters<typeof bank.pay>[0]) => bank.refundInPanel(play, bank.askedFor(play.payment)),
      (play: Parameters<typeof bank.pay>[0]) => bank.endRefund(play, 1, "approved"),
      (play: Parameters<typeof bank.pay>[0]) => bank.pay(play, { ...bank.askedFor(play.payment), minor: 0n }),
    ]) {
      expect(await on(what)).toMatchObject(none);
    }
    expect(await on(bank.pay)).toMatchObject({ ok: true });
    for (const what of [
      bank.pay,
      bank.expire,
      (play: Parameters<typeof bank.pay>[0]) => bank.refuse(play, "x"),
    ]) {
      expect(await on(what)).toMatchObject(none);
    }
    expect(await on(bank.pay, "1")).toMatchObject(none);
  });

  test("gives what was complained about back once, unless the church was right", async () => {
    const made = world();
    const ask = client(made, "mx");
    for (const [right, refunds] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const { id } = (await ask("POST", "/v1/payments", slip("mx"))).body;
      await made.control.play(String(id), bank.pay);
      await made.control.play(String(id), bank.openClaim);
      await made.control.play(String(id), (play) => bank.closeClaim(play, right));
      expect((await ask("GET", `/v1/payments/${id}`)).body.refunds).toHaveLength(refunds);
    }
  });
});
