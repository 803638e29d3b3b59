import { describe, expect, test } from "vitest";
import { knownStates } from "../../adapters/epayco/codes.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { CollectOrder } from "../../src/gateway/payment.ts";
import { days, minutes } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import * as bodies from "./epayco-bodies.ts";
import { balotoOrder, epaycoWorld, handleOf, opened, signed, voucher } from "./epayco-in-sandbox.ts";
import { around, credentials, epaycoUnderTest } from "./epayco-under-test.ts";
import { call, now } from "./gateway-under-test.ts";
import { answers, recording } from "./recording-transport.ts";

const creations = (requests: readonly { method: string; url: URL }[]) =>
  requests.filter(({ method, url }) => method === "POST" && url.pathname.endsWith("/transactions"));

describe("a voucher", () => {
  test.each<[MethodType, string]>([
    ["baloto", "BA"],
    ["gana", "GA"],
    ["su_red", "SR"],
  ])("%s: the number, the agreement and its time", async (type, franchise) => {
    const world = await epaycoWorld();
    const order = balotoOrder({ method: { type, presentation: "instructions" } });
    const { outcome } = await voucher(world, order);
    expect(outcome.action).toEqual({
      type: "display_voucher",
      reference: expect.stringMatching(/^\d{9}$/),
      payee: expect.stringMatching(/^\d+$/),
      expiresAt: new Date(now.getTime() + days(5)),
    });
    const [sent] = creations(world.requests);
    const plain = opened(
      JSON.parse(world.requests.find((one) => one === sent)?.body ?? "{}"),
      world.account.credentials.private_key ?? "",
    );
    expect(plain).toMatchObject({
      invoice: order.attemptId,
      amount: "50000",
      currency: "COP",
      testMode: "true",
      paymentMethodData: { franchise },
      names: "Ana Sofía",
      lastNames: "López Díaz",
      documentType: "CC",
      cellphone: "3001234567",
      confirmationUrl: order.notificationUrl,
    });
  });

  test("paid at the till: captured, and told of", async () => {
    const world = await epaycoWorld();
    const { id, look, order } = await voucher(world);
    expect(await world.announced()).toHaveLength(1);
    await world.control.move(id, "Aceptada");
    expect(await look()).toMatchObject({
      kind: "captured",
      gatewayPaymentId: id,
      amount: order.amount,
      capturedAt: world.clock.now(),
    });
    expect(await world.announced()).toEqual([
      { kind: "attempt_hint", subject: { gatewayPaymentId: id, attemptId: order.attemptId } },
    ]);
  });

  test("not paid: lapses by itself, and a payment of the last day is still captured", async () => {
    const world = await epaycoWorld();
    const { id, look } = await voucher(world);
    world.clock.advance(days(5) + 1_000);
    await world.simulator.tick?.(world.clock.now());
    expect(await look()).toMatchObject({ kind: "voided", expired: true });
    await world.control.move(id, "Aceptada");
    expect(await look()).toMatchObject({ kind: "captured" });
  });

  test.each([
    ["Rechazada", { kind: "declined", decline: { reason: "declined_generic" } }],
    ["Fallida", { kind: "declined", decline: { reason: "provider_unavailable" } }],
    ["Antifraude", { kind: "declined", decline: { reason: "blocked_fraud", retry: "never" } }],
    ["Retenida", { kind: "processing" }],
    ["Cancelada", { kind: "voided", expired: false }],
  ] as const)("%s", async (state, becomes) => {
    const world = await epaycoWorld();
    const { id, look } = await voucher(world);
    expect((await world.control.move(id, state)).ok).toBe(true);
    expect(await look()).toMatchObject(becomes);
  });

  test("paid and taken back: the gift was captured, and its money is a dispute that is lost", async () => {
    const world = await epaycoWorld();
    const { id, order } = await voucher(world);
    await world.control.move(id, "Aceptada");
    await world.announced();
    await world.control.move(id, "Reversada");
    const subject = { gatewayPaymentId: id, attemptId: order.attemptId };
    expect(await world.announced()).toMatchObject([
      { kind: "attempt_changed", subject, outcome: { kind: "captured", amount: order.amount } },
      { kind: "dispute_changed", subject, amount: order.amount, status: "lost", fundsWithdrawn: true },
    ]);
  });

  test("every state ePayco names has a meaning, in either gender", () => {
    expect(knownStates.length).toBeGreaterThanOrEqual(13);
    for (const { word } of knownStates) expect(word).toMatch(/^[a-z]+$/);
  });

  test("the till takes neither less, nor more, nor twice", async () => {
    const world = await epaycoWorld();
    const { id } = await voucher(world);
    const { desk } = world.simulator;
    expect(await desk.play({ payment: id, action: "pay_other", fields: { amount: "100" } })).toMatchObject({
      ok: false,
    });
    expect(await desk.play({ payment: id, action: "pay", fields: {} })).toMatchObject({ ok: true });
    expect(await desk.play({ payment: id, action: "pay", fields: {} })).toMatchObject({ ok: false });
  });

  test("another amount than asked is told as it is, for the core to compare", async () => {
    const { transport } = recording(
      (request) =>
        around(request) ?? answers(200, bodies.transaction({ status: "Aceptada", amount: "40000.00" })),
    );
    const adapter = epaycoUnderTest.factory.create({ credentials, transport });
    expect(await adapter.payments.lookup(epaycoUnderTest.handle(), call())).toMatchObject({
      kind: "captured",
      amount: money(4_000_000n, "COP"),
    });
  });
});

