import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type BrowserHouse,
  expectNoSidewaysScroll,
  expectStatus,
  fillForm,
  openBrowserHouse,
  playBank,
  send,
} from "../support/browser-house.ts";
import type { HouseChurch } from "../support/house.ts";

let home: BrowserHouse;
const churches: Partial<Record<"mx" | "us", HouseChurch>> = {};

beforeAll(async () => {
  home = await openBrowserHouse();
  churches.mx = await home.church("mx");
  churches.us = await home.church("us");
});

type Case = { readonly country: "mx" | "us"; readonly method: string };
const cases: readonly Case[] = [
  ...["card", "apple_pay", "google_pay", "oxxo", "spei"].map((method) => ({
    country: "mx" as const,
    method,
  })),
  ...["card", "apple_pay", "google_pay", "link", "ach_debit"].map((method) => ({
    country: "us" as const,
    method,
  })),
];

for (const script of [true, false]) {
  describe(`a gift on a 360-px phone with script ${script ? "on" : "off"}`, () => {
    test.each(cases)("$country $method ends on the thank-you page", async ({ country, method }) => {
      const language = country === "mx" ? "es-MX" : "en-US";
      const page = await home.phone({ language, javaScriptEnabled: script });
      await page.goto(`/give/${churches[country]?.slug}`);
      expect(await page.getAttribute("html", "lang")).toBe(language.slice(0, 2));
      await expectNoSidewaysScroll(page);
      await fillForm(page, { method, amount: country === "mx" ? "50000" : "5000" });
      await send(page);
      await pay(page, method, script);
      await expectStatus(page, "succeeded");
      await expectNoSidewaysScroll(page);
      expect(await page.textContent("h1")).toMatch(country === "mx" ? /Gracias/ : /Thank you/);
    });
  });
}

/** What the donor, or the bank, does after the form was sent. */
async function pay(page: Page, method: string, script: boolean): Promise<void> {
  if (method === "oxxo" || method === "spei") {
    await expectStatus(page, "requires_action");
    await expectNoSidewaysScroll(page);
    await playBank(page, method === "oxxo" ? "pay" : "transfer");
    return news(page, script);
  }
  await (script ? payInOurPage(page, method) : payOnHostedPage(page, method));
  if (method !== "ach_debit") return;
  await expectStatus(page, "processing");
  await expectNoSidewaysScroll(page);
  await playBank(page, "settle");
  await news(page, script);
}

/** With script the page finds out by itself; without, the donor follows its link. */
async function news(page: Page, script: boolean): Promise<void> {
  await home.house.settle();
  if (!script) await page.locator("a[href*='back=1']").first().click();
}

async function payInOurPage(page: Page, method: string): Promise<void> {
  const wallet = page.frameLocator("[data-sdk-express] iframe").locator("[data-wallet]");
  if (method !== "card" && method !== "ach_debit") {
    await wallet.click();
    return;
  }
  const fields = page.frameLocator("[data-sdk-fields] iframe");
  await fields.getByRole("button", { name: "OK", exact: true }).click();
  await expectNoSidewaysScroll(page);
  await page.click("[data-sdk-pay]:not([disabled])");
}

async function payOnHostedPage(page: Page, method: string): Promise<void> {
  await page.click("a.button.full");
  await page.waitForURL(/\/sandbox\/stripe\/pay\//);
  await expectNoSidewaysScroll(page);
  await page.fill("input[name=name]", "María José");
  await page.fill("input[name=email]", "maria@example.com");
  if (method === "ach_debit") await page.fill("input[name=account]", "000123456789");
  else if (method === "card") await page.fill("input[name=number]", "4242 4242 4242 4242");
  const button = method === "card" || method === "ach_debit" ? "form button" : `button[value=${method}]`;
  await page.locator(button).first().click();
}
