import type { Church } from "../../churches/churches.ts";
import type { CountryProfile } from "../../gateway/country-profile.ts";
import type { Ctx } from "../../http/context.ts";
import { readableBrandColor } from "../../kernel/readable-color.ts";
import type { PageFrame } from "../design/layout.tsx";
import { newNonce, noOutsideOrigins, type OutsideOrigins, pageHeaders } from "../design/page-security.ts";
import { chooseLanguage, type Language, localeFor, translator } from "../i18n/language.ts";

/** One request for a page of a church (or of none, when the address is wrong). */
export type Visit = {
  readonly frame: PageFrame;
  readonly language: Language;
  /** The donor's full locale. */
  readonly locale: string;
  readonly mode: "test" | "live";
};

/** Chooses language and locale, and makes the nonce of this answer. */
export function visitOf(c: Ctx, church?: Church, country?: CountryProfile): Visit {
  const { sandbox } = c.get("deps").config;
  const language = chooseLanguage({
    asked: c.req.query("lang"),
    accepted: c.req.header("accept-language"),
    church: church?.locale,
  });
  const url = new URL(c.req.url);
  return {
    language,
    locale: localeFor(language, country?.code ?? church?.country ?? "mx", church?.locale ?? "es-MX"),
    mode: sandbox ? "test" : "live",
    frame: {
      t: translator(language),
      language,
      nonce: newNonce(),
      testMode: sandbox,
      brandColor: readableBrandColor(church?.brand.color),
      inLanguage: (other) => {
        const query = new URLSearchParams(url.search);
        query.set("lang", other);
        // The answer to a sent form lives at the form's address, so going there by link shows the form.
        return `${url.pathname}?${query}`;
      },
    },
  };
}

type AnswerOptions = {
  readonly status?: 200 | 404 | 422 | 429 | 500 | 503;
  readonly outside?: OutsideOrigins;
  /** The browser's Back button shows this very answer again, so that a form keeps its key. Only for pages that
   * say nothing of a person. */
  readonly keptForBack?: boolean;
};

/** A page as an answer: HTML with its content security policy. */
export async function htmlAnswer(
  c: Ctx,
  visit: Visit,
  page: unknown,
  options: AnswerOptions = {},
): Promise<Response> {
  const text = String(await page);
  for (const [name, value] of Object.entries(
    pageHeaders(visit.frame.nonce, options.outside ?? noOutsideOrigins),
  )) {
    c.header(name, value);
  }
  if (options.keptForBack) c.header("cache-control", "private, no-cache");
  return c.html(text, options.status ?? 200);
}
