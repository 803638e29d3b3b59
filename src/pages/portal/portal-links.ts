import type { RecurringGiftId } from "../../kernel/ids.ts";
import type { Language } from "../i18n/language.ts";

/** What can be done to a recurring gift on a page of its own. */
export type RecurringRoom = "pause" | "resume" | "later" | "change" | "method" | "cancel" | "restart";

/** Addresses of a church's portal; the language rides along on each. */
export function portalLinks(slug: string, language: Language) {
  const base = `/portal/${slug}`;
  const lang = `?lang=${language}`;
  return {
    home: `${base}${lang}`,
    enter: `${base}/enter${lang}`,
    leave: `${base}/leave${lang}`,
    leaveEverywhere: `${base}/leave-everywhere${lang}`,
    me: `${base}/me${lang}`,
    year: (year: string) => `${base}${lang}&year=${year}#gifts`,
    recurring: (id: RecurringGiftId) => `${base}/recurring/${id}${lang}`,
    room: (id: RecurringGiftId, room: RecurringRoom) => `${base}/recurring/${id}/${room}${lang}`,
    give: `/give/${slug}${lang}`,
    giveMonthly: `/give/${slug}${lang}&frequency=monthly`,
  };
}
export type PortalLinks = ReturnType<typeof portalLinks>;
