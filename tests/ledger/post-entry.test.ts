import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { credit, debit, type EntryDraft } from "../../src/ledger/entry-draft.ts";
import { postEntries } from "../../src/ledger/post-entry.ts";
import { type Books, giftDraft, newBooks } from "../support/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let t: TestDatabase;
let books: Books;
const at = new Date("2026-03-02T12:00:01Z");
const post = (entries: readonly EntryDraft[]) =>
  t.db.inChurch(books.church, (tx) => postEntries(tx, books.church, entries, at));

beforeAll(async () => {
  t = await testDatabase();
});

describe("booking", () => {
  beforeAll(async () => {
    books = await newBooks(t.superuser);
  });

  test("a batch is booked whole, and each balance follows its postings", async () => {
    expect(await post([giftDraft(books, 50000n), giftDraft(books, 12550n)])).toEqual({
      posted: 2,
      already: 0,
    });
    const rows = await t.superuser`
      select a.code, sum(b.balance_minor)::bigint as balance from ledger_balances b
      join ledger_accounts a using (church_id, account_no) group by 1 order by 1`;
    expect([...rows]).toEqual([
      { code: "1100", balance: 62550n },
      { code: "4100", balance: -62550n },
    ]);
  });
  test("an event books once, also when it comes twice in one batch or from two workers at once", async () => {
    const event = { kind: "attempt", id: newId("attempt") } as const;
    const again = () => giftDraft(books, 100n, { source: event });
    expect(await post([again(), again()])).toEqual({ posted: 1, already: 1 });
    const answers = await Promise.all(Array.from({ length: 8 }, () => post([again(), giftDraft(books, 1n)])));
    expect(answers).toEqual(Array(8).fill({ posted: 1, already: 1 }));
    const [{ n }] = await t.superuser<[{ n: number }]>`
      select count(*)::int as n from journal_entries where source_id = ${event.id}`;
    expect(n).toBe(1);
  });
  test("no entries, no work", async () => {
    expect(await post([])).toEqual({ posted: 0, already: 0 });
  });
  test("the same source may be booked for another purpose", async () => {
    const source = { kind: "attempt", id: newId("attempt") } as const;
    expect(
      await post([giftDraft(books, 5n, { source }), giftDraft(books, 5n, { source, purpose: "fee" })]),
    ).toEqual({
      posted: 2,
      already: 0,
    });
  });
  test("first use of the same accounts by many workers at once opens each account once", async () => {
    const fresh = await newBooks(t.superuser);
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        t.db.inChurch(fresh.church, (tx) => postEntries(tx, fresh.church, [giftDraft(fresh, 7n)], at)),
      ),
    );
    expect(answers.every((answer) => answer.posted === 1)).toBe(true);
  });
  test("batches that touch the same accounts in opposite orders wait for each other and never deadlock", async () => {
    const many = await newBooks(t.superuser, { funds: 12, gatewayAccounts: 12 });
    const entry = (gateway: number, fund: number) => {
      const [gatewayAccountId, fundId] = [many.gatewayAccounts[gateway], many.funds[fund]];
      if (!gatewayAccountId || !fundId) throw new Error("a scene too small");
      return giftDraft(many, 3n, {
        postings: [
          debit({ code: "1120", gatewayAccountId }, money(3n, "MXN")),
          credit({ code: "2200", fundId }, money(3n, "MXN")),
        ],
      });
    };
    const up = () => Array.from({ length: 12 }, (_, i) => entry(i, i));
    const down = () => up().reverse();
    await Promise.all(
      Array.from({ length: 30 }, (_, i) =>
        t.db.inChurch(many.church, (tx) => postEntries(tx, many.church, i % 2 ? up() : down(), at)),
      ),
    );
    const [row] = await t.superuser`
      select sum(amount_minor)::int as total, count(*)::int as n from postings
      where church_id = ${many.church.slice(3)}`;
    expect(row).toEqual({ total: 0, n: 30 * 24 });
  });
});
