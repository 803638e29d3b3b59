import { expect, test } from "vitest";
import type { Banks } from "../../src/gateway/banks.ts";
import { fixedClock, hours, seconds } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { noMetrics } from "../../src/kernel/metrics.ts";
import { ok } from "../../src/kernel/result.ts";
import { bankLists } from "../../src/routing/bank-list.ts";
import type { ReadyAccount } from "../../src/routing/payment-factory.ts";

const banks = [{ code: "1007", name: "Bancolombia" }];
const [church, account] = [newId("church"), newId("gatewayAccount")];
const query = { method: "pse", country: "co" } as const;

/** Lists over an account whose gateway answers as told; `undefined` is an account that cannot be used. */
function listsOver(answers: readonly (Banks["list"] | "no list" | undefined)[]) {
  const clock = fixedClock("2026-11-20T12:00:00Z");
  let asked = 0;
  const ready = async () => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    if (answer === undefined) return undefined;
    const adapter = answer === "no list" ? {} : { banks: { list: answer } };
    // Nothing else of an account is looked at here.
    return { account: { gateway: "mercadopago" }, adapter } as unknown as ReadyAccount;
  };
  const lists = bankLists({ clock, log: silentLog, metrics: noMetrics }, { ready });
  return { clock, asked: () => asked, list: () => lists.list(church, account, query) };
}

test("a gateway is asked once an hour, however many donors look", async () => {
  const { clock, asked, list } = listsOver([async () => ok(banks)]);
  const seen = await Promise.all(Array.from({ length: 20 }, list));
  expect(new Set(seen.flat())).toEqual(new Set(banks));
  clock.advance(hours(1) - 1);
  expect(await list()).toEqual(banks);
  expect(asked()).toBe(1);
  clock.advance(1);
  await list();
  expect(asked()).toBe(2);
});

test.each<readonly [string, Banks["list"] | "no list" | undefined]>([
  ["says no", async () => ({ ok: false, error: "not today" })],
  ["does not answer", () => Promise.reject(new Error("lost"))],
  ["has no such list", "no list"],
  ["cannot be used", undefined],
])("where the gateway %s there is no list, and it is asked again soon, not at once", async (_, answer) => {
  const { clock, asked, list } = listsOver([answer, async () => ok(banks)]);
  expect(await list()).toEqual([]);
  expect(await list()).toEqual([]);
  expect(asked()).toBe(1);
  clock.advance(seconds(30));
  expect(await list()).toEqual(banks);
});
