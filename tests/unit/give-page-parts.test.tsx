import { Hono } from "hono";
import { describe, expect, test } from "vitest";
import { type HonoEnv, ProblemError } from "../../src/http/context.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { AmountFields, FundFields } from "../../src/pages/checkout/gift-fields.tsx";
import type { Offer } from "../../src/pages/checkout/offer.ts";
import { prefilled } from "../../src/pages/checkout/prefill.ts";
import { failedPage } from "../../src/pages/checkout/problem-page.tsx";
import { translator } from "../../src/pages/i18n/language.ts";
import { offerIn } from "../support/offer.ts";

/** Parts of the giving page in churches that are not the usual one, and the page of what went wrong. */
const t = translator("en");
const htmlOf = async (part: unknown): Promise<string> => String(await part);
const partsOf = (offer: Offer) => ({ offer, values: prefilled({}, offer, "2026-11-20"), faults: [], t });

describe("what a gift is for", () => {
  test.each([
    [[], 'value=""', false],
    [["general"], 'value="general"', false],
    [["general", "missions"], "The missions fund", true],
  ])("in a church of the funds %o", async (funds, says, choice) => {
    const html = await htmlOf(<FundFields {...partsOf(offerIn("mx", { funds }))} />);
    expect(html).toContain(says);
    expect(html.includes("<select")).toBe(choice);
  });
});

describe("suggested amounts", () => {
  test("are shown whole where they are, and with their cents where they are not", async () => {
    const suggestedAmounts = [10_000n, 12_550n];
    const html = await htmlOf(<AmountFields {...partsOf({ ...offerIn("mx"), suggestedAmounts })} />);
    expect(html).toMatch(/\$100[^.0-9]/);
    expect(html).toContain("125.50");
  });
});

describe("what went wrong behind a page", () => {
  const answered = async (error: Error) => {
    const logged: string[] = [];
    const app = new Hono<HonoEnv>();
    app.use(async (c, next) => {
      c.set("deps", { config: { sandbox: false } } as never);
      c.set("log", { ...silentLog, error: (_: object, sentence: string) => logged.push(sentence) } as never);
      c.set("requestId", "req_1");
      await next();
    });
    app.get("/", () => {
      throw error;
    });
    app.onError(failedPage);
    const answer = await app.request("/?lang=en");
    return { status: answer.status, text: await answer.text(), logged };
  };

  test("is said to have been us, with the number to ask by, and is logged", async () => {
    const { status, text, logged } = await answered(new Error("secret detail"));
    expect([status, logged]).toEqual([500, ["page failed"]]);
    expect(text).toContain("req_1");
    expect(text).not.toContain("secret detail");
  });

  test("because there is no such thing is no fault", async () => {
    const { status, logged } = await answered(new ProblemError({ code: "not_found", detail: "x" }));
    expect([status, logged]).toEqual([404, []]);
  });

  test("because there is too much to do is said, and not logged once more", async () => {
    const { status, text, logged } = await answered(new ProblemError({ code: "overloaded", detail: "x" }));
    expect([status, logged]).toEqual([503, []]);
    expect(text).toContain(t("errors.busy"));
  });

  test("by another refusal is a fault of ours", async () => {
    const { status, logged } = await answered(new ProblemError({ code: "conflict", detail: "x" }));
    expect([status, logged]).toEqual([500, ["page failed"]]);
  });
});
