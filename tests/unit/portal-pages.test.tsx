import { describe, expect, test } from "vitest";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { MandateAction } from "../../src/pages/checkout/mandate-action.tsx";
import { StartedPage } from "../../src/pages/checkout/started-page.tsx";
import { type Language, translator } from "../../src/pages/i18n/language.ts";
import { CancelPage } from "../../src/pages/portal/cancel-page.tsx";
import { changeValues } from "../../src/pages/portal/change-form.ts";
import { ChangeReviewPage } from "../../src/pages/portal/change-review-page.tsx";
import { doneNotice } from "../../src/pages/portal/done.ts";
import { HomePage } from "../../src/pages/portal/home-page.tsx";
import { LaterPage } from "../../src/pages/portal/later-page.tsx";
import { MethodPage } from "../../src/pages/portal/method-page.tsx";
import type { GiftsOfYear } from "../../src/pages/portal/my-gifts.ts";
import { portalLinks } from "../../src/pages/portal/portal-links.ts";
import type { Guest } from "../../src/pages/portal/portal-visit.ts";
import { RecurringPage } from "../../src/pages/portal/recurring-page.tsx";
import type { RecurringScene } from "../../src/pages/portal/recurring-parts.tsx";
import { RestartPage } from "../../src/pages/portal/restart-page.tsx";
import type { RecurringGift } from "../../src/recurring/recurring-gift.ts";
import { offered, offerIn } from "../support/offer.ts";
import { giftSample, mandateSample, occurrenceSample } from "../support/recurring-sample.ts";

/** What the portal says of a recurring gift, wherever it stands: a sentence for each, and the way out beside it. */
const at = new Date("2026-11-20T18:00:00Z");

function guestIn(country: string, language: Language = "en", testMode = true): Guest {
  const { church, country: profile } = offerIn(country);
  return {
    church,
    country: profile,
    frame: {
      t: translator(language),
      language,
      nonce: "n",
      testMode,
      brandColor: undefined,
      inLanguage: (other) => `?lang=${other}`,
    },
    language,
    locale: "en-MX",
    mode: "test",
    links: portalLinks(church.slug, language),
    word: "word",
    donorId: newId("donor"),
    session: "s",
  };
}

function sceneOf(gift: Partial<RecurringGift> = {}, change: Partial<RecurringScene> = {}): RecurringScene {
  const whole = giftSample(gift);
  return {
    guest: guestIn("mx"),
    gift: whole,
    id: whole.id,
    mandate: mandateSample(),
    nextMandate: undefined,
    nextDates: ["2026-12-05", "2027-01-05"],
    fundNames: new Map(),
    ...change,
  };
}

const htmlOf = async (page: unknown): Promise<string> => String(await page);
const textOf = async (page: unknown): Promise<string> =>
  (await htmlOf(page))
    .replace(/<(style|script)[\s\S]*?<\/\1>/g, " ")
    .replace(/<[^>]+>/g, " ")
    .replaceAll("&#39;", "'")
    .replace(/\s+/g, " ");
const t = translator("en");