describe("the same order again", () => {
  test("a repeat after a lost answer gives the same voucher, not a second one", async () => {
    const world = await epaycoWorld();
    const order = balotoOrder();
    await world.control.nextCall("lost_after", "v1/transactions");
    expect(await world.adapter.payments.collect(order, world.nextCall())).toMatchObject({ kind: "in_doubt" });
    const found = await world.adapter.payments.lookup(handleOf(order), world.nextCall());
    expect(found.kind).toBe("action_required");
    expect(await world.adapter.payments.collect(order, world.nextCall())).toEqual(found);
    expect(creations(world.requests)).toHaveLength(1);
  });

  test("what ePayco never got is never seen", async () => {
    const world = await epaycoWorld();
    const order = balotoOrder();
    await world.control.nextCall("lost_before", "v1/transactions");
    expect(await world.adapter.payments.collect(order, world.nextCall())).toMatchObject({ kind: "in_doubt" });
    expect(await world.adapter.payments.lookup(handleOf(order), world.nextCall())).toMatchObject({
      kind: "never_seen",
    });
  });

  test.each([
    ["refused", "not_sent"],
    ["500", "in_doubt"],
    ["garbled", "in_doubt"],
    ["lost_after", "in_doubt"],
  ] as const)("%s at the log-in is %s", async (fault, kind) => {
    const world = await epaycoWorld();
    await world.control.nextCall(fault, "login");
    expect((await world.adapter.payments.collect(balotoOrder(), world.nextCall())).kind).toBe(kind);
    expect(creations(world.requests)).toHaveLength(0);
  });
});

describe("refused before anything is sent", () => {
  const { donor } = balotoOrder();
  const { taxId: _document, ...undocumented } = donor;
  const { phone: _phone, ...unreachable } = donor;
  test.each<[string, Partial<CollectOrder>]>([
    ["centavos", { amount: money(5_000_050n, "COP") }],
    ["dollars", { amount: money(5_000n, "USD") }],
    ["no document", { donor: undocumented }],
    ["a document of another country", { donor: { ...donor, taxId: { type: "cpf", number: "39053344705" } } }],
    ["no name", { donor: { ...donor, name: " " } }],
    ["no phone", { donor: unreachable }],
    ["a method it does not carry", { method: { type: "efecty", presentation: "instructions" } }],
    ["a page it does not have", { method: { type: "baloto", presentation: "hosted" } }],
  ])("%s", async (_, fields) => {
    const world = await epaycoWorld();
    const outcome = await world.adapter.payments.collect(balotoOrder(fields), world.nextCall());
    expect(outcome).toMatchObject({ kind: "refused" });
    expect(world.requests).toHaveLength(0);
  });
});

