import { timingSafeEqual } from "node:crypto";
import type { Database } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { minutes } from "../kernel/clock.ts";
import { type ChurchId, type PlatformId, parseId, toId, uuidOf } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { cacheMark, type KnownKey, recallKey, rememberKey } from "./key-cache.ts";
import { hashKey, isKeyText } from "./key-text.ts";
import { knownScopes, type PlatformPrincipal, type Principal } from "./principal.ts";

type AccessDeps = Pick<Deps, "db" | "clock">;
type AccessHeaders = {
  readonly authorization?: string | undefined;
  readonly church?: string | undefined;
};

const lastUsedEveryMs = minutes(1);

/**
 * Who is asking, from `Authorization: Bearer` and, for a platform's key, `Ofrenda-Church`.
 *
 * Refuses with `unauthenticated` (absent, misspelled or unknown key), `key_revoked`, `key_expired`,
 * `invalid_request` (a platform's key without a church) or `church_unknown` (a church that is not the key's, said
 * in the same words whether it exists or not). A misspelled key never reaches the database.
 */
export async function authenticate(
  deps: AccessDeps,
  headers: AccessHeaders,
): Promise<Result<Principal, Problem>> {
  const found = await liveKey(deps, headers.authorization);
  if (!found.ok) return found;
  const { key, churches } = found.value;
  const named = headers.church === undefined ? undefined : parseId("church", headers.church);
  if (headers.church !== undefined && named === undefined) return err(misspelledChurch);
  if ("church" in key.owner) {
    if (named !== undefined && named !== key.owner.church) return err(unknownChurch);
    return ok(principal(key, key.owner.church));
  }
  if (named === undefined) return err(churchMissing);
  if (!churches.has(named)) {
    if (!(await isChurchOf(deps.db, key.owner.platform, named))) return err(unknownChurch);
    churches.add(named);
  }
  return ok(principal(key, named));
}

/** Who is asking where no church is meant (making and listing a platform's churches); refuses a church's key. */
export async function authenticatePlatform(
  deps: AccessDeps,
  headers: Pick<AccessHeaders, "authorization">,
): Promise<Result<PlatformPrincipal, Problem>> {
  const found = await liveKey(deps, headers.authorization);
  if (!found.ok) return found;
  const { key } = found.value;
  if ("church" in key.owner) {
    return err({
      code: "forbidden",
      detail: "this key belongs to one church: use a platform's key, or GET /v1/church",
    });
  }
  return ok({ keyId: key.id, platformId: key.owner.platform, mode: key.mode, scopes: key.scopes });
}

const unauthenticated = (detail: string): Problem => ({ code: "unauthenticated", detail });
const churchMissing: Problem = {
  code: "invalid_request",
  detail: "a platform's key acts for one church: name it in the header Ofrenda-Church: ch_…",
};
const misspelledChurch: Problem = {
  code: "invalid_request",
  detail: "the header Ofrenda-Church must be an id that starts with ch_",
};
const unknownChurch: Problem = {
  code: "church_unknown",
  detail: "this key knows no such church: check the header Ofrenda-Church",
};

function principal(key: KnownKey, churchId: ChurchId): Principal {
  return { keyId: key.id, root: key.root, churchId, mode: key.mode, kind: key.kind, scopes: key.scopes };
}

async function liveKey(deps: AccessDeps, authorization: string | undefined) {
  if (authorization === undefined) {
    return err(unauthenticated("send the API key in the header Authorization: Bearer ofr_…"));
  }
  const text = /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
  if (text === undefined || !isKeyText(text)) {
    return err(unauthenticated("this is not spelled like an API key: check that it was copied whole"));
  }
  const now = deps.clock.now();
  const hash = hashKey(text);
  const hex = hash.toString("hex");
  const known = recallKey(deps.db, hex, now) ?? (await lookUp(deps.db, hash, hex, now));
  if (!known || !timingSafeEqual(known.key.hash, hash)) {
    return err(unauthenticated("no such API key: check that it is this service's"));
  }
  const { revokedAt, expiresAt } = known.key;
  if (revokedAt) return err<Problem>({ code: "key_revoked", detail: "this key was revoked: use another" });
  if (expiresAt && expiresAt <= now) {
    return err<Problem>({ code: "key_expired", detail: `this key expired at ${expiresAt.toISOString()}` });
  }
  return ok(known);
}

/** PostgreSQL's own row: a church's key has no platform, a platform's no church. */
type KeyRow = {
  readonly id: string;
  readonly root_id: string;
  readonly church_id: string | null;
  readonly platform_id: string | null;
  readonly kind: "secret" | "publishable";
  readonly mode: "test" | "live";
  readonly scopes: readonly string[];
  readonly hash: Buffer;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
  readonly last_used_at: Date | null;
};

async function lookUp(db: Database, hash: Buffer, hex: string, now: Date) {
  const mark = cacheMark(db);
  const key = await db.byProof(hex, async ({ sql }) => {
    const [row] = await sql<KeyRow[]>`
      select id, root_id, church_id, null::uuid as platform_id, kind, mode, scopes, hash, expires_at, revoked_at, last_used_at
      from api_keys where hash = ${hash}
      union all
      select id, id, null, platform_id, kind, mode, scopes, hash, expires_at, revoked_at, last_used_at
      from platform_keys where hash = ${hash}`;
    return row && knownKey(row);
  });
  if (!key) return undefined;
  const usable = !key.revokedAt && !(key.expiresAt && key.expiresAt <= now);
  if (usable && (key.lastUsedAt === null || now.getTime() - key.lastUsedAt.getTime() >= lastUsedEveryMs)) {
    await noteUse(db, key, hex, now);
  }
  return rememberKey(db, hex, key, now, mark);
}

function knownKey(row: KeyRow): KnownKey | undefined {
  const owner = row.church_id
    ? { church: toId("church", row.church_id) }
    : row.platform_id
      ? { platform: toId("platform", row.platform_id) }
      : undefined;
  if (!owner) return undefined;
  return {
    id: toId("apiKey", row.id),
    root: toId("apiKey", row.root_id),
    owner,
    kind: row.kind,
    mode: row.mode,
    // A publishable key can only start a gift, whatever its row says.
    scopes: row.kind === "publishable" ? ["donations:start"] : knownScopes(row.scopes),
    hash: row.hash,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
  };
}

/** At most once a minute per key, however many processes see it: the condition is in the statement. */
async function noteUse(db: Database, key: KnownKey, hex: string, now: Date): Promise<void> {
  const before = new Date(now.getTime() - lastUsedEveryMs);
  const { owner } = key;
  if ("church" in owner) {
    await db.inChurch(
      owner.church,
      ({ sql }) => sql`
        update api_keys set last_used_at = ${now}
        where church_id = ${uuidOf(owner.church)} and id = ${uuidOf(key.id)}
          and (last_used_at is null or last_used_at <= ${before})`,
    );
    return;
  }
  await db.byProof(
    hex,
    ({ sql }) => sql`
      update platform_keys set last_used_at = ${now}
      where hash = ${key.hash} and (last_used_at is null or last_used_at <= ${before})`,
  );
}

async function isChurchOf(db: Database, platform: PlatformId, church: ChurchId): Promise<boolean> {
  // The proof shows exactly the churches of this platform.
  const rows = await db.byProof(
    uuidOf(platform),
    ({ sql }) =>
      sql`select 1 from churches where church_id = ${uuidOf(church)} and platform_id = ${uuidOf(platform)}`,
  );
  return rows.length === 1;
}
