import { expect, test } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { toId } from "../../src/kernel/ids.ts";
import { claimNext, type Lane, settleQuiet } from "../../src/webhooks/store.ts";
import { uuid } from "../support/gifts.ts";
import { openHouse } from "../support/house.ts";

/**
 * A plan made while nothing waited, or for an inbox of which PostgreSQL knew that nothing waits, read all that waited for
 * each payment: minutes for each fifty, when a gateway brought tens of thousands after an outage. Nothing is timed here:
 * by such a plan the test runs into its limit.
 */
test.each([
  ["never had anything to do", false],
  ["had done all there was", true],
])("a desk that %s gets through what an outage left", { timeout: 15_000 }, async (_, known) => {
  const house = await openHouse();
  const { churchId: church } = await house.church("mx");
  const { superuser } = house.database;
  const [row] = await superuser`
    select id from gateway_accounts where church_id = ${uuid(church)} and gateway = 'stripe'`;
  const account = toId("gatewayAccount", present(row, "it has an account").id);
  const { db, vault, clock } = house.app.deps;
  const lanesFrom = (first: number): [Lane, ...Lane[]] => {
    const lane = (number: number): Lane => ({ church, account, orderKey: `pi_${number}`, due: 1 });
    return [lane(first), ...Array.from({ length: 49 }, (_, more) => lane(first + 1 + more))];
  };
  const look = (first: number) => settleQuiet(db, vault, lanesFrom(first), () => undefined, clock.now());
  // Often enough on each connection that PostgreSQL keeps the plan.
  for (let turn = 0; turn < 40; turn++) {
    await look(0);
    await claimNext(db, vault, lanesFrom(0)[0], clock.now());
  }
  const arrive = (name: string, count: number, nextAt: Date | null) => superuser`
    insert into inbox (church_id, id, gateway_account_id, verdict, event_key, order_key, type, headers, target,
                       key_version, body, state, occurred_at, received_at, tries, next_at)
    select ${uuid(church)}, gen_random_uuid(), ${uuid(account)}, 'genuine', ${name} || n, 'pi_' || n % 20000, 'ping', '{}', '',
           1, '\\x00', ${nextAt ? "received" : "handled"}, ${clock.now()}, ${clock.now()}, 0, ${nextAt}
    from generate_series(1, ${count}) as n`;
  if (known) {
    await arrive("handled_", 20_000, null);
    await superuser`analyze inbox`;
  }
  await arrive("waiting_", 40_000, clock.now());
  for (const first of [0, 50, 100, 150]) {
    expect((await look(first)).loud).toHaveLength(50);
    expect(await claimNext(db, vault, lanesFrom(first)[0], clock.now())).toMatchObject({ tries: 1 });
  }
});
