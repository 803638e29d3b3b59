import type { Ctx } from "../../http/context.ts";
import type { DonorId } from "../../kernel/ids.ts";
import { donorOfSession } from "../../portal/sessions.ts";
import { inForm } from "../asked.ts";
import { type FoundChurch, findGivingPage } from "../checkout/find-church.ts";
import { type Visit, visitOf } from "../checkout/page-visit.ts";
import { notFoundPage } from "../checkout/problem-page.tsx";
import { formWord, isOwnForm, portalCookie, portalMark } from "./portal-cookie.ts";
import { type PortalLinks, portalLinks } from "./portal-links.ts";

/** Far above any honest form of the portal. */
export const maxFormBytes = 16 * 1024;

/** A visitor of a church's portal, who may be anybody. */
export type Caller = FoundChurch & Visit & { readonly links: PortalLinks; readonly word: string };

/** A donor who came in. */
export type Guest = Caller & { readonly donorId: DonorId; readonly session: string };

/** The church's portal as this request meets it; `undefined` when there is no such church. */
export async function callerOf(c: Ctx): Promise<Caller | undefined> {
  const found = await findGivingPage(c);
  if (!found) return undefined;
  const visit = visitOf(c, found.church, found.country);
  const { slug } = found.church;
  return {
    ...found,
    ...visit,
    links: portalLinks(slug, visit.language),
    word: formWord(portalMark(c, slug)),
  };
}

/** The donor who came in with this browser, while the visit lasts. */
export async function guestOf(c: Ctx, caller: Caller): Promise<Guest | undefined> {
  const session = portalCookie(c, caller.church.slug);
  const donorId = session && (await donorOfSession(c.get("deps"), caller.church.id, session));
  return donorId ? { ...caller, donorId, session } : undefined;
}

/** A page for a donor who came in; everybody else is led to the door. */
export const forGuest = (show: (c: Ctx, guest: Guest) => Promise<Response>) => async (c: Ctx) => {
  const caller = await callerOf(c);
  if (!caller) return notFoundPage(c);
  const guest = await guestOf(c, caller);
  return guest ? show(c, guest) : c.redirect(`${caller.links.home}&said=ended`, 303);
};

/** A form of a donor who came in: one that this browser did not get from us is not carried out. */
export const fromGuest = (act: (c: Ctx, guest: Guest, form: URLSearchParams) => Promise<Response>) =>
  forGuest(async (c, guest) => {
    const form = new URLSearchParams(await c.req.text());
    const own = isOwnForm(c, guest.church.slug, inForm(form, "word"));
    return own ? act(c, guest, form) : c.redirect(`${guest.links.home}&said=stale`, 303);
  });
