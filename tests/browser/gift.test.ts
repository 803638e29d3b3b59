import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import {
  type BrowserHouse,
  expectNoSidewaysScroll,
  expectStatus,
  fillForm,
  openBrowserHouse,
  type PhoneOptions,
  playBank,
  send,
} from "../support/browser-house.ts";
import type { HouseChurch } from "../support/house.ts";

let home: BrowserHouse;
let mx: HouseChurch;
let us: HouseChurch;

beforeAll(async () => {
  home = await openBrowserHouse();
  mx = await home.church("mx");
  us = await home.church("us");
  const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  // From the package's own file: by default it would be fetched from the network.
  await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
});

async function begin(church: HouseChurch, method: string, options: PhoneOptions = {}): Promise<Page> {
  const page = await home.phone(options);
  await page.goto(`/give/${church.slug}`);
  await fillForm(page, { method, amount: church === mx ? "50000" : "5000" });
  await send(page);
  return page;
}

const settle = () => home.house.settle();

describe("the OXXO voucher", () => {
  test.each([1, 2, 3])(
    "its barcode reads as its number on a 360-px screen of density %i",
    async (density) => {
      const page = await begin(mx, "oxxo", { deviceScaleFactor: density });
      const image = await page.locator("[data-barcode]").screenshot();
      const [read] = await readBarcodes(new Uint8Array(image), { formats: ["Code128"] });
      const shown = ((await page.locator("[data-barcode] p").textContent()) ?? "").replace(/\D/g, "");
      expect(shown).toMatch(/^\d{14,}$/);
      expect(read?.text).toBe(shown);
    },
  );

  test("in the dark the barcode stays on white and reads", async () => {
    const page = await begin(mx, "oxxo", { colorScheme: "dark", deviceScaleFactor: 2 });
    const image = await page.locator("[data-barcode]").screenshot();
    const [read] = await readBarcodes(new Uint8Array(image), { formats: ["Code128"] });
    expect(read?.isValid).toBe(true);
  });

  test("canceled by the donor, the till no longer takes it", async () => {
    const page = await begin(mx, "oxxo", { javaScriptEnabled: false });
    await page.click("form button.plain");
    await expectStatus(page, "canceled");
    expect(await page.textContent("main")).toContain("tírala");
  });

  test("expired, the page says so, offers a new one filled in, and shows money that came late", async () => {
    const page = await begin(mx, "oxxo");
    await playBank(page, "expire");
    await settle();
    await expectStatus(page, "expired");
    expect(await page.textContent("main")).toContain("No se cobró nada");
    const again = await page.locator("a.button").getAttribute("href");
    await playBank(page, "pay_late");
    await settle();
    await page.reload();
    await expectStatus(page, "succeeded");
    await page.goto(again ?? "");
    expect(await page.isChecked("input[name=method][value=oxxo]")).toBe(true);
    expect(await page.isChecked('input[name=amount][value="50000"]')).toBe(true);
  });

  test("without script the page loads itself again", async () => {
    const page = await begin(mx, "oxxo", { javaScriptEnabled: false });
    expect(await page.content()).toMatch(/<noscript>\s*<meta http-equiv="refresh" content="20"/);
  });
});

describe("the SPEI page", () => {
  test("copies the CLABE", async () => {
    const page = await begin(mx, "spei", { permissions: ["clipboard-read", "clipboard-write"] });
    const button = page.getByRole("button", { name: "Copiar: CLABE" });
    await button.click();
    await expect.poll(() => button.textContent()).toBe("Copiado");
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toMatch(/^\d{18}$/);
    const shown = await page.locator(".copy", { hasText: "CLABE" }).locator("dd span").textContent();
    expect(shown?.replace(/\s/g, "")).toBe(copied);
  });

  test("paid short it shows what came and what is left, then thanks, all by itself", async () => {
    const page = await begin(mx, "spei");
    await playBank(page, "transfer", "200.00");
    await settle();
    await page.waitForSelector("[data-received]");
    expect(await page.textContent("[data-received]")).toMatch(/\$200\.00.+\$300\.00/);
    await expectNoSidewaysScroll(page);
    await playBank(page, "transfer", "300.00");
    await settle();
    await expectStatus(page, "succeeded");
  });
});

