import { beforeAll, describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { parseId, uuidOf } from "../../src/kernel/ids.ts";
import { restartUrl } from "../../src/recurring/recurring-page-url.ts";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";
import { comeIn, hiddenOf, type Visitor, visitorOf } from "../support/portal.ts";

let house: House;
let church: HouseChurch;
beforeAll(async () => {
  // A Friday, nine in the morning in Mexico.
  house = await openHouse({ wire: "in_process" });
  church = await house.church("mx");
});

let made = 0;
const newEmail = () => `luz.${++made}@example.org`;
const form = {
  amount: "50000",
  fund: "general",
  method: "oxxo",
  name: "Luz Peña",
  frequency: "monthly",
  starts_on: "2026-12-05",
};

/** Fills the giving form for a recurring gift and sends it: the review. */
async function review(fields: Record<string, string>) {
  const visitor = visitorOf(house.app);
  await visitor.get(`/give/${church.slug}`);
  const shown = await visitor.send(`/give/${church.slug}`, { ...form, ...fields });
  return { visitor, shown };
}

/** Starts a reminder plan through the page, and comes in: the visitor, and the address of the gift's page. */
async function started(fields: Record<string, string> = {}) {
  const email = newEmail();
  const { visitor: giver } = await review({ email, ...fields });
  const thanks = await giver.send(`/give/${church.slug}`, { step: "confirm" });
  const id = /data-recurring="(rcg_\w+)"/.exec(thanks.text)?.[1] ?? "";
  const { visitor } = await comeIn(house.app, church, email);
  return { visitor, id, page: `/portal/${church.slug}/recurring/${id}`, email, thanks };
}

const dates = (text: string) => [...text.matchAll(/<time datetime="([\d-]+)"/g)].map((match) => match[1]);
const read = async (id: string) => (await house.ask(church, "GET", `/v1/recurring-gifts/${id}`)).body;

describe("starting on the giving page", () => {
  test("shows what is about to be promised with its next four dates, and starts it only when confirmed", async () => {
    const email = newEmail();
    const { visitor, shown } = await review({ email });
    expect(shown.status, shown.text).toBe(200);
    expect(shown.text).toMatch(/Remind me to give \$500\.00\sMXN: every month, on the 5th/);
    expect(shown.text).toContain("nothing is charged by itself");
    expect(dates(shown.text)).toEqual(["2026-12-05", "2027-01-05", "2027-02-05", "2027-03-05"]);
    const none = await house.ask(church, "GET", "/v1/recurring-gifts?limit=100");
    expect(JSON.stringify(none.body)).not.toContain("2026-12-05");
    const thanks = await visitor.send(`/give/${church.slug}`, { step: "confirm" });
    expect(thanks.text).toContain("Thank you for your gift");
    expect(dates(thanks.text)).toEqual(["2026-12-05", "2027-01-05", "2027-02-05", "2027-03-05"]);
    expect(thanks.text).toContain(`/portal/${church.slug}`);
  });

  test("confirming twice is one promise", async () => {
    const { visitor, shown } = await review({ email: newEmail() });
    const fields = { ...hiddenOf(shown.text), step: "confirm" };
    const [one, two] = await Promise.all([
      visitor.post(`/give/${church.slug}`, fields),
      visitor.post(`/give/${church.slug}`, fields),
    ]);
    expect(one.status).toBe(303);
    expect(two.location).toBe(one.location);
  });

  test("correcting brings the form back as it was typed", async () => {
    const { visitor } = await review({ email: newEmail(), amount: "other", amount_other: "321.50" });
    const again = await visitor.send(`/give/${church.slug}`, { step: "edit" });
    expect(again.text).toContain('value="321.50"');
    expect(again.text).toMatch(/value="monthly"[^>]*checked/);
  });

  test.each([
    ["a first date that has passed", { starts_on: "2026-11-19" }, "Choose a date from today on"],
    ["a day there is not", { starts_on: "2027-02-30" }, "Choose a date from today on"],
    ["a date years ahead", { starts_on: "2029-01-01" }, "Choose a date from today on"],
    ["no e-mail", { email: "" }, "there we tell you of each date"],
    ["a rhythm nobody offers", { frequency: "hourly" }, "Choose how often"],
  ])("%s is said at its place, and nothing is started", async (_, fields, sentence) => {
    const { shown } = await review({ email: newEmail(), ...fields });
    expect(shown.status).toBe(422);
    expect(shown.text).toContain(sentence);
  });

  test("a gift given once is as it always was", async () => {
    const { shown } = await review({ email: newEmail(), frequency: "once" });
    expect(shown.text).toContain("data-gift=");
  });

  test("another's link to the page of thanks shows nothing", async () => {
    const { id } = await started();
    const visitor = visitorOf(house.app);
    expect((await visitor.get(`/give/${church.slug}/recurring/${id}?t=guess`)).status).toBe(404);
  });
});

describe("on the gift's own page a donor", () => {
  test("sees what it is, that it is a reminder, and its next dates", async () => {
    const { visitor, page } = await started();
    const shown = await visitor.get(page);
    expect(shown.text).toContain("every month, on the 5th");
    expect(shown.text).toContain("Nothing is charged by itself");
    expect(dates(shown.text)).toEqual(["2026-12-05", "2027-01-05", "2027-02-05", "2027-03-05"]);
    expect((await visitor.get(`/portal/${church.slug}`)).text).toContain(page);
  });

  test("skips the next date, which is named, and a second press of the same button skips no other", async () => {
    const { visitor, id, page } = await started();
    const shown = await visitor.get(`${page}/later`);
    expect(shown.text).toContain("Skip the one of Saturday");
    const fields = { ...hiddenOf(shown.text), days: "skip" };
    const presses = await Promise.all([1, 2].map(() => visitor.post(`${page}/later`, fields)));
    const [first, second] = presses.sort((one, two) => one.status - two.status);
    expect(first?.location).toContain("done=skipped");
    expect(second?.status).toBe(422);
    expect(second?.text).toContain("has just changed elsewhere");
    expect(await read(id)).toMatchObject({ next_due_on: "2027-01-05" });
    expect((await visitor.get(page)).text).toContain("Skipped");
  });

  test("puts the next date off by three or seven days; the ones after stay", async () => {
    const { visitor, id, page } = await started();
    await visitor.get(`${page}/later`);
    expect((await visitor.send(`${page}/later`, { days: "7" })).text).toContain("we postponed it");
    expect(await read(id)).toMatchObject({
      next_dates: ["2026-12-12", "2027-01-05", "2027-02-05", "2027-03-05"],
    });
    await visitor.get(`${page}/later`);
    expect((await visitor.send(`${page}/later`, { days: "5" })).status).toBe(422);
  });

  test("pauses for one to twelve months with the date shown, and goes on when they like", async () => {
    const { visitor, id, page } = await started();
    const shown = await visitor.get(`${page}/pause`);
    expect(shown.text).toMatch(/3 months, until (20 Feb 2027|Feb 20, 2027)/);
    for (const months of ["0", "13", "for ever", ""]) {
      await visitor.get(`${page}/pause`);
      expect((await visitor.send(`${page}/pause`, { months })).status).toBe(422);
    }
    await visitor.get(`${page}/pause`);
    expect((await visitor.send(`${page}/pause`, { months: "3" })).text).toContain("your gift is paused");
    expect(await read(id)).toMatchObject({ status: "paused", resumes_on: "2027-02-20" });
    expect((await visitor.send(`${page}/resume`)).text).toContain("your gift goes on");
    expect(await read(id)).toMatchObject({ status: "active", next_due_on: "2026-12-05" });
  });

  test("changes amount and day in place, with the next four dates before confirming", async () => {
    const { visitor, id, page } = await started();
    await visitor.get(`${page}/change`);
    const wish = { amount_other: "750", fund: "general", frequency: "monthly", month_day: "1.7" };
    const preview = await visitor.send(`${page}/change`, wish);
    expect(preview.text).toContain("Nothing has changed yet");
    expect(preview.text).toContain("on the first Sunday");
    expect(dates(preview.text)).toEqual(["2026-12-06", "2027-01-03", "2027-02-07", "2027-03-07"]);
    expect(await read(id)).toMatchObject({ amount: { amount: 50_000 } });
    const done = await visitor.send(`${page}/change`, { step: "confirm" });
    expect(done.text).toContain("your gift has changed");
    expect(await read(id)).toMatchObject({ amount: { amount: 75_000 }, next_due_on: "2026-12-06" });
  });

  test("splits it over funds, and is told where the parts do not add up", async () => {
    const { visitor, id, page } = await started();
    await visitor.get(`${page}/change`);
    const wish = {
      amount_other: "500",
      split: "1",
      frequency: "monthly",
      month_day: "5",
      part_general: "300",
    };
    const wrong = await visitor.send(`${page}/change`, { ...wish, part_missions: "100" });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("The parts add up to");
    await visitor.get(`${page}/change`);
    await visitor.send(`${page}/change`, { ...wish, part_missions: "200" });
    await visitor.send(`${page}/change`, { step: "confirm" });
    const { allocations } = await read(id);
    expect(allocations).toMatchObject([{ amount: 30_000 }, { amount: 20_000 }]);
  });

  test("who changes nothing is told so", async () => {
    const { visitor, page } = await started();
    await visitor.get(`${page}/change`);
    const same = { amount_other: "500", fund: "general", frequency: "monthly", month_day: "5" };
    const shown = await visitor.send(`${page}/change`, same);
    expect(shown.status).toBe(422);
    expect(shown.text).toContain("You changed nothing");
  });

  test("cancels in two taps, and takes it up again with one", async () => {
    const { visitor, id, page } = await started();
    const gift = await visitor.get(page);
    expect(gift.text).toContain(`${page}/cancel`);
    const shown = await visitor.get(`${page}/cancel`);
    expect(shown.text).toContain("Give less");
    expect((await visitor.send(`${page}/cancel`)).text).toContain("we canceled your gift");
    expect(await read(id)).toMatchObject({ status: "canceled", canceled_by: "donor" });
    expect((await visitor.send(`${page}/restart`)).text).toContain("your gift goes on");
    expect(await read(id)).toMatchObject({ status: "active" });
  });
});

describe("a gift that is charged by itself", () => {
  /** Starts one with a saved card by API, and comes in as its donor. */
  async function charged() {
    const email = newEmail();
    const made = await house.ask(church, "POST", "/v1/recurring-gifts", {
      amount: 50_000,
      currency: "MXN",
      country: "mx",
      payment_method: { type: "card", presentation: "token", token: "pm_card_visa" },
      donor: { email, name: "Luz Peña" },
      frequency: "monthly",
      starts_on: "2026-12-05",
    });
    expect(made.body, JSON.stringify(made.body)).toMatchObject({ status: "active", collection: "automatic" });
    const { visitor } = await comeIn(house.app, church, email);
    const id = String(made.body.id);
    return { visitor, id, page: `/portal/${church.slug}/recurring/${id}` };
  }

  test("raised above what was authorized needs a new permission, and the raise rides along with it", async () => {
    const { visitor, id, page } = await charged();
    await visitor.get(`${page}/change`);
    const wish = { amount_other: "5000", fund: "general", frequency: "monthly", month_day: "5" };
    const preview = await visitor.send(`${page}/change`, wish);
    expect(preview.text).toContain("beyond what you authorized");
    expect(preview.text).not.toContain("Confirm the change");
    const authorize = /href="([^"]+method[^"]*amount=500000[^"]*)"/.exec(preview.text)?.[1] ?? "";
    const choice = await visitor.get(authorize.replaceAll("&amp;", "&"));
    expect(choice.text).toMatch(/up to \$10,000\.00\sMXN/);
    const asked = await visitor.send(`${page}/method`);
    expect(asked.text).toContain("Continue on the secure page");
    expect(await read(id)).toMatchObject({
      amount: { amount: 50_000 },
      next_mandate: { state: "action_required" },
    });
  });

  test("an agreement that is not the one shown is not taken", async () => {
    const { visitor, id, page } = await charged();
    await visitor.get(`${page}/method`);
    const shown = await visitor.send(`${page}/method`, { agreement: "I agree to anything" });
    expect(shown.status).toBe(422);
    expect(await read(id)).toMatchObject({ next_mandate: null });
  });

  test("canceled, offers a new one and not to go on: the card was let go", async () => {
    const { visitor, page } = await charged();
    await visitor.get(`${page}/cancel`);
    const shown = await visitor.send(`${page}/cancel`);
    expect(shown.text).toContain("we canceled your gift");
    expect(shown.text).toContain("Start another");
    expect(shown.text).not.toContain("Go on with my gift");
  });
});