describe("test and live", () => {
  test("are what the operator says, and a transaction of the other mode is never believed", async () => {
    const live = { ...credentials, mode: "live" };
    expect(epaycoUnderTest.factory.modeOf(live)).toBe("live");
    expect(epaycoUnderTest.factory.modeOf(credentials)).toBe("test");
    const answer = (testMode: unknown) => answers(200, bodies.transaction({ status: "Aceptada", testMode }));
    const look = (given: typeof live, testMode: unknown) => {
      const { transport } = recording((request) => around(request) ?? answer(testMode));
      const adapter = epaycoUnderTest.factory.create({ credentials: given, transport });
      return adapter.payments.lookup(epaycoUnderTest.handle(), call());
    };
    for (const flag of [true, 1, "TRUE"]) {
      expect((await look(credentials, flag)).kind).toBe("captured");
      expect(await look(live, flag)).toMatchObject({
        kind: "in_doubt",
        evidence: { rawCode: "mode_mismatch" },
      });
    }
    for (const flag of [false, 2, "FALSE"]) {
      expect((await look(live, flag)).kind).toBe("captured");
      expect((await look(credentials, flag)).kind).toBe("in_doubt");
    }
  });

  test("a live account's order finds no home in the simulator", async () => {
    const world = await epaycoWorld();
    const adapter = epaycoUnderTest.factory.create({
      credentials: { ...world.account.credentials, mode: "live" },
      transport: (input, init) => world.simulator.fetch(new Request(input, init)),
    });
    expect(await adapter.payments.collect(balotoOrder(), call())).toMatchObject({ kind: "refused" });
  });

  test.each([{ private_key: "short" }, { customer_id: "x" }, { mode: "sandbox" }, { public_key: "a b" }])(
    "%j is refused when connecting",
    (fields) =>
      expect(epaycoUnderTest.factory.credentials.safeParse({ ...credentials, ...fields }).success).toBe(
        false,
      ),
  );

  test("keys are checked by logging in", async () => {
    const world = await epaycoWorld();
    expect(await world.adapter.payments.checkCredentials(world.nextCall())).toEqual({
      ok: true,
      value: { country: "co" },
    });
    const wrong = { ...world.account.credentials, private_key: "a".repeat(32) };
    const adapter = epaycoUnderTest.factory.create({
      credentials: wrong,
      transport: (input, init) => world.simulator.fetch(new Request(input, init)),
    });
    const verdict = await adapter.payments.checkCredentials(call());
    expect(verdict.ok ? "" : verdict.error).toMatch(/refused the keys/);
  });
});

describe("what cannot be done", () => {
  test("an open voucher cannot be called back; one that ended is void; a paid one is too late", async () => {
    const world = await epaycoWorld();
    const { id, order } = await voucher(world);
    const cancel = () => world.adapter.payments.cancel(handleOf(order, id), world.nextCall());
    expect(await cancel()).toMatchObject({ kind: "refused", problem: { reason: "unsupported" } });
    await world.control.move(id, "Expirada");
    expect(await cancel()).toMatchObject({ kind: "voided", gatewayPaymentId: id });
    await world.control.move(id, "Aceptada");
    expect(await cancel()).toMatchObject({ kind: "too_late", current: { kind: "captured" } });
  });

  test("cash is not given back through ePayco, and nothing is asked of it", async () => {
    const world = await epaycoWorld();
    const amount = money(5_000_000n, "COP");
    const refundId = newId("refund");
    const order = {
      refundId,
      gatewayPaymentId: "1",
      amount,
      refundable: amount,
      method: "baloto",
      reason: "duplicate",
    } as const;
    expect(await world.adapter.payments.refund(order, world.nextCall())).toMatchObject({
      kind: "refused",
      problem: { reason: "unsupported" },
    });
    expect(await world.adapter.payments.lookupRefund(order, world.nextCall())).toMatchObject({
      kind: "never_seen",
    });
    expect(world.requests).toHaveLength(0);
  });
});