describe("cards", () => {
  const fields = (page: Page) => page.frameLocator("[data-sdk-fields] iframe");

  test("a decline is a sentence in the donor's language, the form stays, and another card pays the same gift", async () => {
    const page = await begin(mx, "card");
    await fields(page).getByRole("button", { name: "no funds" }).click();
    await page.click("[data-sdk-pay]:not([disabled])");
    await page.waitForSelector("[data-sdk-error]:not([hidden])");
    expect(await page.textContent("[data-sdk-error]")).toContain("no hay fondos suficientes");
    await fields(page).getByRole("button", { name: "OK", exact: true }).click();
    await page.click("[data-sdk-pay]:not([disabled])");
    await expectStatus(page, "succeeded");
  });

  test.each([
    ["pass", "succeeded"],
    ["fail", "requires_action"],
  ])("3-D Secure answered with %s leaves the gift %s", async (verdict, status) => {
    const page = await begin(mx, "card");
    await fields(page).getByRole("button", { name: "3-D Secure" }).click();
    await page.click("[data-sdk-pay]:not([disabled])");
    await page.click(`button[value=${verdict}]`);
    await expectStatus(page, status);
    if (verdict === "fail") expect(await page.textContent(".summary")).toContain("No se cobró nada");
  });

  test("without script: declined on the hosted page, then challenged and paid", async () => {
    const page = await begin(us, "card", { javaScriptEnabled: false, language: "en-US" });
    await page.click("a.button.full");
    await page.fill("input[name=number]", "4000000000000002");
    await page.locator("form button").first().click();
    expect(await page.textContent(".error")).toContain("declined");
    await page.fill("input[name=number]", "4000002500003155");
    await page.locator("form button").first().click();
    await page.click("button[value=pass]");
    await expectStatus(page, "succeeded");
  });

  test("leaving the hosted page comes back to a gift that can still be paid", async () => {
    const page = await begin(us, "card", { javaScriptEnabled: false, language: "en-US" });
    await page.click("a.button.full");
    await page.click("button[name=leave]");
    await expectStatus(page, "requires_action");
    expect(await page.locator("a.button.full").count()).toBe(1);
  });

  test("the number typed goes to the gateway's address only", async () => {
    const page = await begin(mx, "card");
    const seen: string[] = [];
    page.on("request", (request) => {
      if ((request.postData() ?? "").includes("4242")) seen.push(new URL(request.url()).pathname);
    });
    await fields(page).getByRole("button", { name: "OK", exact: true }).click();
    await page.click("[data-sdk-pay]:not([disabled])");
    await expectStatus(page, "succeeded");
    expect(seen.length).toBeGreaterThan(0);
    for (const path of seen) expect(path).toMatch(/^\/sandbox\/stripe\/v1\/payment_intents\//);
  });
});

describe("bank debits", () => {
  test("a refused debit says why, and trying again keeps the gift and the donor's own words", async () => {
    const page = await begin(us, "ach_debit", { language: "en-US" });
    await page
      .frameLocator("[data-sdk-fields] iframe")
      .getByRole("button", { name: "OK", exact: true })
      .click();
    await page.click("[data-sdk-pay]:not([disabled])");
    await expectStatus(page, "processing");
    await playBank(page, "refuse");
    await settle();
    await expectStatus(page, "failed");
    expect(await page.textContent("main")).toContain("Nothing was charged");
    await page.click("a.button");
    expect(await page.isChecked("input[name=method][value=ach_debit]")).toBe(true);
    await expect.poll(() => page.inputValue("input[name=name]")).toBe("María José Peñúñuri");
  });

  test("a typed account is proved with the code of a small deposit", async () => {
    const page = await begin(us, "ach_debit", { language: "en-US" });
    const fields = page.frameLocator("[data-sdk-fields] iframe");
    await fields.getByRole("button", { name: "OK", exact: true }).click();
    await fields.locator("[name=linked]").uncheck();
    await page.click("[data-sdk-pay]:not([disabled])");
    await expectStatus(page, "requires_action");
    await page.click("a.button.full");
    await page.fill("input[name=code]", "SM99ZZ");
    await page.click("form button");
    expect(await page.textContent(".error")).toContain("does not match");
    await page.fill("input[name=code]", "SM11AA");
    await page.click("form button");
    expect(await page.textContent("main")).toContain("processing");
  });
});

describe("the acknowledgment", () => {
  test("downloads as a tagged PDF that names church, donor, amount, date and the country's wording", async () => {
    const page = await begin(mx, "card");
    await page
      .frameLocator("[data-sdk-fields] iframe")
      .getByRole("button", { name: "OK", exact: true })
      .click();
    await page.click("[data-sdk-pay]:not([disabled])");
    await expectStatus(page, "succeeded");
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[download]")]);
    const text = await pdfText(new Uint8Array(readFileSync((await download.path()) ?? "")));
    expect(text).toContain("Iglesia de Prueba A.R.");
    expect(text).toContain("María José Peñúñuri");
    expect(text).toMatch(/\$500\.00\sMXN/);
    expect(text).toContain("20 de noviembre de 2026");
    expect(text).toContain("no es deducible de impuestos");
    expect(text).toContain("PRUEBA");
    expect(text).toMatch(/don_[0-9a-f]{32}/);
  });

  test("is not there before the money is", async () => {
    const page = await begin(mx, "oxxo");
    const url = page.url().replace("?", "/acknowledgment.pdf?");
    expect((await page.request.get(url)).status()).toBe(404);
  });
});

async function pdfText(bytes: Uint8Array): Promise<string> {
  const document = await getDocument({ data: bytes, verbosity: 0 }).promise;
  const { info } = await document.getMetadata();
  expect(info).toMatchObject({ Language: "es-MX" });
  expect(await document.getMarkInfo()).toMatchObject({ Marked: true });
  const content = await (await document.getPage(1)).getTextContent();
  const text = content.items
    .map((item) => ("str" in item ? `${item.str}${item.hasEOL ? "\n" : ""}` : ""))
    .join("");
  await document.destroy();
  return text;
}
