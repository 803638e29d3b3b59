import { describe, expect, test } from "vitest";
import { knownProblems } from "../../adapters/pix/problems.ts";
import { specsAbsent, specText } from "../support/specs.ts";
import { collected, mandateOf, pixWorld } from "./pix-in-sandbox.ts";
import { pixSpec, requestExamples } from "./pix-specs.ts";

const base = "https://pix.example-psp.com.br/api/v2";
const key = "7d9f0335-8dcc-4054-9bf9-0dbd61d36906";
const txid = "0190b0c3a4f57d3e8a1b2c3d4e5f6071";
const right = { calendario: { expiracao: 3600 }, valor: { original: "500.00" }, chave: key };

/** Requests that the published document refuses, one fault each: the checks must see them. */
const wrong: readonly (readonly [string, string, string, unknown])[] = [
  ["no amount", "PUT", `/cob/${txid}`, { ...right, valor: {} }],
  ["no key", "PUT", `/cob/${txid}`, { ...right, chave: undefined }],
  ["an amount as a number", "PUT", `/cob/${txid}`, { ...right, valor: { original: 500 } }],
  ["an amount with one decimal", "PUT", `/cob/${txid}`, { ...right, valor: { original: "500.0" } }],
  ["an amount with three decimals", "PUT", `/cob/${txid}`, { ...right, valor: { original: "500.000" } }],
  ["a txid that is too short", "PUT", "/cob/abc", right],
  ["a txid that is too long", "PUT", `/cob/${txid}abcd`, right],
  ["a txid with a hyphen", "PUT", "/cob/0190b0c3-a4f5-7d3e-8a1b-2c3d4e5f6071", right],
  ["a debtor without a name", "PUT", `/cob/${txid}`, { ...right, devedor: { cpf: "39053344705" } }],
  ["a CPF with dots", "PUT", `/cob/${txid}`, { ...right, devedor: { cpf: "390.533.447-05", nome: "Ana" } }],
  [
    "a request to the payer of 141 letters",
    "PUT",
    `/cob/${txid}`,
    { ...right, solicitacaoPagador: "x".repeat(141) },
  ],
  [
    "a due date missing",
    "PUT",
    `/cobv/${txid}`,
    { ...right, devedor: { cpf: "39053344705", nome: "Ana" }, calendario: {} },
  ],
  [
    "a claim with a due date and no debtor",
    "PUT",
    `/cobv/${txid}`,
    { ...right, calendario: { dataDeVencimento: "2026-12-10" } },
  ],
  ["another status than removal", "PATCH", `/cob/${txid}`, { status: "CONCLUIDA" }],
  ["a devolução without its amount", "PUT", "/pix/E99999004202611201200abcdef12345/devolucao/1", {}],
  [
    "a devolução of a nature of the banks",
    "PUT",
    "/pix/E99999004202611201200abcdef12345/devolucao/1",
    { valor: "1.00", natureza: "MED_FRAUDE" },
  ],
  [
    "a devolução with an id of 36",
    "PUT",
    `/pix/E99999004202611201200abcdef12345/devolucao/${"a".repeat(36)}`,
    { valor: "1.00" },
  ],
  ["an end-to-end id of 31", "GET", "/pix/E99999004202611201200abcdef1234", undefined],
  ["a list without its window", "GET", "/pix?fim=2026-11-20T00:00:00Z", undefined],
  [
    "a page of 1001",
    "GET",
    "/pix?inicio=2026-11-20T00:00:00Z&fim=2026-11-20T01:00:00Z&paginacao.itensPorPagina=1001",
    undefined,
  ],
  [
    "a parameter of nobody",
    "GET",
    "/pix?inicio=2026-11-20T00:00:00Z&fim=2026-11-20T01:00:00Z&limit=5",
    undefined,
  ],
  ["an address that is none", "PUT", `/webhook/${key}`, {}],
  [
    "a rhythm of one's own",
    "POST",
    "/rec",
    {
      vinculo: { contrato: "1", devedor: { cpf: "39053344705", nome: "Ana" } },
      calendario: { dataInicial: "2026-12-05", periodicidade: "QUINZENAL" },
      politicaRetentativa: "NAO_PERMITE",
    },
  ],
  [
    "a contract number of 36",
    "POST",
    "/rec",
    {
      vinculo: { contrato: "1".repeat(36), devedor: { cpf: "39053344705", nome: "Ana" } },
      calendario: { dataInicial: "2026-12-05", periodicidade: "MENSAL" },
      politicaRetentativa: "NAO_PERMITE",
    },
  ],
  [
    "a charge without an account",
    "PUT",
    `/cobr/${txid}`,
    {
      idRec: "RR99999004202611200000000000a",
      calendario: { dataDeVencimento: "2026-12-05" },
      valor: { original: "1.00" },
      ajusteDiaUtil: true,
    },
  ],
];

