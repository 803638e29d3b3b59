import { describe, expect, test } from "vitest";
import { readBrCode } from "../../adapters/pix/read-br-code.ts";
import { days, hours, seconds } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { call } from "./gateway-under-test.ts";
import * as bodies from "./pix-bodies.ts";
import { collected, giftOf, handleOf, pixWorld } from "./pix-in-sandbox.ts";
import { attemptId, pixOn, routes } from "./pix-under-test.ts";
import { answers, type HttpAnswer } from "./recording-transport.ts";

const reais = (minor: bigint) => money(minor, "BRL");

describe("Pix: a gift", () => {
  test("a donor gets a code that reads well, pays it, and the gift is captured whole with the payment's own time", async () => {
    const world = pixWorld();
    const order = giftOf();
    const made = await world.payments.collect(order, world.call());
    expect(made).toMatchObject({
      kind: "action_required",
      action: { type: "display_qr", expiresAt: new Date("2026-11-21T15:00:00Z") },
    });
    if (made.kind !== "action_required" || made.action.type !== "display_qr") throw new Error("no code");
    expect(readBrCode(made.action.payload)).toMatchObject({
      ok: true,
      value: { kind: "dynamic", name: "Igreja Exemplo" },
    });
    world.clock.advance(seconds(40));
    const paid = await world.control.pay(world.account, made.gatewayPaymentId);
    const outcome = await world.payments.lookup(handleOf(order, made.gatewayPaymentId), world.call());
    expect(outcome).toMatchObject({
      kind: "captured",
      amount: reais(50_000n),
      fee: { amount: reais(0n), tax: reais(0n) },
      capturedAt: new Date("2026-11-20T15:00:40Z"),
      evidence: { rawStatus: "CONCLUIDA", rawCode: paid.ok && paid.value },
    });
    const kept = JSON.stringify(outcome, (_, value) => (typeof value === "bigint" ? `${value}` : value));
    for (const word of ["Ana", "39053344705", "ana.sofia"]) expect(kept).not.toContain(word);
  });

  test("the debtor is named with CPF or CNPJ and name, or not at all", async () => {
    const world = pixWorld();
    const debtors = [
      [
        { type: "cpf", number: "39053344705" },
        { cpf: "39053344705", nome: "Ana Sofia Conceição" },
      ],
      [
        { type: "cnpj", number: "12ABC34501DE35" },
        { cnpj: "12ABC34501DE35", nome: "Ana Sofia Conceição" },
      ],
      [{ type: "passport", number: "X1" }, undefined],
    ] as const;
    for (const [taxId, devedor] of debtors) {
      await collected(world, giftOf({ donor: { ...giftOf().donor, taxId } }));
      expect(world.traffic.at(-1)?.body).toEqual(
        expect.objectContaining(devedor ? { devedor } : { chave: world.account.key }),
      );
      expect(JSON.stringify(world.traffic.at(-1)?.body).includes("devedor")).toBe(devedor !== undefined);
    }
    await collected(world, giftOf({ donor: { reference: "dnr-2" } }));
    const wrong = giftOf({ donor: { ...giftOf().donor, taxId: { type: "cpf", number: "1" } } });
    expect(await world.payments.collect(wrong, world.call())).toMatchObject({
      kind: "refused",
      problem: { reason: "invalid_request" },
    });
  });

  test("a document with wrong check digits is refused by the provider with the field it objects to", async () => {
    const world = pixWorld();
    const wrong = giftOf({ donor: { ...giftOf().donor, taxId: { type: "cpf", number: "39053344704" } } });
    expect(await world.payments.collect(wrong, world.call())).toMatchObject({
      kind: "refused",
      problem: {
        reason: "invalid_request",
        rawCode: "CobOperacaoInvalida",
        detail: expect.stringContaining("cob.devedor.cpf"),
      },
    });
  });

  test("a pledge with a due date is a claim with a due date, payable for thirty days beyond it", async () => {
    const world = pixWorld();
    const order = giftOf({ dueOn: "2026-12-10" });
    const made = await world.payments.collect(order, world.call());
    expect(made).toMatchObject({
      kind: "action_required",
      action: { expiresAt: new Date("2027-01-10T02:59:59.999Z") },
    });
    expect(world.traffic.at(-1)?.url.pathname).toContain("/cobv/");
    const found = await world.payments.lookup(handleOf(order), world.call());
    expect(found).toMatchObject({ kind: "action_required" });
    const txid = made.kind === "action_required" ? made.gatewayPaymentId : "";
    await world.control.pay(world.account, txid);
    expect(await world.payments.lookup(handleOf(order, txid), world.call())).toMatchObject({
      kind: "captured",
    });
    const anonymous = giftOf({ dueOn: "2026-12-10", donor: { reference: "dnr-2" } });
    expect((await world.payments.collect(anonymous, world.call())).kind).toBe("refused");
    const past = giftOf({ dueOn: "2026-11-01" });
    expect((await world.payments.collect(past, world.call())).kind).toBe("refused");
  });
});

