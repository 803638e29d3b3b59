import { beforeAll, describe, expect, test } from "vitest";
import { testToken } from "../../adapters/mercadopago/sandbox/tokens.ts";
import { newId } from "../../src/kernel/ids.ts";
import { newFormKey } from "../../src/pages/checkout/form-key.ts";
import { testDatabase } from "../support/database.ts";
import { type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";

/** A card whose token comes before the gift, as the form is sent to our page: what a browser sends, without one. */
let house: MethodHouse;
let church: MethodChurch;

const only = { country: "ar", gateway: "mercadopago", accountIn: "ar", credentials: undefined };
beforeAll(async () => {
  house = await openMethodHouse((await testDatabase()).db);
  church = await house.churchWith(only);
});

/** What a donor of Argentina fills in where there is script. */
const typed = () => ({
  amount: "other",
  amount_other: "5000",
  currency: "ARS",
  frequency: "once",
  fund: "general",
  method: "card",
  name: "María Pérez",
  email: "maria@example.org",
  tax_id: "20123456",
  script: "1",
  key: newFormKey(),
});

async function send(fields: Record<string, string>, to = church) {
  const url = `${house.app.deps.config.publicUrl}/give/${to.slug}?lang=es`;
  const answer = await house.app.fetch(
    new Request(url, { method: "POST", body: new URLSearchParams(fields) }),
  );
  return {
    status: answer.status,
    location: answer.headers.get("location") ?? "",
    policy: answer.headers.get("content-security-policy") ?? "",
    html: await answer.text(),
  };
}

const hidden = (html: string, name: string) =>
  new RegExp(`type="hidden" name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
const given = async () => {
  const { body } = await house.ask(church, "GET", "/v1/donations");
  return Array.isArray(body.data) ? body.data.length : 0;
};

describe("a card that is typed before there is a gift", () => {
  test("is asked for on a page that carries the form and the account's public key; nothing is given yet", async () => {
    const fields = typed();
    const page = await send(fields);
    expect(page.status).toBe(200);
    expect(page.html).toMatch(/data-public-key="TEST-[0-9a-f-]{36}"/);
    expect(hidden(page.html, "key")).toBe(fields.key);
    expect(hidden(page.html, "email")).toBe(fields.email);
    expect(page.policy).toContain("frame-src 'self';");
    expect(page.policy).toContain("form-action 'self';");
    expect(await given()).toBe(0);
  });

  test("sent with its token gives once, however often it is sent", async () => {
    const fields = typed();
    const account = hidden((await send(fields)).html, "card_account");
    const card = { ...fields, card_account: account, card_token: `${testToken("APRO")}:visa:25:challenge` };
    const before = await given();
    const [first, second] = [await send(card), await send(card)];
    expect(first.status).toBe(303);
    expect(second.location).toBe(first.location);
    expect(await given()).toBe(before + 1);
  });

  test("is asked for again where the token is another account's, or none", async () => {
    const account = hidden((await send(typed())).html, "card_account");
    for (const other of [
      { card_account: newId("gatewayAccount"), card_token: testToken("APRO") },
      { card_account: account, card_token: "" },
      { card_account: "", card_token: testToken("APRO") },
    ]) {
      const page = await send({ ...typed(), ...other });
      expect([page.status, hidden(page.html, "card_account")]).toEqual([200, account]);
    }
  });

  test("is a gift that failed where the gateway will not have the token", async () => {
    const account = hidden((await send(typed())).html, "card_account");
    const page = await send({ ...typed(), card_account: account, card_token: "x:visa:25" });
    expect(page.status).toBe(303);
    const gift = await house.app.fetch(new Request(new URL(page.location, house.app.deps.config.publicUrl)));
    expect(await gift.text()).toContain('data-status="failed"');
  });

  test("may be given on the gateway's page instead", async () => {
    expect((await send({ ...typed(), step: "hosted" })).status).toBe(303);
  });

  test("of an account that is not simulated loads the gateway's own library, from nowhere else", async () => {
    const live = await house.churchWith(only);
    await house.db.inChurch(live.churchId, ({ sql }) => sql`update gateway_accounts set sandbox = false`);
    const page = await send(typed(), live);
    expect(page.html).toContain('data-card="https://sdk.mercadopago.com/js/v2"');
    expect(page.policy).toContain("frame-src 'self' https://secure-fields.mercadopago.com;");
    expect(page.policy).toMatch(/script-src 'self' https:\/\/sdk\.mercadopago\.com 'nonce-/);
    expect(page.policy).toMatch(/connect-src 'self' [^;]*https:\/\/api\.mercadopago\.com/);
  });

  test("is not asked for where the account has been put away: the form says so", async () => {
    const shut = await house.churchWith(only);
    await house.db.inChurch(shut.churchId, ({ sql }) => sql`update gateway_accounts set status = 'disabled'`);
    expect((await send(typed(), shut)).status).toBe(422);
  });
});
