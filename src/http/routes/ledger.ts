import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { parseId } from "../../kernel/ids.ts";
import {
  type AccountBalance,
  accountBalances,
  accountStatement,
  type StatementLine,
  trialBalance,
} from "../../ledger/balances.ts";
import { chart } from "../../ledger/chart.ts";
import type { AccountAddress } from "../../ledger/entry-draft.ts";
import { type BookedEntry, listEntries } from "../../ledger/read-entries.ts";
import { type HonoEnv, refuse } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import {
  idSchema,
  json,
  listOf,
  listQuery,
  moneySchema,
  newRouter,
  page,
  problemAnswers,
  renderMoney,
} from "../router.ts";

const signed = "debit positive, credit negative";
const addressFields = {
  code: z.string().openapi({ example: "1100" }),
  name: z.string(),
  fund: z.string().nullable(),
  gateway_account: z.string().nullable(),
};
const balanceSchema = z
  .object({
    id: z.string(),
    ...addressFields,
    legal_entity: z.string(),
    normal_side: z.enum(["debit", "credit"]),
    balance: moneySchema.openapi({ description: signed }),
  })
  .openapi("LedgerAccount", { description: "An account of the chart and what stands on it" });
const postingSchema = z.object({
  ...addressFields,
  amount: moneySchema.openapi({ description: signed }),
});
const entrySchema = z
  .object({
    id: z.string(),
    legal_entity: z.string(),
    source: z
      .object({ kind: z.string(), id: z.string() })
      .openapi({ description: "The event it books: an attempt, a refund, a dispute, funds, a correction" }),
    purpose: z.string(),
    memo: z.string(),
    corrects: z.string().nullable(),
    occurred_at: z.iso.datetime(),
    value_date: z.string().nullable(),
    recorded_at: z.iso.datetime(),
    postings: z.array(postingSchema).openapi({ description: "They add up to zero in every currency" }),
  })
  .openapi("JournalEntry");
const trialBalanceSchema = z
  .object({
    as_of: z.iso.datetime(),
    accounts: z.array(balanceSchema),
    totals: z.array(z.object({ debits: moneySchema, credits: moneySchema, difference: moneySchema })),
  })
  .openapi("TrialBalance", { description: "Per currency, debits equal credits: the difference is 0" });
const statementSchema = z
  .object({
    account: z.object({ id: z.string(), ...addressFields }),
    opening: moneySchema,
    data: z.array(
      z.object({
        entry: z.string(),
        occurred_at: z.iso.datetime(),
        purpose: z.string(),
        memo: z.string(),
        amount: moneySchema.openapi({ description: signed }),
        balance: moneySchema.openapi({ description: "What stood on the account after it" }),
      }),
    ),
    closing: moneySchema,
    next_cursor: z.string().nullable(),
  })
  .openapi("AccountStatement");

const renderAddress = (account: AccountAddress) => ({
  code: account.code,
  name: chart[account.code].name,
  fund: account.fundId ?? null,
  gateway_account: account.gatewayAccountId ?? null,
});
const renderBalance = (row: AccountBalance): z.infer<typeof balanceSchema> => ({
  id: row.id,
  ...renderAddress(row.account),
  legal_entity: row.legalEntityId,
  normal_side: row.normalSide,
  balance: renderMoney(row.balance),
});
const renderEntry = (entry: BookedEntry): z.infer<typeof entrySchema> => ({
  id: entry.id,
  legal_entity: entry.legalEntityId,
  source: { kind: entry.source.kind, id: entry.source.id },
  purpose: entry.purpose,
  memo: entry.memo,
  corrects: entry.corrects ?? null,
  occurred_at: entry.occurredAt.toISOString(),
  value_date: entry.valueDate ?? null,
  recorded_at: entry.recordedAt.toISOString(),
  postings: entry.postings.map(({ account, amount }) => ({
    ...renderAddress(account),
    amount: renderMoney(amount),
  })),
});

const instant = z.iso
  .datetime({ offset: true, error: "must be an RFC 3339 instant, such as 2026-03-31T23:59:59Z" })
  .transform((text) => new Date(text))
  .openapi({ type: "string", format: "date-time" });
const asOf = instant.openapi({ description: "Counts what had occurred by this instant; now when absent" });

/** Where a statement's page ended: when, in which entry, at which of its postings. */
const statementCursor = z
  .string()
  .max(200)
  .transform((text, ctx) => {
    const [ms, id, position] = text.split(".");
    const entryId = parseId("entry", id);
    if (entryId && /^\d{1,15}$/.test(ms ?? "") && /^\d{1,4}$/.test(position ?? "")) {
      return { occurredAt: new Date(Number(ms)), entryId, position: Number(position) };
    }
    ctx.addIssue({ code: "custom", message: "must be the next_cursor of the page before" });
    return z.NEVER;
  })
  .openapi({ type: "string" });
