import { test } from "vitest";
import { byToken, giver } from "../support/gifts.ts";
import { openHouse } from "../support/house.ts";
const log: any = { debug() {}, info() {}, warn: (f: any, s: any) => console.log("W", s, JSON.stringify(f)), error: (f: any, s: any) => console.log("E", s, JSON.stringify(f)), child: () => log };
test("x", async () => {
  const house = await openHouse({ platform: { log } });
  const mx = giver(house, await house.church("mx"), "mx");
  await mx.give(byToken());
});