describe("the page of a recurring gift", () => {
  const page = (scene: RecurringScene, more: Partial<Parameters<typeof RecurringPage>[0]> = {}) =>
    textOf(<RecurringPage scene={scene} history={[]} payNow={undefined} ownCode={undefined} {...more} />);

  test.each<[string, Partial<RecurringGift>, string]>([
    ["waits for the first permission", { status: "pending" }, t("portal.recurring.pending")],
    ["waits for another one", { nextMandateId: newId("mandate") }, t("portal.recurring.pending_method")],
    ["asleep", { status: "dormant" }, t("portal.recurring.dormant")],
    ["that failed lately", { failedPeriods: 2 }, t("portal.recurring.failed_periods", { count: 2 })],
    ["paused until a day", { status: "paused", resumesOn: "2027-02-01" }, "February 1, 2027"],
    ["that covers the fee", { coverFees: true }, t("portal.recurring.covers")],
    ["that never ends", {}, t("portal.recurring.ends_never")],
    ["that ends on a day", { ends: { kind: "on_date", date: "2027-03-01" } }, "March 1, 2027"],
    [
      "that ends after so many",
      { ends: { kind: "after_gifts", gifts: 3 } },
      t("portal.recurring.ends_gifts", { count: 3 }),
    ],
    ["that ends at a total", { ends: { kind: "at_total", amount: 600_000 } }, "$6,000.00"],
    ["that is complete", { status: "completed" }, t("portal.home.start_another")],
  ])("%s", async (_what, gift, says) => {
    expect(await page(sceneOf(gift))).toContain(says);
  });

  test("tells what is tried again, what came late, what waits, and what went wrong", async () => {
    const period = { gift: undefined, lateOn: undefined, waits: false };
    const history = [
      { ...period, occurrence: occurrenceSample({ state: "retrying", dueOn: "2026-11-05" }) },
      { ...period, lateOn: at, occurrence: occurrenceSample({ dueOn: "2026-10-05" }) },
      { ...period, waits: true, occurrence: occurrenceSample({ state: "collecting", dueOn: "2026-09-05" }) },
    ];
    const text = await page(sceneOf(), {
      history,
      fault: "It went wrong.",
      payNow: { url: "/pay", dueOn: "2026-11-05" },
    });
    expect(text).toContain("November 5, 2026 could not be charged");
    expect(text).toContain(t("portal.occurrence.waiting"));
    expect(text).toContain("November 20, 2026");
    expect(text).toContain("It went wrong.");
  });

  test("names each share where there are several, and the card's last month", async () => {
    const [one, two] = [newId("fund"), newId("fund")];
    const shares = [
      { fundId: one, amount: money(30_000n, "MXN") },
      { fundId: two, amount: money(20_000n, "MXN") },
    ];
    const mandate = mandateSample({ expiresOn: "2027-04" });
    const text = await page(sceneOf({ shares }, { mandate, fundNames: new Map([[one, "Missions"]]) }));
    expect(text).toContain("Missions · $300.00");
    expect(text).toContain(`${two} · $200.00`);
    expect(text).toContain("April 2027");
  });

  test.each<[Partial<RecurringGift>, Partial<RecurringScene>, readonly string[]]>([
    [{}, {}, ["change", "method", "later", "pause", "cancel"]],
    [{}, { nextDates: [] }, ["change", "method", "pause", "cancel"]],
    [{ status: "paused" }, {}, ["change", "method", "cancel", "resume"]],
    [{ status: "dormant" }, { mandate: undefined }, ["method", "cancel"]],
    [{ status: "dormant" }, {}, ["method", "cancel", "restart"]],
    [{ status: "dormant" }, { mandate: mandateSample({ endAskedAt: at }) }, ["method", "cancel"]],
    [{ status: "canceled", collection: "reminder" }, { mandate: undefined }, ["restart"]],
    [{ status: "pending" }, {}, ["cancel", "method"]],
    [{ status: "completed" }, {}, []],
  ])("%o offers nothing that would be refused", async (gift, change, rooms) => {
    const scene = sceneOf(gift, change);
    const html = await htmlOf(
      <RecurringPage scene={scene} history={[]} payNow={undefined} ownCode={undefined} />,
    );
    const offeredRooms = [...html.matchAll(/\/recurring\/[^/"?]+\/(\w+)\?/g)].map(([, room]) => room);
    expect(new Set(offeredRooms)).toEqual(new Set(rooms));
  });
});

describe("the portal's first page", () => {
  const none: GiftsOfYear = { years: [], year: "2026", gifts: [], totals: [], received: 0 };

  test("greets by name where there is one, and keeps apart what goes on and what is over", async () => {
    const recurring = [
      sceneOf(),
      sceneOf({ status: "canceled" }),
      sceneOf({ status: "paused", resumesOn: "2027-02-01" }),
    ];
    const text = await textOf(
      <HomePage guest={guestIn("mx")} name="Ana" recurring={recurring} gifts={none} />,
    );
    expect(text).toContain(t("portal.home.hello", { name: "Ana" }));
    expect(text).toContain(t("portal.home.ended"));
    expect(text).toContain("February 1, 2027");
    const nameless = await textOf(
      <HomePage guest={guestIn("mx")} name={undefined} recurring={[]} gifts={none} />,
    );
    expect(nameless).toContain(t("portal.home.hello_plain"));
    expect(nameless).toContain(t("portal.home.none"));
  });

  test("shows the years there are, the one it is on marked", async () => {
    const gifts = { ...none, years: ["2026", "2025"] };
    const html = await htmlOf(<HomePage guest={guestIn("mx")} name="Ana" recurring={[]} gifts={gifts} />);
    expect(
      [...html.matchAll(/year=(\d+)#gifts"( aria-current="page")?/g)].map(([, year, here]) => [
        year,
        here !== undefined,
      ]),
    ).toEqual([
      ["2026", true],
      ["2025", false],
    ]);
  });
});

describe("leaving one out", () => {
  const page = (next: Parameters<typeof LaterPage>[0]["next"], nextDates: readonly string[]) =>
    textOf(<LaterPage scene={sceneOf({}, { nextDates })} next={next} />);

  test.each<[string, Parameters<typeof LaterPage>[0]["next"], readonly string[], string, boolean]>([
    [
      "the usual",
      { dueOn: "2026-12-05", canPutOff: true },
      ["2026-12-05", "2027-01-05"],
      "January 5, 2027",
      true,
    ],
    ["the last", { dueOn: "2026-12-05", canPutOff: true }, ["2026-12-05"], t("portal.later.skip_last"), true],
    ["announced already", { dueOn: "2026-12-05", canPutOff: false }, [], t("portal.later.skip_last"), false],
    ["weekly", { dueOn: "2026-12-05", canPutOff: true }, ["2026-12-12"], "December 8, 2026", true],
    ["none to come", undefined, [], t("portal.errors.not_now"), false],
  ])("%s", async (_what, next, dates, says, canWait) => {
    const text = await page(next, dates);
    expect(text).toContain(says);
    expect(text.includes(t("portal.later.snooze_text", { count: 3 }))).toBe(canWait);
  });
});

describe("the way it is paid", () => {
  const page = (scene: RecurringScene, choices: Parameters<typeof MethodPage>[0]["choices"]) =>
    htmlOf(<MethodPage scene={scene} together={1} choices={choices} carried={[["amount", "5"]]} />);
  const agreement = { text: "I agree to be charged", version: "1", ceiling: money(1n, "MXN") };
  const wallet = offered("mx", "apple_pay");

  test("is chosen with the words that are agreed to; wallets are marked where they are real", async () => {
    const pulling = [
      { method: offered("mx", "card"), agreement },
      { method: wallet, agreement },
    ];
    const choices = { pulling, reminding: [] };
    const html = await page({ ...sceneOf(), guest: guestIn("mx", "en", false) }, choices);
    expect(html).toContain("I agree to be charged");
    expect(html).toContain('data-wallet="apple_pay"');
    expect(await page(sceneOf(), choices)).not.toContain("data-wallet=");
  });

  test("without any says so, and without a permission says no card's name", async () => {
    const html = await page(sceneOf({ mandateId: undefined }), { pulling: [], reminding: [] });
    expect(html).toContain(t("portal.method.none", { church: "Iglesia Luz" }));
    expect(html).toContain(t("portal.method.lead_plain"));
  });

  test.each([
    [undefined, ""],
    [{ type: "redirect", url: "https://bank.test/yes" }, "https://bank.test/yes"],
    [{ type: "use_sdk", clientToken: "secret", publishableKey: "pk" }, t("portal.method.save")],
    [{ type: "display_qr", payload: "00020126" }, t("portal.method.said_yes")],
    [{ type: "none" }, t("often.started.waiting")],
  ] as const)("the last step %o", async (action, says) => {
    const mandate = mandateSample({ action: action as never, country: "br", method: "pix_automatico" });
    const html = await htmlOf(
      <MandateAction
        visit={guestIn("br")}
        country={guestIn("br").country}
        label="Iglesia Luz"
        mandate={mandate}
        back="/back"
        script={undefined}
      />,
    );
    expect(html).toContain(says);
    expect(html === "").toBe(says === "");
  });
});

describe("what was done is said", () => {
  test.each([
    ["paused", {}, t("portal.done.paused")],
    ["method", {}, t("portal.done.method", { method: "Credit or debit card · visa 4242" })],
    ["method", { nextMandate: mandateSample() }, t("portal.done.method_waiting")],
    ["anything else", {}, undefined],
    [undefined, {}, undefined],
  ])("%s", (word, change, says) => {
    expect(doneNotice(word, sceneOf({}, change))).toBe(says);
  });

  test.each([
    ["active", true],
    ["paused", false],
  ] as const)(
    "before it is canceled something gentler is offered to one that is %s: %s",
    async (status, is) => {
      const text = await textOf(<CancelPage scene={sceneOf({ status })} />);
      expect(text.includes(t("portal.cancel.instead"))).toBe(is);
    },
  );
});

describe("a change before it is made", () => {
  const terms = (amount: number, allocations: { fund: string; amount: number }[], next_dates: string[]) => ({
    amount: { amount, currency: "MXN" },
    allocations,
    cover_fees: false,
    frequency: { cadence: "monthly" as const },
    frequency_text: "",
    ends: { kind: "never" as const },
    next_dates,
  });

  test.each([[undefined], ["/portal/luz/method"]])(
    "is shown beside what is, with %s to go to",
    async (authorize) => {
      const scene = sceneOf();
      const fund = { fund: "roof", amount: 30_000 };
      const preview = {
        before: terms(50_000, [], []),
        after: terms(60_000, [fund, fund], ["2026-12-07"]),
        next: ["2026-12-07"],
        needsMandate: undefined,
      };
      const values = changeValues(scene.gift, offerIn("mx"));
      const html = await htmlOf(
        <ChangeReviewPage scene={scene} values={values} preview={preview} authorize={authorize} />,
      );
      expect(html).toMatch(/\$500\.00\sMXN, every month, on the 5th/);
      expect(html).toMatch(/\$600\.00\sMXN, every month, on the 7th/);
      expect(html).toContain("roof");
      expect(html.includes('value="confirm"')).toBe(authorize === undefined);
    },
  );
});

describe("pages without a visit", () => {
  const viewOf = (gift: Partial<RecurringGift>, mandate = mandateSample()) => ({
    gift: giftSample(gift),
    mandate,
    nextMandate: undefined,
    progress: { gifts: 0, totalMinor: 0n, unsettled: 0 },
  });

  test.each<[Partial<RecurringGift>, boolean, string, boolean]>([
    [{ status: "dormant" }, false, t("portal.restart.submit"), true],
    [{ status: "active" }, false, t("portal.restart.done"), false],
    [{ status: "canceled" }, true, t("portal.restart.gone"), false],
  ])("a restart link on %o", async (gift, isOver, says, canStart) => {
    const html = await htmlOf(
      <RestartPage caller={guestIn("mx")} view={viewOf(gift)} token="tok" isOver={isOver} />,
    );
    expect(html).toContain(says);
    expect(html.includes('<form method="post"')).toBe(canStart);
  });

  test.each<[Partial<RecurringGift>, ReturnType<typeof mandateSample>, string]>([
    [
      { status: "pending" },
      mandateSample({ state: "action_required", action: { type: "redirect", url: "https://bank.test" } }),
      t("often.started.pending_title"),
    ],
    [{ status: "pending" }, mandateSample({ state: "pending" }), t("often.started.waiting_title")],
    [{ status: "canceled" }, mandateSample(), t("often.started.over_title")],
    [{ status: "active" }, mandateSample(), t("often.started.manage")],
  ])("the thanks of %o", async (gift, mandate, says) => {
    const { church, country } = guestIn("mx");
    const links = { back: "/back", portal: "/portal", another: "/give" } as never;
    const html = await htmlOf(
      <StartedPage
        visit={guestIn("mx")}
        found={{ church, country }}
        view={viewOf(gift, mandate)}
        links={links}
        publicUrl="https://give.test"
        script={undefined}
      />,
    );
    expect(html).toContain(says);
  });
});
