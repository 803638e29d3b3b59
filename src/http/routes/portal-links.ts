import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { getChurch } from "../../churches/churches.ts";
import { present } from "../../kernel/assert.ts";
import { linkForDonor, linkMinutes } from "../../portal/links.ts";
import { type HonoEnv, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { idSchema, json, newRouter, problemAnswers } from "../router.ts";

const linkSchema = z
  .object({
    url: z
      .url()
      .openapi({ description: "Opens the donor's portal, once: hand it to the donor, and to nobody else" }),
    expires_at: z.iso.datetime(),
  })
  .openapi("PortalLink");

const create = createRoute({
  method: "post",
  path: "/v1/donors/{id}/portal-links",
  summary: "Make a link by which a donor enters the portal, for a system that has signed the donor in itself",
  description: `It works once, for ${linkMinutes} minutes, and no mail is sent.`,
  middleware: [requires("portal_links:write")] as const,
  request: { params: z.object({ id: idSchema("donor") }) },
  responses: { 201: json(linkSchema, "The link: it is shown here and never again"), ...problemAnswers },
});

/** `/v1/donors/{id}/portal-links` */
export function portalLinkRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(create, async (c) => {
    const { id } = c.req.valid("param");
    const deps = c.get("deps");
    const { churchId } = c.get("principal");
    const { token, expiresAt } = unwrap(await linkForDonor(deps, churchId, id));
    const church = await deps.db.inChurch(churchId, (tx) => getChurch(tx, churchId));
    const { slug } = present(church, "the church of a key is there");
    const url = `${deps.config.publicUrl}/portal/${slug}/enter?t=${token}`;
    return c.json({ url, expires_at: expiresAt.toISOString() }, 201);
  });
  return app;
}
