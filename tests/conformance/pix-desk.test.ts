import { describe, expect, test } from "vitest";
import { pix } from "../../adapters/pix/index.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import { present } from "../../src/kernel/assert.ts";
import { fixedClock, hours } from "../../src/kernel/clock.ts";
import { money } from "../../src/kernel/money.ts";
import { call } from "./gateway-under-test.ts";
import { giftOf, handleOf, mandateOf } from "./pix-in-sandbox.ts";

/** The simulator as the house runs it, behind its desk. */
async function deskWorld() {
  const clock = fixedClock(call().now);
  const inbox: SandboxWebhook[] = [];
  const simulator = present(
    pix.simulate,
    "Pix has a simulator",
  )({
    store: memorySandboxStore(),
    clock,
    deliver: async (webhook) => {
      inbox.push(webhook);
      return { status: 200 };
    },
    background: (work) => void work(),
    pagesUrl: "http://localhost/sandbox/pix",
  });
  const account = simulator.openAccount({ country: "br", name: "br_luz" });
  expect(await simulator.listen(account, "https://give.example.org/hook")).toEqual({
    ok: true,
    value: undefined,
  });
  const transport = (input: string | URL | Request, init?: RequestInit) =>
    simulator.fetch(new Request(input, init));
  const adapter = pix.factory.create({ credentials: account.credentials, transport });
  const press = async (action: string, fields: Record<string, string> = {}, at = 0) => {
    const payment = (await simulator.desk.payments())[at];
    const id = payment?.actions.find((one) => one.id === action || one.id.startsWith(`${action}.`))?.id;
    return simulator.desk.play({ payment: payment?.id ?? "", action: id ?? action, fields });
  };
  return { clock, inbox, simulator, adapter, desk: simulator.desk, press };
}

describe("the desk", () => {
  test("shows a gift with its donation, pays it, pays it twice, takes it back by every way", async () => {
    const world = await deskWorld();
    const order = giftOf();
    await world.adapter.payments.collect(order, call());
    expect(await world.desk.payments()).toMatchObject([
      { amount: order.amount, method: "cob", status: "ATIVA", donation: order.donationId },
    ]);
    expect((await world.press("pay_other", { amount: "1" })).ok).toBe(false);
    expect((await world.press("pay")).ok).toBe(true);
    expect((await world.adapter.payments.lookup(handleOf(order), call())).kind).toBe("captured");
    expect((await world.press("again")).ok).toBe(true);
    for (const action of ["fraud", "error", "app"])
      expect((await world.press(action, { amount: "100" })).ok).toBe(true);
    expect((await world.press("fraud", { amount: "99999999" })).ok).toBe(false);
    expect((await world.press("pay")).ok).toBe(false);
    const [shown] = await world.desk.payments();
    expect(shown?.status).toBe(
      "CONCLUIDA · MED_FRAUDE DEVOLVIDO · MED_OPERACIONAL DEVOLVIDO · ORIGINAL DEVOLVIDO",
    );
    expect(world.inbox.length).toBe(5);
    expect(world.inbox.every(({ url }) => url === "https://give.example.org/hook/pix")).toBe(true);
  });

  test("an expired code can only be paid late", async () => {
    const world = await deskWorld();
    await world.adapter.payments.collect(giftOf(), call());
    world.clock.advance(hours(25));
    const [shown] = await world.desk.payments();
    expect(shown?.actions.map(({ id }) => id)).toEqual(["pay_late"]);
    expect((await world.press("pay_late")).ok).toBe(true);
  });

  test("a recurrence is accepted, charged, refused, and ended", async () => {
    const world = await deskWorld();
    const mandates = present(world.adapter.mandates, "the simulated account has Pix Automático");
    const asked = await mandates.request(mandateOf({ startsOn: "2026-11-25" }), call());
    expect((await world.press("yes")).ok).toBe(true);
    const order = giftOf({ method: { type: "pix_automatico", presentation: "instructions" } });
    const mandate = {
      gatewayMandateId: "gatewayMandateId" in asked ? asked.gatewayMandateId : "",
      method: "pix_automatico",
    } as const;
    world.clock.advance(1000);
    await mandates.charge(
      { mandate, attempt: handleOf(order), description: "x", dueOn: "2026-11-25", donor: order.donor },
      call(),
    );
    expect(await world.desk.payments()).toMatchObject([
      { method: "cobr", status: "ATIVA" },
      { method: "rec", status: "APROVADA" },
    ]);
    expect((await world.press("reject", { choice: "AC05" })).ok).toBe(true);
    expect((await world.press("donor_ends", {}, 1)).ok).toBe(true);
    expect(await world.desk.payments()).toMatchObject([{ status: "REJEITADA" }, { status: "CANCELADA" }]);
  });

  test("a press on what is not there is told so, and every label speaks three languages", async () => {
    const world = await deskWorld();
    expect((await world.desk.play({ payment: "claim:br_luz/none", action: "pay", fields: {} })).ok).toBe(
      false,
    );
    expect((await world.desk.play({ payment: "nothing", action: "pay", fields: {} })).ok).toBe(false);
    await world.adapter.payments.collect(giftOf({ amount: money(1n, "BRL") }), call());
    await world.press("pay");
    const [shown] = await world.desk.payments();
    for (const { label } of shown?.actions ?? [])
      expect([label.es, label.en, label.pt].every((text) => text.length > 3)).toBe(true);
    expect(world.desk.delivery?.modes.map(({ id }) => id)).toEqual([
      "normal",
      "duplicated",
      "late",
      "out_of_order",
      "lost",
    ]);
    await world.desk.delivery?.choose("lost");
    await world.press("again");
    await world.desk.delivery?.choose("normal");
    await world.desk.delivery?.deliverNow();
    expect(world.inbox).toHaveLength(1);
  });
});
