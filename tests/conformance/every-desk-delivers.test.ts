import { describe, expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { asked, openSimulated, orderFor, simulatedMethods } from "./simulated-gateways.ts";

/** How a simulated gateway's announcements travel is chosen at its desk: held back, doubled, turned round, lost. */
const gateways = [...new Set(simulatedMethods.map(([id]) => id))];

/** How many announcements arrive of a gift that somebody paid at the desk, on this way. */
async function arrived(id: string, mode: string): Promise<number> {
  const ofGateway = simulatedMethods.filter(([each]) => each === id);
  const shown = ofGateway.find(([, , , , { presentations }]) => presentations.includes("instructions"));
  const [, , home, from, method] = present(shown ?? ofGateway[0], "it has methods");
  const world = openSimulated(id, home);
  const { desk, listen } = world.simulator;
  const delivery = present(desk.delivery, "its announcements travel");
  await listen(world.account, `http://ofrenda.test/webhooks/${id}/x`);
  await delivery.choose(mode);
  await world.sound.payments.collect(orderFor(method, from), asked());
  for (const payment of await desk.payments()) {
    for (const { id: action } of payment.actions.filter((one) => one.id === "pay" || one.id === "approve")) {
      await desk.play({ payment: payment.id, action, fields: {} });
    }
  }
  // Chosen once more: what waits goes that way, or is gone.
  await delivery.choose(mode);
  return (await world.settle()).length;
}

describe.each(gateways)("%s", (id) => {
  test("delivers as it was told to", async () => {
    const usual = await arrived(id, "normal");
    expect(usual).toBeGreaterThan(0);
    expect({
      late: await arrived(id, "late"),
      turned: await arrived(id, "out_of_order"),
      lost: await arrived(id, "lost"),
      unknown: await arrived(id, "a way nobody knows"),
    }).toEqual({ late: usual, turned: usual, lost: 0, unknown: usual });
    expect(await arrived(id, "duplicated")).toBeGreaterThan(usual);
  });
});
