import { createInstance, type TFunction } from "i18next";
import { en } from "./en.ts";
import { es } from "./es.ts";
import { pt } from "./pt.ts";
import "./texts.ts";

/** The languages donors can read. A language is here only when all of its texts are. */
const resources = { es: { pages: es }, pt: { pages: pt }, en: { pages: en } } as const;
export type Language = keyof typeof resources;

export const languages: readonly Language[] = ["es", "pt", "en"];

/** Each in its own words. */
export const languageNames: Readonly<Record<Language, string>> = {
  es: "Español",
  pt: "Português",
  en: "English",
};

const isLanguage = (text: string): text is Language => languages.some((known) => known === text);

const i18n = createInstance();
void i18n.init({
  resources,
  lng: "es",
  fallbackLng: "es",
  defaultNS: "pages",
  initAsync: false,
  // JSX escapes what it prints, so escaping here would show `&amp;` to donors.
  interpolation: { escapeValue: false },
});

export type Translate = TFunction<"pages">;

/** The texts of one language, with `{{name}}` filled in and plurals by `count`. */
export const translator = (language: Language): Translate => i18n.getFixedT(language, "pages");

export type LanguageWishes = {
  /** `?lang=` of the address. */
  readonly asked?: string | undefined;
  /** The browser's `Accept-Language`. */
  readonly accepted?: string | undefined;
  /** The church's own locale, e.g. `es-MX`. */
  readonly church?: string | undefined;
};

/** What the donor asked for, else what the browser prefers among what we have, else the church's language. */
export function chooseLanguage(wishes: LanguageWishes): Language {
  const asked = languageOf(wishes.asked);
  if (asked) return asked;
  for (const tag of preferences(wishes.accepted ?? "")) {
    const language = languageOf(tag);
    if (language) return language;
  }
  return languageOf(wishes.church) ?? "es";
}

function languageOf(tag: string | undefined): Language | undefined {
  const primary = tag?.trim().slice(0, 2).toLowerCase();
  return primary !== undefined && isLanguage(primary) ? primary : undefined;
}

/** The tags of an `Accept-Language` header, most wanted first (RFC 9110 §12.5.4). */
function preferences(header: string): string[] {
  return header
    .slice(0, 500)
    .split(",")
    .map((part, at) => {
      const [tag = "", ...parameters] = part.trim().split(";");
      const quality = parameters.map((p) => /^\s*q=([01](?:\.\d{1,3})?)\s*$/.exec(p)?.[1]).find(Boolean);
      return { tag, quality: quality === undefined ? 1 : Number(quality), at };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality || a.at - b.at)
    .map(({ tag }) => tag);
}

/** The donor's full locale: their language as the church's country writes it (`en` in Mexico is `en-MX`). */
export function localeFor(language: Language, country: string, churchLocale: string): string {
  return churchLocale.slice(0, 2) === language ? churchLocale : `${language}-${country.toUpperCase()}`;
}
