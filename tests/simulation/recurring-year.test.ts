import { expect, test } from "vitest";
import { testDatabase } from "../support/database.ts";
import { openMethodHouse } from "../support/method-house.ts";
import { liveYear } from "../support/recurring-year.ts";
import { reportOf } from "../support/recurring-year-report.ts";

/** The year of `npm run simulate:year`, much smaller: three weeks of forty gifts. */
test("three weeks of recurring gifts with troubles: some are recovered, nothing is charged twice", async () => {
  const house = await openMethodHouse((await testDatabase()).db);
  await liveYear(house, { seed: 3, gifts: 40, days: 24 });
  const report = await reportOf(house);
  expect(report.doubleCharges).toEqual({ ours: 0, gateway: 0 });
  const automatic = report.totals.find(({ collection }) => collection === "automatic");
  const recovered = report.failures.reduce((sum, row) => sum + row.recovered, 0);
  expect(automatic?.due).toBeGreaterThan(25);
  expect(recovered).toBeGreaterThan(0);
  expect(automatic?.succeeded).toBe((automatic?.first ?? 0) + recovered);
  expect(report.mostTries).toBeLessThanOrEqual(5);
}, 120_000);
