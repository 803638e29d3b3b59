import { describe, expect, test } from "vitest";
import { readBrCode } from "../../adapters/pix/read-br-code.ts";
import { knownChargeCodes } from "../../adapters/pix/translate-charge.ts";
import { knownEndings } from "../../adapters/pix/translate-rec.ts";
import type { MandateCharge } from "../../src/gateway/mandate.ts";
import { declineReasons } from "../../src/gateway/payment.ts";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { call } from "./gateway-under-test.ts";
import * as bodies from "./pix-bodies.ts";
import { giftOf, handleOf, mandateOf, type PixWorld, pixWorld } from "./pix-in-sandbox.ts";
import { attemptId, credentials, orderOf, pixOn, routes, withAccount } from "./pix-under-test.ts";
import { answers, type HttpAnswer } from "./recording-transport.ts";

const id = (outcome: object): string =>
  "gatewayMandateId" in outcome && typeof outcome.gatewayMandateId === "string"
    ? outcome.gatewayMandateId
    : "";

async function accepted(world: PixWorld, order = mandateOf()): Promise<string> {
  const asked = id(await world.mandates.request(order, world.call()));
  await world.control.answerRecurrence(world.account, asked, "yes");
  return asked;
}

const chargeOf = (gatewayMandateId: string, fields: Partial<MandateCharge> = {}): MandateCharge => {
  const order = giftOf({ method: { type: "pix_automatico", presentation: "instructions" } });
  return {
    mandate: { gatewayMandateId, method: "pix_automatico" },
    attempt: handleOf(order),
    description: "Dízimo de novembro",
    dueOn: "2026-11-25",
    donor: order.donor,
    ...fields,
  };
};

const mandatesOn = (table: Parameters<typeof routes>[0]) =>
  present(pixOn(routes(table), withAccount).adapter.mandates, "the account has Pix Automático");

