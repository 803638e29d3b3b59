import { beforeAll, describe, expect, test } from "vitest";
import { openWorkerHouse, type WorkerHouse } from "../support/worker.ts";

let house: WorkerHouse;
beforeAll(async () => {
  const t = performance.now();
  house = await openWorkerHouse();
  console.log("started", performance.now() - t);
});

describe("card", () => {
  test("captured", async () => {
    for (let i = 0; i < 3; i++) {
      const t = performance.now();
      const reply = await house.ask("POST", "/v1/donations", {
        amount: 50_000,
        currency: "MXN",
        country: "mx",
        payment_method: { type: "card", token: "pm_card_visa" },
        donor: { name: "Ana Pérez", email: "ana@example.org" },
      });
      console.log(performance.now() - t, reply.status, reply.text.slice(0, 300));
    }
    console.log(house.complaints());
    expect(1).toBe(1);
  });
});
