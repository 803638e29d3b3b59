import { describe, expect, test } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import { type PixWorld, pixWorld } from "./pix-in-sandbox.ts";

/** What a Pix provider refuses, by the problem types of API Pix 2.9.0, and what its lists are asked for. */
const host = "https://pix.sandbox.example";
const cpf = "39053344705";
const cnpj = "11222333000181";

async function client(world: PixWorld) {
  const { clientId, clientSecret } = world.account;
  const grant = (init: RequestInit) =>
    world.sandbox.fetch(new Request(`${host}/oauth/token`, { method: "POST", ...init }));
  const asked = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: clientId,
    client_secret: clientSecret,
  });
  const granted = await (await grant({ body: asked })).json();
  const ask = async (method: string, path: string, body?: unknown, authorization?: string) => {
    const sent = typeof body === "string" ? body : body === undefined ? undefined : JSON.stringify(body);
    const answer = await world.sandbox.fetch(
      new Request(`${host}${path}`, {
        method,
        headers: { authorization: authorization ?? `Bearer ${granted.access_token}` },
        ...(sent === undefined ? {} : { body: sent }),
      }),
    );
    const text = await answer.text();
    const read = text === "" ? {} : JSON.parse(text);
    const why = read.violacoes?.[0]?.propriedade;
    return {
      status: answer.status,
      type: String(read.type ?? "")
        .split("/")
        .at(-1),
      why,
      body: read,
    };
  };
  return { ask, grant };
}

const claimOf = (world: PixWorld, more: object = {}) => ({
  calendario: { expiracao: 3600 },
  valor: { original: "50.00" },
  chave: world.account.key,
  ...more,
});
const txid = (n: number) => `igreja${String(n).padStart(26, "0")}`;

const recOf = (more: object = {}, calendario: object = {}) => ({
  vinculo: { contrato: "1", devedor: { cpf, nome: "Ana" } },
  calendario: { dataInicial: "2026-11-25", periodicidade: "MENSAL", ...calendario },
  politicaRetentativa: "NAO_PERMITE",
  ...more,
});
const chargeOf = (idRec: string, due: string, original = "50.00") => ({
  idRec,
  calendario: { dataDeVencimento: due },
  valor: { original },
  ajusteDiaUtil: true,
  recebedor: { conta: "1", tipoConta: "CORRENTE" },
});

describe("a token", () => {
  const named = ({ account }: PixWorld) => ({
    client_id: account.clientId,
    client_secret: account.clientSecret,
  });

  test.each<[string, (world: PixWorld) => RequestInit, number]>([
    ["of another grant", () => ({ body: new URLSearchParams({ grant_type: "password" }) }), 400],
    ["of nobody", () => ({ body: new URLSearchParams({ grant_type: "client_credentials" }) }), 401],
    [
      "of a wrong secret",
      (world) => ({
        body: new URLSearchParams({ grant_type: "client_credentials", ...named(world), client_secret: "x" }),
      }),
      401,
    ],
    [
      "of a client that is none",
      () => ({
        body: new URLSearchParams({ grant_type: "client_credentials", client_id: "x", client_secret: "x" }),
      }),
      401,
    ],
    [
      "of a scope there is not",
      (world) => ({
        body: new URLSearchParams({ grant_type: "client_credentials", ...named(world), scope: "all" }),
      }),
      400,
    ],
    [
      "by a header that is no base64",
      () => ({
        headers: { authorization: "Basic %%%" },
        body: new URLSearchParams({ grant_type: "client_credentials" }),
      }),
      401,
    ],
    [
      "by the header",
      ({ account }) => ({
        headers: { authorization: `Basic ${btoa(`${account.clientId}:${account.clientSecret}`)}` },
        body: new URLSearchParams({ grant_type: "client_credentials", scope: "cob.read" }),
      }),
      200,
    ],
  ])("%s", async (_what, init, status) => {
    const world = pixWorld();
    const { grant } = await client(world);
    expect((await grant(init(world))).status).toBe(status);
  });

  test("opens only what it was given for, and only while it lasts", async () => {
    const world = pixWorld();
    const { ask, grant } = await client(world);
    const asked = new URLSearchParams({
      grant_type: "client_credentials",
      ...named(world),
      scope: "cob.read",
    });
    const { access_token: narrow } = await (await grant({ body: asked })).json();
    expect((await ask("PUT", `/cob/${txid(1)}`, claimOf(world), `Bearer ${narrow}`)).type).toBe(
      "AcessoNegado",
    );
    expect((await ask("GET", `/cob/${txid(1)}`, undefined, `Bearer ${narrow}`)).status).toBe(404);
    for (const other of ["", "Bearer x", `${`Bearer ${narrow}`.slice(0, -1)}0`]) {
      expect((await ask("GET", "/cob", undefined, other)).status).toBe(401);
    }
    world.clock.advance(days(1));
    expect((await ask("GET", "/cob", undefined, `Bearer ${narrow}`)).status).toBe(401);
  });
});

