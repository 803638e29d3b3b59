import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newId, uuidOf } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { correctionEntry } from "../../src/ledger/entries.ts";
import { credit, debit, type EntryDraft } from "../../src/ledger/entry-draft.ts";
import { postEntries } from "../../src/ledger/post-entry.ts";
import { churchesToSeal, sealDue, sealLedger } from "../../src/ledger/seal-chain.ts";
import { type LedgerProof, verifyLedger } from "../../src/ledger/verify-ledger.ts";
import { type Books, giftDraft, newBooks } from "../support/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let t: TestDatabase;
let intruder: postgres.Sql;
let books: Books;
const at = new Date("2026-03-02T12:00:01Z");

beforeAll(async () => {
  t = await testDatabase();
  const [{ name }] = await t.superuser<[{ name: string }]>`select current_database() as name`;
  // A superuser with every trigger asleep: what no rule inside the database can stop, only proof can show.
  const { host, port, pass } = t.superuser.options;
  intruder = postgres({
    host: host[0] ?? "",
    port: port[0] ?? 0,
    user: "postgres",
    password: pass ?? "",
    database: name,
    max: 1,
    connection: { session_replication_role: "replica" },
  });
});
afterAll(() => intruder.end());
beforeEach(async () => {
  books = await newBooks(t.superuser);
});

const post = (entries: readonly EntryDraft[]) =>
  t.db.inChurch(books.church, (tx) => postEntries(tx, books.church, entries, at));
const seal = (limit = 1000) => sealLedger(t.db, books.church, limit, at);
const verify = (options = {}) => verifyLedger(t.db, books.church, options);
const gifts = (n: number) => Array.from({ length: n }, (_, i) => giftDraft(books, BigInt(i + 1)));

describe("sealing", () => {
  test("a church without entries has nothing to seal and proves sound", async () => {
    expect(await seal()).toBe(0);
    expect(await verify()).toEqual({ ok: true, sealed: 0n, waiting: 0n });
  });
  test("entries are sealed once, in steps, and the proof says how many are and how many wait", async () => {
    await post(gifts(5));
    expect(await verify()).toMatchObject({ ok: true, sealed: 0n, waiting: 5n });
    expect(await seal(3)).toBe(3);
    expect(await verify()).toMatchObject({ ok: true, sealed: 3n, waiting: 2n });
    expect(await seal()).toBe(2);
    expect(await seal()).toBe(0);
    expect(await verify()).toMatchObject({ ok: true, sealed: 5n, waiting: 0n, head: { number: 5n } });
  });
  test("an entry whose transaction commits after later ones were sealed is not skipped", async () => {
    const late = giftDraft(books, 77n);
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let written = () => {};
    const isWritten = new Promise<void>((resolve) => {
      written = resolve;
    });
    const slow = t.db.inChurch(books.church, async (tx) => {
      await postEntries(tx, books.church, [late], at);
      written();
      await held;
    });
    await isWritten;
    const other = giftDraft(books, 5n, {
      postings: [
        debit({ code: "1120", gatewayAccountId: books.gatewayAccounts[0] }, money(5n, "MXN")),
        credit({ code: "2100" }, money(5n, "MXN")),
      ],
    });
    await post([other]);
    expect(await seal()).toBe(1);
    release();
    await slow;
    expect(await seal()).toBe(1);
    expect(await verify()).toMatchObject({ ok: true, sealed: 2n, waiting: 0n });
  });
  test("sealers that meet do not fork the chain", async () => {
    await post(gifts(20));
    await Promise.all(Array.from({ length: 6 }, () => seal(4)));
    while ((await seal(4)) > 0);
    expect(await verify()).toMatchObject({ ok: true, sealed: 20n });
  });
  test("the background job finds every church that waits and empties each queue", async () => {
    await post(gifts(3));
    expect(await churchesToSeal(t.db, 100)).toContain(books.church);
    expect(await sealDue(t.db, at, { churches: 100, entriesEach: 2000 })).toBeGreaterThanOrEqual(3);
    expect(await churchesToSeal(t.db, 100)).toEqual([]);
  });
  test("corrections, dates and large amounts are sealed as exactly as they are booked", async () => {
    const entry = giftDraft(books, 9_007_199_254_740_993n, { valueDate: "2026-03-04", memo: 'ñ "quoted" ☩' });
    await post([entry]);
    await post([correctionEntry(entry, { entryId: newId("entry"), occurredAt: at, memo: "typed twice" })]);
    await seal();
    expect(await verify()).toMatchObject({ ok: true, sealed: 2n });
  });
  test("progress is told page by page", async () => {
    await post(gifts(4));
    await seal();
    const told: bigint[] = [];
    await verify({ onProgress: (n: bigint) => told.push(n) });
    expect(told.at(-1)).toBe(4n);
  });
});

