import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { bodyLimit } from "hono/body-limit";
import { importStatement } from "../../bank-statements/import-statement.ts";
import { type LineDetails, openDetails } from "../../bank-statements/line-details.ts";
import { lineStates } from "../../bank-statements/line-state.ts";
import { type StatementKind, statementKinds } from "../../bank-statements/read-statement.ts";
import { fileMost, statementFormats } from "../../bank-statements/statement-file.ts";
import {
  type LineRecord,
  listLines,
  listStatements,
  type StatementRecord,
} from "../../bank-statements/store.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import {
  currencySchema,
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

const statementSchema = z
  .object({
    id: z.string(),
    object: z.literal("bank_statement"),
    account: z.string(),
    format: z.enum(statementFormats),
    lines: z.int(),
    created_at: z.iso.datetime(),
  })
  .openapi("BankStatement");
const count = z.int();
const importedSchema = statementSchema
  .extend({
    already: count.openapi({ description: "Lines known from before, from this file or another" }),
    results: z
      .object({
        matched: count,
        conflicted: count,
        duplicate: count,
        unmatched: count,
        outgoing: count,
      })
      .openapi({ description: "What became of the new lines" }),
  })
  .openapi("ImportedBankStatement");
const lineSchema = z
  .object({
    id: z.string(),
    object: z.literal("bank_line"),
    statement: z.string(),
    account: z.string(),
    booked_on: z.string(),
    value_on: z.string().nullable(),
    amount: moneySchema.openapi({ description: "Credit positive, debit negative" }),
    state: z.enum(lineStates),
    reversal: z.boolean(),
    attempt: z.string().nullable().openapi({ description: "The payment attempt it is for, or names" }),
    bank_reference: z.string().nullable(),
    end_to_end_id: z.string().nullable(),
    texts: z.array(z.string()),
    counterparty: z.object({ name: z.string().nullable(), account: z.string().nullable() }),
  })
  .openapi("BankLine", { description: "A movement on the church's own account" });

const renderStatement = (s: StatementRecord): z.infer<typeof statementSchema> => ({
  id: s.id,
  object: "bank_statement",
  account: s.gatewayAccountId,
  format: s.format,
  lines: s.lines,
  created_at: s.createdAt.toISOString(),
});
const renderLine = (line: LineRecord, said: LineDetails): z.infer<typeof lineSchema> => ({
  id: line.id,
  object: "bank_line",
  statement: line.statementId,
  account: line.gatewayAccountId,
  booked_on: line.bookedOn,
  value_on: line.valueOn ?? null,
  amount: renderMoney(line.amount),
  state: line.state,
  reversal: line.reversal,
  attempt: line.attemptId ?? null,
  bank_reference: line.bankReference ?? null,
  end_to_end_id: said.endToEndId ?? null,
  texts: [...said.texts],
  counterparty: {
    name: said.counterparty.name ?? null,
    account: said.counterparty.account ?? null,
  },
});

/** What a content type says of the file; undefined where it says nothing, and the file is looked at. */
const kinds: Readonly<Record<string, StatementKind | undefined>> = {
  "application/xml": "camt",
  "text/xml": "camt",
  "text/csv": "csv",
  "text/plain": undefined,
  "application/octet-stream": undefined,
};
const contents = Object.fromEntries(
  Object.keys(kinds).map((type) => [type, { schema: { type: "string" as const, format: "binary" } }]),
);

const bring = createRoute({
  method: "post",
  path: "/v1/bank-statements",
  tags: ["bank-statements"],
  summary: "Import the bank's statement of an account: camt.052, .053, .054, MT940 or CSV, as the body",
  middleware: [
    requires("bank_statements:write"),
    bodyLimit({
      maxSize: fileMost.bytes,
      onError: () => refuse({ code: "body_too_large", detail: `send at most ${fileMost.bytes} bytes` }),
    }),
  ] as const,
  request: {
    query: z.object({
      account: idSchema("gatewayAccount").openapi({ description: "The bank account, as it was connected" }),
      format: z
        .enum(statementKinds)
        .optional()
        .openapi({ description: "Where the content type does not say" }),
      currency: currencySchema.optional().openapi({ description: "For a CSV that names none" }),
    }),
    body: { required: true, content: contents },
  },
  responses: {
    200: json(importedSchema, "What became of its lines; sending it again changes nothing"),
    ...problemAnswers,
  },
});

const list = createRoute({
  method: "get",
  path: "/v1/bank-statements",
  tags: ["bank-statements"],
  summary: "Imported statements, newest first",
  middleware: [requires("bank_statements:read")] as const,
  request: { query: listQuery.extend({ cursor: idSchema("bankStatement").optional() }) },
  responses: { 200: json(listOf(statementSchema), "A page of statements"), ...problemAnswers },
});

const lines = createRoute({
  method: "get",
  path: "/v1/bank-statements/lines",
  tags: ["bank-statements"],
  summary: "Movements on the church's own accounts, newest first",
  middleware: [requires("bank_statements:read")] as const,
  request: {
    query: listQuery.extend({
      cursor: idSchema("bankLine").optional(),
      state: z.enum(lineStates).optional(),
      statement: idSchema("bankStatement").optional(),
    }),
  },
  responses: { 200: json(listOf(lineSchema), "A page of movements"), ...problemAnswers },
});

/** `/v1/bank-statements…` */
export function bankStatementRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(bring, async (c) => {
    const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (!Object.hasOwn(kinds, type)) {
      const detail = `send the file as one of ${Object.keys(kinds).join(", ")}`;
      return refuse({ code: "unsupported_media_type", detail });
    }
    const { account, format, currency } = c.req.valid("query");
    const { churchId, mode, keyId } = c.get("principal");
    const kind = format ?? kinds[type];
    const done = unwrap(
      await importStatement(c.get("deps"), {
        churchId,
        gatewayAccountId: account,
        mode,
        bytes: new Uint8Array(await c.req.arrayBuffer()),
        ...(kind && { kind }),
        ...(currency && { currency }),
        importedBy: keyId,
      }),
    );
    const { matched, conflicted, duplicate, unmatched, outgoing } = done.results;
    const results = { matched, conflicted, duplicate, unmatched, outgoing };
    return c.json({ ...renderStatement(done.statement), already: done.already, results }, 200);
  });
  app.openapi(list, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const church = c.get("principal").churchId;
    const wanted = { limit: limit + 1, ...(cursor && { before: cursor }) };
    const rows = await c.get("deps").db.inChurch(church, (tx) => listStatements(tx, church, wanted));
    const { data, next_cursor } = page(rows, limit, (row) => row.id);
    return c.json({ data: data.map(renderStatement), next_cursor }, 200);
  });
  app.openapi(lines, async (c) => {
    const { limit, cursor, state, statement } = c.req.valid("query");
    const { db, vault } = c.get("deps");
    const church = c.get("principal").churchId;
    const shown = await db.inChurch(church, async (tx) => {
      const rows = await listLines(tx, church, {
        limit: limit + 1,
        ...(cursor && { before: cursor }),
        ...(state && { state }),
        ...(statement && { statementId: statement }),
      });
      const { data, next_cursor } = page(rows, limit, (row) => row.id);
      const opened: z.infer<typeof lineSchema>[] = [];
      for (const row of data) opened.push(renderLine(row, await openDetails(vault, tx, church, row)));
      return { data: opened, next_cursor };
    });
    return c.json(shown, 200);
  });
  return app;
}
