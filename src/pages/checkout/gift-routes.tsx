import type { Hono } from "hono";
import { cancelDonation } from "../../giving/cancel-donation.ts";
import { declineWords } from "../../giving/decline-words.ts";
import type { DonationView } from "../../giving/donation-view.ts";
import { readDonation } from "../../giving/read-donation.ts";
import { claimsOf } from "../../giving/refund-claim.ts";
import { refreshAttempt } from "../../giving/resolve-in-doubt.ts";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { parseId } from "../../kernel/ids.ts";
import { inAddress } from "../asked.ts";
import { noOutsideOrigins } from "../design/page-security.ts";
import { acknowledgmentFor } from "./acknowledgment-for.ts";
import { libraryFor, type Sdks } from "./browser-library.ts";
import { type FoundChurch, findGivingPage } from "./find-church.ts";
import { giftLinks, opensGift } from "./gift-link.ts";
import { GiftPage } from "./gift-page.tsx";
import type { GiftScene } from "./gift-parts.tsx";
import { giftStamp } from "./gift-stamp.ts";
import { htmlAnswer, visitOf } from "./page-visit.ts";
import { notFoundPage } from "./problem-page.tsx";

const path = "/give/:church/gifts/:gift";

/** The pages of one gift. Each needs the gift's token, and answers 404 without saying whether the gift exists. */
export function addGiftRoutes(app: Hono<HonoEnv>, sdks: Sdks): void {
  app.get(path, (c) => showGift(c, sdks));
  app.get(`${path}/status.json`, giftStatus);
  app.post(`${path}/cancel`, cancelGift);
  app.get(`${path}/acknowledgment.pdf`, acknowledgment);
}

type Found = FoundChurch & { readonly view: DonationView; readonly token: string };

async function findGift(c: Ctx): Promise<Found | undefined> {
  const deps = c.get("deps");
  const token = inAddress(c, "t");
  const id = parseId("donation", c.req.param("gift"));
  const found = await findGivingPage(c);
  if (!id || !found || !(await opensGift(deps, found.church.id, id, token))) return undefined;
  const view = await readDonation(deps, found.church.id, id);
  return view && { ...found, view, token };
}

async function showGift(c: Ctx, sdks: Sdks): Promise<Response> {
  const deps = c.get("deps");
  const found = await findGift(c);
  if (!found) return notFoundPage(c);
  const visit = visitOf(c, found.church, found.country);
  const { church, country, view, token } = found;
  const links = giftLinks(church.slug, view.id, token, visit.language);
  if (c.req.query("back") !== undefined) {
    // Back from the gateway's page: ask the gateway now, so that the donor need not wait for its webhook.
    await refreshAttempt(deps, church.id, { donationId: view.id }, "return");
    return c.redirect(links.page, 303);
  }
  const settings = await deps.settings.read(church.id);
  const library =
    view.action?.type === "use_sdk"
      ? await libraryFor(deps, { ...view, gateway: view.attempt.gateway }, sdks)
      : undefined;
  const scene: GiftScene = {
    frame: visit.frame,
    church,
    country,
    view,
    claims: view.status === "succeeded" ? await claimsOf(deps, church.id, view.id) : [],
    locale: visit.locale,
    links,
    fundNames: new Map(settings?.funds.map((fund) => [fund.code, fund.name])),
    publicUrl: deps.config.publicUrl,
    sdk: library,
    justSent: c.req.query("new") !== undefined,
    cancelFailed: c.req.query("cancel") === "failed",
  };
  return htmlAnswer(c, visit, <GiftPage scene={scene} />, { outside: library ?? noOutsideOrigins });
}

async function giftStatus(c: Ctx): Promise<Response> {
  const found = await findGift(c);
  c.header("cache-control", "no-store");
  if (!found) return c.json({ error: "not_found" }, 404);
  const deps = c.get("deps");
  let { view } = found;
  if (c.req.query("back") !== undefined) {
    await refreshAttempt(deps, found.church.id, { donationId: view.id }, "return");
    view = (await readDonation(deps, found.church.id, view.id)) ?? view;
  }
  const { t, language } = visitOf(c, found.church, found.country).frame;
  const decline = view.decline ? `${declineWords[view.decline.reason][language]} ${t("card.retry")}` : null;
  return c.json({ status: view.status, stamp: giftStamp(view), decline });
}

async function cancelGift(c: Ctx): Promise<Response> {
  const found = await findGift(c);
  if (!found) return notFoundPage(c);
  const visit = visitOf(c, found.church, found.country);
  const { page } = giftLinks(found.church.slug, found.view.id, found.token, visit.language);
  const canceled = await cancelDonation(c.get("deps"), found.church.id, found.view.id);
  return c.redirect(canceled.ok ? page : `${page}&cancel=failed`, 303);
}

async function acknowledgment(c: Ctx): Promise<Response> {
  const found = await findGift(c);
  if (found?.view.status !== "succeeded") return notFoundPage(c);
  const visit = visitOf(c, found.church, found.country);
  const pdf = await acknowledgmentFor(c.get("deps"), found, visit);
  return c.body(pdf, 200, {
    "content-type": "application/pdf",
    "content-disposition": `attachment; filename="${found.view.id}.pdf"`,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
  });
}
