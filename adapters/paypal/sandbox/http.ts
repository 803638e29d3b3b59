import { after, days, hours } from "../../../src/kernel/clock.ts";
import { type Account, accountOf, secretFor } from "./accounts.ts";
import { anyones, documentsOf } from "./documents.ts";
import { type FaultKind, lostConnection, spendFault } from "./faults.ts";
import { Refusal, refusalBody, unprocessable } from "./refusal.ts";
import { type Answer, type Call, handlerOf, mocked } from "./routes.ts";
import { type House, run, type Scene, stamp } from "./scene.ts";
import { certificateText } from "./signing.ts";

/** Seconds an access token lives: PayPal says 32,400. */
const tokenLives = 32_400;

/** Answers one HTTP request as PayPal's API hosts would. */
export async function answer(house: House, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const fault = await spendFault(house.store, `${request.method} ${url.pathname}`);
  if (fault === "refused_connection") throw lostConnection("never_made");
  if (fault === "lost_before") throw lostConnection("broken");
  const debugId = house.ids.debug();
  const reply = await replied(house, request, url, fault, debugId);
  if (fault === "lost_after") throw lostConnection("broken");
  return fault === "not_json" ? new Response("<html>502</html>", { status: reply.status }) : reply;
}

async function replied(
  house: House,
  request: Request,
  url: URL,
  fault: FaultKind | undefined,
  debugId: string,
): Promise<Response> {
  const headers = { "paypal-debug-id": debugId };
  try {
    if (fault === "error_500") throw new Refusal(500);
    if (fault === "too_many") throw new Refusal(429);
    const certificate = certificatePath.exec(url.pathname)?.[1];
    if (certificate !== undefined) return certificateAnswer(house, certificate);
    if (url.pathname === "/v1/oauth2/token") return await token(house, request, headers);
    const account = await callerOf(house, request, fault === "token_ended");
    const { status, text } = await performed(house, account, await callIn(request, url), request);
    const body = status === 204 ? null : text;
    return new Response(body, { status, headers: { ...headers, "content-type": "application/json" } });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return Response.json(refusalBody(error, debugId), { status: error.status, headers });
  }
}

const certificatePath = /^\/v1\/notifications\/certs\/([\w-]+)$/;

async function certificateAnswer(house: House, id: string): Promise<Response> {
  const pem = await certificateText(house.store, id, house.clock.now());
  return pem === undefined
    ? new Response("Not Found", { status: 404 })
    : new Response(pem, { headers: { "content-type": "text/plain" } });
}

/** The OAuth server speaks its own language. */
async function token(house: House, request: Request, headers: Record<string, string>): Promise<Response> {
  const refuse = (status: number, error: string, error_description: string) =>
    Response.json({ error, error_description }, { status, headers });
  const [scheme, encoded = ""] = (request.headers.get("authorization") ?? "").split(" ");
  const [id = "", secret] = scheme === "Basic" ? decoded(encoded).split(":") : [];
  const account = accountOf(id);
  if (!account || secret !== secretFor(id)) {
    return refuse(401, "invalid_client", "Client Authentication failed");
  }
  const form = new URLSearchParams(await request.text());
  if (form.get("grant_type") !== "client_credentials") {
    return refuse(400, "unsupported_grant_type", "unsupported grant_type");
  }
  const access = house.ids.accessToken();
  const expiresAt = stamp(after(house.clock.now(), tokenLives * 1000));
  await documentsOf(account.id, house.store).put("access_token", {
    id: access,
    account: account.id,
    expiresAt,
  });
  const scope =
    "https://uri.paypal.com/services/payments/payment https://uri.paypal.com/services/reporting/search/read";
  const body = {
    scope,
    access_token: access,
    token_type: "Bearer",
    app_id: "APP-80W284485P519543T",
    expires_in: tokenLives,
  };
  return Response.json(body, { headers });
}

function decoded(base64: string): string {
  try {
    return atob(base64);
  } catch {
    return "";
  }
}

async function callerOf(house: House, request: Request, ended: boolean): Promise<Account> {
  const [scheme, given = ""] = (request.headers.get("authorization") ?? "").split(" ");
  const kept = scheme === "Bearer" && !ended ? await anyones(house.store, "access_token", given) : undefined;
  const account = kept && kept.expiresAt > stamp(house.clock.now()) ? accountOf(kept.account) : undefined;
  if (!account) throw new Refusal(401);
  return account;
}

async function callIn(request: Request, url: URL): Promise<Call> {
  const { method } = request;
  const text = method === "GET" || method === "DELETE" ? "" : await request.text();
  const type = request.headers.get("content-type") ?? "";
  if (text !== "" && !type.startsWith("application/json")) {
    throw new Refusal(400, { issue: "MALFORMED_REQUEST_JSON" });
  }
  const requestId = request.headers.get("paypal-request-id");
  if (requestId !== null && (requestId === "" || requestId.length > 108)) {
    throw new Refusal(400, { issue: "INVALID_STRING_LENGTH", field: "PayPal-Request-Id" });
  }
  const full = request.headers.get("prefer") === "return=representation";
  return { method, path: url.pathname, query: url.searchParams, text, requestId, full };
}

/** Runs the call alone on its account, or replays what was answered under its request id. */
function performed(
  house: House,
  account: Account,
  call: Call,
  request: Request,
): Promise<{ status: number; text: string }> {
  const found = handlerOf(call);
  if (!found) throw new Refusal(404);
  mocked(request.headers.get("paypal-mock-response"));
  return run(house, account, house.clock.now(), async (scene) => {
    const known = call.method === "POST" ? await knownAnswer(scene, call) : undefined;
    if (known) return known;
    const answered = await found.handle(scene, call, found.id);
    const text = answered.body === undefined ? "" : JSON.stringify(answered.body);
    if (call.method === "POST") await remember(scene, call, answered, text);
    return { status: answered.status, text };
  });
}

const nameOf = (scene: Scene, call: Call): string => `${scene.account.id} ${call.path} ${call.requestId}`;

/** Orders keep their request ids for six hours, payments for 45 days (their specifications). */
const keptFor = (path: string): number => (path.startsWith("/v2/payments/") ? days(45) : hours(6));

/**
 * The first answer to this request id. Another body under the same id is refused: what PayPal answers then stands in
 * none of its specifications, `DUPLICATE_REQUEST_ID` is the word of its error pages.
 */
async function knownAnswer(scene: Scene, call: Call): Promise<{ status: number; text: string } | undefined> {
  if (call.requestId === null) return undefined;
  const kept = await scene.documents.get("answered", nameOf(scene, call));
  if (!kept || scene.now.getTime() - Date.parse(kept.at) >= keptFor(call.path)) return undefined;
  if (kept.fingerprint !== call.text) throw unprocessable("DUPLICATE_REQUEST_ID");
  return { status: 200, text: kept.text };
}

/** Only what was done is remembered: after a refusal the same id may be tried again. */
async function remember(scene: Scene, call: Call, answered: Answer, text: string): Promise<void> {
  if (call.requestId === null) return;
  await scene.documents.put("answered", {
    id: nameOf(scene, call),
    account: scene.account.id,
    fingerprint: call.text,
    status: answered.status,
    text,
    at: stamp(scene.now),
  });
}