describe("Pix: answers that were lost", () => {
  test.each(["answer_lost", "malformed"] as const)(
    "%s: in doubt, then found by the attempt alone, never twice",
    async (fault) => {
      const world = pixWorld();
      const order = giftOf();
      await world.control.fail(fault, "PUT /cob");
      expect((await world.payments.collect(order, world.call())).kind).toBe("in_doubt");
      const first = await world.payments.lookup(handleOf(order), world.call());
      expect(first.kind).toBe("action_required");
      const again = await world.payments.collect(order, world.call());
      expect(again).toMatchObject({
        kind: "action_required",
        gatewayPaymentId: "gatewayPaymentId" in first && first.gatewayPaymentId,
      });
    },
  );

  test("paid before we ask again: the provider refuses to change the claim, and the money is found", async () => {
    const world = pixWorld();
    const order = giftOf();
    await world.control.fail("answer_lost", "PUT /cob");
    await world.payments.collect(order, world.call());
    await world.control.pay(world.account, order.attemptId.slice(4));
    expect(await world.payments.collect(order, world.call())).toMatchObject({
      kind: "captured",
      amount: order.amount,
    });
  });

  test("what the provider never got is never_seen, also where it gives no permission for claims with a due date", async () => {
    const world = pixWorld();
    const order = giftOf();
    await world.control.fail("connection_refused", "PUT /cob");
    expect((await world.payments.collect(order, world.call())).kind).toBe("not_sent");
    expect((await world.payments.lookup(handleOf(order), world.call())).kind).toBe("never_seen");
    const { pix } = await import("../../adapters/pix/index.ts");
    const credentials = { ...world.credentials, scopes: "cob.read cob.write" };
    const narrow = pix.factory.create({ credentials, transport: world.transport });
    expect((await narrow.payments.lookup(handleOf(order), world.call())).kind).toBe("never_seen");
  });

  test.each(["500", "503", "429"] as const)("a look-up answered %s leaves it in doubt", async (fault) => {
    const world = pixWorld();
    const order = giftOf();
    const txid = await collected(world, order);
    await world.control.fail(fault, "GET /cob");
    expect((await world.payments.lookup(handleOf(order, txid), world.call())).kind).toBe("in_doubt");
  });

  test("no answer within the deadline: in doubt at the claim, not sent at the token", async () => {
    const world = pixWorld();
    await world.control.fail("never_answers", "POST /oauth");
    expect(await world.payments.collect(giftOf(), world.call({ timeoutMs: 40 }))).toMatchObject({
      kind: "not_sent",
      cause: "timeout",
    });
    await world.control.fail("never_answers", "PUT /cob");
    expect(await world.payments.collect(giftOf(), world.call({ timeoutMs: 40 }))).toMatchObject({
      kind: "in_doubt",
      cause: "timeout",
    });
  });
});

describe("Pix: time and other amounts", () => {
  test("a code nobody paid has expired by our own reckoning, and the donor's bank refuses it", async () => {
    const world = pixWorld();
    const order = giftOf();
    const txid = await collected(world, order);
    world.clock.advance(hours(24));
    expect(await world.payments.lookup(handleOf(order, txid), world.call())).toMatchObject({
      kind: "voided",
      expired: true,
    });
    expect((await world.control.pay(world.account, txid)).ok).toBe(false);
  });

  test("paid late: confirmed in time, arrived after the code had expired, is captured all the same", async () => {
    const world = pixWorld();
    const order = giftOf();
    const txid = await collected(world, order);
    world.clock.advance(hours(24) + seconds(5));
    expect((await world.control.pay(world.account, txid, { late: true })).ok).toBe(true);
    expect(await world.payments.lookup(handleOf(order, txid), world.call())).toMatchObject({
      kind: "captured",
      capturedAt: new Date("2026-11-21T15:00:05Z"),
    });
  });

  test("short or over cannot be paid into our codes: their amount is fixed", async () => {
    const world = pixWorld();
    const txid = await collected(world);
    for (const amount of [49_999n, 50_001n, 0n]) {
      expect((await world.control.pay(world.account, txid, { amount })).ok).toBe(false);
    }
  });

  test.each([40_000n, 60_000n])(
    "a claim that allows another amount, paid with %s, tells that amount",
    async (amount) => {
      const world = pixWorld();
      const order = giftOf();
      const txid = await collected(world, order);
      const { pixClient, beginAsking } = await import("../../adapters/pix/client.ts");
      const { pixCredentials } = await import("../../adapters/pix/credentials.ts");
      const { emptySchema } = await import("../../adapters/pix/wire.ts");
      const client = pixClient(pixCredentials.parse(world.credentials), world.transport);
      const body = {
        ...(world.traffic.at(-1)?.body ?? {}),
        valor: { original: "500.00", modalidadeAlteracao: 1 },
      };
      const put = await client.ask(
        emptySchema,
        { method: "PUT", path: `/cob/${txid}`, body },
        beginAsking(world.call()),
      );
      expect(put.ok).toBe(true);
      expect((await world.control.pay(world.account, txid, { amount })).ok).toBe(true);
      expect(await world.payments.lookup(handleOf(order, txid), world.call())).toMatchObject({
        kind: "captured",
        amount: reais(amount),
      });
    },
  );

  test("paid twice: the gift is captured once, and a person is alerted", async () => {
    const world = pixWorld();
    const order = giftOf();
    const txid = await collected(world, order);
    await world.control.pay(world.account, txid);
    world.clock.advance(seconds(1));
    await world.control.pay(world.account, txid, { again: true, payer: "11144477735" });
    expect(await world.payments.lookup(handleOf(order, txid), world.call())).toMatchObject({
      kind: "captured",
      amount: reais(50_000n),
      capturedAt: new Date("2026-11-20T15:00:00Z"),
      evidence: { unrecognized: "2 Pix on one txid" },
    });
  });
});

