import type { Hono } from "hono";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { parseId } from "../../kernel/ids.ts";
import { readRecurringGift } from "../../recurring/read-recurring-gift.ts";
import { checkMandate } from "../../recurring/sweep-mandates.ts";
import { inAddress } from "../asked.ts";
import { noOutsideOrigins } from "../design/page-security.ts";
import { libraryFor, type Sdks } from "./browser-library.ts";
import { findGivingPage } from "./find-church.ts";
import { opensGift } from "./gift-link.ts";
import { htmlAnswer, visitOf } from "./page-visit.ts";
import { notFoundPage } from "./problem-page.tsx";
import { startedLinks } from "./started-links.ts";
import { StartedPage } from "./started-page.tsx";

/** The page a recurring gift starts on, for whoever holds its link. Nothing can be changed from here. */
export function addStartedRoutes(app: Hono<HonoEnv>, sdks: Sdks): void {
  app.get("/give/:church/recurring/:gift", (c) => showStarted(c, sdks));
}

async function showStarted(c: Ctx, sdks: Sdks): Promise<Response> {
  const deps = c.get("deps");
  const token = inAddress(c, "t");
  const id = parseId("recurringGift", c.req.param("gift"));
  const found = await findGivingPage(c);
  if (!id || !found || !(await opensGift(deps, found.church.id, id, token))) return notFoundPage(c);
  const { church, country } = found;
  const visit = visitOf(c, church, country);
  const links = startedLinks(church.slug, id, token, visit.language);
  const view = await readRecurringGift(deps, church.id, id);
  if (!view) return notFoundPage(c);
  const { mandate } = view;
  if (c.req.query("back") !== undefined) {
    // Back from the gateway's page: it is asked now, so that the donor need not wait for its webhook.
    if (mandate) await checkMandate(deps, church.id, mandate.id);
    return c.redirect(links.page, 303);
  }
  const isTyping = mandate?.state === "action_required" && mandate.action?.type === "use_sdk";
  const library = isTyping ? await libraryFor(deps, mandate, sdks) : undefined;
  const page = (
    <StartedPage
      visit={visit}
      found={found}
      view={view}
      links={links}
      publicUrl={deps.config.publicUrl}
      script={library?.script}
    />
  );
  return htmlAnswer(c, visit, page, { outside: library ?? noOutsideOrigins });
}
