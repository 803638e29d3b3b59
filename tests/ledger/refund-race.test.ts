import { beforeAll, expect, test } from "vitest";
import { type AttemptId, newId, uuidOf } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { captureEntry, refundEntry } from "../../src/ledger/entries.ts";
import { postEntries } from "../../src/ledger/post-entry.ts";
import { entriesOf } from "../../src/ledger/read-entries.ts";
import { type Books, newBooks } from "../support/books.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";

let t: TestDatabase;
let books: Books;
const now = new Date("2026-03-02T12:00:01Z");
const captured = 100_000n;

beforeAll(async () => {
  t = await testDatabase();
  books = await newBooks(t.superuser);
});

/** A captured attempt of 1,000 pesos, as the giving module leaves it, and its capture in the books. */
async function capturedAttempt(): Promise<{
  attempt: AttemptId;
  gift: Parameters<typeof refundEntry>[0]["gift"];
}> {
  const church = uuidOf(books.church);
  const attempt = newId("attempt");
  const [donation, donor] = [uuidOf(newId("donation")), uuidOf(newId("donor"))];
  const gift = {
    shares: [{ fundId: books.funds[0], restricted: false, amount: money(captured, "MXN") }],
    cover: money(0n, "MXN"),
  };
  await t.superuser`insert into donors (church_id, id, key_version, created_at, updated_at)
    values (${church}, ${donor}, 1, ${now}, ${now})`;
  await t.superuser`
    insert into donations (church_id, id, legal_entity_id, donor_id, mode, amount_minor, cover_minor, currency,
                           country, method, anonymous, key_version, locale, current_attempt_id, created_at)
    values (${church}, ${donation}, ${uuidOf(books.legalEntityId)}, ${donor}, 'test', ${captured}, 0, 'MXN', 'mx',
            'card', false, 1, 'es-MX', ${uuidOf(attempt)}, ${now})`;
  await t.superuser`
    insert into payment_attempts (church_id, id, donation_id, number, gateway, gateway_account_id, method,
                                  presentation, amount_minor, currency, state, version, gateway_key, captured_minor,
                                  refunded_minor, checks, created_at, updated_at)
    values (${church}, ${uuidOf(attempt)}, ${donation}, 1, 'stripe', ${uuidOf(books.gatewayAccounts[0])}, 'card',
            'redirect', ${captured}, 'MXN', 'captured', 1, 'k', ${captured}, 0, 0, ${now}, ${now})`;
  const capture = captureEntry({
    entryId: newId("entry"),
    legalEntityId: books.legalEntityId,
    gatewayAccountId: books.gatewayAccounts[0],
    occurredAt: now,
    attemptId: attempt,
    gift,
    funding: "direct",
  });
  await t.db.inChurch(books.church, (tx) => postEntries(tx, books.church, [capture], now));
  return { attempt, gift };
}

test("of 20 concurrent refunds of 60 % exactly one is booked, and the other 19 leave no trace", async () => {
  const { attempt, gift } = await capturedAttempt();
  const refund = () =>
    t.db.inChurch(books.church, async (tx) => {
      await tx.sql`update payment_attempts set refunded_minor = refunded_minor + 60000
        where church_id = ${uuidOf(books.church)} and id = ${uuidOf(attempt)}`;
      const entry = refundEntry({
        entryId: newId("entry"),
        legalEntityId: books.legalEntityId,
        gatewayAccountId: books.gatewayAccounts[0],
        occurredAt: now,
        refundId: newId("refund"),
        amount: money(60_000n, "MXN"),
        gift,
        earlier: [],
      });
      await postEntries(tx, books.church, [entry], now);
      return entry;
    });
  const answers = await Promise.allSettled(Array.from({ length: 20 }, refund));
  const through = answers.filter((answer) => answer.status === "fulfilled");
  expect(through).toHaveLength(1);
  for (const answer of answers) {
    if (answer.status === "rejected") {
      expect(answer.reason).toMatchObject({ constraint_name: "attempts_refund_within_capture" });
    }
  }
  const rows = await t.superuser`
    select a.code, sum(b.balance_minor)::bigint as balance from ledger_balances b
    join ledger_accounts a using (church_id, account_no)
    where a.church_id = ${uuidOf(books.church)} group by 1 order by 1`;
  expect([...rows]).toEqual([
    { code: "1100", balance: 40_000n },
    { code: "4100", balance: -100_000n },
    { code: "4900", balance: 60_000n },
  ]);
  const ids = through.map((answer) => answer.value.source.id);
  const [booked] = await t.db.inChurch(books.church, (tx) =>
    entriesOf(tx, books.church, { kind: "refund", ids }),
  );
  expect(booked?.postings).toEqual(through[0]?.value.postings);
});
