import { describe, expect, test } from "vitest";
import type { MandateCharge, MandateOrder } from "../../src/gateway/mandate.ts";
import { present } from "../../src/kernel/assert.ts";
import { money } from "../../src/kernel/money.ts";
import { call } from "./gateway-under-test.ts";
import * as bodies from "./pix-bodies.ts";
import { giftOf, handleOf, mandateOf } from "./pix-in-sandbox.ts";
import { credentials, pixOn, routes, withAccount } from "./pix-under-test.ts";
import { answers, type HttpAnswer } from "./recording-transport.ts";

/** A provider's answers to a recurring charge and its permission, each beside what it means to us. */
const ok = (body: object): HttpAnswer => answers(200, body);
const no = (type: string, status = 400): HttpAnswer => answers(status, bodies.problem(type, status));
const objected = no("CobROperacaoInvalida");
const broken = answers(500, "{}");
const id = "RR99999004202611200000000000a";

const mandatesOn = (table: Readonly<Record<string, HttpAnswer>>) =>
  present(pixOn(routes(table), withAccount).adapter.mandates, "the account has Pix Automático");

const chargeOf = (fields: Partial<MandateCharge> = {}): MandateCharge => {
  const order = giftOf({ method: { type: "pix_automatico", presentation: "instructions" } });
  return {
    mandate: { gatewayMandateId: id, method: "pix_automatico" },
    attempt: handleOf(order),
    description: "Dízimo",
    dueOn: "2026-11-25",
    donor: order.donor,
    ...fields,
  };
};
const charge = (
  table: Readonly<Record<string, HttpAnswer>>,
  fields: Partial<MandateCharge> = {},
  at = "2026-11-20T15:00:00Z",
) => mandatesOn(table).charge(chargeOf(fields), call({ now: new Date(at) }));

describe("a charge", () => {
  test("of a day that is none, or of an amount Pix has no room for, never leaves", async () => {
    expect(await charge({}, { dueOn: "25/11/2026" })).toMatchObject({
      kind: "refused",
      problem: { rawCode: "valor" },
    });
    const attempt = { ...chargeOf().attempt, amount: money(10n ** 13n, "BRL") };
    expect(await charge({}, { attempt })).toMatchObject({ kind: "refused", problem: { rawCode: "valor" } });
  });

  test("an account that names no bank account has none", () => {
    expect(pixOn(routes({}), credentials).adapter.mandates).toBeUndefined();
  });

  test.each<[string, Readonly<Record<string, HttpAnswer>>, object]>([
    ["refused, and not there", { "PUT /cobr": objected }, { kind: "refused" }],
    [
      "refused, and nobody can say whether it is there",
      { "PUT /cobr": objected, "GET /cobr": broken },
      { kind: "in_doubt" },
    ],
    [
      "refused, for it is there",
      { "PUT /cobr": objected, "GET /cobr": ok(bodies.cobr()) },
      { kind: "processing" },
    ],
    ["forbidden", { "PUT /cobr": no("AcessoNegado", 403) }, { kind: "refused" }],
    ["lost", { "PUT /cobr": broken }, { kind: "in_doubt" }],
  ])("%s", async (_what, table, outcome) => {
    expect(await charge(table)).toMatchObject(outcome);
  });

  const failedOnce = bodies.cobr({
    tentativas: [
      {
        dataLiquidacao: "2026-11-25",
        tipo: "AGND",
        status: "REJEITADA",
        rejeicao: { codigo: "AM02" },
        endToEndId: bodies.endToEndId,
      },
    ],
  });
  const later = "2026-11-26T15:00:00Z";
  const again = { "GET /cobr": ok(failedOnce) };

  test.each<[string, Readonly<Record<string, HttpAnswer>>, object]>([
    ["is taken", { ...again, "POST /cobr": ok(bodies.cobr()) }, { kind: "processing" }],
    [
      "is refused: one is under way, most likely",
      { ...again, "POST /cobr": objected },
      { kind: "processing" },
    ],
    ["is forbidden", { ...again, "POST /cobr": no("AcessoNegado", 403) }, { kind: "refused" }],
    ["is lost", { ...again, "POST /cobr": broken }, { kind: "in_doubt" }],
    ["is of nothing that was made", {}, { kind: "refused", problem: { rawCode: "dataDeVencimento" } }],
    ["is of what nobody can read", { "GET /cobr": broken }, { kind: "in_doubt" }],
  ])("one more try %s", async (_what, table, outcome) => {
    expect(await charge(table, { dueOn: "2026-11-27" }, later)).toMatchObject(outcome);
  });
});

describe("a charge taken back", () => {
  const withdraw = (table: Readonly<Record<string, HttpAnswer>>) =>
    present(mandatesOn(table).withdraw, "charges are announced")(chargeOf().attempt, call());

  test.each<[string, Readonly<Record<string, HttpAnswer>>, object]>([
    [
      "too late is what it is",
      {
        "PATCH /cobr": objected,
        "GET /cobr": ok(bodies.cobr({ status: "CONCLUIDA", pix: [bodies.pix({ txid: `${bodies.txid}r` })] })),
      },
      { kind: "captured" },
    ],
    ["that is not there was never made", { "PATCH /cobr": objected }, { kind: "refused" }],
    [
      "that nobody can read is in doubt",
      { "PATCH /cobr": objected, "GET /cobr": broken },
      { kind: "in_doubt" },
    ],
    ["is forbidden", { "PATCH /cobr": no("AcessoNegado", 403) }, { kind: "refused" }],
  ])("%s", async (_what, table, outcome) => {
    expect(await withdraw(table)).toMatchObject(outcome);
  });
});

