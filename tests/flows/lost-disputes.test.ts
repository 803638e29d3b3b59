import { beforeAll, expect, test } from "vitest";
import type { Deps } from "../../src/deps.ts";
import type { Disputes } from "../../src/gateway/disputes.ts";
import { sweepDisputes } from "../../src/giving/sweep-disputes.ts";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { testDatabase } from "../support/database.ts";
import { type Donation, give, offeredTo, read } from "../support/every-method.ts";
import { type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { playThrough } from "../support/play-method.ts";

let house: MethodHouse;
let church: MethodChurch;
beforeAll(async () => {
  house = await openMethodHouse((await testDatabase()).db);
  const only = { country: "us", gateway: "paypal", accountIn: "us", credentials: undefined };
  church = await house.churchWith(only);
});

async function given(): Promise<Donation> {
  const offered = (await offeredTo(house, church)).find(({ type }) => type === "paypal");
  const gift = await give(house, church, present(offered, "PayPal is taken"), { presentation: "hosted" });
  return playThrough(house, church, gift);
}

const desk = () => present(house.app.simulators.get("paypal"), "it is simulated").desk;

/** Presses a button of the gift's at PayPal's desk, and every webhook about it is lost. */
async function unheard(gift: Donation, button: string): Promise<void> {
  await desk().delivery?.choose("lost");
  const payment = (await desk().payments()).find(({ donation }) => donation === gift.id);
  const action = payment?.actions.find(({ id }) => id.startsWith(button));
  const done = await desk().play({
    payment: present(payment, "PayPal knows the gift").id,
    action: present(action, `the desk has ${button}`).id,
    fields: {},
  });
  if (!done.ok) throw new Error(done.error);
  await house.settle();
  await desk().delivery?.choose("normal");
}

/** What the church's books hold of disputes, in the order in which it was booked. */
const booked = () =>
  house.db.inChurch(church.churchId, async ({ sql }) => {
    const rows = await sql`select purpose from journal_entries where source_kind = 'dispute' order by id`;
    return rows.map((row) => String(row.purpose));
  });

test("a dispute whose webhooks were all lost is found, booked once, and followed to its end", async () => {
  const gift = await given();
  await unheard(gift, "dispute");
  expect(await read(house, church, gift.id)).toMatchObject({ status: "succeeded", disputed: false });
  await house.pass(days(1));
  expect(await read(house, church, gift.id)).toMatchObject({ disputed: true });
  const opened = await booked();
  expect(opened).toHaveLength(1);
  await house.pass(days(1));
  expect(await booked()).toEqual(opened);
  await unheard(gift, "win");
  await house.pass(days(1));
  expect(await booked()).toEqual([...opened, "dispute_won"]);
  const events = await house.ask(church, "GET", "/v1/events?type=donation.disputed");
  expect(JSON.stringify(events.body)).toMatch(/"status":"won".*"status":"needs_response"/);
});

/** The house with a gateway that lists these disputes. */
function listing(disputes: Disputes): Deps {
  const { deps } = house.app;
  const ready: Deps["payments"]["ready"] = async (...which) => {
    const real = await deps.payments.ready(...which);
    return real && { ...real, adapter: { ...real.adapter, disputes } };
  };
  return { ...deps, payments: { ...deps.payments, ready } };
}

test("one that cannot be read, and one of somebody else's payment, do not stand in the way of the others", async () => {
  const gift = await given();
  const about = (gatewayPaymentId: string) => ({
    kind: "dispute_changed" as const,
    subject: { gatewayPaymentId },
    gatewayDisputeId: `of-${gatewayPaymentId}`,
    amount: money(BigInt(gift.charged.amount), "USD"),
    status: "needs_response" as const,
    fundsWithdrawn: false,
    rawReason: "UNAUTHORISED",
  });
  const sought: Date[] = [];
  const disputes: Disputes = {
    changedSince: async (since) => {
      sought.push(since);
      return ok(["broken", "nothing", "stranger", "ours"]);
    },
    read: async (id) => {
      if (id === "broken") return err("it cannot be read");
      if (id === "nothing") return ok(undefined);
      return ok(about(id === "ours" ? (gift.gateway_payment_id ?? "") : "somebody-else"));
    },
  };
  expect(await sweepDisputes(listing(disputes), church.churchId)).toBe(1);
  expect(sought).toEqual([new Date(house.clock.now().getTime() - days(10))]);
  expect(await read(house, church, gift.id)).toMatchObject({ disputed: true });
  expect(await sweepDisputes(listing(disputes), church.churchId, AbortSignal.abort())).toBe(0);
});

test("a list that cannot be had is asked for again, and nobody is told anything", async () => {
  const refused = { changedSince: async () => err("not now"), read: async () => ok(undefined) };
  const broken = { ...refused, changedSince: () => Promise.reject(new Error("a bug of ours")) };
  for (const disputes of [refused, broken]) {
    expect(await sweepDisputes(listing(disputes), church.churchId)).toBe(0);
  }
});
