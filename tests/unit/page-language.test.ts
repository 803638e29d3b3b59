import { describe, expect, test } from "vitest";
import { amountText, dateText } from "../../src/kernel/format.ts";
import { money } from "../../src/kernel/money.ts";
import { readableBrandColor } from "../../src/kernel/readable-color.ts";
import { pageHeaders } from "../../src/pages/design/page-security.ts";
import { en } from "../../src/pages/i18n/en.ts";
import { es } from "../../src/pages/i18n/es.ts";
import { chooseLanguage, languages, localeFor, translator } from "../../src/pages/i18n/language.ts";

describe("the language of a page", () => {
  test.each([
    [{ asked: "en", accepted: "es", church: "es-MX" }, "en"],
    [{ asked: "xx", accepted: "fr, en;q=0.5, es;q=0.7" }, "es"],
    [{ accepted: "en-GB,en;q=0.9" }, "en"],
    [{ accepted: "es;q=0, fr", church: "en-US" }, "en"],
    [{ accepted: ";;;,q=,=", church: undefined }, "es"],
    [{}, "es"],
  ] as const)("%j is %s", (wishes, language) => {
    expect(chooseLanguage(wishes)).toBe(language);
  });

  test("every sentence has the same holes to fill in both languages", () => {
    const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
    const walk = (a: object, b: object, path: string): void => {
      expect(Object.keys(a).sort(), path).toEqual(Object.keys(b).sort());
      for (const [key, text] of Object.entries(a)) {
        const other: unknown = Reflect.get(b, key);
        if (typeof text === "string" && typeof other === "string") {
          expect(holes(other), `${path}.${key}`).toEqual(holes(text));
        } else if (typeof other === "object" && other !== null) walk(text, other, `${path}.${key}`);
      }
    };
    walk(es, en, "texts");
    for (const language of languages)
      expect(translator(language)("give.title", { church: "<b>" })).toContain("<b>");
  });

  test("amounts carry their ISO code and never break; dates are the church's day", () => {
    expect(amountText(money(50_000n, "MXN"), localeFor("en", "mx", "es-MX"))).toBe("$500.00\u00a0MXN");
    expect(amountText(money(2_500n, "USD"), localeFor("es", "us", "en-US"))).toMatch(/25.00\sUSD$/);
    const newYear = new Date("2027-01-01T05:30:00Z");
    expect(dateText(newYear, "es-MX", "America/Mexico_City")).toBe("31 de diciembre de 2026");
  });
});

describe("the look of a church", () => {
  test("its colour is darkened until white reads on it, and anything but a colour is dropped", () => {
    expect(readableBrandColor("#003366")).toBe("#003366");
    expect(readableBrandColor("#ffff00")).not.toBe("#ffff00");
    for (const bad of ["red", "#fff", "#12345g", "#000000;}body{", 5, undefined]) {
      expect(readableBrandColor(bad)).toBeUndefined();
    }
  });

  test("a page loads nothing from elsewhere unless a live gateway needs it", () => {
    const none = { scripts: [], frames: [], connections: [] };
    expect(pageHeaders("n", none)["content-security-policy"]).not.toContain("http");
    const policy = pageHeaders("n", { ...none, scripts: ["https://js.stripe.com"] })[
      "content-security-policy"
    ];
    expect(policy).toContain("script-src 'self' https://js.stripe.com 'nonce-n'");
  });
});
