import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import {
  createLegalEntity,
  getLegalEntity,
  type LegalEntity,
  listLegalEntities,
  updateLegalEntity,
} from "../../churches/legal-entities.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import {
  currencySchema,
  idSchema,
  json,
  jsonBody,
  listOf,
  listQuery,
  newRouter,
  page,
  problemAnswers,
} from "../router.ts";

const entitySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    country: z.string().openapi({ example: "mx" }),
    currency: z.string().openapi({ example: "MXN", description: "Of its books" }),
    tax_id: z.string().nullable(),
    address: z.string().nullable(),
    created_at: z.iso.datetime(),
  })
  .openapi("LegalEntity", { description: "The registered body that receives gifts in one country" });

const renderEntity = (entity: LegalEntity): z.infer<typeof entitySchema> => ({
  id: entity.id,
  name: entity.name,
  country: entity.country,
  currency: entity.currency,
  tax_id: entity.taxId,
  address: entity.address,
  created_at: entity.createdAt.toISOString(),
});

const name = z.string().trim().min(1).max(200);
const taxId = z.string().trim().min(1).max(40);
const address = z.string().trim().min(1).max(500);
const params = z.object({ id: idSchema("legalEntity") });
const one = json(entitySchema, "The legal entity");

const list = createRoute({
  method: "get",
  path: "/v1/legal-entities",
  summary: "List the church's legal entities",
  middleware: [requires("church:read")] as const,
  request: { query: listQuery.extend({ cursor: idSchema("legalEntity").optional() }) },
  responses: { 200: json(listOf(entitySchema), "A page of legal entities"), ...problemAnswers },
});

const create = createRoute({
  method: "post",
  path: "/v1/legal-entities",
  summary: "Make a legal entity",
  middleware: [requires("church:write")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        name,
        country: z.string().length(2).openapi({ example: "mx" }),
        currency: currencySchema.optional(),
        tax_id: taxId.optional(),
        address: address.optional(),
      }),
    ),
  },
  responses: { 201: one, ...problemAnswers },
});

const read = createRoute({
  method: "get",
  path: "/v1/legal-entities/{id}",
  summary: "Read a legal entity",
  middleware: [requires("church:read")] as const,
  request: { params },
  responses: { 200: one, ...problemAnswers },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/legal-entities/{id}",
  summary: "Change a legal entity; its country and currency stay",
  middleware: [requires("church:write")] as const,
  request: {
    params,
    body: jsonBody(
      z.strictObject({
        name: name.optional(),
        tax_id: taxId.nullable().optional(),
        address: address.nullable().optional(),
      }),
    ),
  },
  responses: { 200: one, ...problemAnswers },
});

/** `/v1/legal-entities…` */
export function legalEntityRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, async (c) => {
    const { limit, cursor: after } = c.req.valid("query");
    const entities = await listLegalEntities(c.get("deps").db, c.get("principal").churchId, { limit, after });
    const { data, next_cursor } = page(entities, limit, (entity) => entity.id);
    return c.json({ data: data.map(renderEntity), next_cursor }, 200);
  });
  app.openapi(create, async (c) => {
    const { tax_id, ...given } = c.req.valid("json");
    const made = await createLegalEntity(c.get("deps"), c.get("principal").churchId, {
      ...given,
      taxId: tax_id,
    });
    return c.json(renderEntity(unwrap(made)), 201);
  });
  app.openapi(read, async (c) => {
    const { id } = c.req.valid("param");
    const entity = await getLegalEntity(c.get("deps").db, c.get("principal").churchId, id);
    return c.json(
      renderEntity(entity ?? refuse({ code: "not_found", detail: "the church has no such legal entity" })),
      200,
    );
  });
  app.openapi(patch, async (c) => {
    const { tax_id, ...given } = c.req.valid("json");
    const { id } = c.req.valid("param");
    const changes = { ...given, taxId: tax_id };
    const entity = await updateLegalEntity(c.get("deps"), c.get("principal").churchId, id, changes);
    return c.json(renderEntity(unwrap(entity)), 200);
  });
  return app;
}
