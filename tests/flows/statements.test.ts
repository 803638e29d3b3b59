import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import {
  agree,
  bankChurch,
  connectBank,
  linesOf,
  ownClabe,
  referenceOf,
  resultsOf,
  table,
  upload,
} from "../support/bank-house.ts";
import { uuid } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});

const spei = { type: "spei" } as const;
/** A church, a gift that waits for its transfer, and how files are sent. */
async function waiting() {
  const bank = await bankChurch(house);
  const gift = await bank.giver.give(spei);
  const send = (file: string, type?: string, more?: string) =>
    upload(house, bank.ana, bank.accountId, file, type, more);
  return { bank, gift, send, reference: referenceOf(gift) };
}

describe("a line of the bank's statement", () => {
  test("counts once: the same file again, a longer one, another format, and twenty at the same time", async () => {
    const { bank, gift, send, reference } = await waiting();
    const line = { amount: "500.00", said: reference, id: "F1" };
    const file = table(line);
    const all = await Promise.all(Array.from({ length: 20 }, () => send(file)));
    const matched = all.map(resultsOf).filter((each) => "matched" in each);
    expect(matched).toEqual([{ matched: 1, already: 0 }]);
    expect(new Set(all.map((reply) => reply.body.id)).size).toBe(1);
    expect(resultsOf(await send(table({ amount: "3.00", said: "x", id: "F0" }, line)))).toEqual({
      unmatched: 1,
      already: 1,
    });
    const mt940 = `:20:X\n:25:00011835971\n:60F:C261119MXN0,\n:61:2611201120C500,NTRFNONREF//F1\n:86:${reference}\n:62F:C261120MXN500,\n`;
    expect(resultsOf(await send(mt940, "text/plain"))).toEqual({ already: 1 });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "succeeded" });
    expect(await bank.giver.books()).toEqual({ "1010": 50_300, "2900": -300, "4100": -50_000 });
  });

  test("two alike in everything are two, and sent again they are still two", async () => {
    const { send } = await waiting();
    const twins = table({ amount: "20.00", said: "ofrenda" }, { amount: "20.00", said: "ofrenda" });
    expect(resultsOf(await send(twins))).toEqual({ unmatched: 2, already: 0 });
    const three = `${twins}\n2026-11-20,20.00,ofrenda,,Ana Pérez`;
    expect(resultsOf(await send(three))).toEqual({ unmatched: 1, already: 2 });
  });

  test("of another amount makes the gift conflict, its money in suspense, and nothing given is lost", async () => {
    const { bank, gift, send, reference } = await waiting();
    expect(resultsOf(await send(table({ amount: "300.00", said: reference })))).toMatchObject({
      conflicted: 1,
    });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "needs_review" });
    expect(await bank.giver.books()).toEqual({ "1010": 30_000, "2900": -30_000 });
    expect(resultsOf(await send(table({ amount: "200.00", said: reference })))).toMatchObject({
      conflicted: 1,
    });
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "2900": -50_000 });
  });

  test("that pays a gift a second time waits in suspense, flagged", async () => {
    const { bank, send, reference } = await waiting();
    await send(table({ amount: "500.00", said: reference }));
    const again = table({ amount: "500.00", said: reference, on: "2026-11-21" });
    expect(resultsOf(await send(again))).toEqual({ duplicate: 1, already: 0 });
    expect(await bank.giver.books()).toEqual({ "1010": 100_000, "2900": -50_000, "4100": -50_000 });
    expect(await linesOf(house, bank.ana, "duplicate")).toMatchObject([
      { attempt: expect.stringMatching(/^att_/) },
    ]);
  });

  test("without a reference is kept for a person, its money in suspense", async () => {
    const { bank, send } = await waiting();
    expect(resultsOf(await send(table({ amount: "500.00", said: "diezmo de noviembre" })))).toMatchObject({
      unmatched: 1,
    });
    expect(await linesOf(house, bank.ana, "unmatched")).toMatchObject([
      { amount: { amount: 50_000, currency: "MXN" }, attempt: null, texts: ["diezmo de noviembre"] },
    ]);
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "2900": -50_000 });
    expect(await bank.giver.entries()).toEqual(["funds/banked", "funds/received"]);
  });

  test("that leaves the account is kept and books nothing", async () => {
    const { bank, send, reference } = await waiting();
    expect(resultsOf(await send(table({ amount: "-500.00", said: reference })))).toMatchObject({
      outgoing: 1,
    });
    expect(await bank.giver.books()).toEqual({});
  });

  test("dated before the gift existed is not for it, whatever it quotes", async () => {
    const { send, reference } = await waiting();
    const old = table({ amount: "500.00", said: reference, on: "2026-11-01" });
    expect(resultsOf(await send(old))).toMatchObject({ unmatched: 1 });
  });

  test("that quotes two waiting gifts goes to the one of its amount, and of neither's amount to a person", async () => {
    const { bank, gift, send, reference } = await waiting();
    const other = await bank.giver.give(spei, { amount: 70_000 });
    const both = `${reference} y ${referenceOf(other)}`;
    expect(resultsOf(await send(table({ amount: "1200.00", said: both })))).toMatchObject({ unmatched: 1 });
    expect(resultsOf(await send(table({ amount: "700.00", said: both })))).toMatchObject({ matched: 1 });
    expect(await bank.giver.read(other.id)).toMatchObject({ status: "succeeded" });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "requires_action" });
  });

  test("is the proof of a transfer confirmed by hand, and books the money at the bank only then", async () => {
    const { bank, gift, send, reference } = await waiting();
    await agree(house, bank, { kind: "confirm_transfer", donation: gift.id, received_on: "2026-11-20" });
    expect(await bank.giver.books()).toEqual({ "1100": 50_000, "4100": -50_000 });
    expect(resultsOf(await send(table({ amount: "500.00", said: reference })))).toMatchObject({ matched: 1 });
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "4100": -50_000 });
    const again = table({ amount: "500.00", said: reference, on: "2026-11-22" });
    expect(resultsOf(await send(again))).toMatchObject({ duplicate: 1 });
  });

  test("does not touch another church's gift, nor one to be paid to another account of the same church", async () => {
    const { bank, gift, reference } = await waiting();
    const stranger = await bankChurch(house);
    const file = table({ amount: "500.00", said: reference });
    expect(resultsOf(await upload(house, stranger.ana, stranger.accountId, file))).toMatchObject({
      unmatched: 1,
    });
    const second = await connectBank(house, bank.ana, { ...ownClabe, number: "646180157000000004" });
    expect(resultsOf(await upload(house, bank.ana, second, file))).toMatchObject({ unmatched: 1 });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "requires_action" });
    expect(await upload(house, stranger.ana, bank.accountId, file)).toMatchObject({ status: 404 });
  });

  test("a reference that two attempts were told is decided by amount: numeric ones are few", async () => {
    const { bank, gift, send, reference } = await waiting();
    const other = await bank.giver.give(spei, { amount: 70_000 });
    await house.database.superuser`
      update payment_attempts set gateway_payment_id = ${reference} || '.' || split_part(gateway_payment_id, '.', 2)
      where id = ${uuid(other.attempt)}`;
    expect(resultsOf(await send(table({ amount: "700.00", said: reference })))).toMatchObject({ matched: 1 });
    expect(await bank.giver.read(other.id)).toMatchObject({ status: "succeeded" });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "requires_action" });
  });

  test("whatever comes, in whatever order and however often, the books balance and every credit is booked once", async () => {
    const { bank, send, reference } = await waiting();
    const movement = fc.record({
      amount: fc.constantFrom("500.00", "499.99", "-20.00", "1.00"),
      said: fc.constantFrom(reference, "nada", `${reference} ${reference}`),
      id: fc.constantFrom("A", "B", "C", "D", "E", "F"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(movement, { minLength: 1, maxLength: 4 }), async (rows) => {
        await send(table(...rows));
        const seen = await house.database.superuser`
          select coalesce(sum(amount_minor) filter (where amount_minor > 0), 0)::int as credits from bank_lines
          where church_id = ${uuid(bank.ana.churchId)}`;
        const books = await bank.giver.books();
        expect(books["1010"] ?? 0).toBe(seen[0]?.credits);
        expect((books["2900"] ?? 0) + (books["4100"] ?? 0)).toBe(0 - (seen[0]?.credits ?? 0));
      }),
      { numRuns: 8 },
    );
  });
});

