import { describe, expect, test } from "vitest";
import type { MandateOrder } from "../../src/gateway/mandate.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { mandatesOf, must, orderOf, type PaypalWorld, paypalWorld } from "./paypal-world.ts";

const orderedBy = (fields: Partial<MandateOrder> = {}): MandateOrder => ({
  reference: "rcg-1",
  donorId: newId("donor"),
  country: "us",
  method: { type: "paypal", presentation: "hosted" },
  donor: { reference: "dnr-1" },
  amount: money(1_000n, "USD"),
  cadence: "monthly",
  startsOn: "2026-12-01",
  description: "Iglesia Demo, ofrenda mensual",
  returnUrl: "https://give.example.org/return",
  locale: "es-MX",
  ...fields,
});

/** A permission the donor has given, by its lasting token. */
async function given(world: PaypalWorld, fields: Partial<MandateOrder> = {}) {
  const mandates = mandatesOf(world.adapter);
  const asked = await mandates.request(orderedBy(fields), world.call());
  if (asked.kind !== "action_required") throw new Error(asked.kind);
  must(await world.control.approveSetup(asked.gatewayMandateId));
  const handle = { reference: "rcg-1", gatewayMandateId: asked.gatewayMandateId };
  const active = await mandates.lookup(handle, world.call());
  if (active.kind !== "active") throw new Error(active.kind);
  return { mandates, setup: asked.gatewayMandateId, token: active.gatewayMandateId, active };
}

const chargeOf = (world: PaypalWorld, token: string, type: "paypal" | "venmo" = "paypal") => ({
  mandate: { gatewayMandateId: token, method: type },
  attempt: {
    attemptId: newId("attempt"),
    method: type,
    country: "us",
    amount: money(1_000n, "USD"),
    createdAt: world.clock.now(),
  },
  description: "Iglesia Demo",
  dueOn: "2026-12-01",
  donor: { reference: "dnr-1" },
});

