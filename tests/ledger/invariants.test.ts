import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Tx } from "../../src/db/client.ts";
import { newId, uuidOf } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { credit, debit, type EntryDraft } from "../../src/ledger/entry-draft.ts";
import { postEntries } from "../../src/ledger/post-entry.ts";
import { type Books, giftDraft, newBooks } from "../support/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let t: TestDatabase;
let owner: postgres.Sql;
let books: Books;
let church: string;
let booked: EntryDraft;
const at = new Date("2026-03-02T12:00:01Z");

beforeAll(async () => {
  t = await testDatabase();
  owner = postgres(t.url, { max: 1, onnotice: () => {} });
  books = await newBooks(t.superuser);
  church = uuidOf(books.church);
  booked = giftDraft(books, 10000n);
  await post([booked]);
});
afterAll(() => owner.end());

const post = (entries: readonly EntryDraft[], to = books) =>
  t.db.inChurch(to.church, (tx) => postEntries(tx, to.church, entries, at));

/** Runs SQL as the service's role in the church's scope: someone past `postEntries`, not past the database. */
const asApp = (work: (sql: Tx["sql"]) => Promise<unknown>) =>
  t.db.inChurch(books.church, ({ sql }) => work(sql));

/** `entry_balances` and so on: which rule refused. */
const refusedBy = (rule: string) => expect.objectContaining({ constraint_name: rule });

type RawPosting = {
  code: "1100" | "4100";
  amount: bigint;
  currency?: string;
  drift?: bigint;
  entry?: string;
};

/** An entry and postings written by hand, balances brought forward as they should be. */
async function writeByHand(sql: Tx["sql"], lines: readonly RawPosting[], count = lines.length) {
  const entry = uuidOf(newId("entry"));
  await sql`
    insert into journal_entries (church_id, id, legal_entity_id, source_kind, source_id, purpose, occurred_at,
                                 memo, posting_count, recorded_at)
    values (${church}, ${entry}, ${uuidOf(books.legalEntityId)}, 'attempt', ${entry}, 'capture', ${at}, 'by hand',
            ${count}, ${at})`;
  for (const [index, line] of lines.entries()) await writePosting(sql, { entry, ...line }, index + 1);
  return entry;
}

const writePosting = (sql: Tx["sql"], line: RawPosting & { entry: string }, position: number) => sql`
  with here as (
    select b.* from ledger_balances b join ledger_accounts a using (church_id, account_no)
    where a.church_id = ${church} and a.code = ${line.code} and b.version > 0 order by b.shard limit 1
  ), posted as (
    insert into postings (church_id, account_no, shard, version, entry_id, position, amount_minor, currency,
                          balance_after_minor)
    select church_id, account_no, shard, version + 1, ${line.entry}, ${position}, ${line.amount},
           ${line.currency ?? "MXN"}, balance_minor + ${line.amount} + ${line.drift ?? 0n} from here
    returning *
  )
  update ledger_balances b set version = p.version, balance_minor = p.balance_after_minor from posted p
  where b.church_id = p.church_id and b.account_no = p.account_no and b.shard = p.shard`;