describe("confirmations", () => {
  const { webhooks } = epaycoUnderTest.factory.create({
    credentials,
    transport: recording(() => answers(500, "")).transport,
  });
  const deliver = (form: URLSearchParams, key = "p-key") => {
    form.set("x_signature", signed(credentials.customer_id, key, form));
    return { headers: {}, body: new TextEncoder().encode(form.toString()), target: "" };
  };

  test("the signature does not cover the state, so a confirmation is never more than a hint", async () => {
    const attempt = newId("attempt");
    const pending = deliver(bodies.confirmation({ x_id_invoice: attempt, x_cod_transaction_state: "3" }));
    const forged = new URLSearchParams(new TextDecoder().decode(pending.body));
    forged.set("x_cod_transaction_state", "1");
    const flipped = { ...pending, body: new TextEncoder().encode(forged.toString()) };
    expect(await webhooks.verify(flipped, [secret("p-key")], now)).toBe("genuine");
    expect(webhooks.read(flipped)).toMatchObject({ ok: true, value: [{ kind: "attempt_hint" }] });
  });

  test("one made up beforehand does not take the true one's place", async () => {
    const key = (fields: Record<string, string>) => webhooks.envelope(deliver(bodies.confirmation(fields)));
    const early = key({ x_approval_code: "000000", x_transaction_date: "2026-11-20 06:30:00" });
    expect(key({})).not.toEqual(early);
    expect(key({})).toEqual(key({}));
  });

  test.each(["x_ref_payco", "x_transaction_id", "x_amount", "x_currency_code"])(
    "a changed %s is forged",
    async (field) => {
      const form = new URLSearchParams(new TextDecoder().decode(deliver(bodies.confirmation()).body));
      form.set(field, "1");
      const changed = { headers: {}, body: new TextEncoder().encode(form.toString()), target: "" };
      expect(await webhooks.verify(changed, [secret("p-key")], now)).toBe("forged");
    },
  );

  test("another account's confirmation is nobody's, whoever signed it", async () => {
    const form = bodies.confirmation({ x_cust_id_cliente: "1" });
    expect(await webhooks.verify(deliver(form), [secret("p-key")], now)).toBe("forged");
    expect(webhooks.envelope(deliver(form)).ok).toBe(false);
  });

  test("an empty key signs nothing", async () => {
    expect(await webhooks.verify(deliver(bodies.confirmation(), ""), [secret("")], now)).toBe("forged");
  });

  test("the church's other sales say nothing", () => {
    expect(webhooks.read(deliver(bodies.confirmation({ x_id_invoice: "pedido-7" })))).toMatchObject({
      ok: true,
      value: [{ kind: "ignored" }],
    });
  });

  test("undelivered ones come again; late, lost, doubled and disordered ones are played", async () => {
    const world = await epaycoWorld();
    world.door.status = 500;
    const { id } = await voucher(world);
    await world.control.flush();
    expect(world.inbox).toHaveLength(1);
    world.door.status = 200;
    world.clock.advance(minutes(6));
    await world.control.flush();
    expect(world.inbox).toHaveLength(2);
    await world.control.send("late");
    await world.control.move(id, "Retenida");
    await world.control.flush();
    expect(world.inbox).toHaveLength(2);
    await world.control.send("duplicated");
    await world.control.flush();
    expect(world.inbox).toHaveLength(5);
    await world.control.send("lost");
    await world.control.move(id, "Aceptada");
    await world.control.flush();
    expect(world.inbox).toHaveLength(5);
    expect(await world.announced()).toHaveLength(5);
  });
});
