import type { Transport } from "../../src/gateway/adapter.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import { after, seconds } from "../../src/kernel/clock.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { type Failure, failureFrom } from "./translate-errors.ts";
import { tokenSchema } from "./wire.ts";

/** An access token; `remembered` when it served an earlier call and PayPal may have ended it since. */
export type Access = { readonly token: string; readonly remembered: boolean };

/** The access tokens of one adapter instance: fetched when needed, used again until they expire. */
export type AccessTokens = {
  current(now: Date, signal: AbortSignal): Promise<Result<Access, Failure>>;
  /** A fresh one, for trying the credentials themselves. */
  fresh(now: Date, signal: AbortSignal): Promise<Result<Access, Failure>>;
  /** PayPal no longer takes it. */
  forget(access: Access): void;
};

/** A token is not used in its last minute: the call it opens must not outlive it. */
const margin = seconds(60);

type App = { readonly client_id: string; readonly client_secret: string };

/**
 * OAuth 2 client credentials (`POST /v1/oauth2/token`; facts: methods §9 "reuse the OAuth token"). Whatever
 * becomes of this request, the one it was meant for has not left: a lost answer is `not_sent`. Two calls at once
 * may each fetch a token; PayPal then gives both the same.
 */
export function accessTokens(app: App, baseUrl: string, transport: Transport): AccessTokens {
  let kept: { readonly token: string; readonly until: Date } | undefined;
  const fresh: AccessTokens["fresh"] = async (now, signal) => {
    const fetched = await fetchToken(app, baseUrl, transport, signal);
    if (!fetched.ok) return fetched;
    kept = { token: fetched.value.token, until: after(now, seconds(fetched.value.lifetime) - margin) };
    return ok({ token: kept.token, remembered: false });
  };
  return {
    current: async (now, signal) =>
      kept && now < kept.until ? ok({ token: kept.token, remembered: true }) : fresh(now, signal),
    fresh,
    forget(access) {
      if (kept?.token === access.token) kept = undefined;
    },
  };
}

async function fetchToken(
  app: App,
  baseUrl: string,
  transport: Transport,
  signal: AbortSignal,
): Promise<Result<{ token: string; lifetime: number }, Failure>> {
  let status: number;
  let debugId: string | undefined;
  let body: unknown;
  try {
    const response = await transport(`${baseUrl}/v1/oauth2/token`, {
      method: "POST",
      headers: {
        accept: "application/json",
        authorization: `Basic ${btoa(`${app.client_id}:${app.client_secret}`)}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: "grant_type=client_credentials",
      signal,
    });
    status = response.status;
    debugId = response.headers.get("paypal-debug-id") ?? undefined;
    body = parsed(await response.text());
  } catch (error) {
    return err({ kind: "not_sent", cause: transportFailure(error).cause, evidence: {} });
  }
  if (status === 200) {
    const read = tokenSchema.safeParse(body);
    if (read.success) return ok({ token: read.data.access_token, lifetime: read.data.expires_in });
    return err({ kind: "not_sent", cause: "unreadable_answer", evidence: { httpStatus: status } });
  }
  const failure = failureFrom({ status, debugId, body }, []);
  return err(failure.kind === "in_doubt" ? { ...failure, kind: "not_sent" } : failure);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
