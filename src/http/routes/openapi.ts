import type { OpenAPIHono } from "@hono/zod-openapi";
import type { HonoEnv } from "../context.ts";
import { openApiDocument } from "../openapi-document.ts";
import { newRouter } from "../router.ts";

/** `/openapi.json`: made at the first request, the same ever after. */
export function openApiRoutes(): OpenAPIHono<HonoEnv> {
  let text: string | undefined;
  const app = newRouter();
  app.get("/openapi.json", (c) => {
    text ??= JSON.stringify(openApiDocument(c.get("deps").config.publicUrl));
    return c.body(text, 200, { "content-type": "application/json", "access-control-allow-origin": "*" });
  });
  return app;
}
