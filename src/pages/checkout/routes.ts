import { Hono } from "hono";
import type { HonoEnv } from "../../http/context.ts";
import type { Sdks } from "./browser-library.ts";
import { addGiftRoutes } from "./gift-routes.tsx";
import { addGiveRoutes } from "./give-routes.tsx";
import { failedPage } from "./problem-page.tsx";
import { addStartedRoutes } from "./started-routes.tsx";

/** The hosted checkout: `/give/{church}` and the pages of each gift and recurring gift. `sdks`: browser libraries by gateway. */
export function checkoutRoutes(sdks: Sdks): Hono<HonoEnv> {
  const app = new Hono<HonoEnv>();
  app.onError(failedPage);
  addGiveRoutes(app, sdks);
  addGiftRoutes(app, sdks);
  addStartedRoutes(app, sdks);
  return app;
}