describe("how a charge stands", () => {
  const rejeicao = (codigo: string) => ({ encerramento: { rejeicao: { codigo } } });
  const stopped = (solicitante: string, codigo: string) => ({
    encerramento: { cancelamento: { solicitante, codigo } },
  });
  const tried = (fields: object) => ({
    tentativas: [
      {
        dataLiquidacao: "2026-11-25",
        tipo: "AGND",
        status: "REJEITADA",
        endToEndId: bodies.endToEndId,
        ...fields,
      },
    ],
  });

  test.each<[string, Readonly<Record<string, unknown>>, object]>([
    [
      "over in time, the bank's word told",
      { status: "EXPIRADA", ...tried({ rejeicao: { codigo: "AM02" } }) },
      { kind: "declined", decline: { reason: "expired", rawCode: "AM02" } },
    ],
    [
      "over in time, without a word",
      { status: "EXPIRADA" },
      { kind: "declined", decline: { rawCode: "EXPIRADA" } },
    ],
    [
      "rejected in words of tomorrow",
      { status: "REJEITADA", ...rejeicao("ZZ99") },
      { kind: "declined", evidence: { unrecognized: "ZZ99" } },
    ],
    [
      "rejected without a word",
      { status: "REJEITADA" },
      { kind: "declined", decline: { rawCode: "REJEITADA" } },
    ],
    [
      "rejected by its last try",
      { status: "REJEITADA", ...tried({ rejeicao: { codigo: "AM02" } }) },
      { kind: "declined", decline: { rawCode: "AM02" } },
    ],
    ["canceled by nobody named", { status: "CANCELADA" }, { kind: "voided" }],
    [
      "canceled by the church",
      { status: "CANCELADA", ...stopped("USUARIO_RECEBEDOR", "SLCR") },
      { kind: "voided" },
    ],
    [
      "canceled by the donor",
      { status: "CANCELADA", ...stopped("USUARIO_PAGADOR", "SLBD") },
      { kind: "declined" },
    ],
    [
      "of a status of tomorrow",
      { status: "ZZ" },
      { kind: "processing", evidence: { unrecognized: expect.stringContaining("ZZ") } },
    ],
    [
      "tried last on a later day",
      { status: "ATIVA", ...tried({ dataLiquidacao: "2026-11-30", status: "AGENDADA" }) },
      { kind: "processing" },
    ],
    [
      "tried on a day that is none",
      { status: "ATIVA", ...tried({ dataLiquidacao: "soon", status: "AGENDADA" }) },
      { kind: "processing" },
    ],
  ])("%s", async (_what, fields, outcome) => {
    expect(await charge({ "PUT /cobr": ok(bodies.cobr(fields)) })).toMatchObject(outcome);
  });

  test("asked about long after its day, an answer is due tomorrow", async () => {
    const told = await charge({ "GET /cobr": ok(bodies.cobr()) }, {}, "2026-12-20T15:00:00Z");
    expect(told).toMatchObject({ kind: "processing", answerDueAt: new Date("2026-12-21T15:00:00Z") });
  });
});

describe("a permission", () => {
  const handle = { reference: mandateOf().reference, gatewayMandateId: id };
  const request = (order: MandateOrder) => mandatesOn({}).request(order, call());

  test.each<[string, Readonly<Record<string, HttpAnswer>>, object]>([
    [
      "that is over already",
      { "PATCH /rec": no("RecOperacaoInvalida"), "GET /rec": ok(bodies.rec({ status: "CANCELADA" })) },
      { kind: "ended" },
    ],
    [
      "that the provider keeps",
      { "PATCH /rec": no("RecOperacaoInvalida"), "GET /rec": ok(bodies.rec({ status: "APROVADA" })) },
      { kind: "refused" },
    ],
    [
      "that nobody can read",
      { "PATCH /rec": no("RecOperacaoInvalida"), "GET /rec": broken },
      { kind: "in_doubt" },
    ],
    ["that we may not end", { "PATCH /rec": no("AcessoNegado", 403) }, { kind: "refused" }],
  ])("%s, asked to end", async (_what, table, outcome) => {
    expect(await mandatesOn(table).cancel(handle, call())).toMatchObject(outcome);
  });

  test("whose id was lost is looked for before it is ended, and not found needs no end", async () => {
    const { gatewayMandateId: _, ...nameless } = handle;
    expect((await mandatesOn({ "GET /rec": broken }).cancel(nameless, call())).kind).toBe("in_doubt");
    const found = {
      parametros: {
        paginacao: { paginaAtual: 0, itensPorPagina: 100, quantidadeDePaginas: 1, quantidadeTotalDeItens: 0 },
      },
      recs: [],
    };
    expect((await mandatesOn({ "GET /rec": ok(found) }).cancel(nameless, call())).kind).toBe("not_sent");
  });

  test.each<[string, Partial<MandateOrder>]>([
    ["of nobody's document", { donor: { reference: "dnr-1", name: "Ana" } }],
    [
      "of a document that is none",
      { donor: { reference: "dnr-1", name: "Ana", taxId: { type: "cnpj", number: "1" } } },
    ],
    ["of an amount Pix has no room for", { amount: money(10n ** 13n, "BRL") }],
  ])("%s is not asked for", async (_what, fields) => {
    expect((await request(mandateOf(fields))).kind).toBe("refused");
  });
});
