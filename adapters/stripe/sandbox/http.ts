import { type Account, callerOf } from "./accounts.ts";
import { answerOf } from "./answer.ts";
import { expanded } from "./expand.ts";
import { takeFault, transportError } from "./faults.ts";
import { type Form, parseForm } from "./forms.ts";
import { claim, release, settle } from "./idempotency.ts";
import { Refusal } from "./refusal.ts";
import { findRoute } from "./routes.ts";
import { run } from "./run.ts";
import type { House, Scene } from "./scene.ts";
import { apiVersion } from "./wire.ts";

type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly body: string;
  readonly requestId: string;
  readonly key: string | undefined;
  readonly account: Account;
  readonly caller: Scene["caller"];
};
type Reply = { readonly status: number; readonly text: string; readonly replayOf?: string };

/** Answers one HTTP request as api.stripe.com would. */
export async function answer(house: House, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const requestId = `req_${house.ids.text(14)}`;
  const fault = await takeFault(house.store, `${request.method} ${url.pathname}`);
  if (fault === "connection_refused") throw transportError("connection_refused");
  if (fault === "timeout_before") throw transportError("timeout");
  let key: string | undefined;
  let reply: Reply;
  try {
    if (fault === "429") throw tooMany();
    const call = await read(request, url, requestId);
    key = call.key;
    reply = await answered(house, call, fault === "500");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, body } = answerOf(error, requestId);
    reply = { status, text: JSON.stringify(body) };
  }
  if (fault === "timeout_after") throw transportError("timeout");
  const text = fault === "malformed" ? `<html>${reply.status}</html>` : reply.text;
  return new Response(text, { status: reply.status, headers: headersFor(requestId, key, reply) });
}

function headersFor(requestId: string, key: string | undefined, reply: Reply): Record<string, string> {
  const headers: Record<string, string> = {
    "content-type": "application/json",
    "request-id": requestId,
    "stripe-version": apiVersion,
  };
  if (key) headers["idempotency-key"] = key;
  if (reply.replayOf) {
    headers["idempotent-replayed"] = "true";
    headers["original-request"] = reply.replayOf;
  } else if (key) headers["original-request"] = requestId;
  return headers;
}

async function read(request: Request, url: URL, requestId: string): Promise<Call> {
  const { account, caller } = authenticated(request.headers.get("authorization"));
  const version = request.headers.get("stripe-version");
  if (version && version !== apiVersion) {
    throw new Refusal(400, {
      type: "invalid_request_error",
      message: `Invalid Stripe API version: ${version}. This simulator speaks ${apiVersion} only.`,
    });
  }
  const body = request.method === "POST" ? await request.text() : "";
  const type = request.headers.get("content-type") ?? "";
  if (body !== "" && !type.startsWith("application/x-www-form-urlencoded")) {
    throw new Refusal(400, {
      type: "invalid_request_error",
      message: `Invalid request (check that your POST content type is application/x-www-form-urlencoded). If you have any questions, we can help at https://support.stripe.com/.`,
    });
  }
  const key = request.method === "POST" ? (request.headers.get("idempotency-key") ?? undefined) : undefined;
  if (key !== undefined && key.length > 255) {
    throw new Refusal(400, {
      type: "idempotency_error",
      message: "Idempotency keys can be up to 255 characters long.",
    });
  }
  const query = url.search.slice(1);
  return { method: request.method, path: url.pathname, query, body, requestId, key, account, caller };
}

function authenticated(header: string | null): Pick<Call, "account" | "caller"> {
  const [scheme, given] = (header ?? "").split(" ");
  const key = scheme === "Bearer" ? given : scheme === "Basic" ? basicKey(given ?? "") : undefined;
  if (!key) {
    throw unauthorized(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  const caller = callerOf(key);
  if (caller.kind === "malformed") throw unauthorized(`Invalid API Key provided: ${masked(key)}`);
  if (caller.kind === "live") {
    throw unauthorized(`Invalid API Key provided: ${masked(key)}. Live keys have no place in a sandbox.`);
  }
  return { account: caller.account, caller: caller.kind };
}

function basicKey(encoded: string): string | undefined {
  try {
    return atob(encoded).split(":")[0];
  } catch {
    return undefined;
  }
}

const masked = (key: string): string => `${key.slice(0, 8)}${"*".repeat(12)}${key.slice(-4)}`;
const unauthorized = (message: string): Refusal =>
  new Refusal(401, { type: "invalid_request_error", message }, true);
const tooMany = (): Refusal =>
  new Refusal(
    429,
    {
      type: "invalid_request_error",
      code: "rate_limit",
      message:
        "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
    },
    true,
  );

/** Runs the call, or replays what was answered under its idempotency key. */
async function answered(house: House, call: Call, broken: boolean): Promise<Reply> {
  if (!call.key) return performed(house, call, broken);
  const now = Math.floor(house.clock.now().getTime() / 1000);
  const fingerprint = `${call.method} ${call.path} ${call.body.split("&").sort().join("&")}`;
  const claimed = { account: call.account, key: call.key, fingerprint };
  const kept = await claim(house.store, claimed, now);
  if (kept) return { status: kept.status, text: kept.text, replayOf: kept.requestId };
  try {
    const reply = await performed(house, call, broken);
    await settle(house.store, claimed, now, { ...reply, requestId: call.requestId });
    return reply;
  } catch (error) {
    if (!(error instanceof Refusal) || error.beforeRunning) {
      await release(house.store, claimed);
      throw error;
    }
    const { status, body } = answerOf(error, call.requestId);
    const reply = { status, text: JSON.stringify(body) };
    await settle(house.store, claimed, now, { ...reply, requestId: call.requestId });
    return reply;
  }
}

async function performed(house: House, call: Call, broken: boolean): Promise<Reply> {
  const found = call.path.startsWith("/v1/") ? findRoute(call.method, call.path) : undefined;
  if (!found) throw unrecognized(call);
  if (call.caller === "publishable" && !found.route.browser) {
    throw new Refusal(
      403,
      {
        type: "invalid_request_error",
        code: "secret_key_required",
        message: "This API call cannot be made with a publishable API key. Please use a secret API key.",
      },
      true,
    );
  }
  const form: Form = parseForm(call.method === "POST" ? call.body : call.query);
  const prepared = found.route.prepare(form, call.caller);
  if (broken) throw new Refusal(500, { type: "api_error", message: "An unknown error occurred." });
  const setting = {
    account: call.account,
    caller: call.caller,
    now: house.clock.now(),
    request: { id: call.requestId, idempotencyKey: call.key ?? null },
  };
  return run(house, setting, async (scene) => {
    const { status, body } = await prepared.perform(scene, found.id, found.sub);
    const shown =
      status === 200 && prepared.expand.length > 0 ? await expanded(scene, body, prepared.expand) : body;
    return { status, text: JSON.stringify(shown) };
  });
}

function unrecognized(call: Call): Refusal {
  return new Refusal(
    404,
    {
      type: "invalid_request_error",
      message: `Unrecognized request URL (${call.method}: ${call.path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
    },
    true,
  );
}
