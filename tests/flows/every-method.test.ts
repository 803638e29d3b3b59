import { beforeAll, describe, expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { seedCountries } from "../support/every-method.ts";
import {
  distinct,
  type LifeRow,
  liveThrough,
  payBy,
  routesOf,
  takesWeeks,
} from "../support/every-method-run.ts";
import { type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import {
  abandon,
  type Ending,
  endingOf,
  type Route,
  type Variant,
  variants,
} from "../support/method-variants.ts";

let house: MethodHouse;
const routes: Awaited<ReturnType<typeof routesOf>>[number][] = [];
beforeAll(async () => {
  house = await openMethodHouse((await testDatabase()).db);
  for (const country of seedCountries) routes.push(...(await routesOf(house, country)));
});

const nameOf = ({ country, offered }: Route) => `${country} ${offered.type} by ${offered.gateway}`;

/** What no gift may ever be: booked twice, or booked so that the books do not balance. */
const sound = { difference: 0, captures: expect.toSatisfy((n: number) => n <= 1) };

describe("one gift through every method", () => {
  test.each(seedCountries)(
    "%s: each method, gateway and presentation ends paid, booked once",
    async (country) => {
      const here = routes.filter((route) => route.country === country && !takesWeeks(route));
      expect(here.length).toBeGreaterThanOrEqual(9);
      for (const route of here) {
        const row = await payBy(house, route);
        expect(row, nameOf(route)).toMatchObject({ status: "succeeded", captures: 1, difference: 0 });
        expect(row.states.at(-1), nameOf(route)).toBe("captured");
      }
    },
  );

  test("every method the five countries name is given by, at every gateway that has accounts for them", () => {
    const driven = new Set(routes.map(({ country, offered }) => `${country} ${offered.type}`));
    const named = seedCountries.flatMap((country) =>
      (house.app.deps.countries.get(country)?.methods ?? []).map(({ type }) => `${country} ${type}`),
    );
    expect(named.filter((each) => !driven.has(each))).toEqual([]);
  });
});

/** Where each turn of events may leave a gift; the words are the public status and what qualifies it. */
const mayEnd: Readonly<Record<Variant, RegExp>> = {
  declined: /^(failed|requires_action), \w+$/,
  // Short of it: a person looks, or the account still waits for the rest; a till takes nothing but its amount.
  short: /^(needs_review|requires_action)$/,
  // Over it: the surplus stays in the donor's balance at the gateway, or a person looks.
  over: /^(needs_review|requires_action|succeeded)$/,
  twice: /^succeeded$/,
  late: /^succeeded$/,
  refunded: /^succeeded, (refunded|refund awaiting_payout|refund action_required)$/,
  disputed: /^succeeded, disputed$/,
};

describe("what life does to gifts", () => {
  const lived: LifeRow[] = [];

  test.each(variants)("%s: ends in a named state, with sound books", async (variant) => {
    const rows: LifeRow[] = [];
    for (const route of distinct(routes)) rows.push(...(await liveThrough(house, route, [variant])));
    lived.push(...rows);
    expect(rows.length).toBeGreaterThanOrEqual(9);
    for (const row of rows) {
      const what = `${nameOf(row.route)} ${variant}`;
      expect(row.ending, what).toMatchObject(sound);
      expect(row.ending.ended, what).toMatch(mayEnd[variant]);
      if (variant === "late") expect(row.ending.states, what).toContain("expired");
    }
  });

  test("nobody pays for seven weeks: none waits for ever or for a person; money that comes then is counted", async () => {
    for (const { route, expired, late } of await abandon(house, distinct(routes))) {
      const what = `${nameOf(route)} abandoned`;
      expect(expired, what).toMatchObject({ captures: 0, difference: 0 });
      expect(expired.ended, what).toMatch(/^(expired|canceled)$/);
      if (late) expect(late, what).toSatisfy(countedOrRefused);
    }
  });

  test("a refund the donor had to claim is known once it was paid out", async () => {
    for (const { route, gift } of lived.filter(({ ending }) => ending.refunds.includes("action_required"))) {
      expect((await endingOf(house, route, gift)).ended, nameOf(route)).toBe("succeeded, refunded");
    }
  });

  test("a debit by file counts when the bank has been silent", async () => {
    const [route, ...others] = routes.filter(takesWeeks);
    expect(others).toEqual([]);
    if (!route) throw new Error("the United States have debits by file");
    expect(await payBy(house, route)).toMatchObject({
      gateway: "ach_file",
      status: "succeeded",
      states: ["submitted", "processing", "captured"],
      captures: 1,
      difference: 0,
    });
  });
});

const countedOrRefused = (late: Ending) =>
  late.difference === 0 &&
  (late.captures === 1 ? late.ended === "succeeded" : late.captures === 0 && late.refusedThere !== undefined);
