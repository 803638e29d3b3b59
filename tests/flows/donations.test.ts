import { beforeAll, describe, expect, test } from "vitest";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";

let house: House;
let mx: HouseChurch;
beforeAll(async () => {
  house = await openHouse();
  mx = await house.church("mx");
});

describe("a card gift by token", () => {
  test("is captured at once, booked with its fee, and answered with 201", async () => {
    const reply = await house.ask(mx, "POST", "/v1/donations", {
      amount: 50_000,
      currency: "MXN",
      country: "mx",
      payment_method: { type: "card", token: "pm_card_visa" },
      donor: { name: "Ana Pérez", email: "ana@example.org" },
    });
    expect(reply.body).toMatchObject({ status: "succeeded", amount: 50_000, next_action: { type: "none" } });
    expect(reply.status).toBe(201);
    await house.settle();
    const balance = await house.trialBalance(mx);
  });
});
