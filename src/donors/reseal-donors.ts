import type { Database } from "../db/client.ts";
import type { ChurchId } from "../kernel/ids.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { countDonorsSealedBefore, donorsSealedBefore, rewriteDonor } from "./store.ts";

/**
 * One batch of the slow work after a key rotation: seals donors of older key versions again under the newest, and
 * tells how many are left. Safe to repeat and to stop at any point; donors in use at the moment wait for a later
 * batch. When `remaining` is 0 no donor of the church needs an older version (indexes and links still need the first).
 */
export function resealDonors(
  db: Database,
  vault: ChurchVault,
  church: ChurchId,
  batch = 200,
): Promise<{ readonly resealed: number; readonly remaining: number }> {
  return db.inChurch(church, async (tx) => {
    const version = await vault.newestVersion(tx, church);
    const ids = await donorsSealedBefore(tx, church, version, batch);
    for (const id of ids) await rewriteDonor(tx, vault, church, id, (donor) => donor);
    return { resealed: ids.length, remaining: await countDonorsSealedBefore(tx, church, version) };
  });
}
