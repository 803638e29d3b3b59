import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type BrowserHouse,
  expectNoSidewaysScroll,
  fillForm,
  openBrowserHouse,
  send,
} from "../support/browser-house.ts";
import type { HouseChurch } from "../support/house.ts";

let home: BrowserHouse;
let church: HouseChurch;

beforeAll(async () => {
  home = await openBrowserHouse();
  church = await home.church("mx");
});

const form = () => `/give/${church.slug}`;

async function donations(of: HouseChurch): Promise<number> {
  const { body } = await home.house.ask(of, "GET", "/v1/donations?limit=100");
  return Array.isArray(body.data) ? body.data.length : -1;
}

describe("one press, one gift", () => {
  test("a double click makes one donation", async () => {
    const own = await home.church("mx");
    const page = await home.phone();
    await page.goto(`/give/${own.slug}`);
    await fillForm(page, { method: "oxxo" });
    await page.dblclick("[data-submit]");
    await page.waitForURL(/\/gifts\/don_/);
    expect(await donations(own)).toBe(1);
  });

  test("without script the same form sent three times at once makes one donation and one page", async () => {
    const own = await home.church("mx");
    const page = await home.phone({ javaScriptEnabled: false });
    await page.goto(`/give/${own.slug}`);
    const key = await page.inputValue("input[name=key]");
    const data = {
      key,
      amount: "50000",
      fund: "general",
      method: "oxxo",
      name: "Ana",
      email: "ana@example.com",
    };
    const sent = await Promise.all(
      [1, 2, 3].map(() => page.request.post(`/give/${own.slug}`, { form: data, maxRedirects: 0 })),
    );
    expect(sent.map((answer) => answer.status())).toEqual([303, 303, 303]);
    expect(new Set(sent.map((answer) => answer.headers().location)).size).toBe(1);
    expect(await donations(own)).toBe(1);
  });

  test("going back and giving another amount asks once more before it makes a second gift", async () => {
    const own = await home.church("mx");
    const page = await home.phone({ javaScriptEnabled: false });
    await page.goto(`/give/${own.slug}`);
    await fillForm(page, { method: "oxxo", email: "back@example.com" });
    await send(page);
    await page.goBack();
    await page.check('input[name=amount][value="20000"]');
    await page.click("button[type=submit].full");
    expect(await page.textContent(".summary")).toContain("ya empezaste una ofrenda");
    expect(await donations(own)).toBe(1);
    await send(page);
    expect(await donations(own)).toBe(2);
  });
});

describe("what the donor typed survives its errors", () => {
  test.each([true, false])("script on: %s", async (script) => {
    const page = await home.phone({ javaScriptEnabled: script });
    await page.goto(form());
    await page.check("#amount-other");
    await page.fill("#amount-typed", "1.500");
    await page.fill("input[name=name]", "José <Ñandú> & Cía");
    await page.fill("input[name=email]", "jose@");
    await page.check("input[name=method][value=spei]");
    await page.check("input[name=cover_fees]");
    await page.check("input[name=anonymous]");
    await page.fill("textarea[name=note]", "Para </textarea> la obra");
    await page.click("button[type=submit].full");
    await page.waitForSelector(".summary");
    expect(await page.textContent(".summary")).toContain("¿Quisiste escribir 1500 o 1.50?");
    expect(await page.textContent(".summary")).toContain("nombre@ejemplo.com");
    expect(await page.inputValue("#amount-typed")).toBe("1.500");
    expect(await page.inputValue("input[name=name]")).toBe("José <Ñandú> & Cía");
    expect(await page.inputValue("input[name=email]")).toBe("jose@");
    expect(await page.inputValue("textarea[name=note]")).toBe("Para </textarea> la obra");
    for (const name of ["cover_fees", "anonymous"])
      expect(await page.isChecked(`input[name=${name}]`)).toBe(true);
    expect(await page.isChecked("input[name=method][value=spei]")).toBe(true);
    await expectNoSidewaysScroll(page);
    // The summary leads to the field, and the field names its error to a screen reader.
    await page.click(".summary a[href='#f-email']");
    expect(await page.evaluate(() => location.hash)).toBe("#f-email");
    expect(await page.getAttribute("#f-email", "aria-invalid")).toBe("true");
    expect(await page.textContent(`#${await page.getAttribute("#f-email", "aria-describedby")}`)).toContain(
      "@",
    );
    await page.fill("#amount-typed", "1500");
    await page.fill("input[name=email]", "jose@example.com");
    await send(page);
    expect(await page.textContent("main")).toContain("1,500.00");
  });

  test("an amount chosen and another typed is asked about, never guessed", async () => {
    const page = await home.phone({ javaScriptEnabled: false });
    await page.goto(form());
    await fillForm(page, { method: "oxxo", typed: "75" });
    await page.check('input[name=amount][value="50000"]');
    await page.click("button[type=submit].full");
    expect(await page.textContent(".summary")).toMatch(/Escribiste 75 pero elegiste \$500\.00\sMXN/);
  });

  test("more than OXXO takes is refused with the limit and keeps the method", async () => {
    const page = await home.phone();
    await page.goto(form());
    await fillForm(page, { method: "oxxo", typed: "10000.01" });
    await page.waitForSelector("[data-outside=oxxo]:not([hidden])");
    await page.click("[data-submit]");
    await page.waitForSelector(".summary");
    expect(await page.textContent(".summary")).toMatch(/máximo es \$10,000\.00\sMXN/);
    expect(await page.isChecked("input[name=method][value=oxxo]")).toBe(true);
  });
});