describe("Pix Automático: the donor's permission", () => {
  test("a code is shown until the first day, the donor accepts it in their bank's app, and it is active", async () => {
    const world = pixWorld();
    const asked = await world.mandates.request(mandateOf(), world.call());
    expect(asked).toMatchObject({ kind: "action_required", action: { type: "display_qr" } });
    if (asked.kind !== "action_required" || asked.action.type !== "display_qr") throw new Error("no code");
    expect(asked.action.expiresAt).toEqual(new Date("2026-11-26T02:59:59.999Z"));
    expect(readBrCode(asked.action.payload)).toMatchObject({ ok: true, value: { kind: "recurrence" } });
    const made = world.traffic.find(({ method, url }) => method === "POST" && url.pathname.endsWith("/rec"));
    expect(made?.body).toMatchObject({
      vinculo: { contrato: "0190b0c3a4f57d3e8a1b2c3d4e5f6055", devedor: { cpf: "39053344705" } },
      calendario: { dataInicial: "2026-11-25", periodicidade: "MENSAL" },
      valor: { valorRec: "500.00" },
      politicaRetentativa: "PERMITE_3R_7D",
    });
    await world.control.answerRecurrence(world.account, asked.gatewayMandateId, "yes");
    const handle = { reference: mandateOf().reference, gatewayMandateId: asked.gatewayMandateId };
    expect(await world.mandates.lookup(handle, world.call())).toMatchObject({ kind: "active" });
  });

  test("asked again with the same reference it is the same mandate, also after a lost answer", async () => {
    const world = pixWorld();
    await world.control.fail("answer_lost", "POST /rec");
    expect((await world.mandates.request(mandateOf(), world.call())).kind).toBe("in_doubt");
    const again = await world.mandates.request(mandateOf(), world.call());
    expect(again.kind).toBe("action_required");
    expect(id(await world.mandates.request(mandateOf(), world.call()))).toBe(id(again));
    expect(id(await world.mandates.lookup({ reference: mandateOf().reference }, world.call()))).toBe(
      id(again),
    );
    expect((await world.mandates.lookup({ reference: "rcg_unknown" }, world.call())).kind).toBe("not_sent");
    const posts = world.traffic.filter(
      ({ method, url }) => method === "POST" && url.pathname.endsWith("/rec"),
    );
    // The only one was that whose answer was lost.
    expect(posts).toHaveLength(0);
  });

  test("with the donor's bank and account, the bank asks by itself", async () => {
    const world = pixWorld();
    const method = {
      type: "pix_automatico",
      presentation: "token",
      bank: "99999003",
      token: "0001/7654321",
    } as const;
    const asked = await world.mandates.request(mandateOf({ method }), world.call());
    expect(asked.kind).toBe("pending");
    expect(world.traffic.at(-1)?.body).toMatchObject({
      destinatario: { agencia: "0001", conta: "7654321", ispbParticipante: "99999003", cpf: "39053344705" },
    });
    await world.control.answerRecurrence(world.account, id(asked), "yes");
    expect(
      (await world.mandates.lookup({ reference: "x", gatewayMandateId: id(asked) }, world.call())).kind,
    ).toBe("active");
  });

  test.each([
    ["weekly", "SEMANAL"],
    ["monthly", "MENSAL"],
    ["quarterly", "TRIMESTRAL"],
    ["half_yearly", "SEMESTRAL"],
    ["yearly", "ANUAL"],
  ] as const)("%s is %s", async (cadence, periodicidade) => {
    const world = pixWorld();
    expect((await world.mandates.request(mandateOf({ cadence }), world.call())).kind).toBe("action_required");
    const made = world.traffic.find(({ method, url }) => method === "POST" && url.pathname.endsWith("/rec"));
    expect(made?.body).toMatchObject({ calendario: { periodicidade } });
  });

  test("any amount up to a ceiling tells the provider the least ceiling a donor may set", async () => {
    const world = pixWorld();
    const { amount: _, ...open } = mandateOf();
    expect(
      (await world.mandates.request({ ...open, ceiling: money(100_000n, "BRL") }, world.call())).kind,
    ).toBe("action_required");
    const made = world.traffic.find(({ method, url }) => method === "POST" && url.pathname.endsWith("/rec"));
    expect(made?.body).toMatchObject({ valor: { valorMinimoRecebedor: "1000.00" } });
  });

  test.each([
    ["a rhythm of one's own", { cadence: "as_needed" }],
    ["a first day that has passed", { startsOn: "2026-11-19" }],
    ["a last day before the first", { endsOn: "2026-11-24" }],
    ["a day that does not exist", { startsOn: "2026-02-30" }],
    ["a donor without document", { donor: { reference: "dnr-1", name: "Ana" } }],
    ["another country", { country: "ar" }],
    ["dollars", { amount: money(100n, "USD") }],
  ] as const)("refused before anything is made: %s", async (_, fields) => {
    const world = pixWorld();
    expect((await world.mandates.request(mandateOf(fields), world.call())).kind).toBe("refused");
    expect(world.traffic.every(({ method }) => method === "GET")).toBe(true);
  });

  test.each([
    ["no", "donor", "AP13"],
    ["nothing", "gateway", "EXPIRADA"],
  ] as const)("the donor says %s: ended by %s", async (says, by, rawCode) => {
    const world = pixWorld();
    const asked = id(await world.mandates.request(mandateOf(), world.call()));
    await world.control.answerRecurrence(world.account, asked, says);
    const found = await world.mandates.lookup({ reference: "x", gatewayMandateId: asked }, world.call());
    expect(found).toMatchObject({ kind: "ended", by, rawCode });
  });

  test.each([
    ["USUARIO_PAGADOR", "SLDB", "donor"],
    ["PSP_PAGADOR", "ACCL", "bank"],
    ["PSP_RECEBEDOR", "FRUD", "gateway"],
  ] as const)("ended later by %s", async (who, code, by) => {
    const world = pixWorld();
    const mandate = await accepted(world);
    await world.control.endRecurrence(world.account, mandate, who, code);
    const found = await world.mandates.lookup({ reference: "x", gatewayMandateId: mandate }, world.call());
    expect(found).toMatchObject({ kind: "ended", by, rawCode: code });
    expect(found.evidence.unrecognized).toBeUndefined();
  });

  test("ended by the church, once and again", async () => {
    const world = pixWorld();
    const handle = { reference: mandateOf().reference, gatewayMandateId: await accepted(world) };
    expect(await world.mandates.cancel(handle, world.call())).toMatchObject({ kind: "ended", by: "church" });
    expect(await world.mandates.cancel(handle, world.call())).toMatchObject({
      kind: "ended",
      by: "church",
      rawCode: "SLCR",
    });
    expect(await world.mandates.charge(chargeOf(handle.gatewayMandateId), world.call())).toMatchObject({
      kind: "refused",
    });
  });

  test("a 2xx that does not say it is canceled ends nothing: neither the permission nor a charge", async () => {
    const handle = { reference: "x", gatewayMandateId: "RR99999004202611200000000000a" };
    const ends = (answer: HttpAnswer) => mandatesOn({ "PATCH /rec": answer }).cancel(handle, call());
    const withdraws = (answer: HttpAnswer) => {
      const { withdraw } = mandatesOn({ "PATCH /cobr": answer });
      const { attempt } = chargeOf(handle.gatewayMandateId);
      return present(withdraw, "charges are announced, so they can be taken back")(attempt, call());
    };
    const status = "CANCELADA";
    expect((await ends(answers(200, bodies.rec({ status })))).kind).toBe("ended");
    expect((await withdraws(answers(200, bodies.cobr({ status })))).kind).toBe("voided");
    const bare = [answers(200, ""), answers(202, "{}"), answers(200, "<html>accepted</html>")];
    const doubt = { kind: "in_doubt", cause: "unreadable_answer" };
    for (const answer of [
      ...bare,
      ...["CRIADA", "APROVADA", "SUSPENSA"].map((is) => answers(200, bodies.rec({ status: is }))),
    ]) {
      expect(await ends(answer), JSON.stringify(answer)).toMatchObject(doubt);
    }
    for (const answer of [
      ...bare,
      ...["ATIVA", "CONCLUIDA", "SUSPENSA"].map((is) => answers(200, bodies.cobr({ status: is }))),
      answers(200, bodies.cobr({ status, pix: [bodies.pix()] })),
    ]) {
      expect(await withdraws(answer), JSON.stringify(answer)).toMatchObject(doubt);
    }
  });

  test("every documented ending is known, and a word of tomorrow raises an alert", async () => {
    for (const codigo of knownEndings) {
      const encerramento = codigo.startsWith("AP")
        ? { rejeicao: { codigo, descricao: "x" } }
        : { cancelamento: { solicitante: "PSP_PAGADOR", codigo, descricao: "x" } };
      const status = codigo.startsWith("AP") ? "REJEITADA" : "CANCELADA";
      const { adapter } = pixOn(() => answers(200, bodies.rec({ status, encerramento })), withAccount);
      const found = await adapter.mandates?.lookup({ reference: "x", gatewayMandateId: "RR1" }, call());
      expect(found).toMatchObject({ kind: "ended", rawCode: codigo });
      expect(found?.evidence.unrecognized).toBeUndefined();
    }
    const { adapter } = pixOn(() => answers(200, bodies.rec({ status: "SUSPENSA" })), withAccount);
    expect(await adapter.mandates?.lookup({ reference: "x", gatewayMandateId: "RR1" }, call())).toMatchObject(
      {
        kind: "pending",
        evidence: { unrecognized: "SUSPENSA" },
      },
    );
  });

  test("an account without a bank account has no mandates", () => {
    expect(pixOn(() => answers(500, ""), credentials).adapter.mandates).toBeUndefined();
  });
});