describe("a call", () => {
  test.each([
    ["to nowhere", "GET", "/nowhere", undefined, "NaoEncontrado"],
    ["of no JSON", "PUT", `/cob/${txid(1)}`, "{", "RequisicaoInvalida"],
    ["that is too long", "PUT", `/cob/${txid(1)}`, `"${"x".repeat(200_001)}"`, "RequisicaoInvalida"],
    ["of another shape", "PUT", `/cob/${txid(1)}`, {}, "CobOperacaoInvalida"],
    [
      "by a document that is none",
      "PUT",
      `/cob/${txid(1)}`,
      { devedor: { cnpj: "11111111111111", nome: "A" } },
      "CobOperacaoInvalida",
    ],
  ])("%s is refused", async (_what, method, path, body, type) => {
    const world = pixWorld();
    const { ask } = await client(world);
    const sent = typeof body === "object" && "devedor" in body ? claimOf(world, body) : body;
    expect((await ask(method, path, sent)).type).toBe(type);
  });
});

describe("a list", () => {
  const day = "inicio=2026-11-20T00:00:00Z&fim=2026-11-21T00:00:00Z";

  test("of claims is by state and by document", async () => {
    const world = pixWorld();
    const { ask } = await client(world);
    await ask("PUT", `/cob/${txid(1)}`, claimOf(world, { devedor: { cpf, nome: "Ana" } }));
    await ask("PUT", `/cob/${txid(2)}`, claimOf(world, { devedor: { cnpj, nome: "Loja" } }));
    await world.control.pay(world.account, txid(1));
    const found = async (more: string) =>
      (await ask("GET", `/cob?${day}${more}`)).body.cobs.map((one: { txid: string }) => one.txid);
    expect(await found("")).toHaveLength(2);
    expect(await found("&status=ATIVA")).toEqual([txid(2)]);
    expect(await found(`&cpf=${cpf}`)).toEqual([txid(1)]);
    expect(await found(`&cnpj=${cnpj}`)).toEqual([txid(2)]);
  });

  test("of what came is by claim, by who paid, and by whether it was asked for or went back", async () => {
    const world = pixWorld();
    const { ask } = await client(world);
    await ask("PUT", `/cob/${txid(1)}`, claimOf(world, { devedor: { cnpj, nome: "Loja" } }));
    const asked = await world.control.pay(world.account, txid(1));
    const unasked = await world.control.payStatic(world.account, undefined, 700n);
    if (!asked.ok || !unasked.ok) throw new Error("not paid");
    const found = async (more: string) =>
      (await ask("GET", `/pix?${day}${more}`)).body.pix.map((one: { endToEndId: string }) => one.endToEndId);
    expect(await found(`&txid=${txid(1)}`)).toEqual([asked.value]);
    expect(await found(`&cnpj=${cnpj}`)).toEqual([asked.value]);
    expect(await found(`&cpf=${cpf}`)).toEqual([unasked.value]);
    expect(await found("&txIdPresente=true")).toEqual([asked.value]);
    expect(await found("&txIdPresente=false")).toEqual([unasked.value]);
    expect(await found("&devolucaoPresente=true")).toEqual([]);
  });

  test("of recurrences and of their charges is by state, donor and recurrence", async () => {
    const world = pixWorld();
    const { ask } = await client(world);
    const one = await ask("POST", "/rec", recOf());
    const two = await ask(
      "POST",
      "/rec",
      recOf({ vinculo: { contrato: "2", devedor: { cnpj, nome: "Loja" } } }),
    );
    await world.control.answerRecurrence(world.account, one.body.idRec, "yes");
    const recs = async (more: string) =>
      (await ask("GET", `/rec?${day}${more}`)).body.recs.map((rec: { idRec: string }) => rec.idRec);
    expect(await recs("&status=APROVADA")).toEqual([one.body.idRec]);
    expect(await recs(`&cnpj=${cnpj}`)).toEqual([two.body.idRec]);
    expect(await recs(`&cpf=${cpf}`)).toEqual([one.body.idRec]);
    await ask("PUT", `/cobr/${txid(1)}`, chargeOf(one.body.idRec, "2026-11-25"));
    const charges = async (more: string) => (await ask("GET", `/cobr?${day}${more}`)).body.cobsr.length;
    expect(await Promise.all(["", "&status=ATIVA", "&status=CONCLUIDA"].map(charges))).toEqual([1, 1, 0]);
    expect(await charges(`&idRec=${one.body.idRec}`)).toBe(1);
    expect(await charges(`&idRec=${two.body.idRec}`)).toBe(0);
  });
});

