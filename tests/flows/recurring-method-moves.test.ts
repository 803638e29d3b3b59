import { beforeAll, describe, expect, test } from "vitest";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { order, readStanding, saved, startStanding } from "../support/recurring.ts";

let database: TestDatabase;
let house: MethodHouse;
let mx: MethodChurch;

beforeAll(async () => {
  database = await testDatabase();
  house = await openMethodHouse(database.db);
  mx = churchOf(house, "mx");
});

describe("two recurring gifts on one card", () => {
  test("whose card is changed in both at the same moment end on one new card, and neither request fails", async () => {
    const donor = { name: "Lupe Díaz", email: "lupe@example.org" };
    const gifts = [
      await startStanding(house, mx, saved, { donor }),
      await startStanding(house, mx, saved, { donor, amount: 20_000 }),
      await startStanding(house, mx, saved, { donor, amount: 30_000 }),
    ];
    for (const token of ["pm_card_mastercard", "pm_card_visa", "pm_card_mastercard", "pm_card_visa"]) {
      const wish = {
        payment_method: { type: "card", token },
        agreement: { ceiling: 100_000 },
      };
      const replies = await Promise.all(gifts.map((gift) => order(house, mx, gift, "payment-method", wish)));
      expect(replies.map(({ status }) => status)).toEqual([200, 200, 200]);
      await house.settle();
      const now = await Promise.all(gifts.map(({ id }) => readStanding(house, mx, id)));
      expect(new Set(now.map(({ payment_method }) => payment_method.display)).size).toBe(1);
      expect(now.every(({ status, next_mandate }) => status === "active" && next_mandate === null)).toBe(
        true,
      );
    }
  });
});
