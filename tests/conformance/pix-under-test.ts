import { proofHeader } from "../../adapters/pix/certificate-proof.ts";
import { txidOf } from "../../adapters/pix/ids.ts";
import { pix } from "../../adapters/pix/index.ts";
import type { AdapterFactory } from "../../src/gateway/adapter.ts";
import type { CollectOrder } from "../../src/gateway/payment.ts";
import { type AttemptId, newId, parseId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { type GatewayUnderTest, now } from "./gateway-under-test.ts";
import * as bodies from "./pix-bodies.ts";
import { answers, type HttpAnswer, type Recorded, recording } from "./recording-transport.ts";

export const credentials = {
  base_url: "https://pix.example-psp.com.br/api/v2",
  token_url: "https://pix.example-psp.com.br/oauth/token",
  client_id: "client-of-the-church",
  client_secret: "a-secret-of-the-church",
  pix_key: "7d9f0335-8dcc-4054-9bf9-0dbd61d36906",
  receiver_name: "Paroquia do Bom Pastor",
  receiver_city: "Recife",
};
/** The same with a bank account, which Pix Automático needs. */
export const withAccount = { ...credentials, account_number: "1234567", account_type: "PAGAMENTO" };

export const attemptId = parseId("attempt", `att_${bodies.txid}`) ?? newId("attempt");

export function orderOf(fields: Partial<CollectOrder> = {}): CollectOrder {
  return {
    attemptId,
    donationId: newId("donation"),
    amount: money(50_000n, "BRL"),
    country: "br",
    method: { type: "pix", presentation: "instructions" },
    donor: {
      name: "Ana Sofia Conceição",
      email: "ana.sofia@example.org",
      phone: "+5511987654321",
      taxId: { type: "cpf", number: "39053344705" },
      reference: "dnr-1",
    },
    description: "Igreja Exemplo",
    returnUrl: "https://give.example.org/return",
    cancelUrl: "https://give.example.org/cancel",
    notificationUrl: "https://give.example.org/webhooks/pix/whe_1",
    locale: "pt-BR",
    ...fields,
  };
}

const isToken = (request: Recorded): boolean => request.url.pathname === "/oauth/token";

/** An adapter over a handmade provider that gives tokens, and what it was asked besides. */
export function pixOn(answer: (request: Recorded) => HttpAnswer, given: typeof credentials = credentials) {
  const requests: Recorded[] = [];
  const { transport } = recording((request) => {
    if (isToken(request)) return answers(200, bodies.token);
    requests.push(request);
    return answer(request);
  });
  const adapter = pix.factory.create({ credentials: given, transport });
  return { adapter, requests };
}

/** Answers by `METHOD /path` prefix, longest first; anything else is the API's 404. */
export function routes(table: Readonly<Record<string, HttpAnswer>>): (request: Recorded) => HttpAnswer {
  const prefixes = Object.keys(table).sort((a, b) => b.length - a.length);
  return (request) => {
    const line = `${request.method} ${request.url.pathname.replace("/api/v2", "")}`;
    const match = prefixes.find((prefix) => line.startsWith(prefix));
    return (match && table[match]) || answers(404, bodies.problem("NaoEncontrado", 404));
  };
}

const json = (request: Recorded): Record<string, unknown> =>
  request.body.startsWith("{") ? JSON.parse(request.body) : {};

/** The refunds of the suite: the claim, read first, is found paid by a very large Pix. */
const paidFirst: AdapterFactory = {
  ...pix.factory,
  create: (account) => {
    const plain = pix.factory.create(account);
    const large = bodies.pix({ valor: "9999999999.99" });
    const refunding = pix.factory.create({
      ...account,
      transport: async (input, init) => {
        const request = new Request(input, init);
        const isClaim = request.method === "GET" && new URL(request.url).pathname.startsWith("/api/v2/cob/");
        return isClaim ? Response.json(bodies.paid({ pix: [large] })) : account.transport(input, init);
      },
    });
    return { ...plain, payments: { ...plain.payments, refund: refunding.payments.refund } };
  },
};

const ok = (body: unknown) => answers(200, body);
const removed = (by: string) => bodies.cob({ status: `REMOVIDA_PELO_${by}` });
const expired = { calendario: { criacao: "2026-11-18T12:00:00Z", expiracao: 3600 } };

export const pixUnderTest: GatewayUnderTest = {
  factory: paidFirst,
  credentials,
  order: (amount) => orderOf(amount ? { amount } : {}),
  handle: () => ({
    attemptId,
    gatewayPaymentId: bodies.txid,
    method: "pix",
    country: "br",
    amount: money(50_000n, "BRL"),
    createdAt: now,
  }),
  around: (request) => (isToken(request) ? answers(200, bodies.token) : undefined),
  answers: {
    captured: ok(bodies.paid()),
    processing: ok(bodies.cob({ status: "CONCLUIDA" })),
    action_required: ok(bodies.cob()),
    voided: ok(removed("PSP")),
    refused: answers(404, bodies.problem("NaoEncontrado", 404)),
    in_doubt: answers(500, bodies.problem("ErroInternoDoServidor", 500)),
  },
  statuses: [
    { status: "ATIVA", body: bodies.cob(), becomes: "action_required" },
    { status: "ATIVA, its time over", body: bodies.cob(expired), becomes: "voided" },
    { status: "CONCLUIDA", body: bodies.paid(), becomes: "captured" },
    {
      status: "CONCLUIDA, its Pix not yet told",
      body: bodies.cob({ status: "CONCLUIDA" }),
      becomes: "processing",
    },
    { status: "REMOVIDA_PELO_USUARIO_RECEBEDOR", body: removed("USUARIO_RECEBEDOR"), becomes: "voided" },
    { status: "REMOVIDA_PELO_PSP", body: removed("PSP"), becomes: "voided" },
  ],
  unknownStatus: bodies.cob({ status: "EM_ANALISE" }),
  declineCodes: [],
  doubtful: [
    answers(500, bodies.problem("ErroInternoDoServidor", 500)),
    answers(503, bodies.problem("ServicoIndisponivel", 503)),
    answers(504, ""),
    answers(502, "<html>Bad Gateway</html>"),
    answers(302, ""),
    answers(409, { nome: "txid_duplicado", mensagem: "x" }),
    answers(404, "<html>Not Found</html>"),
    answers(400, "<html>Bad Request</html>"),
    answers(201, "<html>A proxy's page</html>"),
    answers(201, ""),
    answers(201, "null"),
    answers(201, "[]"),
    answers(201, "{}"),
    answers(201, bodies.cob({ valor: { original: "500,00" } })),
    answers(201, bodies.cob({ valor: { original: "5000.00" } })),
    answers(201, bodies.cob({ pixCopiaECola: `${bodies.copyCode.slice(0, -1)}0` })),
    answers(201, bodies.cob({ location: "evil.example/qr/1" })),
  ],
  indiscreet: {
    answer: answers(
      403,
      bodies.problem("AcessoNegado", 403, {
        detail:
          "Ana Sofia Conceição <ana.sofia@example.org>, CPF 390.533.447-05 (39053344705), tel. +55 11 98765-4321, CNPJ 12.ABC.345/01DE-35",
        violacoes: [
          { propriedade: "cob.chave", razao: "7d9f0335-8dcc-4054-9bf9-0dbd61d36906 with Bearer token-1" },
        ],
      }),
    ),
    words: ["Ana", "Sofia", "Conceição", "ana.sofia", "390.533", "39053344705", "98765", "12.ABC", "token-1"],
  },
  amounts: [
    { amount: money(1n, "BRL"), written: "0.01" },
    { amount: money(12_550n, "BRL"), written: "125.50" },
    { amount: money(999_999_999_999n, "BRL"), written: "9999999999.99" },
    { amount: money(1_000_000_000_000n, "BRL"), written: undefined },
    { amount: money(0n, "BRL"), written: undefined },
    { amount: money(-1n, "BRL"), written: undefined },
    { amount: money(100n, "USD"), written: undefined },
  ],
  amountIn: (request) => {
    const { valor } = json(request);
    return typeof valor === "string" ? valor : undefined;
  },
  // The API has no header for it: the name in the path, made from the attempt or the refund, does its work.
  keyIn: (request) => {
    const name = request.url.pathname.split("/").at(-1) ?? "";
    return name === txidOf(attemptId, "cob") ? `key-1 as ${name}` : name;
  },
  events: {
    captured: noticeOf,
    tells: "hint",
    batch: (attempt) => ({
      body: JSON.stringify({
        pix: [
          bodies.pix({ txid: txidOf(attempt, "cob") }),
          bodies.pix({
            txid: txidOf(newId("attempt"), "cob"),
            endToEndId: bodies.endToEndId.replace("a", "b"),
          }),
        ],
      }),
      facts: 2,
    }),
    deliver: async (body, proof) => ({
      headers: { [proofHeader]: proof },
      body: new TextEncoder().encode(body),
      target: "/pix",
    }),
    signs: { body: false, time: false },
  },
};

function noticeOf(attempt: AttemptId): string {
  return JSON.stringify({ pix: [bodies.pix({ txid: txidOf(attempt, "cob") })] });
}
