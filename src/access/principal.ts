import type { ApiKeyId, ChurchId, PlatformId } from "../kernel/ids.ts";

/** What a key may do. `*` is everything a server key can do; a publishable key has only `donations:start`. */
export const scopes = [
  "*",
  "donations:start",
  "donations:read",
  "donations:write",
  "refunds:write",
  "recurring:read",
  "recurring:write",
  "offline:count",
  "donors:read",
  "donors:write",
  "portal_links:write",
  "funds:read",
  "funds:write",
  "church:read",
  "church:write",
  "keys:write",
  "gateways:write",
  "ledger:read",
  "webhooks:read",
  "webhooks:write",
  "bank_statements:read",
  "bank_statements:write",
  "approvals:read",
  "approvals:request",
  "approvals:decide",
] as const;
export type Scope = (typeof scopes)[number];

const words: ReadonlySet<string> = new Set(scopes);
const isScope = (word: string): word is Scope => words.has(word);

/** The scopes among the words a row holds: one we no longer know grants nothing. */
export const knownScopes = (stored: readonly string[]): readonly Scope[] => stored.filter(isScope);

/** Who is asking, for which church, and what they may do. */
export type Principal = {
  readonly keyId: ApiKeyId;
  /** The first of the keys by which it was made: principals of one root are one person, where two are asked for. */
  readonly root: ApiKeyId;
  readonly churchId: ChurchId;
  readonly mode: "test" | "live";
  readonly kind: "secret" | "publishable";
  readonly scopes: readonly Scope[];
};

/** A platform's key where no church is named: it may make and list the platform's churches. */
export type PlatformPrincipal = Pick<Principal, "keyId" | "mode" | "scopes"> & {
  readonly platformId: PlatformId;
};

/** Scopes that come with others: who writes donations starts them, who asks or decides sees what is asked. */
const comesWith: Partial<Readonly<Record<Scope, readonly Scope[]>>> = {
  "donations:start": ["donations:write"],
  "recurring:read": ["recurring:write"],
  "approvals:read": ["approvals:request", "approvals:decide"],
  "bank_statements:read": ["bank_statements:write"],
};

/** Deny by default: true only when the scope, `*`, or one it comes with was granted. */
export function may(principal: Pick<Principal, "scopes">, scope: Scope): boolean {
  const held = principal.scopes;
  const enough: readonly Scope[] = ["*", scope, ...(comesWith[scope] ?? [])];
  return enough.some((each) => held.includes(each));
}