describe("the database refuses, past our own code,", () => {
  test("nothing that follows the rules: the same hand may write a sound entry", async () => {
    await asApp((sql) =>
      writeByHand(sql, [
        { code: "1100", amount: 5n },
        { code: "4100", amount: -5n },
      ]),
    );
  });
  test("an entry that does not balance, when it commits", async () => {
    let reachedCommit = false;
    const write = asApp(async (sql) => {
      await writeByHand(sql, [
        { code: "1100", amount: 500n },
        { code: "4100", amount: -499n },
      ]);
      reachedCommit = true;
    });
    await expect(write).rejects.toEqual(refusedBy("entry_balances"));
    expect(reachedCommit).toBe(true);
  });
  test("an entry with one posting, with none, and with fewer than it declared", async () => {
    await expect(asApp((sql) => writeByHand(sql, [{ code: "1100", amount: 5n }]))).rejects.toEqual(
      refusedBy("journal_entries_two_postings"),
    );
    await expect(asApp((sql) => writeByHand(sql, [], 2))).rejects.toEqual(refusedBy("entry_is_whole"));
    const three = asApp((sql) =>
      writeByHand(
        sql,
        [
          { code: "1100", amount: 5n },
          { code: "4100", amount: -5n },
        ],
        3,
      ),
    );
    await expect(three).rejects.toEqual(refusedBy("entry_is_whole"));
  });
  test("a posting added to an entry of the past", async () => {
    const add = asApp((sql) => writePosting(sql, { code: "1100", amount: 5n, entry: uuidOf(booked.id) }, 3));
    await expect(add).rejects.toEqual(refusedBy("posting_fits"));
  });
  test("a posting slipped in after the balance was checked early", async () => {
    const slip = asApp(async (sql) => {
      const entry = await writeByHand(sql, [
        { code: "1100", amount: 5n },
        { code: "4100", amount: -5n },
      ]);
      await sql`set constraints all immediate`;
      await writePosting(sql, { code: "1100", amount: 5n, entry }, 3);
    });
    await expect(slip).rejects.toEqual(refusedBy("posting_fits"));
  });
  test("a posting of nothing", async () => {
    await expect(asApp((sql) => writeByHand(sql, [{ code: "1100", amount: 0n }], 2))).rejects.toEqual(
      refusedBy("postings_amount"),
    );
  });
  test("a posting in another currency than its account's", async () => {
    const usd = asApp((sql) => writeByHand(sql, [{ code: "1100", amount: 5n, currency: "USD" }], 2));
    await expect(usd).rejects.toThrow(/account is in another currency/);
  });
  test("a posting whose balance does not follow from the one before", async () => {
    const drift = asApp((sql) => writeByHand(sql, [{ code: "1100", amount: 5n, drift: 1n }], 2));
    await expect(drift).rejects.toThrow(/does not continue the balance/);
  });
  test("a posting without its balance brought forward", async () => {
    const alone = asApp(async (sql) => {
      const entry = await writeByHand(sql, [{ code: "1100", amount: 5n }], 2);
      await sql`
        insert into postings (church_id, account_no, shard, version, entry_id, position, amount_minor, currency,
                              balance_after_minor)
        select church_id, account_no, shard, version + 1, ${entry}, 2, -5, 'MXN', balance_minor - 5
        from ledger_balances where church_id = ${church} order by version desc limit 1`;
    });
    await expect(alone).rejects.toThrow(/not brought forward/);
  });
  test("a balance moved without a posting, or moved back to an older one", async () => {
    await expect(
      asApp((sql) => sql`update ledger_balances set balance_minor = balance_minor + 1 where version > 0`),
    ).rejects.toEqual(refusedBy("balance_fits"));
    await expect(
      asApp((sql) => sql`update ledger_balances set version = 0, balance_minor = 0 where version > 0`),
    ).rejects.toEqual(refusedBy("balance_fits"));
  });
  test("a posting to an account of another legal entity than the entry's", async () => {
    const other = newId("legalEntity");
    await t.superuser`
      insert into legal_entities (church_id, id, name, country, currency, created_at)
      values (${church}, ${uuidOf(other)}, 'Other', 'us', 'USD', now())`;
    const move = asApp(async (sql) => {
      const entry = uuidOf(newId("entry"));
      await sql`
        insert into journal_entries (church_id, id, legal_entity_id, source_kind, source_id, purpose, occurred_at,
                                     memo, posting_count, recorded_at)
        values (${church}, ${entry}, ${uuidOf(other)}, 'attempt', 'x', 'capture', ${at}, '', 2, ${at})`;
      await writePosting(sql, { code: "1100", amount: 5n, entry }, 1);
    });
    await expect(move).rejects.toThrow(/another legal entity/);
  });
  test("the same version of an account twice, and the same place of an entry twice", async () => {
    const repeat = (column: "version" | "position") =>
      asApp((sql) =>
        column === "version"
          ? sql`insert into postings select church_id, account_no, shard, version, ${uuidOf(newId("entry"))}, 1,
                  amount_minor, currency, balance_after_minor from postings where church_id = ${church} limit 1`
          : sql`insert into postings select church_id, account_no, shard, version + 100, entry_id, position,
                  amount_minor, currency, balance_after_minor from postings where church_id = ${church} limit 1`,
      );
    await expect(repeat("version")).rejects.toMatchObject({ code: "23505" });
    await expect(repeat("position")).rejects.toMatchObject({ code: "23505" });
  });
  test("one event booked twice for one purpose, or one entry id used twice", async () => {
    const copy = (id: string, source: string) =>
      asApp(
        (sql) => sql`
          insert into journal_entries (church_id, id, legal_entity_id, source_kind, source_id, purpose, occurred_at,
                                       memo, posting_count, recorded_at)
          values (${church}, ${id}, ${uuidOf(books.legalEntityId)}, 'attempt', ${source}, 'capture', ${at}, '', 2,
                  ${at})`,
      );
    await expect(copy(uuidOf(newId("entry")), booked.source.id)).rejects.toEqual(
      refusedBy("journal_entries_source"),
    );
    await expect(copy(uuidOf(booked.id), newId("attempt"))).rejects.toMatchObject({ code: "23505" });
  });
  test("a correction that names no original, or one of another church", async () => {
    const source = { kind: "correction", id: booked.id } as const;
    await expect(post([giftDraft(books, 1n, { source, purpose: "reversal" })])).rejects.toEqual(
      refusedBy("journal_entries_correction_names_original"),
    );
    const elsewhere = await newBooks(t.superuser);
    const theirs = giftDraft(elsewhere, 1n);
    await post([theirs], elsewhere);
    await expect(
      post([giftDraft(books, 1n, { source, purpose: "reversal", corrects: theirs.id })]),
    ).rejects.toMatchObject({ code: "23503" });
  });
  test("an entry left out of the sealing queue by hand", async () => {
    await expect(asApp((sql) => sql`delete from ledger_unsealed`)).rejects.toEqual(
      refusedBy("unsealed_stays"),
    );
  });
});

