import type { OpenAPIHono } from "@hono/zod-openapi";
import type { HonoEnv } from "../context.ts";
import { newRouter } from "../router.ts";

/** `/healthz` the process answers; `/readyz` it can work; `/metrics` for Prometheus. */
export function healthRoutes(scrape: (() => Promise<string>) | undefined): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => {
    const { db, log } = c.get("deps");
    try {
      // The newest table and the role every request needs: a database that is not migrated is not ready.
      await db.sweeping(({ sql }) => sql`select church_id from deliveries limit 1`);
      return c.json({ status: "ready", database: "ok", migrations: "ok" });
    } catch (error) {
      log.warn({ fault: error instanceof Error ? error.message : "unknown" }, "not ready");
      return c.json({ status: "not ready", database: "unreachable or not migrated" }, 503);
    }
  });
  app.get("/metrics", async (c) => {
    if (!scrape) return c.text("metrics are kept by the platform here\n", 404);
    return c.text(await scrape(), 200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
  });
  return app;
}
