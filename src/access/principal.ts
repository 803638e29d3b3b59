import type { ApiKeyId, ChurchId, PlatformId } from "../kernel/ids.ts";

/** What a key may do. `*` is everything a server key can do; a publishable key has only `donations:start`. */
export const scopes = [
  "*",
  "donations:start",
  "donations:read",
  "donations:write",
  "refunds:write",
  "donors:read",
  "donors:write",
  "funds:read",
  "funds:write",
  "church:read",
  "church:write",
  "keys:write",
  "ledger:read",
  "webhooks:read",
  "webhooks:write",
] as const;
export type Scope = (typeof scopes)[number];

const words: ReadonlySet<string> = new Set(scopes);
const isScope = (word: string): word is Scope => words.has(word);

/** The scopes among the words a row holds: one we no longer know grants nothing. */
export const knownScopes = (stored: readonly string[]): readonly Scope[] => stored.filter(isScope);

/** Who is asking, for which church, and what they may do. */
export type Principal = {
  readonly keyId: ApiKeyId;
  readonly churchId: ChurchId;
  readonly mode: "test" | "live";
  readonly kind: "secret" | "publishable";
  readonly scopes: readonly Scope[];
};

/** A platform's key where no church is named: it may make and list the platform's churches. */
export type PlatformPrincipal = Pick<Principal, "keyId" | "mode" | "scopes"> & {
  readonly platformId: PlatformId;
};

/** Deny by default: true only when the scope, or `*`, was granted. `donations:write` includes starting one. */
export function may(principal: Pick<Principal, "scopes">, scope: Scope): boolean {
  const held = principal.scopes;
  if (held.includes("*") || held.includes(scope)) return true;
  return scope === "donations:start" && held.includes("donations:write");
}
