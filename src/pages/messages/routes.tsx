import { Hono } from "hono";
import { findChurchBySlug } from "../../churches/churches.ts";
import type { TwilioSettings } from "../../config.ts";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { parseId } from "../../kernel/ids.ts";
import { applyTextStatus } from "../../messages/text-status.ts";
import { isGenuine, readStatus } from "../../messages/twilio/status.ts";
import { mayUnsubscribe, unsubscribe } from "../../messages/unsubscribe.ts";
import { inAddress } from "../asked.ts";
import { htmlAnswer, visitOf } from "../checkout/page-visit.ts";
import { failedPage, notFoundPage } from "../checkout/problem-page.tsx";
import { LeavePage } from "./leave-page.tsx";

/** `/m/{church}/…`: where the links and callbacks of messages lead. Nothing happens on a GET: mail scanners follow links. */
export function messageRoutes(twilio: TwilioSettings | undefined): Hono<HonoEnv> {
  const app = new Hono<HonoEnv>();
  app.onError(failedPage);
  app.get("/m/:church/leave/:donor", (c) => leave(c, false));
  app.post("/m/:church/leave/:donor", (c) => leave(c, true));
  app.post("/m/:church/status", (c) => heardOf(c, twilio));
  return app;
}

async function leave(c: Ctx, act: boolean): Promise<Response> {
  const deps = c.get("deps");
  const church = await findChurchBySlug(deps.db, c.req.param("church") ?? "");
  const donor = parseId("donor", c.req.param("donor"));
  const channel = c.req.query("by");
  if (!church || !donor || (channel !== "email" && channel !== "sms" && channel !== "whatsapp")) {
    return notFoundPage(c);
  }
  const claim = { donor, channel, token: inAddress(c, "t") } as const;
  const allowed = await deps.db.inChurch(church.id, async (tx) => {
    const ours = await mayUnsubscribe(deps, tx, church.id, claim);
    if (ours && act) await unsubscribe(deps, tx, church.id, claim);
    return ours;
  });
  if (!allowed) return notFoundPage(c);
  const visit = visitOf(c, church, deps.countries.get(church.country));
  const again = `${c.req.path}${new URL(c.req.url).search}`;
  return htmlAnswer(c, visit, <LeavePage frame={visit.frame} church={church} left={act} action={again} />);
}

/** The carrier's callback: believed only with the signature of our own account over the very address we gave. */
async function heardOf(c: Ctx, twilio: TwilioSettings | undefined): Promise<Response> {
  const deps = c.get("deps");
  const church = await findChurchBySlug(deps.db, c.req.param("church") ?? "");
  if (!church || !twilio) return c.body(null, 404);
  const form = new URLSearchParams(await c.req.text());
  const url = `${deps.config.publicUrl}/m/${church.slug}/status`;
  const signature = c.req.header("x-twilio-signature");
  if (!isGenuine(twilio.authToken, { url, form, signature })) return c.body(null, 401);
  const status = readStatus(form);
  if (status) await applyTextStatus(deps, church.id, status);
  return c.body(null, 204);
}
