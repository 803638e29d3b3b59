import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { credit, debit, type EntryDraft } from "../../src/ledger/entry-draft.ts";
import { postEntries } from "../../src/ledger/post-entry.ts";
import { type TestApp, type TestChurch, testApp, testChurch, testKey } from "../support/app.ts";

let house: TestApp;
let church: TestChurch;
let drafts: EntryDraft[];
const day = (n: number) => `2026-03-0${n}T12:00:00.000Z`;
const get = (path: string) => house.ask("GET", path, { key: church.key });
const listed = z.object({ data: z.array(z.object({ id: z.string() })), next_cursor: z.string().nullable() });

beforeAll(async () => {
  house = await testApp();
  church = await testChurch(house);
  drafts = [1, 2, 3].map((n) => ({
    id: newId("entry"),
    legalEntityId: church.legalEntityId,
    source: { kind: "attempt", id: newId("attempt") },
    purpose: "capture",
    occurredAt: new Date(day(n)),
    memo: "Gift captured",
    postings: [
      debit({ code: "1010" }, money(BigInt(n * 1000), "MXN")),
      credit({ code: "4100", fundId: church.fundId }, money(BigInt(n * 1000), "MXN")),
    ],
  }));
  await house.deps.db.inChurch(church.id, (tx) =>
    postEntries(tx, church.id, drafts, new Date("2026-03-05T00:00:00Z")),
  );
});

describe("GET /v1/ledger/entries", () => {
  test("shows each entry with its source and signed postings, newest first", async () => {
    const answer = await get("/v1/ledger/entries");
    expect(answer.status).toBe(200);
    expect(listed.parse(answer.body).data.map(({ id }) => id)).toEqual(drafts.map(({ id }) => id).reverse());
    expect(answer.body).toMatchObject({
      data: [
        {
          source: drafts[2]?.source,
          purpose: "capture",
          occurred_at: day(3),
          corrects: null,
          postings: [
            { code: "1010", name: "Bank", fund: null, amount: { amount: 3000, currency: "MXN" } },
            { code: "4100", fund: church.fundId, amount: { amount: -3000, currency: "MXN" } },
          ],
        },
        {},
        {},
      ],
    });
  });
  test("pages by cursor and narrows by date", async () => {
    const first = listed.parse((await get("/v1/ledger/entries?limit=2")).body);
    const second = listed.parse((await get(`/v1/ledger/entries?limit=2&cursor=${first.next_cursor}`)).body);
    expect([first.data.length, second.data.length, second.next_cursor]).toEqual([2, 1, null]);
    const one = listed.parse((await get(`/v1/ledger/entries?from=${day(2)}&to=${day(3)}`)).body);
    expect(one.data).toMatchObject([{ id: drafts[1]?.id }]);
  });
});

describe("GET /v1/ledger/trial-balance", () => {
  test("is zero now and as of any instant, and says which", async () => {
    const now = await get("/v1/ledger/trial-balance");
    expect(now.body).toMatchObject({
      as_of: house.clock.now().toISOString(),
      accounts: [
        { code: "1010", normal_side: "debit", balance: { amount: 6000 } },
        { code: "4100", normal_side: "credit", balance: { amount: -6000 } },
      ],
      totals: [
        { debits: { amount: 6000 }, credits: { amount: 6000 }, difference: { amount: 0, currency: "MXN" } },
      ],
    });
    const then = await get(`/v1/ledger/trial-balance?as_of=${day(2)}`);
    expect(then.body).toMatchObject({ as_of: day(2), totals: [{ debits: { amount: 3000 } }] });
  });
  test("a date that is none names the field and the mend", async () => {
    const answer = await get("/v1/ledger/trial-balance?as_of=yesterday");
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({
      code: "invalid_request",
      errors: [{ pointer: "/as_of", detail: "must be an RFC 3339 instant, such as 2026-03-31T23:59:59Z" }],
    });
  });
});

describe("GET /v1/ledger/accounts", () => {
  test("lists accounts by code with balances, page by page", async () => {
    const first = listed.parse((await get("/v1/ledger/accounts?limit=1")).body);
    const second = await get(`/v1/ledger/accounts?limit=1&cursor=${first.next_cursor}`);
    expect(second.body).toMatchObject({ data: [{ code: "4100" }], next_cursor: null });
    expect((await get(`/v1/ledger/accounts?as_of=${day(1)}`)).body).toMatchObject({
      data: [{ balance: { amount: 1000 } }, { balance: { amount: -1000 } }],
    });
  });
  test("a statement runs from opening to closing, and goes on by cursor", async () => {
    const { data } = listed.parse((await get("/v1/ledger/accounts")).body);
    const path = `/v1/ledger/accounts/${data[0]?.id}/statement`;
    const first = await get(`${path}?limit=2`);
    expect(first.body).toMatchObject({
      account: { code: "1010" },
      opening: { amount: 0 },
      data: [{ balance: { amount: 1000 } }, { balance: { amount: 3000 } }],
      closing: { amount: 3000 },
    });
    const { next_cursor } = z.object({ next_cursor: z.string() }).parse(first.body);
    expect((await get(`${path}?limit=2&cursor=${next_cursor}`)).body).toMatchObject({
      opening: { amount: 3000 },
      data: [{ entry: drafts[2]?.id, balance: { amount: 6000 } }],
      next_cursor: null,
    });
    expect((await get(`${path}?as_of=${day(2)}&from=${day(2)}`)).body).toMatchObject({
      opening: { amount: 1000 },
      closing: { amount: 3000 },
    });
    expect((await get(`${path}?cursor=nonsense`)).status).toBe(400);
  });
  test("an account of another church is not there", async () => {
    const { data } = listed.parse((await get("/v1/ledger/accounts")).body);
    const other = await testChurch(house);
    const path = `/v1/ledger/accounts/${data[0]?.id}/statement`;
    expect((await house.ask("GET", path, { key: other.key })).status).toBe(404);
    expect((await house.ask("GET", "/v1/ledger/entries", { key: other.key })).body).toMatchObject({
      data: [],
    });
  });
});

test.each(["accounts", "entries", "trial-balance"])("%s needs a key with ledger:read", async (what) => {
  const path = `/v1/ledger/${what}`;
  expect((await house.ask("GET", path)).status).toBe(401);
  const key = await testKey(house, church.id, { scopes: ["funds:read"] });
  expect((await house.ask("GET", path, { key })).status).toBe(403);
});
