import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { getLegalEntity } from "../../churches/legal-entities.ts";
import { after, hours } from "../../kernel/clock.ts";
import type { GatewayAccountId } from "../../kernel/ids.ts";
import { secret } from "../../kernel/secret.ts";
import {
  changeAccountStatus,
  connectGateway,
  rotateCredentials,
  unknownAccount,
  webhookUrl,
} from "../../routing/connect-gateway.ts";
import {
  addWebhookSecret,
  type ListedAccount,
  listAccounts,
  listedAccount,
} from "../../routing/gateway-accounts.ts";
import { type Ctx, type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, newRouter, problemAnswers } from "../router.ts";

const accountSchema = z
  .object({
    id: z.string(),
    gateway: z.string(),
    legal_entity: z.string(),
    country: z.string(),
    mode: z.enum(["test", "live"]),
    label: z.string(),
    status: z.enum(["active", "disabled"]),
    simulated: z.boolean().openapi({ description: "Served by our simulator: no money moves" }),
    webhook_url: z.url().openapi({ description: "The address to give to the gateway" }),
    created_at: z.iso.datetime(),
  })
  .openapi("GatewayAccount");

const credentials = z
  .record(z.string().regex(/^[a-z_]{1,40}$/), z.string().min(1).max(16_384))
  .openapi({ description: "The gateway's own fields, such as secret_key; stored encrypted, never shown" });
const signingSecret = z.string().trim().min(1).max(1000);
const params = z.object({ id: idSchema("gatewayAccount") });
const one = json(accountSchema, "The gateway account, without its secrets");

const list = createRoute({
  method: "get",
  path: "/v1/gateway-accounts",
  summary: "List the church's accounts at gateways",
  middleware: [requires("church:read")] as const,
  responses: { 200: json(z.object({ data: z.array(accountSchema) }), "The accounts"), ...problemAnswers },
});

const connect = createRoute({
  method: "post",
  path: "/v1/gateway-accounts",
  summary:
    "Connect an account at a gateway: its credentials are tried by a harmless call, then stored encrypted",
  middleware: [requires("gateways:write")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        gateway: z.string().max(40),
        legal_entity: idSchema("legalEntity"),
        country: z
          .string()
          .regex(/^[A-Za-z]{2}$/, "is an ISO 3166-1 code such as us")
          .transform((code) => code.toLowerCase())
          .optional()
          .openapi({ description: "Where the gateway keeps it, when not in the legal entity's country" }),
        label: z.string().trim().min(1).max(100),
        credentials,
        webhook_secret: signingSecret.optional(),
      }),
    ),
  },
  responses: { 201: one, ...problemAnswers },
});

const read = createRoute({
  method: "get",
  path: "/v1/gateway-accounts/{id}",
  summary: "Read a gateway account",
  middleware: [requires("church:read")] as const,
  request: { params },
  responses: { 200: one, ...problemAnswers },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/gateway-accounts/{id}",
  summary: "Take a gateway account out of use, or back into it",
  middleware: [requires("gateways:write")] as const,
  request: { params, body: jsonBody(z.strictObject({ status: z.enum(["active", "disabled"]) })) },
  responses: { 200: one, ...problemAnswers },
});

const rotate = createRoute({
  method: "post",
  path: "/v1/gateway-accounts/{id}/credentials",
  summary: "Replace the credentials, after the same checks as on connecting",
  middleware: [requires("gateways:write")] as const,
  request: { params, body: jsonBody(z.strictObject({ credentials })) },
  responses: { 200: one, ...problemAnswers },
});

const addSecret = createRoute({
  method: "post",
  path: "/v1/gateway-accounts/{id}/webhook-secrets",
  summary: "A new secret the gateway signs with; older ones are believed for a while",
  middleware: [requires("gateways:write")] as const,
  request: {
    params,
    body: jsonBody(
      z.strictObject({ secret: signingSecret, overlap_hours: z.int().min(0).max(168).default(24) }),
    ),
  },
  responses: { 200: one, ...problemAnswers },
});

/** `/v1/gateway-accounts…` */
export function gatewayAccountRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, async (c) => {
    const { db } = c.get("deps");
    const { churchId, mode } = c.get("principal");
    const accounts = await db.inChurch(churchId, (tx) => listAccounts(tx, churchId));
    return c.json({ data: accounts.filter((each) => each.mode === mode).map((each) => shown(c, each)) }, 200);
  });
  app.openapi(connect, async (c) => {
    const deps = c.get("deps");
    const { churchId, mode } = c.get("principal");
    const given = c.req.valid("json");
    const entity = await getLegalEntity(deps.db, churchId, given.legal_entity);
    if (!entity) return refuse({ code: "not_found", detail: "the church has no such legal entity" });
    const { accountId } = unwrap(
      await connectGateway(deps, {
        churchId,
        legalEntityId: entity.id,
        gateway: given.gateway,
        country: given.country ?? entity.country,
        // A key of one mode never opens an account of the other.
        mode,
        label: given.label,
        sandbox: false,
        credentials: given.credentials,
        webhookSecret: given.webhook_secret === undefined ? undefined : secret(given.webhook_secret),
      }),
    );
    return c.json(shown(c, await known(c, accountId)), 201);
  });
  app.openapi(read, async (c) => c.json(shown(c, await known(c, c.req.valid("param").id)), 200));
  app.openapi(patch, async (c) => {
    const { id } = await known(c, c.req.valid("param").id);
    const { churchId } = c.get("principal");
    const changed = await changeAccountStatus(c.get("deps"), churchId, id, c.req.valid("json").status);
    return c.json(shown(c, unwrap(changed)), 200);
  });
  app.openapi(rotate, async (c) => {
    const { id } = await known(c, c.req.valid("param").id);
    const { churchId } = c.get("principal");
    const given = c.req.valid("json").credentials;
    return c.json(shown(c, unwrap(await rotateCredentials(c.get("deps"), churchId, id, given))), 200);
  });
  app.openapi(addSecret, async (c) => {
    const deps = c.get("deps");
    const account = await known(c, c.req.valid("param").id);
    const { churchId } = c.get("principal");
    const given = c.req.valid("json");
    const oldUntil = after(deps.clock.now(), hours(given.overlap_hours));
    await deps.db.inChurch(churchId, (tx) =>
      addWebhookSecret(tx, deps.vault, { churchId, id: account.id }, secret(given.secret), oldUntil),
    );
    deps.payments.forget(account.id);
    return c.json(shown(c, account), 200);
  });
  return app;
}

/** The church's account of the key's mode; anything else does not exist for this key. */
async function known(c: Ctx, id: GatewayAccountId): Promise<ListedAccount> {
  const { churchId, mode } = c.get("principal");
  const account = await c.get("deps").db.inChurch(churchId, (tx) => listedAccount(tx, churchId, id));
  return account?.mode === mode ? account : refuse(unknownAccount);
}

const shown = (c: Ctx, account: ListedAccount): z.infer<typeof accountSchema> => ({
  id: account.id,
  gateway: account.gateway,
  legal_entity: account.legalEntityId,
  country: account.country,
  mode: account.mode,
  label: account.label,
  status: account.status,
  simulated: account.sandbox,
  webhook_url: webhookUrl(c.get("deps").config, account.gateway, account.endpointToken),
  created_at: account.createdAt.toISOString(),
});
