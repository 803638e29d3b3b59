import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { present } from "../../src/kernel/assert.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { parseId, uuidOf } from "../../src/kernel/ids.ts";
import { testDatabase } from "../support/database.ts";
import { newestLetter } from "../support/letters.ts";
import { type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";

let house: MethodHouse;
let church: MethodChurch;
beforeAll(async () => {
  house = await openMethodHouse((await testDatabase()).db);
  const only = { country: "mx", gateway: "btcpay", accountIn: "mx", credentials: undefined };
  church = await house.churchWith(only);
});

const donation = z.object({ id: z.string(), status: z.string(), gateway_payment_id: z.string().nullable() });
const refund = z.object({ id: z.string(), status: z.string(), claim_url: z.string().optional() });
let donors = 0;

/** 500 pesos in coins, arrived and final. */
async function given() {
  donors += 1;
  const email = `ana.${donors}@example.org`;
  const reply = await house.ask(church, "POST", "/v1/donations", {
    amount: 50_000,
    currency: "MXN",
    country: "mx",
    payment_method: { type: "bitcoin" },
    donor: { name: "Ana", email },
    allocations: [{ fund: "general", amount: 50_000 }],
    locale: "es-MX",
  });
  const gift = donation.parse(reply.body);
  const invoice = present(gift.gateway_payment_id ?? undefined, "the invoice was made");
  await press(invoice, "pay");
  await press(invoice, "confirm");
  await house.settle();
  return { gift, invoice, email };
}

async function press(invoice: string, action: string): Promise<void> {
  const { desk } = present(house.app.simulators.get("btcpay"), "it is simulated");
  const done = await desk.play({ payment: invoice, action, fields: {} });
  if (!done.ok) throw new Error(done.error);
}

/** Claims, approves and pays, or closes, whatever refund of the invoice stands at the desk. */
async function pressRefund(invoice: string, what: "claim" | "pay_out" | "archive"): Promise<void> {
  const { desk } = present(house.app.simulators.get("btcpay"), "it is simulated");
  const payment = (await desk.payments()).find(({ id }) => id === invoice);
  const button = payment?.actions.find(({ id }) => id.startsWith(`${what}.`));
  await press(invoice, present(button, `the desk has ${what}`).id);
}

const giveBack = (gift: { id: string }, key: string, amount?: number) =>
  house.app.fetch(
    new Request(`${house.app.deps.config.publicUrl}/v1/donations/${gift.id}/refunds`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${church.key}`,
        "content-type": "application/json",
        "idempotency-key": key,
      },
      body: JSON.stringify(amount === undefined ? {} : { amount }),
    }),
  );
const refundIn = async (answer: Response) => refund.parse(await answer.json());

const read = async (gift: { id: string }) =>
  (await house.ask(church, "GET", `/v1/donations/${gift.id}`)).body;

const rowOf = (id: string) =>
  house.db.inChurch(church.churchId, async ({ sql }) => {
    const [row] = await sql`
      select state, claim_url, key_version, next_check_at,
        (select count(*)::int from journal_entries e where e.source_id = ${id}) as entries
      from refunds r where id = ${uuidOf(present(parseId("refund", id), "an id"))}`;
    return row;
  });

/** What the church has at its gateway, by its books. */
const clearingOf = () =>
  house.db.inChurch(church.churchId, async ({ sql }) => {
    const [row] = await sql`
      select coalesce(sum(p.amount_minor), 0)::int as minor
      from postings p join ledger_accounts a on a.church_id = p.church_id and a.account_no = p.account_no
      where a.code = '1100'`;
    return Number(row?.minor);
  });

async function pageIn(letter: string): Promise<string> {
  const link = /href="([^"]*\/gifts\/[^"]*)"/.exec(letter)?.[1]?.replaceAll("&amp;", "&");
  return (await house.app.fetch(new Request(present(link, "the letter leads to the gift")))).text();
}

test("coins are given back when the donor has taken them: told by letter, shown on the gift's page, booked once", async () => {
  const { gift, invoice, email } = await given();
  const before = await clearingOf();
  const made = await refundIn(await giveBack(gift, "back-1"));
  const url = present(made.claim_url, "it has to be claimed");
  expect(made).toMatchObject({ status: "action_required" });
  expect(url).toContain("/sandbox/btcpay/pull-payments/");

  const again = await giveBack(gift, "back-1");
  expect(again.headers.get("idempotency-replayed")).toBe("true");
  expect(await refundIn(again)).toEqual(made);

  await house.pass(minutes(1));
  const letter = await newestLetter(house, email);
  expect(letter).toContain("Tu devolución te espera");
  expect(letter).not.toContain("pull-payments");
  expect(await pageIn(letter)).toContain(`href="${url}"`);
  expect(await read(gift)).toMatchObject({ status: "succeeded", refunded_amount: 0 });
  expect(await clearingOf()).toBe(before);

  // The donor gives an address; the church has yet to approve it.
  await house.app.fetch(new Request(`${url}/claim`, { method: "POST" }));
  await house.settle();
  await house.pass(minutes(1));
  expect(await rowOf(made.id)).toMatchObject({ state: "processing", claim_url: null, key_version: null });
  expect(await pageIn(letter)).not.toContain("pull-payments");
  expect(await refundIn(await giveBack(gift, "back-1"))).not.toHaveProperty("claim_url");

  await pressRefund(invoice, "pay_out");
  await house.settle();
  await house.pass(minutes(1));
  expect(await rowOf(made.id)).toMatchObject({ state: "succeeded", next_check_at: null, entries: 1 });
  expect(await read(gift)).toMatchObject({ refunded_amount: 50_000 });
  expect(await clearingOf()).toBe(before - 50_000);
});

test("the claim's address lies sealed, and stands in no event and in no kept answer", async () => {
  const { gift } = await given();
  const made = await refundIn(await giveBack(gift, "back-2", 20_000));
  expect(await rowOf(made.id)).toMatchObject({ claim_url: expect.any(Uint8Array), key_version: 1 });
  const kept = await house.db.inChurch(
    church.churchId,
    ({ sql }) => sql`
      select refunds::text as told from refunds union all select data::text from events
      union all select response_body::text from idempotency_keys`,
  );
  const texts = kept.map(({ told }) => String(told)).join("\n");
  expect(texts).toContain(made.id);
  expect(texts).not.toContain("pull-payments");
  const events = await house.ask(church, "GET", "/v1/events?type=donation.refund_claimable");
  expect(JSON.stringify(events.body)).toContain(made.id);
});

test("what the church closes before it is claimed has failed: nothing is booked, and it can be given back again", async () => {
  const { gift, invoice, email } = await given();
  const before = await clearingOf();
  const made = await refundIn(await giveBack(gift, "back-3"));
  await house.pass(minutes(1));
  const letter = await newestLetter(house, email);
  await pressRefund(invoice, "archive");
  // Nobody had claimed it, so the server announces nothing: the daily look-up sees it.
  await house.pass(days(1));
  expect(await rowOf(made.id)).toMatchObject({ state: "failed", claim_url: null, entries: 0 });
  expect(await pageIn(letter)).not.toContain("pull-payments");
  expect(await clearingOf()).toBe(before);
  expect(await refundIn(await giveBack(gift, "back-4"))).toMatchObject({
    status: "action_required",
    claim_url: expect.any(String),
  });
});

test("a claim whose link we never had is found by the look-up, and told then", async () => {
  const { gift, email } = await given();
  const made = await refundIn(await giveBack(gift, "back-5", 10_000));
  const id = uuidOf(present(parseId("refund", made.id), "an id"));
  // As a refund was kept before claims were.
  await house.db.inChurch(
    church.churchId,
    ({ sql }) => sql`update refunds set claim_url = null, key_version = null where id = ${id}`,
  );
  await house.pass(days(1));
  expect(await rowOf(made.id)).toMatchObject({ state: "action_required", claim_url: expect.any(Uint8Array) });
  expect(await pageIn(await newestLetter(house, email))).toContain(present(made.claim_url, "it had one"));
});