describe.skipIf(specsAbsent)("the published document", () => {
  test.each(wrong)("negative control: %s is refused by the checks", (_, method, path, body) => {
    expect(pixSpec?.request(method, new URL(base + path), body)).not.toEqual([]);
  });

  test("the right request beside them passes", () => {
    expect(pixSpec?.request("PUT", new URL(`${base}/cob/${txid}`), right)).toEqual([]);
  });

  test("its own examples of requests pass, so what was mended was mended rightly", () => {
    const examples = requestExamples();
    expect(examples.length).toBeGreaterThan(15);
    const failing = examples.filter(({ faults }) => faults.length > 0).map(({ name }) => name);
    // Where the document's examples break its schemas, in parts that are not used here: cash withdrawals, locations
    // made beforehand, fines and interest, postal codes with a hyphen, a debtor's name alone.
    expect(failing).toEqual([
      "CobBody cobBody6",
      "CobBody cobBody8",
      "CobBody cobBody9",
      "CobRBody cobRBody1",
      "CobVBody cobBody1",
      "LoteCobVBody loteCobVBody1",
      "CobBodyRevisada cobBody3",
      "CobVBodyRevisada cobBody7",
      "RecBodyRevisada recBody3",
    ]);
  });

  test("negative control: an answer without its status, or with one of tomorrow, is seen", () => {
    const url = new URL(`${base}/cob/${txid}`);
    const answer = {
      calendario: { criacao: "2026-11-20T12:00:00Z", expiracao: 60 },
      txid,
      revisao: 0,
      status: "ATIVA",
      valor: { original: "1.00" },
      chave: key,
    };
    expect(pixSpec?.answer("GET", url, 200, answer)).toEqual([]);
    expect(pixSpec?.answer("GET", url, 200, { ...answer, status: "PAGA" })).not.toEqual([]);
    expect(pixSpec?.answer("GET", url, 200, { ...answer, revisao: undefined })).not.toEqual([]);
    expect(pixSpec?.answer("GET", url, 418, answer)).not.toEqual([]);
  });

  test("every problem type the adapter knows stands in the document", () => {
    const text = specText("pix/openapi.yaml");
    for (const type of knownProblems) expect(text, type).toContain(`\`${type}\``);
  });

  test("every code of the document that ends a mandate or a charge is known to the adapter", async () => {
    const { knownEndings } = await import("../../adapters/pix/translate-rec.ts");
    const { knownChargeCodes } = await import("../../adapters/pix/translate-charge.ts");
    const known = new Set([...knownEndings, ...knownChargeCodes]);
    const listed = [...specText("pix/openapi.yaml").matchAll(/^ +- ([A-Z]{2}\d{2}|[A-Z]{4})$/gm)].map(
      (match) => match[1] ?? "",
    );
    expect(new Set(listed).size).toBeGreaterThan(30);
    expect([...new Set(listed)].filter((code) => !known.has(code))).toEqual([]);
  });
});

