import { Hono } from "hono";
import type { HonoEnv } from "../../http/context.ts";
import { assets } from "../generated/assets.ts";

/** Stylesheet, islands and icon under `/assets/`, named by their content: kept by browsers for a year. */
export function assetRoutes(): Hono<HonoEnv> {
  const app = new Hono<HonoEnv>();
  for (const { path, type, body } of Object.values(assets)) {
    app.get(path, (c) =>
      c.body(body, 200, {
        "content-type": type,
        "cache-control": "public, max-age=31536000, immutable",
        "x-content-type-options": "nosniff",
      }),
    );
  }
  return app;
}