describe("nobody reaches another's gift", () => {
  const rooms = ["", "/pause", "/later", "/change", "/method", "/cancel"];
  const acts = ["/pause", "/resume", "/later", "/change", "/method", "/cancel", "/restart"];

  async function expectNothing(visitor: Visitor, page: string) {
    for (const room of rooms) expect((await visitor.get(`${page}${room}`)).status, room).toBe(404);
    for (const room of acts) {
      await visitor.get(page.replace(/\/recurring.*/, ""));
      expect((await visitor.send(`${page}${room}`, { months: "3", days: "skip" })).status, room).toBe(404);
    }
  }

  test("another donor of the church, nor one of another church", async () => {
    const mine = await started();
    const theirs = await started();
    await expectNothing(theirs.visitor, mine.page);
    const other = await house.church("mx");
    const email = newEmail();
    await house.ask(other, "POST", "/v1/donors", { email, name: "Eva" });
    const { visitor } = await comeIn(house.app, other, email);
    await expectNothing(visitor, mine.page.replace(church.slug, other.slug));
    expect(await read(mine.id)).toMatchObject({ status: "active", next_due_on: "2026-12-05" });
  });

  test("who did not come in is led to the door, and a form from elsewhere does nothing", async () => {
    const { visitor, id, page } = await started();
    const stranger = visitorOf(house.app);
    expect((await stranger.get(page)).location).toContain("said=ended");
    expect((await stranger.post(`${page}/cancel`, {})).location).toContain("said=ended");
    expect((await visitor.post(`${page}/cancel`, { word: "guess" })).location).toContain("said=stale");
    expect(await read(id)).toMatchObject({ status: "active" });
  });
});

