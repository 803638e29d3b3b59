import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { after, hours, minutes } from "../kernel/clock.ts";
import { type ChurchId, type DonorId, toId, uuidOf } from "../kernel/ids.ts";
import { hashToken, isToken, newToken } from "./portal-token.ts";

/** A visit ends after half an hour in which nothing was asked, and after half a day in any case. */
const idleMs = minutes(30);
const longestMs = hours(12);
/** How often being seen is written down. */
const seenEveryMs = minutes(1);

/** Opens a donor's visit, in the caller's transaction: the secret its cookie carries. */
export async function openSession({ sql }: Tx, church: ChurchId, donor: DonorId, now: Date): Promise<string> {
  const token = newToken();
  await sql`
    delete from portal_sessions where church_id = ${uuidOf(church)} and created_at < ${after(now, -2 * longestMs)}`;
  await sql`
    insert into portal_sessions (church_id, hash, donor_id, created_at, seen_at)
    values (${uuidOf(church)}, ${hashToken(token)}, ${uuidOf(donor)}, ${now}, ${now})`;
  return token;
}

/** The donor whose visit this is, while it lasts; `undefined` for an ended, idle, unknown or other church's one. */
export async function donorOfSession(
  deps: Pick<Deps, "db" | "clock">,
  church: ChurchId,
  token: string,
): Promise<DonorId | undefined> {
  if (!isToken(token)) return undefined;
  const now = deps.clock.now();
  const hash = hashToken(token);
  return deps.db.inChurch(church, async ({ sql }) => {
    const [row] = await sql<{ donor_id: string; seen_at: Date }[]>`
      select donor_id, seen_at from portal_sessions
      where church_id = ${uuidOf(church)} and hash = ${hash} and ended_at is null
        and seen_at > ${after(now, -idleMs)} and created_at > ${after(now, -longestMs)}`;
    if (!row) return undefined;
    if (now.getTime() - row.seen_at.getTime() >= seenEveryMs) {
      await sql`
        update portal_sessions set seen_at = greatest(seen_at, ${now})
        where church_id = ${uuidOf(church)} and hash = ${hash}`;
    }
    return toId("donor", row.donor_id);
  });
}

/** Ends the visit of one browser; ending what has ended changes nothing. */
export async function endSession(
  deps: Pick<Deps, "db" | "clock">,
  church: ChurchId,
  token: string,
): Promise<void> {
  if (!isToken(token)) return;
  await deps.db.inChurch(
    church,
    ({ sql }) => sql`
      update portal_sessions set ended_at = ${deps.clock.now()}
      where church_id = ${uuidOf(church)} and hash = ${hashToken(token)} and ended_at is null`,
  );
}

/** Ends every visit of a donor, in all browsers. */
export async function endSessionsOf(
  deps: Pick<Deps, "db" | "clock">,
  church: ChurchId,
  donor: DonorId,
): Promise<void> {
  await deps.db.inChurch(
    church,
    ({ sql }) => sql`
      update portal_sessions set ended_at = ${deps.clock.now()}
      where church_id = ${uuidOf(church)} and donor_id = ${uuidOf(donor)} and ended_at is null`,
  );
}