describe("a standing permission in PayPal's vault", () => {
  test("asked for, approved on PayPal's page, kept, and charged without the donor", async () => {
    const world = await paypalWorld();
    const mandates = mandatesOf(world.adapter);
    const asked = await mandates.request(orderedBy(), world.call());
    expect(asked).toMatchObject({
      kind: "action_required",
      action: { type: "redirect", url: expect.stringContaining("/agreements/approve?approval_session_id=") },
    });
    if (asked.kind !== "action_required") return;
    const handle = { reference: "rcg-1", gatewayMandateId: asked.gatewayMandateId };
    expect(await mandates.lookup(handle, world.call())).toMatchObject({ kind: "action_required" });
    must(await world.control.approveSetup(asked.gatewayMandateId));
    const active = await mandates.lookup(handle, world.call());
    expect(active).toMatchObject({ kind: "active", display: "PayPal d…@example.org" });
    if (active.kind !== "active") return;
    expect(active.gatewayMandateId).not.toBe(asked.gatewayMandateId);
    // The old name still leads to it, and the webhook names our own recurring gift.
    expect(await mandates.lookup(handle, world.call())).toMatchObject({
      gatewayMandateId: active.gatewayMandateId,
    });
    expect(await world.announced()).toMatchObject([
      { kind: "mandate_changed", reference: "rcg-1", outcome: { kind: "active" } },
    ]);
    expect(await mandates.charge(chargeOf(world, active.gatewayMandateId), world.call())).toMatchObject({
      kind: "captured",
      amount: money(1_000n, "USD"),
    });
  });

  test("a charge repeated with its key takes the money once", async () => {
    const world = await paypalWorld();
    const { mandates, token } = await given(world);
    const charge = chargeOf(world, token);
    await world.control.nextCall("lost_after", "POST /v2/checkout/orders");
    expect(await mandates.charge(charge, world.call({ idempotencyKey: "c1" }))).toMatchObject({
      kind: "in_doubt",
    });
    expect(await mandates.charge(charge, world.call({ idempotencyKey: "c1" }))).toMatchObject({
      kind: "captured",
    });
    expect(await world.control.payments()).toHaveLength(1);
    // A lost charge is found in the transactions by our own id.
    const found = await world.adapter.payments.lookup(charge.attempt, world.call());
    expect(found).toMatchObject({ kind: "captured" });
  });

  test("taken back by the donor: it has ended, and a charge on it needs a new permission", async () => {
    const world = await paypalWorld();
    const { mandates, token } = await given(world);
    await world.announced();
    must(await world.control.withdrawPermission(token));
    expect(await world.announced()).toMatchObject([
      { kind: "mandate_changed", gatewayMandateId: token, outcome: { kind: "ended", by: "donor" } },
    ]);
    const handle = { reference: "rcg-1", gatewayMandateId: token };
    expect(await mandates.lookup(handle, world.call())).toMatchObject({ kind: "ended", by: "donor" });
    expect(await mandates.charge(chargeOf(world, token), world.call())).toMatchObject({
      kind: "declined",
      decline: { reason: "mandate_invalid", rawCode: "TOKEN_ID_NOT_FOUND" },
    });
  });

  test("ended by the church, twice is once; a donor's permission never asked for is nothing to end", async () => {
    const world = await paypalWorld();
    const { mandates, token } = await given(world);
    const handle = { reference: "rcg-1", gatewayMandateId: token };
    for (let i = 0; i < 2; i++) {
      expect(await mandates.cancel(handle, world.call())).toMatchObject({ kind: "ended", by: "church" });
    }
    expect(await mandates.cancel({ reference: "rcg-1" }, world.call())).toMatchObject({ kind: "ended" });
  });

  test("a church without the category DONATION is charged for plainly", async () => {
    const world = await paypalWorld();
    const { mandates, token } = await given(world);
    must(await world.control.settings(world.clientId, { donations: "refused_at_capture" }));
    expect(await mandates.charge(chargeOf(world, token), world.call())).toMatchObject({ kind: "captured" });
  });

  test("Venmo in the United States; a card, or Venmo elsewhere, is refused without a request", async () => {
    const world = await paypalWorld();
    const { mandates, token, active } = await given(world, {
      method: { type: "venmo", presentation: "hosted" },
    });
    expect(active).toMatchObject({ display: "Venmo @d…" });
    expect(await mandates.charge(chargeOf(world, token, "venmo"), world.call())).toMatchObject({
      kind: "captured",
    });
    const sent = world.exchanges.length;
    const card = orderedBy({ method: { type: "card", presentation: "hosted" } });
    const mexico = orderedBy({
      country: "mx",
      amount: money(1_000n, "MXN"),
      method: { type: "venmo", presentation: "hosted" },
    });
    for (const order of [card, mexico]) {
      expect(await mandates.request(order, world.call())).toMatchObject({
        kind: "refused",
        problem: { reason: "unsupported" },
      });
    }
    expect(world.exchanges).toHaveLength(sent);
  });

  test("a look-up that fails says nothing about the permission", async () => {
    const world = await paypalWorld();
    const { mandates, token } = await given(world);
    await world.control.nextCall("error_500");
    const handle = { reference: "rcg-1", gatewayMandateId: token };
    expect(await mandates.lookup(handle, world.call())).toMatchObject({ kind: "in_doubt" });
    expect(await mandates.lookup({ reference: "rcg-1" }, world.call())).toMatchObject({ kind: "in_doubt" });
  });

  test("a donor who left the permission behind with a payment is known by PayPal's customer id", async () => {
    const world = await paypalWorld();
    const order = orderOf();
    const headers = { authorization: "", "content-type": "application/json", "paypal-request-id": "own" };
    await world.collected(order);
    headers.authorization = world.exchanges.at(-1)?.request.headers.get("authorization") ?? "";
    const body = JSON.parse(world.exchanges.at(-1)?.request.body ?? "{}");
    body.purchase_units[0].invoice_id = "other";
    body.payment_source.paypal.attributes = {
      vault: { store_in_vault: "ON_SUCCESS", usage_type: "MERCHANT" },
    };
    const made = await world.simulator.fetch(
      new Request("https://api-m.sandbox.paypal.com/v2/checkout/orders", {
        method: "POST",
        headers,
        body: JSON.stringify(body),
      }),
    );
    const { id } = await made.json();
    must(await world.control.approve(id));
    const captured = await world.capture(order, id);
    expect(captured).toMatchObject({
      kind: "captured",
      customerRef: expect.stringMatching(/^[0-9A-Z]{10}$/),
    });
  });
});