describe("Pix: cancelling", () => {
  test("an open code is removed and can no longer be paid; doing it again is the same", async () => {
    const world = pixWorld();
    const order = giftOf();
    const txid = await collected(world, order);
    const handle = handleOf(order, txid);
    expect(await world.payments.cancel(handle, world.call())).toMatchObject({
      kind: "voided",
      gatewayPaymentId: txid,
    });
    expect(await world.payments.cancel(handle, world.call())).toMatchObject({ kind: "voided" });
    expect(await world.payments.lookup(handle, world.call())).toMatchObject({
      kind: "voided",
      expired: false,
    });
    expect((await world.control.pay(world.account, txid)).ok).toBe(false);
  });

  test("a paid one is too late to cancel and answers with its money", async () => {
    const world = pixWorld();
    const order = giftOf();
    const txid = await collected(world, order);
    await world.control.pay(world.account, txid);
    expect(await world.payments.cancel(handleOf(order, txid), world.call())).toMatchObject({
      kind: "too_late",
      current: { kind: "captured" },
    });
  });

  test("one that the provider took away is void", async () => {
    const world = pixWorld();
    const order = giftOf();
    const txid = await collected(world, order);
    await world.control.removeByProvider(world.account, txid);
    expect(await world.payments.lookup(handleOf(order, txid), world.call())).toMatchObject({
      kind: "voided",
      expired: false,
    });
  });

  test("one whose answer was lost is found first, with a due date or without", async () => {
    for (const fields of [{}, { dueOn: "2026-12-10" }]) {
      const world = pixWorld();
      const order = giftOf(fields);
      await world.control.fail("answer_lost", "PUT /cob");
      await world.payments.collect(order, world.call());
      expect((await world.payments.cancel(handleOf(order), world.call())).kind).toBe("voided");
      expect(await world.payments.lookup(handleOf(order), world.call())).toMatchObject({
        kind: "voided",
        expired: false,
      });
    }
  });

  test("a lost answer is in doubt, and one about nothing is refused", async () => {
    const world = pixWorld();
    const order = giftOf();
    const txid = await collected(world, order);
    await world.control.fail("answer_lost", "PATCH /cob");
    expect((await world.payments.cancel(handleOf(order, txid), world.call())).kind).toBe("in_doubt");
    expect((await world.payments.cancel(handleOf(giftOf()), world.call())).kind).toBe("in_doubt");
  });

  test("a 2xx that does not say it is removed leaves it in doubt", async () => {
    const handle = handleOf(giftOf({ attemptId }), bodies.txid);
    const removed = bodies.cob({ status: "REMOVIDA_PELO_USUARIO_RECEBEDOR" });
    const cancelled = (answer: HttpAnswer) =>
      pixOn(routes({ "PATCH /cob": answer })).adapter.payments.cancel(handle, call());
    expect((await cancelled(answers(200, removed))).kind).toBe("voided");
    expect((await cancelled(answers(200, { ...removed, pix: [] }))).kind).toBe("voided");
    for (const answer of [
      answers(200, ""),
      answers(202, "{}"),
      answers(200, "<html>accepted</html>"),
      answers(200, bodies.cob()),
      answers(200, bodies.paid()),
      answers(200, bodies.cob({ status: "CANCELADA" })),
      answers(200, bodies.cob({ status: "EM_REMOCAO" })),
      // Removed and paid in the same moment: the money comes first.
      answers(200, { ...removed, pix: [bodies.pix()] }),
    ]) {
      expect(await cancelled(answer), JSON.stringify(answer)).toMatchObject({
        kind: "in_doubt",
        cause: "unreadable_answer",
      });
    }
  });
});

