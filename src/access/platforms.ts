import { and, eq, isNull } from "drizzle-orm";
import { platforms } from "../churches/tables.ts";
import type { Database, Tx } from "../db/client.ts";
import { newId, type PlatformId } from "../kernel/ids.ts";
import type { Secret } from "../kernel/secret.ts";
import { forgetKey } from "./key-cache.ts";
import { hashKey, type KeyMode, makeKeyText } from "./key-text.ts";
import { platformKeys } from "./tables.ts";

type NewPlatformKey = { readonly label: string; readonly mode: KeyMode };

/**
 * Makes a platform and its first key, which may do everything for every church of the platform. The key in words is
 * here and nowhere else, ever.
 */
export async function createPlatform(
  db: Database,
  given: { readonly name: string; readonly mode: KeyMode },
  now: Date,
): Promise<{ readonly platformId: PlatformId; readonly text: Secret }> {
  const platformId = newId("platform");
  const text = await withNewKey(db, platformId, { label: given.name, mode: given.mode }, now, ({ orm }) =>
    orm.insert(platforms).values({ id: platformId, name: given.name, createdAt: now }),
  );
  return { platformId, text };
}

/** Another key of a platform: for rotating (make, deploy, revoke the old) or for the other mode. */
export function createPlatformKey(
  db: Database,
  platformId: PlatformId,
  given: NewPlatformKey,
  now: Date,
): Promise<Secret> {
  return withNewKey(db, platformId, given, now, async () => {});
}

async function withNewKey(
  db: Database,
  platformId: PlatformId,
  given: NewPlatformKey,
  now: Date,
  before: (tx: Tx) => PromiseLike<unknown>,
): Promise<Secret> {
  const text = makeKeyText("secret", given.mode);
  const hash = hashKey(text.reveal());
  // The key is the proof by which its own row, and a platform with it, may be written.
  await db.byProof(hash.toString("hex"), async (tx) => {
    await before(tx);
    await tx.orm.insert(platformKeys).values({
      platformId,
      id: newId("apiKey"),
      kind: "secret",
      mode: given.mode,
      hash,
      last4: text.reveal().slice(-4),
      label: given.label,
      scopes: ["*"],
      createdAt: now,
    });
  });
  return text;
}

/** Ends a platform's key, which must be presented: nothing else proves whose it is. Says whether there was one. */
export async function revokePlatformKey(db: Database, key: Secret, now: Date): Promise<boolean> {
  const hash = hashKey(key.reveal());
  const ended = await db.byProof(hash.toString("hex"), ({ orm }) =>
    orm
      .update(platformKeys)
      .set({ revokedAt: now })
      .where(and(eq(platformKeys.hash, hash), isNull(platformKeys.revokedAt)))
      .returning({ id: platformKeys.id }),
  );
  forgetKey(db, hash);
  return ended.length === 1;
}