describe("tampering by one whom no trigger stops is found and named", () => {
  const church = () => uuidOf(books.church);
  const entries = gifts;
  let booked: EntryDraft[];

  beforeEach(async () => {
    booked = entries(4);
    await post(booked);
    await seal();
  });

  const id = (index: number) => uuidOf(booked[index]?.id ?? newId("entry"));
  const expectBreak = async (found: object) => {
    const proof: LedgerProof = await verify();
    expect(proof).toMatchObject({ ok: false, break: found });
  };

  test("a memo rewritten", async () => {
    await intruder`update journal_entries set memo = 'Loan' where church_id = ${church()} and id = ${id(2)}`;
    await expectBreak({ kind: "entry_altered", number: 3n, entryId: booked[2]?.id });
  });
  test("an event moved to another day", async () => {
    await intruder`update journal_entries set occurred_at = occurred_at - interval '1 year'
      where church_id = ${church()} and id = ${id(0)}`;
    await expectBreak({ kind: "entry_altered", number: 1n });
  });
  test("every amount of an entry doubled, so that it still balances", async () => {
    await intruder`update postings set amount_minor = amount_minor * 2 where church_id = ${church()} and entry_id = ${id(3)}`;
    await expectBreak({ kind: "entry_altered", number: 4n });
  });
  test("an account turned into another", async () => {
    await intruder`update ledger_accounts set code = '4200' where church_id = ${church()} and code = '4100'`;
    await expectBreak({ kind: "entry_altered", number: 1n });
  });
  test("a seal rewritten, a seal removed from the middle, an entry removed", async () => {
    await intruder`update ledger_seals set hash = sha256('x') where church_id = ${church()} and number = 2`;
    await expectBreak({ kind: "entry_altered", number: 2n });
    await intruder`delete from ledger_seals where church_id = ${church()} and number = 2`;
    await expectBreak({ kind: "seal_missing", number: 2n });
  });
  test("an entry removed under its seal", async () => {
    await intruder`delete from postings where church_id = ${church()} and entry_id = ${id(1)}`;
    await intruder`delete from journal_entries where church_id = ${church()} and id = ${id(1)}`;
    await expectBreak({ kind: "entry_missing", number: 2n, entryId: booked[1]?.id });
  });
  test("the end of the chain cut off, shown by a head kept elsewhere", async () => {
    const proof = await verify();
    if (!proof.ok || !proof.head) throw new Error("the scene is broken");
    expect(await verify({ knownHead: proof.head })).toMatchObject({ ok: true });
    await intruder`delete from ledger_seals where church_id = ${church()} and number = 4`;
    await expectBreak({ kind: "entry_outside_chain", entryId: booked[3]?.id });
    expect(await verify({ knownHead: proof.head })).toMatchObject({
      ok: false,
      break: { kind: "head_missing", number: 4n },
    });
  });
  test("an unsealed entry taken out of the queue", async () => {
    const hidden = giftDraft(books, 9n);
    await post([hidden]);
    await intruder`delete from ledger_unsealed where church_id = ${church()}`;
    await expectBreak({ kind: "entry_outside_chain", entryId: hidden.id });
  });
  test("an unsealed entry made unbalanced, or left without postings", async () => {
    const loose = giftDraft(books, 9n);
    await post([loose]);
    await intruder`update postings set amount_minor = 8 where church_id = ${church()}
      and entry_id = ${uuidOf(loose.id)} and amount_minor > 0`;
    await expectBreak({ kind: "entry_unbalanced", entryId: loose.id });
  });
  test("a posting without an entry", async () => {
    await post([giftDraft(books, 9n)]);
    const stray = newId("entry");
    await intruder`insert into postings select church_id, account_no, shard, version + 100, ${uuidOf(stray)}, 1,
      amount_minor, currency, balance_after_minor from postings where church_id = ${church()} limit 1`;
    await expectBreak({ kind: "posting_orphaned", entryId: stray });
  });
  test("an unsealed posting whose balance does not follow", async () => {
    const loose = giftDraft(books, 9n);
    await post([loose]);
    await intruder`update postings set balance_after_minor = balance_after_minor + 1
      where church_id = ${church()} and entry_id = ${uuidOf(loose.id)} and amount_minor > 0`;
    await expectBreak({ kind: "balance_chain_broken" });
  });
  test("a balance row edited", async () => {
    await intruder`update ledger_balances set balance_minor = balance_minor + 1 where church_id = ${church()}
      and (account_no, shard) = (select account_no, shard from ledger_balances where church_id = ${church()} limit 1)`;
    await expectBreak({ kind: "balance_differs" });
  });
  test("a balance row removed", async () => {
    await intruder`delete from ledger_balances where church_id = ${church()}`;
    await expectBreak({ kind: "balance_differs" });
  });
});
