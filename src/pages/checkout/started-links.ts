import type { RecurringGiftId } from "../../kernel/ids.ts";

/** Addresses of the page a recurring gift starts on; `token` and language ride along on each. */
export function startedLinks(slug: string, gift: RecurringGiftId, token: string, lang: string) {
  const page = `/give/${slug}/recurring/${gift}?t=${encodeURIComponent(token)}&lang=${lang}`;
  return {
    page,
    back: `${page}&back=1`,
    another: `/give/${slug}?lang=${lang}`,
    portal: `/portal/${slug}?lang=${lang}`,
  };
}
