import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import {
  createFund,
  type Fund,
  fundCodeShape,
  fundCursor,
  getFund,
  listFunds,
  parseFundCursor,
  updateFund,
} from "../../churches/funds.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, listOf, listQuery, newRouter, page, problemAnswers } from "../router.ts";

const fundSchema = z
  .object({
    id: z.string(),
    code: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    restricted: z.boolean(),
    active: z.boolean(),
    position: z.int(),
    created_at: z.iso.datetime(),
  })
  .openapi("Fund", { description: "What a gift can be for" });

const renderFund = (fund: Fund): z.infer<typeof fundSchema> => ({
  id: fund.id,
  code: fund.code,
  name: fund.name,
  description: fund.description,
  restricted: fund.restricted,
  active: fund.active,
  position: fund.position,
  created_at: fund.createdAt.toISOString(),
});

const name = z.string().trim().min(1).max(120);
const description = z.string().trim().max(1000);
const position = z.int().min(0).max(100_000);
const params = z.object({ id: idSchema("fund") });
const noSuchFund = { code: "not_found", detail: "the church has no such fund" } as const;

const cursor = z
  .string()
  .max(200)
  .transform((text, ctx) => {
    const at = parseFundCursor(text);
    if (at) return at;
    ctx.addIssue({ code: "custom", message: "must be the next_cursor of the page before" });
    return z.NEVER;
  })
  .openapi({ type: "string" });

const list = createRoute({
  method: "get",
  path: "/v1/funds",
  summary: "List the church's funds, in its order",
  middleware: [requires("funds:read")] as const,
  request: {
    query: listQuery.extend({
      cursor: cursor.optional(),
      active: z
        .enum(["true", "false"])
        .optional()
        .openapi({ description: "Only active, or only retired, funds" }),
    }),
  },
  responses: { 200: json(listOf(fundSchema), "A page of funds"), ...problemAnswers },
});

const create = createRoute({
  method: "post",
  path: "/v1/funds",
  summary: "Make a fund",
  middleware: [requires("funds:write")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        code: z
          .string()
          .regex(fundCodeShape, "must be lower-case letters, digits, hyphens or underscores, at most 63")
          .openapi({ example: "missions" }),
        name,
        description: description.optional(),
        restricted: z.boolean().optional(),
        position: position.optional(),
      }),
    ),
  },
  responses: { 201: json(fundSchema, "The fund"), ...problemAnswers },
});

const read = createRoute({
  method: "get",
  path: "/v1/funds/{id}",
  summary: "Read a fund",
  middleware: [requires("funds:read")] as const,
  request: { params },
  responses: { 200: json(fundSchema, "The fund"), ...problemAnswers },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/funds/{id}",
  summary: "Change a fund",
  middleware: [requires("funds:write")] as const,
  request: {
    params,
    body: jsonBody(
      z.strictObject({
        name: name.optional(),
        description: description.nullable().optional(),
        restricted: z.boolean().optional(),
        active: z.boolean().optional(),
        position: position.optional(),
      }),
    ),
  },
  responses: { 200: json(fundSchema, "The fund"), ...problemAnswers },
});

/** `/v1/funds…` */
export function fundRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, async (c) => {
    const { limit, cursor: after, active } = c.req.valid("query");
    const options = { limit, after, active: active === undefined ? undefined : active === "true" };
    const funds = await listFunds(c.get("deps").db, c.get("principal").churchId, options);
    const { data, next_cursor } = page(funds, limit, fundCursor);
    return c.json({ data: data.map(renderFund), next_cursor }, 200);
  });
  app.openapi(create, async (c) => {
    const { db, clock } = c.get("deps");
    const made = await createFund(db, c.get("principal").churchId, c.req.valid("json"), clock.now());
    return c.json(renderFund(unwrap(made)), 201);
  });
  app.openapi(read, async (c) => {
    const fund = await getFund(c.get("deps").db, c.get("principal").churchId, c.req.valid("param").id);
    return c.json(renderFund(fund ?? refuse(noSuchFund)), 200);
  });
  app.openapi(patch, async (c) => {
    const { id } = c.req.valid("param");
    const fund = await updateFund(c.get("deps").db, c.get("principal").churchId, id, c.req.valid("json"));
    return c.json(renderFund(unwrap(fund)), 200);
  });
  return app;
}