describe("the link in the message that a gift has stopped", () => {
  const stopped = async () => {
    const plan = await started();
    const id = present(parseId("recurringGift", plan.id), "an id of ours");
    await house.database.superuser`
      update recurring_gifts set status = 'dormant', failed_periods = 3, next_open_at = null where id = ${uuidOf(id)}`;
    const link = await house.app.deps.db.inChurch(church.churchId, (tx) =>
      restartUrl(house.app.deps, tx, church.churchId, church.slug, id),
    );
    return { ...plan, link };
  };

  test("lets it go on with one tap, from any browser; opening it does nothing", async () => {
    const { id, link } = await stopped();
    const visitor = visitorOf(house.app);
    expect((await visitor.get(link)).text).toContain("Go on with my gift");
    expect(await read(id)).toMatchObject({ status: "dormant" });
    expect((await visitor.post(link, {})).text).toContain("your gift goes on");
    expect(await read(id)).toMatchObject({ status: "active", failed_periods: 0, next_due_on: "2026-12-05" });
    // Pressed once more it is as it was.
    expect((await visitor.post(link, {})).text).toContain("your gift goes on");
  });

  test("opens nothing else: no other gift, no portal, and no page of thanks", async () => {
    const { id, link } = await stopped();
    const other = await stopped();
    const visitor = visitorOf(house.app);
    expect((await visitor.post(link.replace(id, other.id), {})).status).toBe(404);
    expect(await read(other.id)).toMatchObject({ status: "dormant" });
    const token = new URL(link).searchParams.get("t") ?? "";
    expect((await visitor.get(`/give/${church.slug}/recurring/${id}?t=${token}`)).status).toBe(404);
    expect((await visitor.get(`/portal/${church.slug}/recurring/${id}?t=${token}`)).status).toBe(303);
  });
});

