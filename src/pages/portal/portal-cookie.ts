import { createHash } from "node:crypto";
import { getCookie, setCookie } from "hono/cookie";
import type { Ctx } from "../../http/context.ts";
import { sameText } from "../../kernel/same-text.ts";
import { newToken } from "../../portal/portal-token.ts";

/*
 * One cookie per church: a visitor's random mark, and after coming in the session's secret in its place, so that a
 * mark somebody planted is never a session. `__Host-` binds it to this host over https; http on localhost, where
 * browsers refuse that name, has the plain one.
 */
const isHttps = (c: Ctx): boolean => c.get("deps").config.publicUrl.startsWith("https:");
const nameOf = (c: Ctx, slug: string): string => `${isHttps(c) ? "__Host-" : ""}portal-${slug}`;

export function setPortalCookie(c: Ctx, slug: string, token: string): void {
  setCookie(c, nameOf(c, slug), token, {
    path: "/",
    httpOnly: true,
    secure: isHttps(c),
    sameSite: "Lax",
  });
}

/** What this browser carries for the church, if anything. */
export const portalCookie = (c: Ctx, slug: string): string | undefined => getCookie(c, nameOf(c, slug));

/** The same; a browser that carries nothing yet is given a mark with this answer. */
export function portalMark(c: Ctx, slug: string): string {
  const carried = portalCookie(c, slug);
  if (carried) return carried;
  const mark = newToken();
  setPortalCookie(c, slug, mark);
  return mark;
}

/** The word every form carries: only who can read the cookie can make it, so no other site can send our forms. */
export const formWord = (mark: string): string =>
  createHash("sha256").update(`form ${mark}`).digest("base64url").slice(0, 22);

/** Whether a sent form carries the word of this browser's own cookie, compared in constant time. */
export function isOwnForm(c: Ctx, slug: string, given: string): boolean {
  const mark = portalCookie(c, slug);
  return mark !== undefined && mark !== "" && sameText(formWord(mark), given);
}