describe("money sent back", () => {
  test("is asked for once by each name, within what is left, and never as change", async () => {
    const world = pixWorld();
    const { ask } = await client(world);
    const paid = await world.control.payStatic(world.account, undefined, 700n);
    if (!paid.ok) throw new Error(paid.error);
    const back = (id: string, body: object) => ask("PUT", `/pix/${paid.value}/devolucao/${id}`, body);
    expect((await back("a-b", { valor: "1.00" })).why).toBe("devolucao.id");
    expect((await back("ab", { valor: "8.00" })).why).toBe("devolucao.valor");
    expect((await back("ab", { valor: "1.00", natureza: "RETIRADA" })).why).toBe("devolucao.natureza");
    expect((await back("ab", { valor: "1.00" })).status).toBe(201);
    expect((await back("ab", { valor: "1.00" })).why).toBe("devolucao.id");
    expect((await ask("PUT", `/pix/${"E".repeat(32)}/devolucao/ab`, { valor: "1.00" })).status).toBe(404);
    world.clock.advance(days(91));
    const later = await client(world);
    const late = await later.ask("PUT", `/pix/${paid.value}/devolucao/cd`, { valor: "1.00" });
    expect(late.why).toBe("devolucao");
    expect(await world.control.returnUnasked(world.account, "none", "ORIGINAL")).toMatchObject({ ok: false });
  });
});

describe("a recurrence", () => {
  test.each([
    ["that has begun", recOf({}, { dataInicial: "2026-11-01" }), "rec.calendario.dataInicial"],
    ["that ends before it begins", recOf({}, { dataFinal: "2026-11-24" }), "rec.calendario.dataFinal"],
    ["at a place there is not", recOf({ loc: 99 }), "rec.loc"],
  ])("%s is refused", async (_what, body, why) => {
    const { ask } = await client(pixWorld());
    expect((await ask("POST", "/rec", body)).why).toBe(why);
  });

  test("is answered once, ended once, and its place is its own", async () => {
    const world = pixWorld();
    const { ask } = await client(world);
    const place = await ask("POST", "/locrec");
    const made = await ask("POST", "/rec", recOf({ loc: place.body.id }));
    const { idRec } = made.body;
    expect((await ask("POST", "/rec", recOf({ loc: place.body.id }))).why).toBe("rec.loc");
    const end = () => world.control.endRecurrence(world.account, idRec, "USUARIO_PAGADOR", "SLBD");
    expect(await end()).toMatchObject({ ok: false });
    await world.control.answerRecurrence(world.account, idRec, "yes");
    expect(await world.control.answerRecurrence(world.account, idRec, "no")).toMatchObject({ ok: false });
    const shown = await ask("GET", `/rec/${idRec}`);
    expect(shown.body).toMatchObject({ status: "APROVADA", dadosQR: { jornada: "JORNADA_2" } });
    expect(await end()).toMatchObject({ ok: true });
    expect((await ask("PATCH", `/rec/${idRec}`, { status: "CANCELADA" })).why).toBe("rec.status");
    expect((await ask("GET", `/rec/${"R".repeat(29)}`)).status).toBe(404);
  });

  test("is asked for in the donor's bank once at a time, in time, and taken back before the answer", async () => {
    const world = pixWorld();
    const { ask } = await client(world);
    const { idRec } = (await ask("POST", "/rec", recOf())).body;
    const request = (until: string) => ({
      idRec,
      calendario: { dataExpiracaoSolicitacao: until },
      destinatario: { conta: "1", ispbParticipante: "99999003", cpf },
    });
    const late = await ask("POST", "/solicrec", request("2026-11-19T00:00:00Z"));
    expect(late.why).toBe("solicrec.calendario.dataExpiracaoSolicitacao");
    const made = await ask("POST", "/solicrec", request("2026-11-22T00:00:00Z"));
    expect(made.status).toBe(201);
    expect((await ask("POST", "/solicrec", request("2026-11-22T00:00:00Z"))).why).toBe("solicrec.idRec");
    const path = `/solicrec/${made.body.idSolicRec}`;
    expect((await ask("GET", path)).body.status).toBe("CRIADA");
    expect((await ask("PATCH", path, { status: "CANCELADA" })).body.status).toBe("CANCELADA");
    expect((await ask("PATCH", path, { status: "CANCELADA" })).why).toBe("solicrec.status");
    expect((await ask("GET", "/solicrec/none")).status).toBe(404);
  });
});

