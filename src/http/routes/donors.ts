import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { may, type Principal } from "../../access/principal.ts";
import { localeFault } from "../../churches/church-rules.ts";
import { findOrCreateDonor, maskedTaxId, patchDonor } from "../../donors/donors.ts";
import { type Donor, getDonor, listDonors } from "../../donors/store.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, jsonBody, listOf, listQuery, newRouter, page, problemAnswers } from "../router.ts";

const keptFields = {
  id: z.string(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
};
const personal = {
  name: z.string().nullable(),
  email: z.string().nullable(),
  phone: z.string().nullable(),
  locale: z.string().nullable(),
};

const listedSchema = z
  .object({
    ...keptFields,
    ...personal,
    tax_id_masked: z.string().nullable().openapi({ example: "••••••••••GR8" }),
  })
  .openapi("ListedDonor");

const donorSchema = z
  .object({ ...keptFields, ...personal, tax_id: z.string().nullable() })
  .partial()
  .required({ id: true, created_at: true, updated_at: true })
  .openapi("Donor", {
    description: "Personal fields are there only for a key that holds donors:read",
  });

const kept = (donor: Donor) => ({
  id: donor.id,
  created_at: donor.createdAt.toISOString(),
  updated_at: donor.updatedAt.toISOString(),
});
const known = ({ name, email, phone, locale }: Donor) => ({ name, email, phone, locale });

const renderListed = (donor: Donor): z.infer<typeof listedSchema> => ({
  ...kept(donor),
  ...known(donor),
  tax_id_masked: maskedTaxId(donor.taxId),
});

/** A key that may write donors but not read them learns nothing of a donor it happened to name. */
function renderDonor(donor: Donor, principal: Principal): z.infer<typeof donorSchema> {
  if (!may(principal, "donors:read")) return kept(donor);
  return { ...kept(donor), ...known(donor), tax_id: donor.taxId };
}

const name = z.string().trim().min(1).max(200);
const email = z.email("must be an e-mail address such as maria@example.org").max(254);
const phone = z
  .string()
  .trim()
  .regex(/^\+?[0-9][0-9 ().-]{5,24}$/, "must be a phone number such as +52 55 1234 5678");
const taxId = z.string().trim().min(1).max(40);
const locale = z
  .string()
  .max(35)
  .refine((tag) => localeFault(tag) === undefined, "must be a language tag such as es-MX");
const params = z.object({ id: idSchema("donor") });

const list = createRoute({
  method: "get",
  path: "/v1/donors",
  summary: "List donors, newest first; find one by e-mail or tax id",
  middleware: [requires("donors:read")] as const,
  request: {
    query: listQuery.extend({
      cursor: idSchema("donor").optional(),
      email: email.optional().openapi({ description: "The whole address, in any case" }),
      tax_id: taxId.optional().openapi({ description: "The whole number, with or without separators" }),
    }),
  },
  responses: { 200: json(listOf(listedSchema), "A page of donors"), ...problemAnswers },
});

const create = createRoute({
  method: "post",
  path: "/v1/donors",
  summary: "Make a donor, or find the one with this e-mail and fill what is empty",
  middleware: [requires("donors:write")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        name: name.optional(),
        email: email.optional(),
        phone: phone.optional(),
        tax_id: taxId.optional(),
        locale: locale.optional(),
      }),
    ),
  },
  responses: {
    200: json(donorSchema, "The donor who was there already; what was known of them is unchanged"),
    201: json(donorSchema, "The new donor"),
    ...problemAnswers,
  },
});

const read = createRoute({
  method: "get",
  path: "/v1/donors/{id}",
  summary: "Read a donor",
  middleware: [requires("donors:read")] as const,
  request: { params },
  responses: { 200: json(donorSchema, "The donor"), ...problemAnswers },
});

const patch = createRoute({
  method: "patch",
  path: "/v1/donors/{id}",
  summary: "Change a donor; null empties a field",
  middleware: [requires("donors:write")] as const,
  request: {
    params,
    body: jsonBody(
      z.strictObject({
        name: name.nullable().optional(),
        email: email.nullable().optional(),
        phone: phone.nullable().optional(),
        tax_id: taxId.nullable().optional(),
        locale: locale.nullable().optional(),
      }),
    ),
  },
  responses: { 200: json(donorSchema, "The donor"), ...problemAnswers },
});

/** `/v1/donors…` */
export function donorRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, async (c) => {
    const { limit, cursor: before, email: address, tax_id } = c.req.valid("query");
    const { db, vault } = c.get("deps");
    const { churchId } = c.get("principal");
    const query = { limit, before, email: address, taxId: tax_id };
    const donors = await db.inChurch(churchId, (tx) => listDonors(tx, vault, churchId, query));
    const { data, next_cursor } = page(donors, limit, (donor) => donor.id);
    return c.json({ data: data.map(renderListed), next_cursor }, 200);
  });
  app.openapi(create, async (c) => {
    const { tax_id, ...given } = c.req.valid("json");
    const principal = c.get("principal");
    const input = { ...given, taxId: tax_id };
    const { donor, isNew } = unwrap(await findOrCreateDonor(c.get("deps"), principal.churchId, input));
    return c.json(renderDonor(donor, principal), isNew ? 201 : 200);
  });
  app.openapi(read, async (c) => {
    const { id } = c.req.valid("param");
    const { db, vault } = c.get("deps");
    const principal = c.get("principal");
    const { churchId } = principal;
    const donor = await db.inChurch(churchId, (tx) => getDonor(tx, vault, churchId, id));
    if (!donor) refuse({ code: "not_found", detail: "the church has no such donor" });
    return c.json(renderDonor(donor, principal), 200);
  });
  app.openapi(patch, async (c) => {
    const { tax_id, ...given } = c.req.valid("json");
    const { id } = c.req.valid("param");
    const principal = c.get("principal");
    const changes = { ...given, taxId: tax_id };
    const donor = unwrap(await patchDonor(c.get("deps"), principal.churchId, id, changes));
    return c.json(renderDonor(donor, principal), 200);
  });
  return app;
}