describe("covering the fee", () => {
  test("is off at first, exact, follows method and amount, and is what the gift's page charges", async () => {
    const page = await home.phone();
    await page.goto(form());
    expect(await page.isChecked("input[name=cover_fees]")).toBe(false);
    await fillForm(page, { method: "card" });
    const card = await coverSentence(page, /Se suman/);
    await page.check("input[name=method][value=spei]");
    const spei = await coverSentence(page, /Se suman \$8\.12/);
    expect(spei).not.toBe(card);
    await page.check('input[name=amount][value="20000"]');
    await page.check("input[name=method][value=oxxo]");
    await page.check("input[name=cover_fees]");
    const promised = /pagas (\$[\d.,]+)/.exec(await coverSentence(page, /llegan \$200\.00/))?.[1] ?? "?";
    await page.waitForFunction(
      (total) => document.querySelector("[data-submit]")?.textContent?.includes(total),
      promised,
    );
    await send(page);
    expect(await page.textContent(".big")).toContain(promised);
  });

  async function coverSentence(page: Page, like: RegExp): Promise<string> {
    await expect.poll(() => page.textContent("[data-cover]")).toMatch(like);
    return (await page.textContent("[data-cover]")) ?? "";
  }
});

describe("languages and links", () => {
  test("the browser's language, then ?lang=, and the switch", async () => {
    const page = await home.phone({ language: "en-US" });
    await page.goto(form());
    expect(await page.textContent("h1")).toContain("Give to");
    await page.goto(`${form()}?lang=es&amount=350.5&fund=missions&frequency=monthly&campaign=easter`);
    expect(await page.textContent("h1")).toContain("Dar a");
    expect(await page.inputValue("#amount-typed")).toBe("350.50");
    expect(await page.inputValue("select[name=fund]")).toBe("missions");
    await page.click("header a[hreflang=en]");
    expect(await page.textContent("h1")).toContain("Give to");
    expect(await page.inputValue("#amount-typed")).toBe("350.50");
  });

  test("a currency the church does not take is said, not obeyed", async () => {
    const page = await home.phone();
    await page.goto(`${form()}?amount=20&currency=USD`);
    expect(await page.textContent(".notice")).toContain("MXN");
  });

  test("a gift split over two funds shows both; a sum that does not fit is refused", async () => {
    const page = await home.phone();
    await page.goto(form());
    await fillForm(page, { method: "oxxo" });
    await page.check("#split");
    await page.fill("#f-part_general", "300");
    await page.fill("#f-part_missions", "100");
    await expect.poll(() => page.textContent("[data-split-left]")).toMatch(/Falta repartir \$100\.00/);
    await page.click("[data-submit]");
    await page.waitForSelector(".summary");
    expect(await page.textContent(".summary")).toMatch(/suma \$400\.00.+\$500\.00/);
    await page.fill("#f-part_missions", "200");
    await send(page);
    expect(await page.textContent("main")).toMatch(/\$300\.00[\s\S]+Misiones · \$200\.00/);
  });

  test("a wrong church and a wrong token answer a plain page with 404", async () => {
    const page = await home.phone();
    await page.goto(form());
    await fillForm(page, { method: "oxxo" });
    await send(page);
    const gift = new URL(page.url());
    gift.searchParams.set("t", "AAAAAAAAAAAAAAAAAAAAAA");
    for (const path of ["/give/nobody-here", gift.href, gift.href.replace("?", "/status.json?")]) {
      expect((await page.request.get(path)).status()).toBe(404);
    }
  });
});

describe("for everyone, and safely", () => {
  test("every control has a name, no card field is ours, and no script is inline", async () => {
    const page = await home.phone();
    const answer = await page.goto(form());
    const unnamed = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLInputElement>("input:not([type=hidden]),select,textarea")]
        .filter((control) => !control.labels?.length && !control.getAttribute("aria-label"))
        .map((control) => control.name),
    );
    expect(unnamed).toEqual([]);
    expect(await page.locator("[autocomplete^=cc-]").count()).toBe(0);
    expect(await page.locator("script:not([src])").count()).toBe(0);
    const policy = answer?.headers()["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    expect(policy).not.toContain("stripe.com");
    expect(answer?.headers()["referrer-policy"]).toBe("no-referrer");
  });

  test("targets a finger can hit: nothing pressed is lower than 44 px", async () => {
    const page = await home.phone();
    await page.goto(form());
    const low = await page.evaluate(() =>
      [
        ...document.querySelectorAll(
          "button, .chip, .choice, .check, select, input:not([type=hidden],[type=radio],[type=checkbox])",
        ),
      ]
        .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
        .map((element) => element.outerHTML.slice(0, 80)),
    );
    expect(low).toEqual([]);
  });
});
