import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { methodTypes } from "../../gateway/methods.ts";
import { checkKey } from "../../idempotency/claim.ts";
import { changeRecurringGift, previewChange } from "../../recurring/change-recurring-gift.ts";
import { ownCodeOf } from "../../recurring/own-code.ts";
import {
  listOccurrences,
  listRecurringGifts,
  noSuchGift,
  readRecurringGift,
} from "../../recurring/read-recurring-gift.ts";
import {
  occurrenceJson,
  occurrenceSchema,
  recurringGiftSchema,
  recurringJson,
} from "../../recurring/recurring-json.ts";
import { endSchema, ruleSchema } from "../../recurring/rule.ts";
import { startRecurringGift } from "../../recurring/start-recurring-gift.ts";
import { recurringStatuses } from "../../recurring/states.ts";
import { qrSvg } from "../../symbols/qr-code.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import {
  idempotencyHeader,
  idSchema,
  json,
  jsonBody,
  listOf,
  listQuery,
  moneySchema,
  newRouter,
  page,
  problemAnswers,
} from "../router.ts";
import { changeBody, changeOf, startBody, startOf } from "./recurring-gift-bodies.ts";
import {
  actorOf,
  addCommands,
  changedGift,
  recurringId,
  recurringPath,
  recurringTags,
  viewed,
} from "./recurring-gift-commands.ts";

const tags = recurringTags;
const path = recurringPath;
const params = recurringId;

const start = createRoute({
  method: "post",
  path,
  tags,
  summary: "Start a recurring gift, and ask the donor for their permission where it pulls by itself",
  middleware: [requires("donations:start")] as const,
  request: { headers: idempotencyHeader, body: jsonBody(startBody) },
  responses: {
    201: json(recurringGiftSchema, "The recurring gift, and what the donor does next"),
    ...problemAnswers,
  },
});
const list = createRoute({
  method: "get",
  path,
  tags,
  summary: "Recurring gifts, newest first",
  middleware: [requires("recurring:read")] as const,
  request: {
    query: listQuery.extend({
      donor: idSchema("donor").optional(),
      status: z.enum(recurringStatuses).optional(),
      cursor: idSchema("recurringGift").optional(),
    }),
  },
  responses: { 200: json(listOf(recurringGiftSchema), "A page of recurring gifts"), ...problemAnswers },
});
const read = createRoute({
  method: "get",
  path: `${path}/{id}`,
  tags,
  summary: "One recurring gift, with its next four dates",
  middleware: [requires("recurring:read")] as const,
  request: { params },
  responses: { 200: json(recurringGiftSchema, "The recurring gift"), ...problemAnswers },
});
const occurrences = createRoute({
  method: "get",
  path: `${path}/{id}/occurrences`,
  tags,
  summary: "What fell due from it, newest first",
  middleware: [requires("recurring:read")] as const,
  request: { params, query: listQuery.extend({ cursor: idSchema("occurrence").optional() }) },
  responses: { 200: json(listOf(occurrenceSchema), "A page of occurrences"), ...problemAnswers },
});
const change = createRoute({
  method: "patch",
  path: `${path}/{id}`,
  tags,
  summary: "Change amount, split, day, end, or the cover of fees, in place",
  middleware: [requires("recurring:write")] as const,
  request: { params, body: jsonBody(changeBody) },
  responses: changedGift,
});

const termsSchema = z.object({
  amount: moneySchema,
  allocations: z.array(z.object({ fund: z.string(), amount: z.int() })),
  cover_fees: z.boolean(),
  frequency: ruleSchema,
  frequency_text: z.string(),
  ends: endSchema,
  next_dates: z.array(z.iso.date()),
});
const previewSchema = z
  .object({
    before: termsSchema,
    after: termsSchema,
    next_dates: z.array(z.iso.date()),
    needs_mandate: z.object({ pointer: z.string().nullable(), detail: z.string() }).nullable().openapi({
      description: "why the donor must give a new permission first; null where the present one does",
    }),
  })
  .openapi("RecurringGiftPreview");
const preview = createRoute({
  method: "post",
  path: `${path}/{id}/preview`,
  tags,
  summary: "What a change would make of it, with the next four dates; nothing is written",
  middleware: [requires("recurring:read")] as const,
  request: { params, body: jsonBody(changeBody) },
  responses: { 200: json(previewSchema, "Before and after"), ...problemAnswers },
});

