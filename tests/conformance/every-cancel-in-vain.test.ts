import { describe, expect, test } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { call, now } from "./gateway-under-test.ts";
import { outsideTheContract } from "./promises.ts";
import { asked, handleOf, openSimulated, orderFor, simulatedMethods } from "./simulated-gateways.ts";

/**
 * What is asked of a gateway about a gift it never saw, or while it cannot be asked at all: nothing is called off that
 * was not there, nobody is told it went well, and what is not known is said to be so.
 */
const gateways = [...new Set(simulatedMethods.map(([id]) => id))];

const refused = (status: number) => async () =>
  new Response('{"message":"no","code":"forbidden","name":"NOT_AUTHORIZED"}', {
    status,
    headers: { "content-type": "application/json" },
  });
const lost = (code: string) => () =>
  Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) }));

/** Ways a gateway cannot be asked. */
const deaf = [
  ["refuses the key", refused(401)],
  ["forbids it", refused(403)],
  ["is broken", refused(500)],
  ["turns us away", refused(429)],
  ["cannot be reached", lost("ECONNREFUSED")],
  ["is cut off", lost("ECONNRESET")],
] as const;

describe.each(gateways)("%s", (id) => {
  const row = simulatedMethods.filter(([each]) => each === id);

  test("a gift it never saw is not called off", async () => {
    for (const [, type, home, from, method] of row) {
      const world = openSimulated(id, home);
      const order = orderFor(method, from);
      const long = new Date(now.getTime() - days(40));
      // When every index has been written and every list is whole.
      const late = () => call({ idempotencyKey: crypto.randomUUID(), now: new Date("2099-01-01T00:00:00Z") });
      for (const handle of [
        handleOf(order),
        { ...handleOf(order), createdAt: long },
        handleOf(order, "never_made_1"),
        handleOf({ ...order, method: { ...order.method, type: "cash" } }),
      ]) {
        // A named order gone after its whole life may well be told of as over: only an unnamed one is asked so late.
        for (const asking of handle.gatewayPaymentId ? [asked] : [asked, late]) {
          const seen = await world.sound.payments.lookup(handle, asking());
          expect([type, seen.kind, outsideTheContract(seen)]).toEqual([
            type,
            expect.stringMatching(/^(never_seen|in_doubt)$/),
            undefined,
          ]);
          const told = await world.sound.payments.cancel(handle, asking());
          expect([type, told.kind, outsideTheContract(told)]).toEqual([
            type,
            expect.stringMatching(/^(refused|in_doubt)$/),
            undefined,
          ]);
        }
      }
    }
  });

  test.each(deaf)("that %s is believed nothing of", async (_how, transport) => {
    const [first] = row;
    if (!first) throw new Error("it has methods");
    const [, , home, from, method] = first;
    const world = openSimulated(id, home);
    const { payments } = world.over(transport);
    const order = orderFor(method, from);
    for (const handle of [handleOf(order), handleOf(order, "pi_1")]) {
      expect((await payments.lookup(handle, asked())).kind).toBe("in_doubt");
      expect((await payments.cancel(handle, asked())).kind).toMatch(/^(in_doubt|not_sent|refused)$/);
    }
    expect((await payments.collect(order, asked())).kind).toMatch(/^(in_doubt|not_sent|refused)$/);
    expect((await payments.checkCredentials(asked())).ok).toBe(false);
    const refund = { refundId: newId("refund"), amount: order.amount, gatewayPaymentId: "pi_1" };
    const back = await payments.refund?.(
      { ...refund, refundable: order.amount, method: order.method.type, reason: "requested_by_donor" },
      asked(),
    );
    if (back) expect(back.kind).toMatch(/^(in_doubt|not_sent|refused|failed)$/);
  });
});
