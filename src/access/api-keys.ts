import { and, desc, eq, isNull, lt } from "drizzle-orm";
import type { Database, Tx } from "../db/client.ts";
import { hours } from "../kernel/clock.ts";
import { type ApiKeyId, type ChurchId, newId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { Secret } from "../kernel/secret.ts";
import { forgetKey } from "./key-cache.ts";
import { hashKey, type KeyKind, type KeyMode, makeKeyText } from "./key-text.ts";
import { knownScopes, may, type Principal, type Scope } from "./principal.ts";
import { apiKeys } from "./tables.ts";

/** A key as its church may see it: everything but the key. */
export type ApiKey = Omit<typeof apiKeys.$inferSelect, "hash">;

export type NewApiKey = {
  readonly kind: KeyKind;
  readonly mode: KeyMode;
  /** What the church calls it. */
  readonly label: string;
  /** Ignored for a publishable key: it can only start a gift. */
  readonly scopes: readonly Scope[];
  readonly expiresAt?: Date | undefined;
};

/** The key in words is here and nowhere else, ever. */
export type ShownOnce = { readonly key: ApiKey; readonly text: Secret };

/**
 * A key made by a key: never of the other mode, and never able to do what its maker cannot (`forbidden`). An end in
 * the past is refused too.
 */
export async function issueApiKey(
  db: Database,
  maker: Principal,
  given: NewApiKey,
  now: Date,
): Promise<Result<ShownOnce, Problem>> {
  if (given.mode !== maker.mode) {
    return err(fieldProblem("forbidden", "/mode", `a ${maker.mode} key makes ${maker.mode} keys only`));
  }
  const wanted: readonly Scope[] = given.kind === "publishable" ? ["donations:start"] : given.scopes;
  const beyond = wanted.filter((scope) => !may(maker, scope));
  if (beyond.length > 0) {
    return err(
      fieldProblem("forbidden", "/scopes", `this key lacks what it would give: ${beyond.join(", ")}`),
    );
  }
  if (given.expiresAt && given.expiresAt <= now) {
    return err(fieldProblem("invalid_request", "/expires_at", "must be in the future"));
  }
  const made = await db.inChurch(maker.churchId, async (tx) =>
    insertKey(tx, maker.churchId, given, await rootOf(tx, maker), now),
  );
  return ok(made);
}

/**
 * Whose key a church's key begins with; `undefined` for a platform's, which makes keys for people as the operator does.
 */
async function rootOf({ orm }: Tx, maker: Principal): Promise<ApiKeyId | undefined> {
  const [row] = await orm
    .select({ root: apiKeys.rootId })
    .from(apiKeys)
    .where(and(eq(apiKeys.churchId, maker.churchId), eq(apiKeys.id, maker.keyId)));
  return row?.root;
}

/** A key with exactly what is given, and a root of its own: for the operator. Requests go through {@link issueApiKey}. */
export function createApiKey(
  db: Database,
  church: ChurchId,
  given: NewApiKey,
  now: Date,
): Promise<ShownOnce> {
  return db.inChurch(church, (tx) => insertKey(tx, church, given, undefined, now));
}

async function insertKey(
  tx: Tx,
  church: ChurchId,
  given: NewApiKey,
  root: ApiKeyId | undefined,
  now: Date,
): Promise<ShownOnce> {
  const text = makeKeyText(given.kind, given.mode);
  const id = newId("apiKey");
  const key: ApiKey = {
    churchId: church,
    id,
    rootId: root ?? id,
    kind: given.kind,
    mode: given.mode,
    last4: text.reveal().slice(-4),
    label: given.label,
    scopes: given.kind === "publishable" ? ["donations:start"] : [...given.scopes],
    createdAt: now,
    expiresAt: given.expiresAt ?? null,
    revokedAt: null,
    lastUsedAt: null,
  };
  await tx.orm.insert(apiKeys).values({ ...key, hash: hashKey(text.reveal()) });
  return { key, text };
}

/** Newest first, revoked and expired ones too; one more than `limit`, to tell whether there are more. */
export async function listApiKeys(
  db: Database,
  church: ChurchId,
  query: { readonly mode: KeyMode; readonly limit: number; readonly before?: ApiKeyId | undefined },
): Promise<readonly ApiKey[]> {
  const rows = await db.inChurch(church, ({ orm }) =>
    orm
      .select()
      .from(apiKeys)
      .where(
        and(
          eq(apiKeys.churchId, church),
          eq(apiKeys.mode, query.mode),
          query.before && lt(apiKeys.id, query.before),
        ),
      )
      .orderBy(desc(apiKeys.id))
      .limit(query.limit + 1),
  );
  return rows.map(withoutHash);
}

const withoutHash = ({ hash: _, ...key }: typeof apiKeys.$inferSelect): ApiKey => key;
const noSuchKey: Problem = { code: "not_found", detail: "the church has no such API key in this mode" };

const oneKey = (church: ChurchId, id: ApiKeyId, mode: KeyMode) =>
  and(eq(apiKeys.churchId, church), eq(apiKeys.id, id), eq(apiKeys.mode, mode));

/**
 * Ends a key: at once in this process, within five seconds in the others. Ending an ended key changes nothing.
 * `mode` is the asking key's own: a test key cannot end a live one.
 */
export async function revokeApiKey(
  db: Database,
  church: ChurchId,
  which: { readonly id: ApiKeyId; readonly mode: KeyMode },
  now: Date,
): Promise<Result<ApiKey, Problem>> {
  const here = oneKey(church, which.id, which.mode);
  const [row] = await db.inChurch(church, async ({ orm }) => {
    await orm
      .update(apiKeys)
      .set({ revokedAt: now })
      .where(and(here, isNull(apiKeys.revokedAt)));
    return orm.select().from(apiKeys).where(here);
  });
  if (!row) return err(noSuchKey);
  // After the commit: a look-up that read the key before it must not put it back.
  forgetKey(db, row.hash);
  return ok(withoutHash(row));
}

/** How long an old key works beside the one that replaces it, unless told otherwise. */
const rotationOverlapMs = hours(24);

/**
 * A new key of the same kind, mode, label and scopes; the old one expires `overlapMs` from now. Refuses with
 * `forbidden` when the old key may do what the asking key may not: rotating would hand that over.
 */
export async function rotateApiKey(
  db: Database,
  maker: Principal,
  which: { readonly id: ApiKeyId; readonly overlapMs?: number | undefined },
  now: Date,
): Promise<Result<ShownOnce, Problem>> {
  const end = new Date(now.getTime() + (which.overlapMs ?? rotationOverlapMs));
  const here = oneKey(maker.churchId, which.id, maker.mode);
  const rotated = await db.inChurch(maker.churchId, async (tx) => {
    const [old] = await tx.orm.select().from(apiKeys).where(here).for("update");
    if (!old) return err(noSuchKey);
    if (old.revokedAt || (old.expiresAt && old.expiresAt <= now)) return err(endedKey);
    const scopes = knownScopes(old.scopes);
    if (!scopes.every((scope) => may(maker, scope))) return err(strongerKey);
    // Whoever rotates another's key is shown the new one: it is theirs from then on.
    const root = (await rootOf(tx, maker)) ?? old.rootId;
    const made = await insertKey(tx, maker.churchId, { ...old, scopes, expiresAt: undefined }, root, now);
    if (!old.expiresAt || old.expiresAt > end)
      await tx.orm.update(apiKeys).set({ expiresAt: end }).where(here);
    return ok({ made, hash: old.hash });
  });
  if (!rotated.ok) return rotated;
  forgetKey(db, rotated.value.hash);
  return ok(rotated.value.made);
}

const endedKey: Problem = { code: "conflict", detail: "this key has ended already: make a new one" };
const strongerKey: Problem = {
  code: "forbidden",
  detail: "this key may do less than the one it would replace: use a stronger key",
};