describe("a recurring charge", () => {
  async function approved(more: object = {}, calendario: object = {}) {
    const world = pixWorld();
    const { ask } = await client(world);
    const { idRec } = (await ask("POST", "/rec", recOf(more, calendario))).body;
    await world.control.answerRecurrence(world.account, idRec, "yes");
    return { world, ask, idRec, put: (id: string, body: object) => ask("PUT", `/cobr/${id}`, body) };
  }

  test.each<[string, string, object, object, string, string]>([
    ["tomorrow", txid(1), {}, {}, "2026-11-21", "cobr.calendario.dataDeVencimento"],
    ["in two weeks", txid(1), {}, {}, "2026-12-04", "cobr.calendario.dataDeVencimento"],
    ["before it begins", txid(1), {}, {}, "2026-11-23", "cobr.calendario.dataDeVencimento"],
    [
      "after it ends",
      txid(1),
      {},
      { dataFinal: "2026-11-26" },
      "2026-11-28",
      "cobr.calendario.dataDeVencimento",
    ],
    ["of another amount", txid(1), { valor: { valorRec: "60.00" } }, {}, "2026-11-25", "cobr.valor.original"],
    ["by a short name", "x", {}, {}, "2026-11-25", "cobr.txid"],
  ])("%s is refused", async (_what, id, more, calendario, due, why) => {
    const { put, idRec } = await approved(more, calendario);
    expect((await put(id, chargeOf(idRec, due))).why).toBe(why);
  });

  test("comes once in each week of a weekly one, and once by each name", async () => {
    const { put, idRec } = await approved({}, { periodicidade: "SEMANAL", dataInicial: "2026-11-22" });
    expect((await put(txid(1), chargeOf(idRec, "2026-11-23"))).status).toBe(201);
    expect((await put(txid(1), chargeOf(idRec, "2026-11-30"))).why).toBe("cobr.txid");
    expect((await put(txid(2), chargeOf(idRec, "2026-11-28"))).why).toBe("cobr.calendario.dataDeVencimento");
    expect((await put(txid(2), chargeOf(idRec, "2026-11-30"))).status).toBe(201);
  });

  test("is not made under a recurrence nobody accepted", async () => {
    const { ask } = await client(pixWorld());
    const { idRec } = (await ask("POST", "/rec", recOf())).body;
    expect((await ask("PUT", `/cobr/${txid(1)}`, chargeOf(idRec, "2026-11-25"))).why).toBe("cobr.idRec");
  });

  test("is tried again as its policy says, on a day to come, three times in seven days", async () => {
    const { world, put, idRec, ask } = await approved({ politicaRetentativa: "PERMITE_3R_7D" });
    await put(txid(1), chargeOf(idRec, "2026-11-25"));
    const again = (day: string) => ask("POST", `/cobr/${txid(1)}/retentativa/${day}`);
    expect((await again("2026-11-26")).why).toBe("cobr.tentativas");
    expect(await world.control.failCharge(world.account, txid(1))).toMatchObject({ ok: true });
    expect((await again("2026-11-20")).why).toBe("cobr.data");
    expect((await again("soon")).why).toBe("cobr.data");
    expect((await again("2026-12-03")).why).toBe("cobr.tentativas");
    for (const day of ["2026-11-26", "2026-11-27", "2026-11-28"]) {
      expect((await again(day)).status).toBe(201);
      await world.control.failCharge(world.account, txid(1));
    }
    expect((await again("2026-11-29")).why).toBe("cobr.tentativas");
    expect(await world.control.payCharge(world.account, txid(1))).toMatchObject({ ok: false });
  });

  test("of a policy without it is tried once, and taken out of the schedule in time", async () => {
    const { world, put, idRec, ask } = await approved();
    await put(txid(1), chargeOf(idRec, "2026-11-25"));
    expect((await ask("POST", `/cobr/${txid(1)}/retentativa/2026-11-26`)).why).toBe(
      "cobr.politicaRetentativa",
    );
    expect((await ask("PATCH", `/cobr/${txid(1)}`, { status: "CANCELADA" })).body.status).toBe("CANCELADA");
    expect((await ask("PATCH", `/cobr/${txid(1)}`, { status: "CANCELADA" })).why).toBe("cobr.status");
    expect(await world.control.cancelChargeByDonor(world.account, txid(1))).toMatchObject({ ok: false });
  });
});
