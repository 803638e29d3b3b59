import type { Hono } from "hono";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import type { Problem } from "../../kernel/problem.ts";
import type { Result } from "../../kernel/result.ts";
import { cancelRecurringGift } from "../../recurring/cancel-recurring-gift.ts";
import { ownCodeOf } from "../../recurring/own-code.ts";
import { pause, resume } from "../../recurring/pause-recurring-gift.ts";
import { restart } from "../../recurring/restart-recurring-gift.ts";
import { civilDate, monthsAfter } from "../../recurring/schedule.ts";
import { nextGift, skipNext, snooze } from "../../recurring/skip-occurrence.ts";
import { inForm } from "../asked.ts";
import { htmlAnswer } from "../checkout/page-visit.ts";
import { notFoundPage } from "../checkout/problem-page.tsx";
import { CancelPage } from "./cancel-page.tsx";
import { type Done, doneNotice } from "./done.ts";
import { LaterPage, snoozeDays } from "./later-page.tsx";
import { myRecurringGift, pastOf } from "./my-recurring.ts";
import { PausePage, pauseMonths } from "./pause-page.tsx";
import { forGuest, fromGuest, type Guest } from "./portal-visit.ts";
import { RecurringPage } from "./recurring-page.tsx";
import type { RecurringScene } from "./recurring-parts.tsx";
import { roomFault } from "./room-fault.ts";

/** The donor is who acts on these pages: what is logged says so. */
export const byDonor = { kind: "donor" } as const;

/** One recurring gift: its page, and what is done to it with a tap or two. */
export function addRecurringRoutes(app: Hono<HonoEnv>): void {
  const path = "/portal/:church/recurring/:gift";
  app.get(path, forGuest(withGift(showGift)));
  app.get(`${path}/pause`, forGuest(withGift((c, scene) => pausePage(c, scene))));
  app.post(`${path}/pause`, fromGuest(withGift(pauseGift)));
  app.post(`${path}/resume`, fromGuest(withGift(resumeGift)));
  app.get(`${path}/later`, forGuest(withGift((c, scene) => laterPage(c, scene))));
  app.post(`${path}/later`, fromGuest(withGift(putOff)));
  app.get(`${path}/cancel`, forGuest(withGift((c, scene) => cancelPage(c, scene))));
  app.post(`${path}/cancel`, fromGuest(withGift(cancelGift)));
  app.post(`${path}/restart`, fromGuest(withGift(restartGift)));
}

/** The gift in the address where it is the donor's own; another's is answered as if there were none. */
export function withGift(work: (c: Ctx, scene: RecurringScene, form: URLSearchParams) => Promise<Response>) {
  return async (c: Ctx, guest: Guest, form = new URLSearchParams()): Promise<Response> => {
    const scene = await myRecurringGift(c, guest);
    return scene ? work(c, scene, form) : notFoundPage(c);
  };
}

async function showGift(c: Ctx, scene: RecurringScene): Promise<Response> {
  return giftPage(c, scene, doneNotice(c.req.query("done"), scene));
}

async function giftPage(c: Ctx, scene: RecurringScene, notice?: string, fault?: string): Promise<Response> {
  const deps = c.get("deps");
  const { history, payNow } = await pastOf(deps, scene);
  const isOver = scene.gift.status === "canceled" || scene.gift.status === "completed";
  const ownCode = isOver ? undefined : await ownCodeOf(deps, scene.gift);
  const shown = { scene, history, payNow, ownCode, notice, fault };
  const page = <RecurringPage {...shown} />;
  return htmlAnswer(c, scene.guest, page, fault ? { status: 422 } : {});
}

/** Where a donor goes after something was done: the gift's page, which says so. */
export const afterDoing = (c: Ctx, { guest, id }: RecurringScene, done: Done): Response =>
  c.redirect(`${guest.links.recurring(id)}&done=${done}`, 303);

