import { connectionError, type FaultKind, takeFault } from "./faults.ts";
import { callerOf, grantToken } from "./oauth.ts";
import { Refusal } from "./refusal.ts";
import { routes } from "./routes.ts";
import { type House, run } from "./scene.ts";

type Reply = { readonly status: number; readonly body: object | undefined };

/** Largest body read, in characters. */
const longest = 200_000;

/** Answers as a provider's host does, whatever its name; throws like a failed `fetch` when a fault is set. */
export async function answer(house: House, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/api\/v2(?=\/)/, "");
  const fault = await takeFault(house.store, `${request.method} ${path}`);
  if (fault === "connection_refused") throw connectionError("ECONNREFUSED");
  if (fault === "never_answers") return waitInVain(request);
  const early = fault === undefined ? undefined : brokenBefore(fault);
  if (early) return written(early);
  const reply = await answered(house, request, { url, path });
  if (fault === "answer_lost") throw connectionError("ECONNRESET");
  if (fault === "malformed") return new Response("<html>", { status: reply.status });
  return written(reply);
}

/** Longest wait of a caller that never gives up, in milliseconds. */
const patience = 60_000;

/**
 * Until the caller gives up. The timers keep the request, and with it the caller's signal, from being collected:
 * nothing else holds on to a call that nobody answers.
 */
async function waitInVain(request: Request): Promise<never> {
  const step = 10;
  for (let waited = 0; waited < patience && !request.signal.aborted; waited += step) {
    await new Promise((resolve) => setTimeout(resolve, step));
  }
  throw request.signal.aborted ? request.signal.reason : connectionError("ECONNRESET");
}

function brokenBefore(fault: FaultKind): Reply | undefined {
  switch (fault) {
    case "500":
      return problem(new Refusal("ErroInternoDoServidor", "condição inesperada"));
    case "503":
      return problem(new Refusal("ServicoIndisponivel", "em manutenção"));
    case "429":
      return { status: 429, body: { title: "Too Many Requests", status: 429, type: "about:blank" } };
    case "connection_refused":
    case "never_answers":
    case "answer_lost":
    case "malformed":
      return undefined;
  }
}

const problem = (refusal: Refusal): Reply => ({ status: refusal.status, body: refusal.body });

function written({ status, body }: Reply): Response {
  const type = status >= 400 ? "application/problem+json" : "application/json";
  if (body === undefined) return new Response(null, { status });
  return new Response(JSON.stringify(body), { status, headers: { "content-type": type } });
}

type Place = { readonly url: URL; readonly path: string };

async function answered(house: House, request: Request, { url, path }: Place): Promise<Reply> {
  const now = house.clock.now();
  const text = await request.text();
  if (request.method === "POST" && path === "/oauth/token") {
    return grantToken(request.headers, new URLSearchParams(text), now);
  }
  const caller = callerOf(request.headers.get("authorization"), now);
  if (!caller) return { status: 401, body: { type: "about:blank", title: "Unauthorized", status: 401 } };
  try {
    const found = routes.find((one) => one.method === request.method && one.path.test(path));
    if (!found) throw new Refusal("NaoEncontrado", "entidade não encontrada");
    if (!caller.scopes.has(found.scope)) throw new Refusal("AcessoNegado", `falta o escopo ${found.scope}`);
    const ids = (found.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
    const asked = { ids, query: url.searchParams, body: read(text) };
    const body = await run(house, caller.account, url.host, (scene) => found.perform(scene, asked));
    return { status: found.status, body };
  } catch (error) {
    if (error instanceof Refusal) return problem(error);
    throw error;
  }
}

function read(text: string): unknown {
  if (text === "") return undefined;
  if (text.length > longest) throw new Refusal("RequisicaoInvalida", "o corpo é grande demais");
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("RequisicaoInvalida", "o corpo não é JSON");
  }
}
