import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import type { BrowserSdk } from "../../gateway/browser-sdk.ts";
import { asset } from "../generated/assets.ts";
import { type Language, languageNames, languages, type Translate } from "../i18n/language.ts";

/** What every page of ours is told about the answer it is part of. */
export type PageFrame = {
  readonly t: Translate;
  readonly language: Language;
  readonly nonce: string;
  /** Nothing here is real money: says so above everything. */
  readonly testMode: boolean;
  /** This page in another language. */
  readonly inLanguage: (language: Language) => string;
  /** `#rrggbb`, already readable. */
  readonly brandColor?: string | undefined;
};

type LayoutProps = {
  readonly frame: PageFrame;
  readonly title: string;
  readonly heading: string;
  readonly wide?: boolean;
  /** Names of islands (generated assets) this page runs. */
  readonly islands?: readonly ("give-form" | "gift-status" | "portal-method" | BrowserSdk["island"])[];
  /** Without script, load the page again after so many seconds. */
  readonly refreshSeconds?: number | undefined;
  readonly children?: Child;
};

/** The whole document around a page: works without script, says TEST MODE where it is one. */
export function Layout({ frame, title, heading, wide, islands = [], refreshSeconds, children }: LayoutProps) {
  const { t, language } = frame;
  return (
    <>
      {raw("<!doctype html>")}
      <html lang={language}>
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="robots" content="noindex" />
          <title>{title}</title>
          <link rel="stylesheet" href={asset("styles.css").path} />
          <link rel="icon" href={asset("icon.svg").path} type="image/svg+xml" />
          {frame.brandColor ? <BrandStyle nonce={frame.nonce} color={frame.brandColor} /> : null}
          {refreshSeconds === undefined ? null : (
            <noscript>
              <meta http-equiv="refresh" content={String(refreshSeconds)} />
            </noscript>
          )}
          {islands.map((island) => (
            <script type="module" src={asset(`${island}.js`).path} nonce={frame.nonce}></script>
          ))}
        </head>
        <body>
          <a class="skip" href="#main">
            {t("skip")}
          </a>
          {frame.testMode ? (
            <aside class="test-mode" aria-label="TEST MODE">
              {t("test_mode")}{" "}
              <a href={`/sandbox?lang=${language}`} target="_blank" rel="noopener">
                {t("test_mode_link")}
              </a>
            </aside>
          ) : null}
          <div class={wide ? "page wide" : "page"}>
            <header class="top">
              <strong>{heading}</strong>
              {languages
                .filter((other) => other !== language)
                .map((other) => (
                  <a href={frame.inLanguage(other)} lang={other} hreflang={other} rel="alternate">
                    {languageNames[other]}
                  </a>
                ))}
            </header>
            <main id="main" tabindex={-1}>
              {children}
            </main>
          </div>
        </body>
      </html>
    </>
  );
}

/** The church's colour in place of ours, in light mode only: dark mode needs a light tint, which ours has. */
function BrandStyle({ nonce, color }: { readonly nonce: string; readonly color: string }) {
  const wash = `color-mix(in srgb, ${color} 10%, #fffdf9)`;
  return (
    <style nonce={nonce}>
      {raw(`@media (prefers-color-scheme: light){:root{--brand:${color};--brand-wash:${wash}}}`)}
    </style>
  );
}
