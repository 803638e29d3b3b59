import { Hono } from "hono";
import type { BrowserSdk } from "../../gateway/browser-sdk.ts";
import type { HonoEnv } from "../../http/context.ts";
import { addGiftRoutes } from "./gift-routes.tsx";
import { addGiveRoutes } from "./give-routes.tsx";
import { failedPage } from "./problem-page.tsx";

/** The hosted checkout: `/give/{church}` and the pages of each gift. `sdks`: browser libraries by gateway. */
export function checkoutRoutes(sdks: ReadonlyMap<string, BrowserSdk>): Hono<HonoEnv> {
  const app = new Hono<HonoEnv>();
  app.onError(failedPage);
  addGiveRoutes(app);
  addGiftRoutes(app, sdks);
  return app;
}