describe("Pix: refunds", () => {
  const refundOf = (gatewayPaymentId: string, minor: bigint) =>
    ({
      refundId: newId("refund"),
      gatewayPaymentId,
      amount: reais(minor),
      refundable: reais(50_000n),
      method: "pix",
      reason: "requested_by_donor",
    }) as const;
  const paidGift = async () => {
    const world = pixWorld();
    const txid = await collected(world);
    await world.control.pay(world.account, txid);
    return { world, txid };
  };

  test("several parts up to the whole; more than is left is refused", async () => {
    const { world, txid } = await paidGift();
    for (const minor of [10_000n, 15_000n, 25_000n]) {
      const order = refundOf(txid, minor);
      const asked = await world.payments.refund(order, world.call());
      expect(asked.kind).toBe("processing");
      const handle = {
        ...order,
        ...("gatewayRefundId" in asked ? { gatewayRefundId: asked.gatewayRefundId } : {}),
      };
      expect((await world.payments.lookupRefund(handle, world.call())).kind).toBe("succeeded");
    }
    expect(await world.payments.refund(refundOf(txid, 1n), world.call())).toMatchObject({ kind: "refused" });
  });

  test("one whose answer was lost is found again and never made twice", async () => {
    const { world, txid } = await paidGift();
    const order = refundOf(txid, 50_000n);
    await world.control.fail("answer_lost", "PUT /pix");
    expect((await world.payments.refund(order, world.call())).kind).toBe("in_doubt");
    expect((await world.payments.lookupRefund(order, world.call())).kind).toBe("succeeded");
    expect((await world.payments.refund(order, world.call())).kind).toBe("succeeded");
    expect((await world.payments.lookupRefund(refundOf(txid, 1n), world.call())).kind).toBe("never_seen");
  });

  test("one that the payment system does not carry out fails with the provider's words", async () => {
    const { world, txid } = await paidGift();
    await world.control.nextReturn(world.account, "fails");
    const order = refundOf(txid, 50_000n);
    await world.payments.refund(order, world.call());
    expect(await world.payments.lookupRefund(order, world.call())).toMatchObject({
      kind: "failed",
      rawCode: expect.stringContaining("encerrada"),
    });
    expect((await world.payments.refund(refundOf(txid, 50_000n), world.call())).kind).toBe("processing");
  });

  test("one that takes time waits", async () => {
    const { world, txid } = await paidGift();
    await world.control.nextReturn(world.account, "waits");
    const order = refundOf(txid, 50_000n);
    await world.payments.refund(order, world.call());
    expect((await world.payments.lookupRefund(order, world.call())).kind).toBe("processing");
  });

  test("after ninety days the provider refuses", async () => {
    const { world, txid } = await paidGift();
    world.clock.advance(days(90) + seconds(1));
    expect(await world.payments.refund(refundOf(txid, 100n), world.call())).toMatchObject({
      kind: "refused",
      problem: { rawCode: "PixDevolucaoInvalida" },
    });
  });

  test("before anything was asked back, a claim that cannot be read is not_sent; one that is not there is refused", async () => {
    const { world, txid } = await paidGift();
    await world.control.fail("503", "GET /cob");
    expect((await world.payments.refund(refundOf(txid, 100n), world.call())).kind).toBe("not_sent");
    expect((await world.payments.refund(refundOf("0".repeat(32), 100n), world.call())).kind).toBe("refused");
  });
});

describe("Pix: connecting", () => {
  test("credentials are checked by a harmless read, and wrong ones are told in a sentence", async () => {
    const world = pixWorld();
    expect(await world.payments.checkCredentials(world.call())).toEqual({
      ok: true,
      value: { country: "br" },
    });
    expect(world.traffic.every(({ method }) => method === "GET")).toBe(true);
    const { pix } = await import("../../adapters/pix/index.ts");
    const stranger = pix.factory.create({
      credentials: { ...world.credentials, client_secret: "wrong" },
      transport: world.transport,
    });
    expect(await stranger.payments.checkCredentials(world.call())).toMatchObject({
      ok: false,
      error: expect.stringContaining("token"),
    });
    await world.control.fail("connection_refused");
    const fresh = pix.factory.create({ credentials: world.credentials, transport: world.transport });
    expect(await fresh.payments.checkCredentials(world.call())).toMatchObject({ ok: false });
  });
});