describe("a file is refused", () => {
  test("of another account, of no format we read, of a type we do not take, or with one line that cannot be read", async () => {
    const { bank, send } = await waiting();
    const before = await house.database.superuser`select count(*)::int as n from bank_lines`;
    const foreign = ":20:X\n:25:DE89370400440532013000\n:60F:C261119MXN0,\n:61:2611201120C500,NTRFX\n";
    expect(await send(foreign, "text/plain")).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/account" }] },
    });
    expect(await send("<html/>", "application/xml")).toMatchObject({ status: 400 });
    expect(await send("%PDF-1.7", "application/pdf")).toMatchObject({ status: 415 });
    expect(await send("fecha,monto\n2026-11-20,1.00\n2026-11-20,uno")).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("line 3") },
    });
    expect(await send("")).toMatchObject({ status: 400 });
    expect(await send("a".repeat(9_000_000))).toMatchObject({ status: 413 });
    expect(await send(table({ amount: "1.00", said: "x" }), "text/csv", "&currency=XXY")).toMatchObject({
      status: 422,
    });
    expect(await house.database.superuser`select count(*)::int as n from bank_lines`).toEqual(before);
    expect(await upload(house, bank.ana, "gwa_1", "x")).toMatchObject({ status: 400 });
  });

  test("for an account whose gateway tells by itself", async () => {
    const church = await house.church("mx");
    const [row] = await house.database.superuser`
      select id from gateway_accounts where church_id = ${uuid(church.churchId)}`;
    const account = `gwa_${String(row?.id).replaceAll("-", "")}`;
    expect(await upload(house, church, account, table({ amount: "1.00", said: "x" }))).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: "/account" }] },
    });
  });

  test("without the scope, or by a key of the other mode", async () => {
    const { bank } = await waiting();
    const file = table({ amount: "1.00", said: "x" });
    const reader = await bank.person(["bank_statements:read"]);
    expect(await upload(house, reader, bank.accountId, file)).toMatchObject({ status: 403 });
    expect((await house.ask(reader, "GET", "/v1/bank-statements/lines")).status).toBe(200);
    const live = await bank.person(["*"], "live");
    expect(await upload(house, live, bank.accountId, file)).toMatchObject({ status: 404 });
  });
});

test("statements and lines are listed by page, and by state", async () => {
  const { bank, send } = await waiting();
  for (const id of ["1", "2", "3"])
    await send(table({ amount: "5.00", said: "x", id }, { amount: "-5.00", said: "y", id: `${id}0` }));
  const first = await house.ask(bank.ana, "GET", "/v1/bank-statements?limit=2");
  expect(first.body).toMatchObject({
    data: [{ format: "csv", lines: 2 }, {}],
    next_cursor: expect.any(String),
  });
  const rest = await house.ask(
    bank.ana,
    "GET",
    `/v1/bank-statements?limit=2&cursor=${first.body.next_cursor}`,
  );
  expect(rest.body).toMatchObject({ data: [{}], next_cursor: null });
  expect(await linesOf(house, bank.ana, "outgoing")).toHaveLength(3);
});

test("a table without a currency is read in the account's", async () => {
  const { bank } = await waiting();
  await upload(house, bank.ana, bank.accountId, "date,amount,description\n2026-11-20,7.00,x");
  expect(await linesOf(house, bank.ana, "unmatched")).toMatchObject([{ amount: { currency: "MXN" } }]);
});
