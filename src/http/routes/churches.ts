import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { type Church, getChurch, listPlatformChurches, updateChurch } from "../../churches/churches.ts";
import { createChurch } from "../../churches/create-church.ts";
import { checkOverrides } from "../../recurring/dunning/limits.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { requiresPlatform } from "../middleware/requires-platform.ts";
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

const brandSchema = z.strictObject({
  color: z.string().optional().openapi({ example: "#1f6f5c" }),
  logo_url: z.string().optional(),
});

const dunningSchema = z.record(z.string().max(60), z.int().min(0));

const quietHoursSchema = z.strictObject({
  from: z.string().max(5).openapi({ example: "21:00", description: "18:00 to 23:00" }),
  until: z.string().max(5).openapi({ example: "08:00", description: "06:00 to 12:00 of the next morning" }),
});

const churchSchema = z
  .object({
    id: z.string(),
    slug: z.string().openapi({ description: "The last part of /give/{slug}" }),
    name: z.string(),
    country: z.string().openapi({ example: "mx" }),
    time_zone: z.string().openapi({ example: "America/Mexico_City" }),
    locale: z.string().openapi({ example: "es-MX" }),
    brand: brandSchema,
    contact_email: z.string().nullable().openapi({
      description: "Where donors' answers to messages go, and what concerns the church itself; donors see it",
    }),
    dunning: dunningSchema.openapi({
      description: "The church's own, lower limits on asking again for a recurring gift, by the limit's name",
      example: { retries_per_occurrence: 2 },
    }),
    quiet_hours: quietHoursSchema.openapi({
      description:
        "The hours of the church's zone in which donors get no messages but what they have just asked for",
    }),
    created_at: z.iso.datetime(),
  })
  .openapi("Church");

const renderChurch = ({ brand, ...church }: Church): z.infer<typeof churchSchema> => ({
  id: church.id,
  slug: church.slug,
  name: church.name,
  country: church.country,
  time_zone: church.timeZone,
  locale: church.locale,
  brand: {
    ...(brand.color === undefined ? {} : { color: brand.color }),
    ...(brand.logoUrl === undefined ? {} : { logo_url: brand.logoUrl }),
  },
  contact_email: church.contactEmail,
  dunning: { ...church.dunning },
  quiet_hours: { ...church.quietHours },
  created_at: church.createdAt.toISOString(),
});

const name = z.string().trim().min(1).max(120);
const short = z.string().trim().min(1).max(60);
const readBrandOf = (brand: z.infer<typeof brandSchema> | undefined) =>
  brand && { color: brand.color, logoUrl: brand.logo_url };

const read = createRoute({
  method: "get",
  path: "/v1/church",
  summary: "Read the key's church",
  middleware: [requires("church:read")] as const,
  responses: { 200: json(churchSchema, "The church"), ...problemAnswers },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/church",
  summary: "Change the key's church; its slug and country stay",
  middleware: [requires("church:write")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        name: name.optional(),
        time_zone: short.optional(),
        locale: short.optional(),
        brand: brandSchema.optional(),
        contact_email: z.email().max(254).nullable().optional(),
        dunning: dunningSchema.optional(),
        quiet_hours: quietHoursSchema.optional(),
      }),
    ),
  },
  responses: { 200: json(churchSchema, "The church"), ...problemAnswers },
});

const list = createRoute({
  method: "get",
  path: "/v1/churches",
  summary: "List the platform's churches",
  middleware: [requiresPlatform("church:read")] as const,
  request: { query: listQuery.extend({ cursor: idSchema("church").optional() }) },
  responses: { 200: json(listOf(churchSchema), "A page of churches"), ...problemAnswers },
});

const create = createRoute({
  method: "post",
  path: "/v1/churches",
  summary: "Make a church of the platform, with its legal entity and first fund",
  middleware: [requiresPlatform("church:write")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        name,
        slug: short.openapi({ example: "iglesia-esperanza" }),
        country: z.string().length(2).openapi({ example: "mx" }),
        time_zone: short.optional(),
        locale: short.optional(),
        brand: brandSchema.optional(),
        legal_entity: z.strictObject({
          name: z.string().trim().min(1).max(200),
          currency: currencySchema.optional(),
          tax_id: z.string().trim().min(1).max(40).optional(),
          address: z.string().trim().min(1).max(500).optional(),
        }),
        fund: z.strictObject({ code: z.string().max(63), name }).optional(),
      }),
    ),
  },
  responses: {
    201: json(
      churchSchema.extend({ legal_entity_id: z.string(), fund_id: z.string() }).openapi("NewChurch"),
      "The church, and the ids of what was made with it",
    ),
    ...problemAnswers,
  },
});

/** `/v1/church` for a church's key, `/v1/churches` for a platform's. */
export function churchRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(read, async (c) => {
    const { churchId } = c.get("principal");
    const church = await c.get("deps").db.inChurch(churchId, (tx) => getChurch(tx, churchId));
    return c.json(
      renderChurch(church ?? refuse({ code: "church_unknown", detail: "there is no such church" })),
      200,
    );
  });
  app.openapi(patch, async (c) => {
    const { time_zone, brand, contact_email, dunning, quiet_hours, ...given } = c.req.valid("json");
    const changes = {
      ...given,
      timeZone: time_zone,
      brand: readBrandOf(brand),
      contactEmail: contact_email,
      dunning: dunning && unwrap(checkOverrides(dunning)),
      quietHours: quiet_hours,
    };
    const church = await updateChurch(c.get("deps").db, c.get("principal").churchId, changes);
    return c.json(renderChurch(unwrap(church)), 200);
  });
  app.openapi(list, async (c) => {
    const { limit, cursor: after } = c.req.valid("query");
    const { platformId } = c.get("platform");
    const churches = await listPlatformChurches(c.get("deps").db, platformId, { limit, after });
    const { data, next_cursor } = page(churches, limit, (church) => church.id);
    return c.json({ data: data.map(renderChurch), next_cursor }, 200);
  });
  app.openapi(create, async (c) => {
    const { time_zone, brand, legal_entity, ...given } = c.req.valid("json");
    const made = unwrap(
      await createChurch(c.get("deps"), {
        ...given,
        timeZone: time_zone,
        brand: readBrandOf(brand),
        legalEntity: { ...legal_entity, taxId: legal_entity.tax_id },
        platformId: c.get("platform").platformId,
      }),
    );
    const ids = { legal_entity_id: made.legalEntityId, fund_id: made.fundId };
    return c.json({ ...renderChurch(made.church), ...ids }, 201);
  });
  return app;
}