const ownCodeSchema = z
  .object({
    object: z.literal("own_code"),
    recurring_gift: z.string(),
    method: z.enum(methodTypes),
    payload: z.string().openapi({ description: "The text of the QR code, which may also be copied" }),
    image_svg: z.string(),
  })
  .openapi("OwnCode");
const ownCode = createRoute({
  method: "get",
  path: `${path}/{id}/own-code`,
  tags,
  summary: "The donor's own code of a reminder: it never changes, takes any amount, and is matched by itself",
  description:
    "A static Pix per donor. What is paid on it is the gift of the period that waits for this amount, else a gift of its own. Not found where the method or the church's account has none.",
  middleware: [requires("recurring:read")] as const,
  request: { params },
  responses: { 200: json(ownCodeSchema, "The code"), ...problemAnswers },
});

export function recurringGiftRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(start, async (c) => {
    const { churchId, mode, keyId } = c.get("principal");
    const idempotencyKey = unwrap(checkKey(c.req.header("idempotency-key")));
    const traceId = c.get("traceId");
    const request = {
      ...startOf(c.req.valid("json")),
      churchId,
      mode,
      principal: keyId,
      idempotencyKey,
      traceId,
    };
    const started = unwrap(await startRecurringGift(c.get("deps"), request, actorOf(c)));
    if (started.replayed) c.header("idempotency-replayed", "true");
    return c.json(started.gift, 201);
  });
  app.openapi(list, async (c) => {
    const { limit, status, donor, cursor } = c.req.valid("query");
    const filter = { limit: limit + 1, status, donorId: donor, before: cursor };
    const views = await listRecurringGifts(c.get("deps"), c.get("principal").churchId, filter);
    const { data, next_cursor } = page(views, limit, ({ gift }) => gift.id);
    return c.json({ data: data.map(recurringJson), next_cursor }, 200);
  });
  app.openapi(read, async (c) => {
    const view = await readRecurringGift(c.get("deps"), c.get("principal").churchId, c.req.valid("param").id);
    return view ? c.json(recurringJson(view), 200) : refuse(noSuchGift);
  });
  app.openapi(ownCode, async (c) => {
    const deps = c.get("deps");
    const view = await readRecurringGift(deps, c.get("principal").churchId, c.req.valid("param").id);
    if (!view) return refuse(noSuchGift);
    const payload = await ownCodeOf(deps, view.gift);
    if (payload === undefined)
      return refuse({ code: "not_found", detail: "this recurring gift has no code of its own" });
    const { id, method } = view.gift;
    const image_svg = qrSvg(payload, "QR");
    return c.json({ object: "own_code" as const, recurring_gift: id, method, payload, image_svg }, 200);
  });
  app.openapi(occurrences, async (c) => {
    const { limit, cursor } = c.req.valid("query");
    const { id } = c.req.valid("param");
    const query = { limit: limit + 1, before: cursor };
    const rows = await listOccurrences(c.get("deps"), c.get("principal").churchId, id, query);
    if (!rows) return refuse(noSuchGift);
    const { data, next_cursor } = page(rows, limit, (row) => row.id);
    return c.json({ data: data.map(occurrenceJson), next_cursor }, 200);
  });
  app.openapi(change, async (c) => {
    const wish = changeOf(c.req.valid("json"));
    const { id } = c.req.valid("param");
    const done = changeRecurringGift(c.get("deps"), c.get("principal").churchId, id, wish, actorOf(c));
    return c.json(viewed(await done), 200);
  });
  app.openapi(preview, async (c) => {
    const wish = changeOf(c.req.valid("json"));
    const { id } = c.req.valid("param");
    const seen = unwrap(await previewChange(c.get("deps"), c.get("principal").churchId, id, wish));
    const { before, after, next, needsMandate: need } = seen;
    const needs_mandate = need
      ? { pointer: need.errors?.[0]?.pointer ?? null, detail: need.errors?.[0]?.detail ?? need.detail }
      : null;
    return c.json({ before: shown(before), after: shown(after), next_dates: [...next], needs_mandate }, 200);
  });
  addCommands(app);
  return app;
}

type Terms = Extract<Awaited<ReturnType<typeof previewChange>>, { ok: true }>["value"]["before"];
const shown = (terms: Terms) => ({
  ...terms,
  allocations: [...terms.allocations],
  next_dates: [...terms.next_dates],
});
