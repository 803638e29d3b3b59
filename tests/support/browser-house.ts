import { serve } from "@hono/node-server";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, expect } from "vitest";
import { openBrowser } from "./browser.ts";
import { type House, type HouseChurch, openHouse } from "./house.ts";

/** The whole house on a port of this machine, with a browser beside it. */
export type BrowserHouse = {
  readonly house: House;
  readonly url: string;
  readonly browser: Browser;
  /** A phone of 360 px in Spanish unless told otherwise; fails the test on script errors and refused resources. */
  phone(options?: PhoneOptions): Promise<Page>;
  church(country: "mx" | "us"): Promise<HouseChurch>;
};

export type PhoneOptions = BrowserContextOptions & { readonly language?: "es-MX" | "en-US" };

export async function openBrowserHouse(): Promise<BrowserHouse> {
  let house: House | undefined;
  const server = serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => (house ? house.app.fetch(request) : new Response("not yet", { status: 503 })),
  });
  await new Promise<void>((resolve) => server.once("listening", () => resolve()));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  const url = `http://127.0.0.1:${address.port}`;
  const opened = await openHouse({ wire: "in_process", publicUrl: url });
  house = opened;
  const browser = await openBrowser();
  const faults: string[] = [];
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
    expect(faults.splice(0)).toEqual([]);
  });
  afterAll(async () => {
    await browser.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      if ("closeAllConnections" in server) server.closeAllConnections();
    });
    await opened.settle();
  });
  return {
    house: opened,
    url,
    browser,
    church: (country) => opened.church(country),
    phone: async ({ language = "es-MX", ...options } = {}) => {
      const context = await browser.newContext({
        viewport: { width: 360, height: 740 },
        locale: language,
        baseURL: url,
        ...options,
      });
      const page = await context.newPage();
      page.on("pageerror", (error) => faults.push(`script error: ${error.message}`));
      page.on("console", (message) => {
        // A decline is a 402 and a form to mend a 422: the browser notes them, and they are no fault.
        if (message.type() !== "error" || /status of 4(02|22)/.test(message.text())) return;
        faults.push(`console error on ${page.url()}: ${message.text()}`);
      });
      return page;
    },
  };
}

/** What the donor sees may never be wider than the phone. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const [wide, view] = await page.evaluate(() => [
    document.documentElement.scrollWidth,
    document.documentElement.clientWidth,
  ]);
  expect(wide, `sideways scroll on ${page.url()}`).toBeLessThanOrEqual(view ?? 0);
}

export type Choice = {
  readonly method: string;
  /** In minor units, one of the suggested ones; or an amount as typed. */
  readonly amount?: string;
  readonly typed?: string;
  readonly email?: string;
};

/** Fills in the form as a donor does, without sending it. */
export async function fillForm(page: Page, { method, amount, typed, email }: Choice): Promise<void> {
  if (typed !== undefined) {
    await page.check("#amount-other");
    await page.fill("#amount-typed", typed);
  } else await page.check(`input[name=amount][value="${amount ?? "50000"}"]`);
  await page.fill("input[name=name]", "María José Peñúñuri");
  await page.fill("input[name=email]", email ?? `maria.${crypto.randomUUID().slice(0, 8)}@example.com`);
  await page.check(`input[name=method][value=${method}]`);
}

/** Sends the form and waits for the gift's page. */
export async function send(page: Page): Promise<void> {
  await page.click("button[type=submit].full");
  await page.waitForURL(/\/gifts\/don_/);
}

/** The status the gift's page shows. */
export async function expectStatus(page: Page, status: string): Promise<void> {
  await page.waitForSelector(`[data-status=${status}]`, { timeout: 15_000 });
}

/** Plays the bank on `/sandbox` in a tab of its own, for the gift the page shows. */
export async function playBank(page: Page, button: string, amount?: string): Promise<void> {
  const gift = await page.locator("[data-gift]").getAttribute("data-gift");
  const desk = await page.context().newPage();
  await desk.goto("/sandbox");
  const payment = desk.locator(`[data-donation=${gift}]`);
  const form = payment.locator("form", { has: desk.locator(`button[value="${button}"]`) });
  if (amount !== undefined) await form.locator("input[name=amount]").fill(amount);
  await form.locator("button").click();
  await desk.waitForURL(/said=/);
  await desk.close();
}