const cursorAfter = (line: StatementLine): string =>
  `${line.occurredAt.getTime()}.${line.entryId}.${line.position}`;

const accounts = createRoute({
  method: "get",
  path: "/v1/ledger/accounts",
  summary: "List the ledger's accounts with their balances",
  middleware: [requires("ledger:read")] as const,
  request: { query: listQuery.extend({ cursor: idSchema("account").optional(), as_of: asOf.optional() }) },
  responses: { 200: json(listOf(balanceSchema), "A page of accounts, by code"), ...problemAnswers },
});

const statement = createRoute({
  method: "get",
  path: "/v1/ledger/accounts/{id}/statement",
  summary: "An account's movements, oldest first, with the balance after each",
  middleware: [requires("ledger:read")] as const,
  request: {
    params: z.object({ id: idSchema("account") }),
    query: listQuery.extend({
      cursor: statementCursor.optional(),
      from: instant.optional(),
      as_of: asOf.optional(),
    }),
  },
  responses: { 200: json(statementSchema, "A page of the statement"), ...problemAnswers },
});

const entries = createRoute({
  method: "get",
  path: "/v1/ledger/entries",
  summary: "List journal entries, newest first",
  middleware: [requires("ledger:read")] as const,
  request: {
    query: listQuery.extend({
      cursor: idSchema("entry").optional(),
      from: instant.optional().openapi({ description: "Occurred at or after" }),
      to: instant.optional().openapi({ description: "Occurred before" }),
    }),
  },
  responses: { 200: json(listOf(entrySchema), "A page of entries"), ...problemAnswers },
});

const trial = createRoute({
  method: "get",
  path: "/v1/ledger/trial-balance",
  summary: "The trial balance, now or at any instant",
  middleware: [requires("ledger:read")] as const,
  request: { query: z.object({ as_of: asOf.optional() }) },
  responses: { 200: json(trialBalanceSchema, "The trial balance"), ...problemAnswers },
});

/** `/v1/ledger/…`: read only. What writes the ledger is what happens to gifts. */
export function ledgerRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(accounts, async (c) => {
    const { limit, cursor, as_of } = c.req.valid("query");
    const church = c.get("principal").churchId;
    const all = await c.get("deps").db.inChurch(church, (tx) => accountBalances(tx, church, as_of));
    const start = cursor === undefined ? 0 : all.findIndex((row) => row.id === cursor) + 1;
    const { data, next_cursor } = page(all.slice(start, start + limit + 1), limit, (row) => row.id);
    return c.json({ data: data.map(renderBalance), next_cursor }, 200);
  });
  app.openapi(statement, async (c) => {
    const { limit, cursor: after, from, as_of } = c.req.valid("query");
    const { id } = c.req.valid("param");
    const church = c.get("principal").churchId;
    const found = await c.get("deps").db.inChurch(church, (tx) =>
      accountStatement(tx, church, id, {
        limit,
        ...(after && { after }),
        ...(from && { from }),
        ...(as_of && { asOf: as_of }),
      }),
    );
    if (!found) return refuse({ code: "not_found", detail: `this church has no ledger account ${id}` });
    const last = found.lines.at(-1);
    const data = found.lines.map((line) => ({
      entry: line.entryId,
      occurred_at: line.occurredAt.toISOString(),
      purpose: line.purpose,
      memo: line.memo,
      amount: renderMoney(line.amount),
      balance: renderMoney(line.balance),
    }));
    return c.json(
      {
        account: { id: found.account.id, ...renderAddress(found.account) },
        opening: renderMoney(found.opening),
        data,
        closing: renderMoney(found.closing),
        next_cursor: found.more && last ? cursorAfter(last) : null,
      },
      200,
    );
  });
  app.openapi(entries, async (c) => {
    const { limit, cursor: before, from, to } = c.req.valid("query");
    const church = c.get("principal").churchId;
    const rows = await c.get("deps").db.inChurch(church, (tx) =>
      listEntries(tx, church, {
        limit: limit + 1,
        ...(before && { before }),
        ...(from && { from }),
        ...(to && { to }),
      }),
    );
    const { data, next_cursor } = page(rows, limit, (entry) => entry.id);
    return c.json({ data: data.map(renderEntry), next_cursor }, 200);
  });
  app.openapi(trial, async (c) => {
    const { db, clock } = c.get("deps");
    const { as_of } = c.req.valid("query");
    const church = c.get("principal").churchId;
    const found = await db.inChurch(church, (tx) => trialBalance(tx, church, as_of));
    return c.json(
      {
        as_of: (as_of ?? clock.now()).toISOString(),
        accounts: found.accounts.map(renderBalance),
        totals: found.totals.map((total) => ({
          debits: renderMoney(total.debits),
          credits: renderMoney(total.credits),
          difference: renderMoney(total.difference),
        })),
      },
      200,
    );
  });
  return app;
}