/** Done, or the same page again with what stood in the way. */
async function doneOr<T>(
  c: Ctx,
  scene: RecurringScene,
  done: Done,
  result: Result<T, Problem>,
  again: (fault: string) => Promise<Response>,
): Promise<Response> {
  return result.ok ? afterDoing(c, scene, done) : again(roomFault(result.error, scene.guest.frame.t));
}

const answerRoom = (c: Ctx, scene: RecurringScene, page: unknown, fault: string | undefined) =>
  htmlAnswer(c, scene.guest, page, fault ? { status: 422 } : {});

const todayOf = (c: Ctx, { gift }: RecurringScene): string =>
  civilDate(c.get("deps").clock.now(), gift.timeZone);

const pausePage = (c: Ctx, scene: RecurringScene, fault?: string) =>
  answerRoom(c, scene, <PausePage scene={scene} today={todayOf(c, scene)} fault={fault} />, fault);

async function pauseGift(c: Ctx, scene: RecurringScene, form: URLSearchParams): Promise<Response> {
  const months = pauseMonths(inForm(form, "months"));
  if (months === undefined) return pausePage(c, scene, scene.guest.frame.t("portal.errors.pause"));
  const wish = { resumesOn: monthsAfter(todayOf(c, scene), months), catchUp: form.has("catch_up") };
  const paused = await pause(c.get("deps"), scene.gift.churchId, scene.id, wish, byDonor);
  return doneOr(c, scene, "paused", paused, (fault) => pausePage(c, scene, fault));
}

async function resumeGift(c: Ctx, scene: RecurringScene): Promise<Response> {
  const resumed = await resume(c.get("deps"), scene.gift.churchId, scene.id, {}, byDonor);
  return doneOr(c, scene, "resumed", resumed, (fault) => giftPage(c, scene, undefined, fault));
}

async function laterPage(c: Ctx, scene: RecurringScene, fault?: string): Promise<Response> {
  const next = await nextGift(c.get("deps"), scene.gift.churchId, scene.id);
  return answerRoom(c, scene, <LaterPage scene={scene} next={next} fault={fault} />, fault);
}

async function putOff(c: Ctx, scene: RecurringScene, form: URLSearchParams): Promise<Response> {
  const deps = c.get("deps");
  const { t } = scene.guest.frame;
  // The date the donor saw: a second press of the button must not skip the one after it.
  const seen = inForm(form, "due");
  const asked = inForm(form, "days");
  const days = snoozeDays(asked);
  if (days === undefined && asked !== "skip") return laterPage(c, scene, t("portal.errors.nothing"));
  const { churchId } = scene.gift;
  const put = days
    ? await snooze(deps, churchId, scene.id, days, byDonor, seen)
    : await skipNext(deps, churchId, scene.id, byDonor, seen);
  return doneOr(c, scene, days ? "snoozed" : "skipped", put, (fault) => laterPage(c, scene, fault));
}

const cancelPage = (c: Ctx, scene: RecurringScene, fault?: string) =>
  answerRoom(c, scene, <CancelPage scene={scene} fault={fault} />, fault);

async function cancelGift(c: Ctx, scene: RecurringScene): Promise<Response> {
  const canceled = await cancelRecurringGift(c.get("deps"), scene.gift.churchId, scene.id, {}, byDonor);
  return doneOr(c, scene, "canceled", canceled, (fault) => cancelPage(c, scene, fault));
}

async function restartGift(c: Ctx, scene: RecurringScene): Promise<Response> {
  const restarted = await restart(c.get("deps"), scene.gift.churchId, scene.id, byDonor);
  if (restarted.ok) return afterDoing(c, scene, "restarted");
  // The permission is over: a new way to pay is what makes it go on.
  if (scene.gift.status === "dormant") return c.redirect(scene.guest.links.room(scene.id, "method"), 303);
  return giftPage(c, scene, undefined, scene.guest.frame.t("portal.restart.gone"));
}
