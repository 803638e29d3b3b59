import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import {
  type ApiKey,
  issueApiKey,
  listApiKeys,
  revokeApiKey,
  rotateApiKey,
  type ShownOnce,
} from "../../access/api-keys.ts";
import { scopes } from "../../access/principal.ts";
import { hours } from "../../kernel/clock.ts";
import { type HonoEnv, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, listOf, listQuery, newRouter, page, problemAnswers } from "../router.ts";

const instant = z.iso.datetime();
const keySchema = z
  .object({
    id: z.string(),
    kind: z.enum(["secret", "publishable"]),
    mode: z.enum(["test", "live"]),
    label: z.string(),
    last4: z.string(),
    scopes: z.array(z.string()),
    root: z.string().openapi({
      description:
        "The first of the keys this one was made or rotated by; its own id where the operator or a platform made it. Keys of one root count as one person, where two must agree",
    }),
    created_at: instant,
    expires_at: instant.nullable(),
    revoked_at: instant.nullable(),
    last_used_at: instant.nullable(),
  })
  .openapi("ApiKey");
const shownSchema = keySchema
  .extend({ key: z.string().openapi({ description: "Shown this once: keep it now" }) })
  .openapi("NewApiKey");

const renderKey = (key: ApiKey): z.infer<typeof keySchema> => ({
  id: key.id,
  kind: key.kind,
  mode: key.mode,
  label: key.label,
  last4: key.last4,
  scopes: key.scopes,
  root: key.rootId,
  created_at: key.createdAt.toISOString(),
  expires_at: key.expiresAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
});
const renderShown = ({ key, text }: ShownOnce) => ({ ...renderKey(key), key: text.reveal() });

const params = z.object({ id: idSchema("apiKey") });

const list = createRoute({
  method: "get",
  path: "/v1/api-keys",
  summary: "List the church's keys of this mode, newest first",
  middleware: [requires("keys:write")] as const,
  request: { query: listQuery.extend({ cursor: idSchema("apiKey").optional() }) },
  responses: {
    200: json(listOf(keySchema), "A page of keys, without the keys themselves"),
    ...problemAnswers,
  },
});

const create = createRoute({
  method: "post",
  path: "/v1/api-keys",
  summary: "Make a key; it is shown once",
  middleware: [requires("keys:write")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        label: z.string().trim().min(1).max(100),
        kind: z.enum(["secret", "publishable"]).default("secret"),
        mode: z
          .enum(["test", "live"])
          .optional()
          .openapi({ description: "The asking key's own when absent" }),
        scopes: z.array(z.enum(scopes)).min(1).max(scopes.length).default(["*"]),
        expires_at: instant.optional(),
      }),
    ),
  },
  responses: { 201: json(shownSchema, "The key"), ...problemAnswers },
});

const revoke = createRoute({
  method: "delete",
  path: "/v1/api-keys/{id}",
  summary: "Revoke a key",
  middleware: [requires("keys:write")] as const,
  request: { params },
  responses: { 200: json(keySchema, "The key, revoked"), ...problemAnswers },
});

const rotate = createRoute({
  method: "post",
  path: "/v1/api-keys/{id}/rotate",
  summary: "Replace a key by a new one like it; the old one works on for a while",
  middleware: [requires("keys:write")] as const,
  request: {
    params,
    body: jsonBody(
      z.strictObject({
        overlap_hours: z
          .int()
          .min(0)
          .max(168)
          .default(24)
          .openapi({ description: "How long the old key works on" }),
      }),
    ),
  },
  responses: { 201: json(shownSchema, "The new key"), ...problemAnswers },
});

/** `/v1/api-keys…` */
export function apiKeyRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, async (c) => {
    const { limit, cursor: before } = c.req.valid("query");
    const { churchId, mode } = c.get("principal");
    const keys = await listApiKeys(c.get("deps").db, churchId, { mode, limit, before });
    const { data, next_cursor } = page(keys, limit, (key) => key.id);
    return c.json({ data: data.map(renderKey), next_cursor }, 200);
  });
  app.openapi(create, async (c) => {
    const { db, clock } = c.get("deps");
    const { expires_at, mode, ...given } = c.req.valid("json");
    const maker = c.get("principal");
    const expiresAt = expires_at === undefined ? undefined : new Date(expires_at);
    const wanted = { ...given, mode: mode ?? maker.mode, expiresAt };
    return c.json(renderShown(unwrap(await issueApiKey(db, maker, wanted, clock.now()))), 201);
  });
  app.openapi(revoke, async (c) => {
    const { db, clock } = c.get("deps");
    const { churchId, mode } = c.get("principal");
    const which = { id: c.req.valid("param").id, mode };
    return c.json(renderKey(unwrap(await revokeApiKey(db, churchId, which, clock.now()))), 200);
  });
  app.openapi(rotate, async (c) => {
    const { db, clock } = c.get("deps");
    const overlapMs = hours(c.req.valid("json").overlap_hours);
    const which = { id: c.req.valid("param").id, overlapMs };
    return c.json(renderShown(unwrap(await rotateApiKey(db, c.get("principal"), which, clock.now()))), 201);
  });
  return app;
}
