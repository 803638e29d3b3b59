import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { getDonor } from "../donors/store.ts";
import { after, days, minutes } from "../kernel/clock.ts";
import { type ChurchId, type DonorId, toId, uuidOf } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { hashToken, isToken, newToken } from "./portal-token.ts";
import { openSession } from "./sessions.ts";

/** How long a link waits to be used. */
export const linkMinutes = 15;
/** Used and expired links are kept so long for whoever must answer what happened. */
const keptMs = days(1);

export type NewLink = { readonly token: string; readonly expiresAt: Date };

/** Makes a link's token for a donor of the church, in the caller's transaction; clears away what is long over. */
export async function makeLink({ sql }: Tx, church: ChurchId, donor: DonorId, now: Date): Promise<NewLink> {
  const token = newToken();
  const expiresAt = after(now, minutes(linkMinutes));
  await sql`
    delete from portal_links where church_id = ${uuidOf(church)} and expires_at < ${after(now, -keptMs)}`;
  await sql`
    insert into portal_links (church_id, hash, donor_id, created_at, expires_at)
    values (${uuidOf(church)}, ${hashToken(token)}, ${uuidOf(donor)}, ${now}, ${expiresAt})`;
  return { token, expiresAt };
}

/** A link to hand over, for a church system with a login of its own. `not_found` when the church has no such donor. */
export function linkForDonor(
  deps: Pick<Deps, "db" | "vault" | "clock">,
  church: ChurchId,
  donor: DonorId,
): Promise<Result<NewLink, Problem>> {
  return deps.db.inChurch(church, async (tx) => {
    const known = await getDonor(tx, deps.vault, church, donor);
    if (!known) return err({ code: "not_found", detail: "the church has no such donor" });
    return ok(await makeLink(tx, church, donor, deps.clock.now()));
  });
}

/**
 * Uses a link up and opens a session: its token, for the cookie. `undefined` for every link that is not good (unknown,
 * used, expired, another church's), without saying which. Of two that press at once, one comes in.
 */
export async function redeemLink(
  deps: Pick<Deps, "db" | "clock">,
  church: ChurchId,
  token: string,
): Promise<string | undefined> {
  if (!isToken(token)) return undefined;
  const now = deps.clock.now();
  return deps.db.inChurch(church, async (tx) => {
    const [used] = await tx.sql<{ donor_id: string }[]>`
      update portal_links set used_at = ${now}
      where church_id = ${uuidOf(church)} and hash = ${hashToken(token)} and used_at is null
        and expires_at > ${now}
      returning donor_id`;
    return used && openSession(tx, church, toId("donor", used.donor_id), now);
  });
}
