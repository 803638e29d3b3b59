import type { Hono } from "hono";
import { findChurchBySlug } from "../../churches/churches.ts";
import { clientDevice } from "../../http/client-device.ts";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { askForLink } from "../../portal/ask-for-link.ts";
import { redeemLink } from "../../portal/links.ts";
import { endSession, endSessionsOf } from "../../portal/sessions.ts";
import { inAddress, inForm } from "../asked.ts";
import { isEmail } from "../checkout/check-form.ts";
import { htmlAnswer, visitOf } from "../checkout/page-visit.ts";
import { notFoundPage } from "../checkout/problem-page.tsx";
import { DoorPage, EnterPage, SentPage, SpentPage, WhichChurchPage } from "./door-page.tsx";
import { showHome } from "./home-routes.tsx";
import { isOwnForm, setPortalCookie } from "./portal-cookie.ts";
import { portalLinks } from "./portal-links.ts";
import { type Caller, callerOf, fromGuest, guestOf } from "./portal-visit.ts";

/** Asking for a link takes at least so long (ms), whether a mail is written or not. */
const askingTakesMs = 200;

/** The door: asking for a link, coming in by it, and leaving. */
export function addDoorRoutes(app: Hono<HonoEnv>): void {
  app.get("/portal", whichChurch);
  app.get("/portal/:church", showDoorOrHome);
  app.post("/portal/:church", ask);
  app.get("/portal/:church/enter", showEnter);
  app.post("/portal/:church/enter", enter);
  app.post(
    "/portal/:church/leave",
    fromGuest(async (c, { church, links, session }) => {
      await endSession(c.get("deps"), church.id, session);
      return c.redirect(`${links.home}&said=left`, 303);
    }),
  );
  app.post(
    "/portal/:church/leave-everywhere",
    fromGuest(async (c, { church, links, donorId }) => {
      await endSessionsOf(c.get("deps"), church.id, donorId);
      return c.redirect(`${links.home}&said=left`, 303);
    }),
  );
}

async function whichChurch(c: Ctx): Promise<Response> {
  const visit = visitOf(c);
  const slug = inAddress(c, "church").trim().toLowerCase().slice(0, 63);
  const found = slug === "" ? undefined : await findChurchBySlug(c.get("deps").db, slug);
  if (found) return c.redirect(portalLinks(found.slug, visit.language).home, 303);
  const missing = slug !== "";
  const page = <WhichChurchPage visit={visit} slug={slug} missing={missing} />;
  return htmlAnswer(c, visit, page, missing ? { status: 404 } : {});
}

async function showDoorOrHome(c: Ctx): Promise<Response> {
  const caller = await callerOf(c);
  if (!caller) return notFoundPage(c);
  const guest = await guestOf(c, caller);
  if (guest) return showHome(c, guest);
  return htmlAnswer(c, caller, <DoorPage caller={caller} email="" notice={doorNotice(c, caller)} />);
}

function doorNotice(c: Ctx, { frame: { t } }: Caller): string | undefined {
  const said = c.req.query("said");
  return said === "ended" || said === "left" || said === "stale" ? t(`portal.door.${said}`) : undefined;
}

async function ask(c: Ctx): Promise<Response> {
  const caller = await callerOf(c);
  if (!caller) return notFoundPage(c);
  const { church, links, locale } = caller;
  const { t } = caller.frame;
  const deps = c.get("deps");
  const form = new URLSearchParams(await c.req.text());
  const email = inForm(form, "email").trim().slice(0, 254);
  const door = (status: 422 | 429, fault?: string, notice?: string) =>
    htmlAnswer(c, caller, <DoorPage caller={caller} email={email} fault={fault} notice={notice} />, {
      status,
    });
  if (!isOwnForm(c, church.slug, inForm(form, "word"))) return door(422, undefined, t("portal.door.stale"));
  if (!isEmail(email)) return door(422, t("portal.errors.email"));
  const [asked] = await Promise.all([
    askForLink(deps, {
      churchId: church.id,
      email,
      client: clientDevice(c)?.ipAddress,
      locale,
      address: (token) => `${deps.config.publicUrl}${links.enter}&t=${token}`,
    }),
    new Promise((resolve) => setTimeout(resolve, askingTakesMs)),
  ]);
  if (asked.ok) return htmlAnswer(c, caller, <SentPage caller={caller} email={email} />);
  const seconds = asked.error.retryAfterSeconds ?? 60;
  c.header("retry-after", String(seconds));
  return door(429, t("portal.door.too_often", { minutes: Math.ceil(seconds / 60) }));
}

async function showEnter(c: Ctx): Promise<Response> {
  const caller = await callerOf(c);
  if (!caller) return notFoundPage(c);
  return htmlAnswer(c, caller, <EnterPage caller={caller} token={inAddress(c, "t")} />);
}

async function enter(c: Ctx): Promise<Response> {
  const caller = await callerOf(c);
  if (!caller) return notFoundPage(c);
  const { church, links } = caller;
  const form = new URLSearchParams(await c.req.text());
  const token = inForm(form, "t");
  if (!isOwnForm(c, church.slug, inForm(form, "word"))) {
    const notice = caller.frame.t("portal.door.stale");
    return htmlAnswer(c, caller, <EnterPage caller={caller} token={token} notice={notice} />, {
      status: 422,
    });
  }
  const session = await redeemLink(c.get("deps"), church.id, token);
  if (session) {
    setPortalCookie(c, church.slug, session);
    return c.redirect(links.home, 303);
  }
  // The second press of an impatient thumb: the first one came in.
  if (await guestOf(c, caller)) return c.redirect(links.home, 303);
  return htmlAnswer(c, caller, <SpentPage caller={caller} />, { status: 404 });
}
