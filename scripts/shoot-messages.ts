import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { type Composed, compose } from "../src/messages/compose.ts";
import { messageKinds } from "../src/messages/kinds.ts";
import { openBrowser } from "../tests/support/browser.ts";
import { type Reader, readerTags, samplesFor, sceneOf } from "../tests/support/message-samples.ts";

/**
 * Pictures of every message as a phone shows it, 390 px wide: `tsx scripts/shoot-messages.ts FOLDER` writes
 * `kind.locale.png` for each, and one sheet per kind with all languages side by side.
 */
const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("say where to: tsx scripts/shoot-messages.ts FOLDER");
mkdirSync(folder, { recursive: true });

const unsubscribeUrl = "https://give.example.org/m/vida-nueva/leave/dnr_01JD2Q8Z7K?by=email&t=Q2xhdmU";

/** A browser has no mail's attachments: what is named by `cid:` is put in its place. */
function standalone({ html, inline }: Composed): string {
  return inline.reduce(
    (page, { cid, png }) =>
      page.replaceAll(`cid:${cid}`, `data:image/png;base64,${Buffer.from(png).toString("base64")}`),
    html,
  );
}

async function shoot(page: Page, html: string): Promise<Buffer> {
  await page.setContent(html);
  return page.screenshot({ fullPage: true });
}

async function sheetOf(browser: Browser, shots: readonly (readonly [string, Buffer])[]): Promise<Buffer> {
  const page = await browser.newPage({ viewport: { width: 5 * 406 + 16, height: 400 } });
  const figures = shots.map(
    ([name, png]) =>
      `<figure><figcaption>${name}</figcaption><img src="data:image/png;base64,${png.toString("base64")}"></figure>`,
  );
  const style =
    "body{margin:16px;display:flex;flex-wrap:wrap;gap:16px;font:16px sans-serif;background:#ddd}figure{margin:0}img{display:block}";
  const sheet = await shoot(page, `<style>${style}</style>${figures.join("")}`);
  await page.close();
  return sheet;
}

async function shootAll(browser: Browser, into: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 390, height: 600 } });
  const shots = new Map<string, [string, Buffer][]>();
  const take = async (reader: Reader) => {
    for (const { kind, name, params } of samplesFor(reader)) {
      const leaving = messageKinds[kind] === "reminder" ? { unsubscribeUrl } : {};
      const png = await shoot(page, standalone(compose({ ...sceneOf(reader), kind, params, ...leaving })));
      writeFileSync(join(into, `${name}.${reader}.png`), png);
      shots.set(name, [...(shots.get(name) ?? []), [`${name} · ${reader}`, png]]);
    }
  };
  for (const reader of readerTags) await take(reader);
  await page.emulateMedia({ colorScheme: "dark" });
  const [first] = samplesFor("es-MX");
  if (first) {
    const html = standalone(compose({ ...sceneOf("es-MX"), ...first }));
    writeFileSync(join(into, "dark.es-MX.png"), await shoot(page, html));
  }
  for (const [name, each] of shots)
    writeFileSync(join(into, `sheet.${name}.png`), await sheetOf(browser, each));
}

const browser = await openBrowser();
try {
  await shootAll(browser, folder);
} finally {
  await browser.close();
}
