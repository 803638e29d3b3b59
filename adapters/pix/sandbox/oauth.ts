import { type Account, accountOf, digest } from "./accounts.ts";

/** How long a token lasts, in seconds. */
const tokenLife = 3600;

const knownScopes: ReadonlySet<string> = new Set(
  [
    "cob.read cob.write cobv.read cobv.write lotecobv.read lotecobv.write pix.read pix.write",
    "webhook.read webhook.write payloadlocation.read payloadlocation.write rec.read rec.write",
    "solicrec.read solicrec.write cobr.read cobr.write webhookrec.read webhookrec.write",
    "webhookcobr.read webhookcobr.write payloadlocationrec.read payloadlocationrec.write",
  ].flatMap((line) => line.split(" ")),
);

type Granted = { readonly status: number; readonly body: object };

/** The client-credentials grant (RFC 6749 §4.4), the client named in the header or in the body. */
export function grantToken(headers: Headers, form: URLSearchParams, now: Date): Granted {
  if (form.get("grant_type") !== "client_credentials") return oauthError(400, "unsupported_grant_type");
  const client = clientIn(headers, form);
  const account = client && accountOf(client.id);
  if (!account || client.secret !== account.clientSecret) return oauthError(401, "invalid_client");
  const scopes = (form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
  if (!scopes.every((scope) => knownScopes.has(scope))) return oauthError(400, "invalid_scope");
  const granted = scopes.length > 0 ? scopes : [...knownScopes];
  const until = Math.floor(now.getTime() / 1000) + tokenLife;
  const body = btoa(JSON.stringify({ client: account.clientId, until, scopes: granted }));
  return {
    status: 200,
    body: {
      access_token: `${body}.${sealOf(body)}`,
      token_type: "Bearer",
      expires_in: tokenLife,
      scope: granted.join(" "),
    },
  };
}

const oauthError = (status: number, error: string): Granted => ({ status, body: { error } });

function clientIn(headers: Headers, form: URLSearchParams): { id: string; secret: string } | undefined {
  const basic = /^Basic (.+)$/.exec(headers.get("authorization") ?? "")?.[1];
  if (basic !== undefined) {
    const [id = "", secret = ""] = decoded(basic)?.split(":") ?? [];
    return { id, secret };
  }
  const [id, secret] = [form.get("client_id"), form.get("client_secret")];
  return id !== null && secret !== null ? { id, secret } : undefined;
}

/** A simulator's seal: it tells its own tokens from others, and protects nothing. */
const sealOf = (body: string): string => digest(`token:${body}`, 32);

function decoded(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

export type Caller = { readonly account: Account; readonly scopes: ReadonlySet<string> };

/** Who calls with this token; `undefined` when it is none of ours or has ended. */
export function callerOf(authorization: string | null, now: Date): Caller | undefined {
  const [, body = "", seal] = /^Bearer ([\w+/=]+)\.([0-9a-f]{32})$/.exec(authorization ?? "") ?? [];
  if (seal === undefined || seal !== sealOf(body)) return undefined;
  const told: unknown = JSON.parse(decoded(body) ?? "null");
  if (
    typeof told !== "object" ||
    told === null ||
    !("client" in told && "until" in told && "scopes" in told)
  ) {
    return undefined;
  }
  const { client, until, scopes } = told;
  if (typeof client !== "string" || typeof until !== "number" || !Array.isArray(scopes)) return undefined;
  const account = until * 1000 > now.getTime() ? accountOf(client) : undefined;
  return account && { account, scopes: new Set(scopes.map(String)) };
}
