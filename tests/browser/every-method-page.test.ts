import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { serve } from "@hono/node-server";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { prepareZXingModule, type ReadInputBarcodeFormat, readBarcodes } from "zxing-wasm/reader";
import { present } from "../../src/kernel/assert.ts";
import { openBrowser } from "../support/browser.ts";
import { expectNoSidewaysScroll, expectStatus, playBank, send } from "../support/browser-house.ts";
import { testDatabase } from "../support/database.ts";
import { churchOf, type MethodHouse, openMethodHouse } from "../support/method-house.ts";

let house: MethodHouse;
let browser: Browser;
let url: string;
const faults: string[] = [];

beforeAll(async () => {
  const served: { house?: MethodHouse } = {};
  const server = serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request, connection) => present(served.house, "it is open").app.fetch(request, connection),
  });
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  url = `http://127.0.0.1:${address.port}`;
  house = await openMethodHouse((await testDatabase()).db, url);
  served.house = house;
  browser = await openBrowser();
  const wasm = createRequire(import.meta.url).resolve("zxing-wasm/reader/zxing_reader.wasm");
  await prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });
  afterAll(async () => {
    await browser.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
    await house.settle();
  });
});

afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(faults.splice(0)).toEqual([]);
});

/** A phone of 360 px; with script it must run without an error. */
async function phone(locale: string, javaScriptEnabled = true): Promise<Page> {
  const viewport = { width: 360, height: 740 };
  const context = await browser.newContext({
    viewport,
    locale,
    javaScriptEnabled,
    baseURL: url,
    deviceScaleFactor: 2,
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => faults.push(`script error on ${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() !== "error" || /status of 4(02|22)/.test(message.text())) return;
    faults.push(`console error on ${page.url()}: ${message.text()}`);
  });
  return page;
}

/** What is looked at by people: only where `SHOTS` names a folder. */
async function shot(page: Page, name: string): Promise<void> {
  await expectNoSidewaysScroll(page);
  const folder = process.env.SHOTS;
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

type Person = {
  readonly taxId?: string;
  readonly phone?: string;
  readonly address?: Readonly<Record<string, string>>;
};
const people: Readonly<Record<string, Person>> = {
  co: {
    taxId: "213123432",
    phone: "+57 300 123 4567",
    address: {
      street: "Carrera 43A",
      street_number: "14-57",
      district: "El Poblado",
      city: "Medellín",
      region: "ANT",
      postal_code: "050021",
    },
  },
  ar: { taxId: "20.123.456" },
  br: {
    taxId: "390.533.447-05",
    address: {
      street: "Rua das Acácias",
      street_number: "250",
      district: "Vila Mariana",
      city: "São Paulo",
      region: "SP",
      postal_code: "04101-300",
    },
  },
};

/** Opens the church's page, chooses the method and fills in what it then asks, as far as it is seen. */
async function fill(page: Page, country: string, method: string, amount: string): Promise<void> {
  const { slug } = churchOf(house, country);
  await page.goto(`/give/${slug}`);
  await page.check(`input[name=amount][value="${amount}"]`);
  await page.check(`input[name=method][value=${method}]`);
  await page.fill("input[name=name]", "María José Peñúñuri");
  await page.fill("input[name=email]", `maria.${crypto.randomUUID().slice(0, 8)}@example.org`);
  const { taxId, phone: number, address } = people[country] ?? {};
  const lines = { ...(taxId ? { tax_id: taxId } : {}), ...(number ? { phone: number } : {}), ...address };
  for (const [name, text] of Object.entries(lines)) {
    const field = page.locator(`input[name=${name}]`);
    if ((await field.count()) > 0 && (await field.isVisible())) await field.fill(text);
  }
}

/** The text of the one code in a part of the page, as a camera reads it. */
async function scanned(page: Page, part: string, format: ReadInputBarcodeFormat): Promise<string> {
  const image = await page.locator(part).screenshot();
  const [read] = await readBarcodes(new Uint8Array(image), { formats: [format] });
  return present(read, `a ${format} in ${part}`).text;
}

/** The number a cashier would type. */
const numberShown = async (page: Page): Promise<string> =>
  ((await page.locator("[data-barcode] p").textContent()) ?? "").replace(/\D/g, "");

const thanks = async (page: Page, word: RegExp) => {
  await expectStatus(page, "succeeded");
  expect(await page.textContent("h1")).toMatch(word);
};

describe("Colombia, in Spanish", () => {
  test("PSE: the bank is chosen from the list, the document named, and the bank's page leads back", async () => {
    const page = await phone("es-CO");
    await fill(page, "co", "pse", "5000000");
    const banks = await page.locator("select[name=bank] option").allTextContents();
    expect(banks.length).toBeGreaterThan(3);
    await page.selectOption("select[name=bank]", { index: 2 });
    await page.selectOption("select[name=tax_id_type]", "cc");
    await shot(page, "co-pse-form");
    await page.click("button[type=submit].full");
    await page.waitForURL(/\/sandbox\/mercadopago\/bank\//);
    await shot(page, "co-pse-bank");
    await page.click("button[value=approve]");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
    await shot(page, "co-pse-thanks");
  });

  test("PSE refuses without a bank, and says which field", async () => {
    const page = await phone("es-CO");
    await fill(page, "co", "pse", "5000000");
    await page.click("button[type=submit].full");
    await page.locator(".summary a[href='#f-bank']").waitFor();
    await shot(page, "co-pse-faults");
  });

  test("Efecty: a slip with a number to tell the cashier; paid there, the page says so by itself", async () => {
    const page = await phone("es-CO");
    await fill(page, "co", "efecty", "5000000");
    await send(page);
    await expectStatus(page, "requires_action");
    expect(await numberShown(page)).toMatch(/^\d{6,}$/);
    await shot(page, "co-efecty");
    await playBank(page, "pay");
    await house.settle();
    await thanks(page, /Gracias/);
  });
});

describe("Brazil, in Portuguese", () => {
  test("Pix: the QR on the screen is the copied code, and paid at the bank the page says Obrigado by itself", async () => {
    const page = await phone("pt-BR");
    await fill(page, "br", "pix", "5000");
    await shot(page, "br-form");
    await send(page);
    await expectStatus(page, "requires_action");
    const copied = ((await page.locator("[data-code]").textContent()) ?? "").trim();
    expect(copied).toMatch(/^00020\d.*6304[0-9A-F]{4}$/);
    expect(await scanned(page, "[data-qr]", "QRCode")).toBe(copied);
    await shot(page, "br-pix");
    await playBank(page, "pay");
    await house.settle();
    await thanks(page, /Obrigado/);
    await shot(page, "br-pix-thanks");
  });

  test("boleto: the bars read as the 44 digits of the line that is typed", async () => {
    const page = await phone("pt-BR");
    await fill(page, "br", "boleto", "5000");
    await send(page);
    await expectStatus(page, "requires_action");
    await shot(page, "br-boleto");
    const line = await numberShown(page);
    expect(line).toHaveLength(47);
    const bars = await scanned(page, "[data-barcode]", "ITF");
    expect(bars).toHaveLength(44);
    expect(bars).toBe(barsOf(line));
    await playBank(page, "pay");
    await house.settle();
    await thanks(page, /Obrigado/);
  });
});

/** The barcode of a boleto's typed line: its three fields without their check digits, in the bars' order. */
const barsOf = (line: string): string =>
  line.slice(0, 4) +
  line.slice(32, 33) +
  line.slice(33, 47) +
  line.slice(4, 9) +
  line.slice(10, 20) +
  line.slice(21, 31);

describe("Argentina, in Spanish", () => {
  test("Mercado Pago: paid on its page and back", async () => {
    const page = await phone("es-AR");
    await page.goto(`/give/${churchOf(house, "ar").slug}`);
    const amount = await page.locator("input[name=amount]").first().getAttribute("value");
    await fill(page, "ar", "mercado_pago", amount ?? "");
    await shot(page, "ar-form");
    await page.click("button[type=submit].full");
    await page.waitForURL(/\/sandbox\/mercadopago\/checkout\//);
    await shot(page, "ar-checkout");
    await page.click("button[value=pay]");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
  });
});

/** Sends the form of a gift by card, and waits for Mercado Pago's fields. */
async function toCard(page: Page, country: string): Promise<void> {
  await page.goto(`/give/${churchOf(house, country).slug}`);
  const amount = await page.locator("input[name=amount]").first().getAttribute("value");
  await fill(page, country, "card", amount ?? "");
  await page.click("button[type=submit].full");
  await page.locator("[data-pay]:not([disabled])").waitFor();
}

/** Types a card into the gateway's frames and sends it; the holder's name says how it ends. */
async function payBy(page: Page, holder: string, number = "4509953566233704", code = "123"): Promise<void> {
  await page.frameLocator("iframe[name=cardNumber]").locator("input").fill(number);
  await page.frameLocator("iframe[name=expirationDate]").locator("input").fill("11/30");
  await page.frameLocator("iframe[name=securityCode]").locator("input").fill(code);
  await page.fill("#card-holder", holder);
  await page.click("[data-pay]");
}

describe("cards in Mercado Pago's fields", () => {
  test("Argentina: approved, and nothing of the card but its token reaches us", async () => {
    const page = await phone("es-AR");
    const seen: { readonly path: string; readonly body: string }[] = [];
    page.on("request", (asked) =>
      seen.push({ path: new URL(asked.url()).pathname, body: asked.postData() ?? "" }),
    );
    await toCard(page, "ar");
    expect(await page.locator("#card-document").inputValue()).toBe("20.123.456");
    await shot(page, "ar-card");
    await payBy(page, "APRO");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
    await shot(page, "ar-card-thanks");
    const told = seen.filter(({ body }) => body.includes("4509953566233704")).map(({ path }) => path);
    expect(told).toEqual(["/sandbox/mercadopago/v1/card_tokens"]);
    expect(
      seen.some(
        ({ path, body }) => path.startsWith("/give/") && /card_token=[0-9a-f]{32}%3Avisa%3A\d+/.test(body),
      ),
    ).toBe(true);
  });

  test("Argentina: declined for want of funds, said so, and given by another card of a bank that is asked for", async () => {
    const page = await phone("es-AR");
    await toCard(page, "ar");
    await payBy(page, "FUND");
    await page.waitForURL(/\/gifts\/don_/);
    await expectStatus(page, "failed");
    expect(await page.textContent("main")).toContain("fondos");
    await shot(page, "ar-card-declined");
    await page.click("a.button");
    await page.click("button[type=submit].full");
    await page.locator("[data-pay]:not([disabled])").waitFor();
    await page.frameLocator("iframe[name=cardNumber]").locator("input").fill("5031755734530604");
    await page.selectOption("#card-issuer", { index: 1 });
    await payBy(page, "APRO", "5031755734530604");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
  });

  test("a number that is none stays on the page, marked, and nothing is given", async () => {
    const page = await phone("es-AR");
    await toCard(page, "ar");
    await payBy(page, "APRO", "4509953566233705");
    await page.locator("[data-error]:not([hidden])").waitFor();
    expect(await page.locator("#card-number[data-invalid]").count()).toBe(1);
    await shot(page, "ar-card-wrong");
    expect(await page.locator("[data-pay]").isEnabled()).toBe(true);
    await payBy(page, "APRO");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
  });

  test.each([
    ["approve", "succeeded"],
    ["decline", "failed"],
  ])(
    "the card's bank asks whether it is the donor; answered with %s the gift has %s",
    async (answer, status) => {
      const page = await phone("es-AR");
      await toCard(page, "ar");
      await payBy(page, "APRO", "5483928164574623");
      await page.waitForURL(/\/gifts\/don_/);
      await expectStatus(page, "requires_action");
      const bank = page.frameLocator("iframe[name=challenge]");
      await bank.locator(`button[value=${answer}]`).waitFor();
      await shot(page, `ar-card-challenge-${answer}`);
      await bank.locator(`button[value=${answer}]`).click();
      await expectStatus(page, status);
    },
  );

  test("whoever would rather not is taken to Mercado Pago's own page", async () => {
    const page = await phone("es-AR");
    await toCard(page, "ar");
    await page.click("button[value=hosted]");
    await page.waitForURL(/\/sandbox\/mercadopago\/checkout\//);
    await page.click("button[value=pay]");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
  });

  test("without script: Mercado Pago's own page, as ever", async () => {
    const page = await phone("es-AR", false);
    await page.goto(`/give/${churchOf(house, "ar").slug}`);
    const amount = await page.locator("input[name=amount]").first().getAttribute("value");
    await fill(page, "ar", "card", amount ?? "");
    await send(page);
    await page.click("a.button.full");
    await page.waitForURL(/\/sandbox\/mercadopago\/checkout\//);
    await page.click("button[value=pay]");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
  });
});

describe("Mexico, in Spanish", () => {
  test("PayPal: approved there, taken here", async () => {
    const page = await phone("es-MX");
    await fill(page, "mx", "paypal", "50000");
    await page.click("button[type=submit].full");
    await page.waitForURL(/\/sandbox\/paypal\/checkoutnow/);
    await shot(page, "mx-paypal");
    await page.click("button[value=approve]");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
  });
});

describe("without script", () => {
  test("PSE in Colombia: the form shows every field, the link leads to the bank, and the page is asked again", async () => {
    const page = await phone("es-CO", false);
    await fill(page, "co", "pse", "5000000");
    await page.selectOption("select[name=bank]", { index: 2 });
    await page.selectOption("select[name=tax_id_type]", "cc");
    await shot(page, "co-pse-noscript");
    await send(page);
    await page.click("a.button.full");
    await page.waitForURL(/\/sandbox\/mercadopago\/bank\//);
    await page.click("button[value=approve]");
    await page.waitForURL(/\/gifts\/don_/);
    await thanks(page, /Gracias/);
  });

  test("Pix in Brazil: the code can be scanned, and the donor's link brings the news", async () => {
    const page = await phone("pt-BR", false);
    await fill(page, "br", "pix", "5000");
    await send(page);
    await expectStatus(page, "requires_action");
    expect(await scanned(page, "[data-qr]", "QRCode")).toMatch(/^00020/);
    await playBank(page, "pay");
    await house.settle();
    await page.locator("a[href*='back=1']").first().click();
    await thanks(page, /Obrigado/);
  });
});