describe("nothing written is changed or removed", () => {
  const tables = ["ledger_accounts", "journal_entries", "postings", "ledger_seals"] as const;
  const statements = tables.flatMap((table) => [
    `update ${table} set church_id = church_id`,
    `delete from ${table}`,
    `truncate ${table} cascade`,
  ]);
  test.each([
    ...statements,
    "delete from ledger_balances",
    "truncate ledger_balances",
    "truncate ledger_unsealed",
  ])("refused to the service: %s", async (statement) => {
    await expect(asApp((sql) => sql.unsafe(statement))).rejects.toMatchObject({ code: "42501" });
  });
  test.each([
    ...statements,
    "delete from ledger_balances",
    "truncate ledger_balances",
    "truncate ledger_unsealed",
  ])("refused to the tables' owner and to a superuser: %s", async (statement) => {
    await expect(owner.unsafe(statement)).rejects.toEqual(refusedBy("append_only"));
    await expect(t.superuser.unsafe(statement)).rejects.toEqual(refusedBy("append_only"));
  });
});

describe("limits of sign", () => {
  const hold = (minor: bigint) =>
    giftDraft(books, minor, {
      postings: [
        debit({ code: "1120", gatewayAccountId: books.gatewayAccounts[0] }, money(minor, "MXN")),
        credit({ code: "1100", gatewayAccountId: books.gatewayAccounts[0] }, money(minor, "MXN")),
      ],
    });

  test("more cannot be released from a dispute's hold than was put there", async () => {
    await post([hold(700n)]);
    await post([hold(-700n)]);
    await expect(post([hold(-1n)])).rejects.toEqual(refusedBy("sign_limit"));
  });
  test("of many at once who would each release the whole hold, one does", async () => {
    await post([hold(1000n)]);
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => post([hold(-1000n)])));
    expect(answers.filter((answer) => answer.status === "fulfilled")).toHaveLength(1);
  });
  test("a limited account cannot be split into shards", async () => {
    const split = asApp(
      (sql) => sql`
        insert into ledger_accounts (church_id, id, legal_entity_id, code, currency, normal_side, may_go_negative,
                                     shards, opened_at)
        values (${church}, ${uuidOf(newId("account"))}, ${uuidOf(books.legalEntityId)}, '2100', 'MXN', 'credit',
                false, 4, ${at})`,
    );
    await expect(split).rejects.toEqual(refusedBy("ledger_accounts_shards"));
  });
});

test("a whole batch is refused for one bad entry: nothing is half booked", async () => {
  const good = giftDraft(books, 5n);
  const bad = giftDraft(books, 5n, { id: booked.id });
  await expect(post([good, bad])).rejects.toMatchObject({ code: "23505" });
  const [row] =
    await t.superuser`select count(*)::int as n from journal_entries where id = ${uuidOf(good.id)}`;
  expect(row).toEqual({ n: 0 });
});

test("the books of one church are out of reach of another's scope", async () => {
  const other = await newBooks(t.superuser);
  const seen = await t.db.inChurch(
    other.church,
    ({ sql }) => sql`select 1 from postings union all select 1 from journal_entries
      union all select 1 from ledger_balances union all select 1 from ledger_accounts`,
  );
  expect(seen).toHaveLength(0);
  const move = t.db.inChurch(other.church, (tx) => postEntries(tx, other.church, [giftDraft(books, 5n)], at));
  await expect(move).rejects.toMatchObject({ code: "23503" });
});