describe("the simulator refuses what the document refuses", () => {
  test.each(wrong)("%s", async (_, method, path, body) => {
    const world = pixWorld();
    const authorization = await bearer(world);
    const text = body === undefined ? undefined : JSON.stringify(body).replaceAll(key, world.account.key);
    const request = new Request(base + path.replaceAll(key, world.account.key), {
      method,
      headers: { authorization },
      ...(text === undefined ? {} : { body: text }),
    });
    const response = await world.sandbox.fetch(request);
    // A parameter nobody knows is passed over, as providers do; what is not there cannot be found.
    if (path.includes("limit=")) return expect(response.status).toBe(200);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      type: expect.stringContaining("https://pix.bcb.gov.br/api/v2/error/"),
    });
  });

  test.each([
    ["zero", { ...right, valor: { original: "0.00" } }],
    ["an expiry of no time", { ...right, calendario: { expiracao: 0 } }],
    ["another's key", { ...right, chave: "tesouraria@outra.example" }],
    ["a CPF with wrong digits", { ...right, devedor: { cpf: "39053344704", nome: "Ana" } }],
    ["one digit eleven times", { ...right, devedor: { cpf: "11111111111", nome: "Ana" } }],
    ["both documents", { ...right, devedor: { cpf: "39053344705", cnpj: "11222333000181", nome: "Ana" } }],
    ["cash to be handed out", { ...right, valor: { original: "10.00", retirada: {} } }],
    ["a location nobody made", { ...right, loc: { id: 1 } }],
  ])("and what it says in words: %s", async (_, body) => {
    const world = pixWorld();
    const text = JSON.stringify(body).replace(key, world.account.key);
    const headers = { authorization: await bearer(world) };
    const response = await world.sandbox.fetch(
      new Request(`${base}/cob/${txid}`, { method: "PUT", headers, body: text }),
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      violacoes: [{ propriedade: expect.stringContaining("cob.") }],
    });
  });

  test("a token is needed, of our own making, not ended, with the scope", async () => {
    const world = pixWorld();
    const get = async (authorization: string) =>
      (await world.sandbox.fetch(new Request(`${base}/cob/${txid}`, { headers: { authorization } }))).status;
    const good = await bearer(world);
    expect(await get(good)).toBe(404);
    expect(await get(`${good}0`)).toBe(401);
    expect(await get("Bearer x.y")).toBe(401);
    expect(await get(await bearer(world, "pix.read"))).toBe(403);
    world.clock.advance(3_600_000);
    expect(await get(good)).toBe(401);
  });

  test("token requests that are wrong are refused as OAuth has it", async () => {
    const world = pixWorld();
    const ask = async (form: Record<string, string>) => {
      const body = new URLSearchParams(form);
      const response = await world.sandbox.fetch(
        new Request("https://other-psp.com.br/oauth/token", { method: "POST", body }),
      );
      return [response.status, await response.json()];
    };
    const { client_id = "", client_secret = "" } = world.credentials;
    const grant = { grant_type: "client_credentials", client_id, client_secret };
    expect(await ask(grant)).toMatchObject([200, { expires_in: 3600 }]);
    expect(await ask({ ...grant, grant_type: "password" })).toEqual([
      400,
      { error: "unsupported_grant_type" },
    ]);
    expect(await ask({ ...grant, client_secret: "x" })).toEqual([401, { error: "invalid_client" }]);
    expect(await ask({ ...grant, scope: "money.all" })).toEqual([400, { error: "invalid_scope" }]);
  });

  test("a txid serves one claim of one kind, and a location one recurrence", async () => {
    const world = pixWorld();
    const used = await collected(world);
    const headers = { authorization: await bearer(world) };
    const send = async (method: string, path: string, body: object) =>
      (await world.sandbox.fetch(new Request(base + path, { method, headers, body: JSON.stringify(body) })))
        .status;
    const debtor = { cpf: "39053344705", nome: "Ana" };
    const due = {
      chave: world.account.key,
      valor: { original: "1.00" },
      devedor: debtor,
      calendario: { dataDeVencimento: "2026-12-10" },
    };
    expect(await send("PUT", `/cobv/${used}`, due)).toBe(400);
    await world.mandates.request(mandateOf(), world.call());
    const rec = {
      vinculo: { contrato: "2", devedor: debtor },
      calendario: { dataInicial: "2026-12-05", periodicidade: "MENSAL" },
      politicaRetentativa: "NAO_PERMITE",
    };
    expect(await send("POST", "/rec", { ...rec, loc: 2 })).toBe(400);
    expect(await send("POST", "/rec", { ...rec, loc: 99 })).toBe(400);
    expect(await send("POST", "/rec", rec)).toBe(201);
  });

  test("webhooks are set, told, and dropped, for the account's own key only", async () => {
    const world = pixWorld();
    await world.listen();
    const headers = { authorization: await bearer(world) };
    const ask = (method: string, path: string) =>
      world.sandbox.fetch(new Request(base + path, { method, headers }));
    expect(await (await ask("GET", `/webhook/${world.account.key}`)).json()).toMatchObject({
      webhookUrl: expect.any(String),
    });
    expect((await ask("GET", "/webhook/another@church.example")).status).toBe(400);
    for (const place of [`/webhook/${world.account.key}`, "/webhookrec", "/webhookcobr"]) {
      expect((await ask("DELETE", place)).status).toBe(204);
      expect((await ask("GET", place)).status).toBe(404);
    }
  });
});

async function bearer(world: ReturnType<typeof pixWorld>, scope = ""): Promise<string> {
  const { client_id = "", client_secret = "" } = world.credentials;
  const body = new URLSearchParams({ grant_type: "client_credentials", client_id, client_secret, scope });
  const response = await world.sandbox.fetch(
    new Request("https://pix.example-psp.com.br/oauth/token", { method: "POST", body }),
  );
  const told: unknown = await response.json();
  return `Bearer ${typeof told === "object" && told && "access_token" in told ? String(told.access_token) : ""}`;
}