test("gifts given are listed by year with what they came to, and each leads to its own page", async () => {
  const { email } = await started();
  const give = (amount: number) =>
    house.ask(church, "POST", "/v1/donations", {
      amount,
      currency: "MXN",
      country: "mx",
      payment_method: { type: "card", presentation: "token", token: "pm_card_visa" },
      donor: { email, name: "Luz Peña" },
    });
  const [one, two] = [await give(12_300), await give(20_000)];
  expect([one.body.status, two.body.status]).toEqual(["succeeded", "succeeded"]);
  await house.ask(church, "POST", `/v1/donations/${two.body.id}/refunds`, { amount: 5_000 });
  const { home, visitor } = await comeIn(house.app, church, email);
  expect(home.text).toMatch(/In 2026 you gave \$273\.00\sMXN/);
  expect(home.text).toContain("2 gifts received");
  expect(home.text).toContain("Partly returned");
  const pdf = /href="([^"]+acknowledgment\.pdf[^"]*)"/.exec(home.text)?.[1]?.replaceAll("&amp;", "&") ?? "";
  expect((await visitor.get(pdf)).headers.get("content-type")).toBe("application/pdf");
  house.clock.advance(days(60));
  const later = await comeIn(house.app, church, email);
  expect(later.home.text).toMatch(/In 2026 you gave/);
});
