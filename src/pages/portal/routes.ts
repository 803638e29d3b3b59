import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { HonoEnv } from "../../http/context.ts";
import type { Sdks } from "../checkout/browser-library.ts";
import { failedPage } from "../checkout/problem-page.tsx";
import { addChangeRoutes } from "./change-routes.tsx";
import { addDoorRoutes } from "./door-routes.tsx";
import { addMeRoutes } from "./me-routes.tsx";
import { addMethodRoutes } from "./method-routes.tsx";
import { addPayRoutes } from "./pay-routes.tsx";
import { maxFormBytes } from "./portal-visit.ts";
import { addRecurringRoutes } from "./recurring-routes.tsx";
import { addRestartRoutes } from "./restart-routes.tsx";

/** The donor's portal: `/portal/{church}`. `sdks`: browser libraries by gateway. */
export function portalRoutes(sdks: Sdks): Hono<HonoEnv> {
  const app = new Hono<HonoEnv>();
  app.onError(failedPage);
  app.use(
    "/portal/*",
    bodyLimit({ maxSize: maxFormBytes, onError: (c) => c.text("The form is too large.", 413) }),
  );
  addDoorRoutes(app);
  addRecurringRoutes(app);
  addChangeRoutes(app);
  addMethodRoutes(app, sdks);
  addRestartRoutes(app);
  addPayRoutes(app);
  addMeRoutes(app);
  return app;
}
