import { beforeAll, describe, expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { accountBalances, accountStatement, trialBalance } from "../../src/ledger/balances.ts";
import { credit, debit, type EntryDraft } from "../../src/ledger/entry-draft.ts";
import { postEntries } from "../../src/ledger/post-entry.ts";
import { entriesOf, listEntries } from "../../src/ledger/read-entries.ts";
import { type Books, giftDraft, newBooks } from "../support/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let t: TestDatabase;
let books: Books;
let days: EntryDraft[];
const day = (n: number) => new Date(`2026-03-0${n}T12:00:00Z`);
const inBooks = <T>(work: Parameters<typeof t.db.inChurch<T>>[1]) => t.db.inChurch(books.church, work);

beforeAll(async () => {
  t = await testDatabase();
  books = await newBooks(t.superuser);
  days = [1, 2, 3, 4].map((n) => giftDraft(books, BigInt(n * 100), { occurredAt: day(n) }));
  // The third day's gift is heard of last: late news belongs to its own day.
  const [first, second, third, fourth] = days;
  const dollars = giftDraft(books, 1n, {
    occurredAt: day(4),
    postings: [
      debit({ code: "1100", gatewayAccountId: books.gatewayAccounts[0] }, money(5000n, "USD")),
      credit({ code: "4100", fundId: books.funds[0] }, money(5000n, "USD")),
    ],
  });
  for (const entry of [first, second, fourth, dollars, third]) {
    if (entry) await inBooks((tx) => postEntries(tx, books.church, [entry], day(5)));
  }
});

describe("trial balance", () => {
  test("is zero in every currency, now and at any date", async () => {
    const now = await inBooks((tx) => trialBalance(tx, books.church));
    expect(now.totals).toEqual([
      { debits: money(1000n, "MXN"), credits: money(1000n, "MXN"), difference: money(0n, "MXN") },
      { debits: money(5000n, "USD"), credits: money(5000n, "USD"), difference: money(0n, "USD") },
    ]);
    const third = await inBooks((tx) => trialBalance(tx, books.church, day(3)));
    expect(third.totals[0]).toEqual({
      debits: money(600n, "MXN"),
      credits: money(600n, "MXN"),
      difference: money(0n, "MXN"),
    });
    expect(third.totals[1]?.debits).toEqual(money(0n, "USD"));
  });
  test("as of a date counts what had occurred by then, whenever we heard of it", async () => {
    const balanceAt = async (asOf?: Date) => {
      const rows = await inBooks((tx) => accountBalances(tx, books.church, asOf));
      return rows.find((row) => row.account.code === "1100" && row.balance.currency === "MXN")?.balance.minor;
    };
    expect(await balanceAt(new Date("2026-02-01T00:00:00Z"))).toBe(0n);
    expect(await balanceAt(day(1))).toBe(100n);
    expect(await balanceAt(day(3))).toBe(600n);
    expect(await balanceAt()).toBe(1000n);
  });
});

describe("account statement", () => {
  const account = async () => {
    const rows = await inBooks((tx) => accountBalances(tx, books.church));
    const row = rows.find(({ account: { code }, balance }) => code === "4100" && balance.currency === "MXN");
    if (!row) throw new Error("the scene is broken");
    return row;
  };
  const statement = async (page: Parameters<typeof accountStatement>[3]) => {
    const { id } = await account();
    const found = await inBooks((tx) => accountStatement(tx, books.church, id, page));
    if (!found) throw new Error("the account is there");
    return found;
  };

  test("runs in the order things occurred, with the balance after each", async () => {
    const all = await statement({ limit: 10 });
    expect(all.lines.map((line) => [line.entryId, line.amount.minor, line.balance.minor])).toEqual(
      days.map((entry, index) => [
        entry.id,
        [-100n, -200n, -300n, -400n][index],
        [-100n, -300n, -600n, -1000n][index],
      ]),
    );
    expect(all).toMatchObject({ opening: { minor: 0n }, closing: { minor: -1000n }, more: false });
    expect(all.closing).toEqual((await account()).balance);
  });
  test("as of a date ends there; from a date opens with what stood before", async () => {
    const middle = await statement({ limit: 10, from: day(2), asOf: day(3) });
    expect(middle.lines).toHaveLength(2);
    expect([middle.opening.minor, middle.closing.minor]).toEqual([-100n, -600n]);
    const none = await statement({ limit: 10, from: new Date("2026-03-05T00:00:00Z") });
    expect([none.opening.minor, none.closing.minor, none.lines.length]).toEqual([-1000n, -1000n, 0]);
    const before = await statement({ limit: 10, asOf: new Date("2026-01-01T00:00:00Z") });
    expect([before.opening.minor, before.lines.length]).toEqual([0n, 0]);
  });
  test("goes on where the last page ended, balances unbroken", async () => {
    const first = await statement({ limit: 3 });
    const last = first.lines.at(-1);
    if (!last) throw new Error("three lines were asked for");
    const second = await statement({ limit: 3, after: last });
    expect([first.more, second.more]).toEqual([true, false]);
    expect(second.opening).toEqual(first.closing);
    expect(second.lines.map((line) => line.entryId)).toEqual([days[3]?.id]);
  });
  test("of another church's account says nothing", async () => {
    const { id } = await account();
    const other = await newBooks(t.superuser);
    expect(
      await t.db.inChurch(other.church, (tx) => accountStatement(tx, other.church, id, { limit: 1 })),
    ).toBeUndefined();
    expect(
      await inBooks((tx) => accountStatement(tx, books.church, newId("account"), { limit: 1 })),
    ).toBeUndefined();
  });
});

describe("reading entries back", () => {
  test("an entry reads as it was drafted", async () => {
    const [, second] = days;
    if (!second) throw new Error("four days");
    const read = await inBooks((tx) =>
      entriesOf(tx, books.church, { kind: "attempt", ids: [second.source.id, newId("attempt")] }),
    );
    expect(read).toEqual([{ ...second, recordedAt: day(5) }]);
    expect(await inBooks((tx) => entriesOf(tx, books.church, { kind: "refund", ids: [] }))).toEqual([]);
  });
  test("pages run newest first, without gap or repeat, and can be narrowed by date", async () => {
    const page = (options: Omit<Parameters<typeof listEntries>[2], "limit">) =>
      inBooks((tx) => listEntries(tx, books.church, { limit: 3, ...options }));
    const first = await page({});
    const before = first.at(-1)?.id;
    const second = await page(before ? { before } : {});
    const ids = [...first, ...second].map((entry) => entry.id);
    expect(ids).toEqual([...ids].sort().reverse());
    expect(ids).toHaveLength(5);
    expect((await page({ from: day(2), to: day(4) })).map((entry) => entry.occurredAt)).toEqual([
      day(3),
      day(2),
    ]);
  });
});
