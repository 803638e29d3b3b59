import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { getDonor } from "../../donors/store.ts";
import type { MessageKind } from "../../messages/kinds.ts";
import { messageKinds } from "../../messages/kinds.ts";
import { preferencesOf, setPreference } from "../../messages/preferences.ts";
import { listReturns } from "../../messages/returned/store.ts";
import { channels, messageStates, returnKinds } from "../../messages/states.ts";
import { listMessages, recipientOf, requeueMessage } from "../../messages/store.ts";
import { type HonoEnv, refuse } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, listOf, listQuery, newRouter, page, problemAnswers } from "../router.ts";

const kind = z.enum(Object.keys(messageKinds) as [MessageKind, ...MessageKind[]]);
const channel = z.enum(channels);
const messageSchema = z
  .object({
    id: z.string(),
    kind,
    channel,
    donor: z.string().nullable().openapi({ description: "Null: it went to the church itself" }),
    to: z.string().nullable().openapi({ description: "Where it went, all but hidden" }),
    state: z.enum(messageStates),
    tries: z.int(),
    fault: z.string().nullable(),
    returns: z
      .array(z.object({ kind: z.enum(returnKinds), status: z.string().nullable(), at: z.iso.datetime() }))
      .openapi({ description: "What was told of it after a mail server had taken it, oldest first" }),
    next_try_at: z.iso.datetime().nullable(),
    sent_at: z.iso.datetime().nullable(),
    created_at: z.iso.datetime(),
  })
  .openapi("Message", { description: "One message on its way or gone; what it says is not told" });

const preferenceSchema = z
  .object({ channel, category: z.enum(["service", "reminder"]), wanted: z.boolean() })
  .strict()
  .openapi("MessagePreference");

const list = createRoute({
  method: "get",
  path: "/v1/messages",
  summary: "List messages and what became of them, newest first",
  middleware: [requires("donors:read")] as const,
  request: {
    query: listQuery.extend({
      cursor: idSchema("message").optional(),
      donor: idSchema("donor").optional(),
      kind: kind.optional(),
      state: z.enum(messageStates).optional(),
    }),
  },
  responses: { 200: json(listOf(messageSchema), "A page of messages"), ...problemAnswers },
});

const resend = createRoute({
  method: "post",
  path: "/v1/messages/{id}/resend",
  summary: "Send a message again that was sent, or could not be",
  middleware: [requires("donors:write")] as const,
  request: { params: z.object({ id: idSchema("message") }) },
  responses: { 202: { description: "It is in the queue" }, ...problemAnswers },
});

const ofDonor = { params: z.object({ id: idSchema("donor") }) };
const preferences = json(z.object({ data: z.array(preferenceSchema) }), "Every channel and category");

const readPreferences = createRoute({
  method: "get",
  path: "/v1/donors/{id}/message-preferences",
  summary: "What a donor wants to be told, and how",
  middleware: [requires("donors:read")] as const,
  request: ofDonor,
  responses: { 200: preferences, ...problemAnswers },
});

const writePreferences = createRoute({
  method: "put",
  path: "/v1/donors/{id}/message-preferences",
  summary: "Keep what a donor has said: texts to a phone need a yes; mail of their own gifts cannot be left",
  middleware: [requires("donors:write")] as const,
  request: {
    ...ofDonor,
    body: jsonBody(z.strictObject({ preferences: z.array(preferenceSchema).min(1).max(6) })),
  },
  responses: { 200: preferences, ...problemAnswers },
});

/** `/v1/messages`, and each donor's preferences. */
export function messageRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, async (c) => {
    const { limit, cursor: before, ...query } = c.req.valid("query");
    const { db, vault } = c.get("deps");
    const { churchId } = c.get("principal");
    const found = await db.inChurch(churchId, async (tx) => {
      const rows = await listMessages(tx, churchId, { limit, before, ...query });
      const ids = rows.map(({ id }) => id);
      const returns = Map.groupBy(await listReturns(tx, churchId, ids), ({ messageId }) => messageId);
      return Promise.all(
        rows.map(async (row) => ({
          row,
          to: await recipientOf(tx, vault, churchId, row),
          returns: returns.get(row.id) ?? [],
        })),
      );
    });
    const { data, next_cursor } = page(found, limit, ({ row }) => row.id);
    const shown = data.map(({ row, to, returns }) => ({
      id: row.id,
      kind: kind.parse(row.kind),
      channel: row.channel,
      donor: row.donorId,
      to: to === null ? null : masked(to),
      state: row.state,
      tries: row.tries,
      fault: row.fault,
      returns: returns.map(({ kind, status, at }) => ({ kind, status, at: at.toISOString() })),
      next_try_at: row.nextAt?.toISOString() ?? null,
      sent_at: row.sentAt?.toISOString() ?? null,
      created_at: row.createdAt.toISOString(),
    }));
    return c.json({ data: shown, next_cursor }, 200);
  });
  app.openapi(resend, async (c) => {
    const { db, clock, doorbell } = c.get("deps");
    const { churchId } = c.get("principal");
    const { id } = c.req.valid("param");
    const queued = await db.inChurch(churchId, (tx) => requeueMessage(tx, churchId, id, clock.now()));
    if (!queued)
      refuse({ code: "not_found", detail: "there is no such message, or it is on its way already" });
    doorbell.ring("messages");
    return c.body(null, 202);
  });
  app.openapi(readPreferences, async (c) => {
    const { db, vault } = c.get("deps");
    const { churchId } = c.get("principal");
    const { id } = c.req.valid("param");
    const data = await db.inChurch(churchId, async (tx) =>
      (await getDonor(tx, vault, churchId, id)) ? preferencesOf(tx, churchId, id) : undefined,
    );
    return c.json({ data: [...(data ?? refuse(noDonor))] }, 200);
  });
  app.openapi(writePreferences, async (c) => {
    const { db, vault, clock } = c.get("deps");
    const { churchId } = c.get("principal");
    const { id } = c.req.valid("param");
    const said = c.req.valid("json").preferences;
    const data = await db.inChurch(churchId, async (tx) => {
      if (!(await getDonor(tx, vault, churchId, id))) return undefined;
      for (const one of said) {
        await setPreference(tx, churchId, id, { ...one, source: "api", at: clock.now() });
      }
      return preferencesOf(tx, churchId, id);
    });
    return c.json({ data: [...(data ?? refuse(noDonor))] }, 200);
  });
  return app;
}

const noDonor = { code: "not_found", detail: "there is no such donor" } as const;

/** Enough to be recognised by who knows it: `a•••@example.org`, `•••5678`. */
const masked = (address: string): string => {
  const [name = "", host] = address.split("@");
  return host === undefined ? `•••${address.slice(-4)}` : `${name.slice(0, 1)}•••@${host}`;
};
