import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { days, hours } from "../../src/kernel/clock.ts";
import { type BrowserHouse, expectNoSidewaysScroll, openBrowserHouse } from "../support/browser-house.ts";
import type { HouseChurch } from "../support/house.ts";

let home: BrowserHouse;
let church: HouseChurch;
beforeAll(async () => {
  home = await openBrowserHouse();
  church = await home.church("mx");
});

/** Where pictures of the pages go, for people to look at: `PORTAL_PICTURES=folder`. */
const pictures = process.env.PORTAL_PICTURES;
let taken = 0;

const pressed =
  "button, .button, .chip, .choice, .check, .way, .rows a, summary, select, input:not([type=hidden],[type=radio],[type=checkbox])";

/** The page fits a phone and a finger; and a picture of it, where pictures are wanted. */
async function seen(page: Page, name: string): Promise<void> {
  await expectNoSidewaysScroll(page);
  const low = await page.locator(`main :is(${pressed})`).evaluateAll((elements) =>
    elements
      .filter((element) => element.checkVisibility() && !element.closest(".step details"))
      .filter((element) => element.getBoundingClientRect().height < 44)
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  expect(low, name).toEqual([]);
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  taken += 1;
  const file = `${String(taken).padStart(2, "0")}-${name}.png`;
  await page.screenshot({ path: join(pictures, file), fullPage: true });
}

const fields = (page: Page) => page.frameLocator("[data-sdk-fields] iframe");

/** Types a card into the gateway's fields and saves it. */
async function saveCard(page: Page, number: string): Promise<void> {
  await fields(page).getByRole("button", { name: "OK", exact: true }).click();
  await fields(page).locator("[name=number]").fill(number);
  await page.click("[data-sdk-pay]:not([disabled])");
}

type Gift = { readonly email: string; readonly method: string; readonly startsOn: string };

/** Fills the giving form for a monthly gift, looks at the review, and confirms. */
async function promise(page: Page, { email, method, startsOn }: Gift): Promise<void> {
  await page.goto(`/give/${church.slug}?frequency=monthly`);
  await page.check('input[name=amount][value="50000"]');
  await page.fill("[name=starts_on]", startsOn);
  await page.fill("input[name=name]", "María José Peñúñuri");
  await page.fill("input[name=email]", email);
  await page.check(`input[name=method][value=${method}]`);
  await expect.poll(() => page.textContent("[data-submit]")).toBe("Revisar mi ofrenda");
  await seen(page, `${method}-form`);
  await page.click("[data-submit]");
  await page.waitForSelector("button[value=confirm]");
  await seen(page, `${method}-review`);
  await page.click("button[value=confirm]");
  await page.waitForURL(/\/recurring\/rcg_/);
}

/** The link in the newest letter to an address, read where the sandbox keeps its mail. */
async function linkInMailbox(page: Page, email: string): Promise<string> {
  await home.house.settle();
  await page.goto("/sandbox/mailbox");
  const letters = page.locator("ul.mailbox li", { hasText: email });
  await letters.filter({ hasText: "enlace" }).first().locator("a").click();
  const letter = (await page.textContent("pre")) ?? "";
  const link = /https?:\/\/\S+\/enter\S+/.exec(letter)?.[0];
  return present(link, `the newest letter to the donor has a link: ${letter}`);
}

/** Asks for a link, opens what was mailed, and comes in. */
async function comeIn(page: Page, email: string): Promise<void> {
  await page.goto(`/portal/${church.slug}`);
  await seen(page, "door");
  await page.fill("input[name=email]", email);
  await page.click("button.full");
  await page.waitForSelector("text=Revisa tu correo");
  await seen(page, "sent");
  await page.goto(await linkInMailbox(page, email));
  await seen(page, "enter");
  await page.click("button.full");
  await page.waitForSelector("#gifts");
  await seen(page, "home");
}

/** The card the newest payment at the simulated Stripe was charged to. */
async function lastCharged(): Promise<{ readonly last4: string | undefined; readonly amount: number }> {
  const [newest] = await home.house.sandbox.control.payments(1);
  const charge = present(newest?.charge, "something was charged");
  const details = charge.payment_method_details as { card?: { last4?: string } } | null;
  return { last4: details?.card?.last4, amount: charge.amount };
}

const charges = async () => (await home.house.sandbox.control.payments(100)).length;

describe("a monthly gift by card, on a phone", () => {
  test("is started, changed, skipped, paused, moved to another card and canceled by its donor", async () => {
    const email = "maria.portal@example.com";
    const page = await home.phone();
    await promise(page, { email, method: "card", startsOn: "2026-12-05" });
    await seen(page, "card-pending");
    await saveCard(page, "4242424242424242");
    await page.waitForSelector("[data-status=active]");
    await seen(page, "card-started");
    expect(await charges()).toBe(0);

    await comeIn(page, email);
    await page.click("text=Ver o cambiar");
    await page.waitForSelector("[data-method]");
    expect(await page.textContent("[data-method]")).toContain("visa 4242");
    await seen(page, "gift");

    await page.click("text=Cambiar cantidad");
    await page.waitForSelector("#f-amount");
    await page.fill("#f-amount", "750");
    await seen(page, "change");
    await page.click("button.full");
    await page.waitForSelector("[data-after]");
    expect(await page.textContent("[data-after]")).toContain("$750.00");
    expect(await page.locator("ol.dates li").count()).toBe(4);
    await seen(page, "change-review");
    await page.click("button[value=confirm]");
    await page.waitForSelector("text=tu ofrenda cambió");

    await page.click("text=Saltar o posponer");
    await page.waitForSelector("button[value=skip]");
    await seen(page, "later");
    await page.click("button[value=skip]");
    await page.waitForSelector("text=saltamos esa fecha");
    await seen(page, "skipped");

    await page.click("text=Hacer una pausa");
    await page.selectOption("#f-months", "2");
    await seen(page, "pause");
    await page.click("button.full");
    await page.waitForSelector("[data-status=paused]");
    await seen(page, "paused");
    await page.click("text=Seguir ya");
    await page.waitForSelector("[data-status=active]");

    await page.click("text=Cambiar la forma de pago");
    await page.click("[data-method-choice=card] summary");
    expect(await page.textContent("[data-method-choice=card] .agreement")).toMatch(/Autorizo a .+hasta/);
    await seen(page, "method");
    await page.click("[data-method-choice=card] button.full");
    await page.waitForSelector("[data-sdk-fields] iframe");
    await seen(page, "method-fields");
    await saveCard(page, "5555555555554444");
    await page.waitForSelector("text=desde ahora se usa");
    expect(await page.textContent("[data-method]")).toContain("4444");
    await seen(page, "method-done");

    // Past ten in the morning of the day, when every gift of it has been asked for.
    await home.house.pass(days(46) + hours(3));
    await home.house.pass(0);
    expect(await lastCharged()).toEqual({ last4: "4444", amount: 75_000 });
    expect(await charges()).toBe(1);

    await comeIn(page, email);
    expect(await page.textContent("#gifts")).toContain("$750.00");
    await page.click("text=Ver o cambiar");
    await page.waitForSelector("[data-occurrence][data-state=succeeded]");
    await seen(page, "gift-with-history");
    await page.click("a:text-is('Cancelar')");
    await page.waitForSelector("text=Cancelar mi ofrenda");
    await seen(page, "cancel");
    await page.click("text=Cancelar mi ofrenda");
    await page.waitForSelector("[data-status=canceled]");
    await seen(page, "canceled");
    await home.house.pass(days(62));
    await home.house.pass(0);
    expect(await charges()).toBe(1);
  });
});

describe("without script", () => {
  test("a monthly gift by card goes over the gateway's page, and so does its new card", async () => {
    const email = "sin.script@example.com";
    const page = await home.phone({ javaScriptEnabled: false });
    await page.goto(`/give/${church.slug}`);
    await page.check("input[name=frequency][value=monthly]");
    await page.check('input[name=amount][value="20000"]');
    await page.fill("input[name=name]", "José Díaz");
    await page.fill("input[name=email]", email);
    await page.fill("[name=starts_on]", "2027-06-30");
    await page.check("input[name=method][value=card]");
    await seen(page, "plain-form");
    await page.click("[data-submit]");
    await page.click("button[value=confirm]");
    await page.click("a.button.full");
    await page.fill("input[name=number]", "4242424242424242");
    await page.locator("form button").first().click();
    await page.waitForSelector("[data-status=active]");
    await comeIn(page, email);
    await page.click("text=Ver o cambiar");
    await page.click("text=Cambiar la forma de pago");
    await page.click("[data-method-choice=card] summary");
    await page.click("[data-method-choice=card] button.full");
    await page.click("a.button.full");
    await page.fill("input[name=number]", "5555555555554444");
    await page.locator("form button").first().click();
    await page.waitForSelector("text=desde ahora se usa");
    expect(await page.textContent("[data-method]")).toContain("4444");
  });
});

describe("a monthly reminder by OXXO", () => {
  test("says throughout that nothing is charged by itself, and its voucher is one tap away", async () => {
    const email = "oxxo.portal@example.com";
    const page = await home.phone();
    const start = new Date(home.house.clock.now().getTime() + days(10)).toISOString().slice(0, 10);
    await promise(page, { email, method: "oxxo", startsOn: start });
    await page.waitForSelector("[data-status=active]");
    expect(await page.textContent("main")).toContain("Nada se cobra solo");
    await seen(page, "oxxo-started");
    await home.house.pass(days(6) + hours(3));
    await home.house.pass(0);
    await comeIn(page, email);
    expect(await page.textContent("main")).toContain("Recordatorio");
    await page.click("text=Ver o cambiar");
    await seen(page, "oxxo-gift");
    await page.click("text=Pagar la del");
    await page.waitForSelector("[data-barcode]");
    await page.goto(`/portal/${church.slug}/me`);
    await seen(page, "me");
  });
});