describe("Pix Automático: charging", () => {
  test("announced in its window, taken on its day, captured", async () => {
    const world = pixWorld();
    await world.listen();
    const order = chargeOf(await accepted(world));
    await world.told();
    const charged = await world.mandates.charge(order, world.call());
    expect(charged).toMatchObject({ kind: "processing", answerDueAt: new Date("2026-11-27T02:59:59.999Z") });
    const txid = "gatewayPaymentId" in charged ? (charged.gatewayPaymentId ?? "") : "";
    expect(await world.told()).toMatchObject([{ kind: "attempt_changed", outcome: { kind: "processing" } }]);
    world.clock.set("2026-11-25T12:00:00Z");
    await world.control.payCharge(world.account, txid);
    expect(await world.told()).toMatchObject([
      {
        kind: "attempt_changed",
        subject: { attemptId: order.attempt.attemptId },
        outcome: { kind: "captured" },
      },
    ]);
    expect(await world.payments.lookup(order.attempt, world.call())).toMatchObject({
      kind: "captured",
      amount: order.attempt.amount,
    });
    const refund = {
      refundId: newId("refund"),
      gatewayPaymentId: txid,
      amount: money(100n, "BRL"),
      refundable: order.attempt.amount,
      method: "pix_automatico",
      reason: "requested_by_donor",
    } as const;
    expect((await world.payments.refund(refund, world.call())).kind).toBe("processing");
    expect((await world.payments.lookupRefund(refund, world.call())).kind).toBe("succeeded");
  });

  test("repeated it is the same charge, also after a lost answer and after its window has closed", async () => {
    const world = pixWorld();
    const order = chargeOf(await accepted(world));
    await world.control.fail("answer_lost", "PUT /cobr");
    expect((await world.mandates.charge(order, world.call())).kind).toBe("in_doubt");
    expect((await world.mandates.charge(order, world.call())).kind).toBe("processing");
    world.clock.advance(days(4));
    expect((await world.mandates.charge(order, world.call())).kind).toBe("processing");
  });

  test.each(["2026-11-20", "2026-11-21", "2026-12-01", "2026-11-31"])(
    "due on %s, outside two to ten days ahead, is refused",
    async (dueOn) => {
      const world = pixWorld();
      const outcome = await world.mandates.charge(chargeOf(await accepted(world), { dueOn }), world.call());
      expect(outcome).toMatchObject({ kind: "refused", problem: { reason: "invalid_request" } });
    },
  );

  test("another amount than the fixed one, or a second in the same cycle, is refused by the provider", async () => {
    const world = pixWorld();
    const mandate = await accepted(world);
    const other = {
      ...chargeOf(mandate),
      attempt: { ...chargeOf(mandate).attempt, amount: money(1n, "BRL") },
    };
    expect(await world.mandates.charge(other, world.call())).toMatchObject({
      kind: "refused",
      problem: { rawCode: "CobROperacaoInvalida" },
    });
    expect((await world.mandates.charge(chargeOf(mandate), world.call())).kind).toBe("processing");
    expect((await world.mandates.charge(chargeOf(mandate, { dueOn: "2026-11-26" }), world.call())).kind).toBe(
      "refused",
    );
  });

  test("no funds: three more tries within seven days, one at a time, then it has failed", async () => {
    const world = pixWorld();
    const order = chargeOf(await accepted(world));
    const charged = await world.mandates.charge(order, world.call());
    const txid = "gatewayPaymentId" in charged ? (charged.gatewayPaymentId ?? "") : "";
    for (const dueOn of ["2026-11-27", "2026-11-29", "2026-12-02"]) {
      world.clock.set(`${dueOn}T02:00:00Z`);
      world.clock.advance(-days(1));
      expect((await world.control.failCharge(world.account, txid)).ok).toBe(true);
      expect((await world.mandates.charge({ ...order, dueOn }, world.call())).kind).toBe("processing");
      expect((await world.mandates.charge({ ...order, dueOn }, world.call())).kind).toBe("processing");
    }
    const retries = world.traffic.filter(
      ({ url, status }) => url.pathname.includes("/retentativa/") && status === 201,
    );
    expect(retries).toHaveLength(3);
    await world.control.failCharge(world.account, txid);
    expect(await world.payments.lookup(order.attempt, world.call())).toMatchObject({
      kind: "declined",
      decline: { reason: "expired", retry: "later" },
    });
  });

  test("a code that ends the charge ends it at the first try", async () => {
    const world = pixWorld();
    const order = chargeOf(await accepted(world));
    const charged = await world.mandates.charge(order, world.call());
    await world.control.failCharge(
      world.account,
      "gatewayPaymentId" in charged ? (charged.gatewayPaymentId ?? "") : "",
      { code: "AC05" },
    );
    expect(await world.payments.lookup(order.attempt, world.call())).toMatchObject({
      kind: "declined",
      decline: { reason: "account_invalid", rawCode: "AC05" },
    });
  });

  test("the donor takes one charge out of the schedule", async () => {
    const world = pixWorld();
    const order = chargeOf(await accepted(world));
    const charged = await world.mandates.charge(order, world.call());
    await world.control.cancelChargeByDonor(
      world.account,
      "gatewayPaymentId" in charged ? (charged.gatewayPaymentId ?? "") : "",
    );
    expect(await world.payments.lookup(order.attempt, world.call())).toMatchObject({
      kind: "declined",
      decline: { retry: "never", rawCode: "SLBD" },
    });
  });

  test("taken back the day before; on its day it runs its course", async () => {
    const world = pixWorld();
    const mandate = await accepted(world);
    const withdraw = present(world.mandates.withdraw, "charges are announced, so they can be taken back");
    const first = chargeOf(mandate);
    await world.mandates.charge(first, world.call());
    world.clock.set("2026-11-24T20:00:00Z");
    expect(await withdraw(first.attempt, world.call())).toMatchObject({ kind: "voided", expired: false });
    expect(await world.payments.lookup(first.attempt, world.call())).toMatchObject({ kind: "voided" });
    const second = chargeOf(mandate, { dueOn: "2026-11-27" });
    expect((await world.mandates.charge(second, world.call())).kind).toBe("processing");
    world.clock.set("2026-11-27T12:00:00Z");
    expect((await withdraw(second.attempt, world.call())).kind).toBe("processing");
    expect(await world.payments.cancel(second.attempt, world.call())).toMatchObject({ kind: "too_late" });
  });

  test("never sent is never_seen; a direct gift is not collected so", async () => {
    const world = pixWorld();
    expect((await world.payments.lookup(chargeOf("x").attempt, world.call())).kind).toBe("never_seen");
    const direct = orderOf({ method: { type: "pix_automatico", presentation: "instructions" } });
    expect(await world.payments.collect(direct, world.call())).toMatchObject({
      kind: "refused",
      problem: { reason: "unsupported" },
    });
  });

  test("every documented status and code has its meaning", async () => {
    const lookup = async (body: object) => {
      const handle = {
        attemptId,
        gatewayPaymentId: `${bodies.txid}r`,
        method: "pix_automatico",
        country: "br",
        amount: money(50_000n, "BRL"),
        createdAt: call().now,
      } as const;
      return pixOn(() => answers(200, body), withAccount).adapter.payments.lookup(handle, call());
    };
    const kinds = {
      CRIADA: "processing",
      ATIVA: "processing",
      CONCLUIDA: "processing",
      EXPIRADA: "declined",
      CANCELADA: "voided",
    };
    for (const [status, kind] of Object.entries(kinds))
      expect((await lookup(bodies.cobr({ status }))).kind, status).toBe(kind);
    for (const codigo of knownChargeCodes) {
      const isCancellation = ["ACCT", "BLCK", "CCLD", "FAIL", "OTHR", "SLBD", "SLCR"].includes(codigo);
      const ending = isCancellation
        ? {
            status: "CANCELADA",
            encerramento: { cancelamento: { solicitante: "PSP_PAGADOR", codigo, descricao: "x" } },
          }
        : { status: "REJEITADA", encerramento: { rejeicao: { codigo, descricao: "x" } } };
      const outcome = await lookup(bodies.cobr(ending));
      expect(outcome.kind, codigo).toBe("declined");
      if (outcome.kind === "declined") expect(declineReasons).toContain(outcome.decline.reason);
      expect(outcome.evidence.unrecognized).toBeUndefined();
    }
    const odd = { status: "REJEITADA", encerramento: { rejeicao: { codigo: "ZZ99", descricao: "x" } } };
    expect(await lookup(bodies.cobr(odd))).toMatchObject({
      kind: "declined",
      evidence: { unrecognized: "ZZ99" },
    });
    expect(await lookup(bodies.cobr({ status: "SUSPENSA" }))).toMatchObject({
      kind: "processing",
      evidence: { unrecognized: "SUSPENSA" },
    });
  });
});
