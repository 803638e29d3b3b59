import type { Deps } from "../deps.ts";
import { indexesOf } from "../donors/donor-fields.ts";
import { listDonors } from "../donors/store.ts";
import { present } from "../kernel/assert.ts";
import type { ChurchId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { enqueue } from "../messages/enqueue.ts";
import { noteAsking } from "./ask-limits.ts";
import { makeLink } from "./links.ts";
import { hashToken } from "./portal-token.ts";

export type LinkAsk = {
  readonly churchId: ChurchId;
  readonly email: string;
  /** The network address it is asked from, where the edge can tell. */
  readonly client: string | undefined;
  /** BCP 47: the language the asking page was in. */
  readonly locale: string;
  /** Where a link with this token leads. */
  readonly address: (token: string) => string;
};

/**
 * Mails a link to the donor with this e-mail address, if the church has one: the answer is the same either way, and
 * so are the limits (`too_many_requests`).
 */
export async function askForLink(
  deps: Pick<Deps, "db" | "vault" | "clock" | "doorbell">,
  ask: LinkAsk,
): Promise<Result<void, Problem>> {
  const { churchId: church, email, client } = ask;
  const now = deps.clock.now();
  const waitMs = await deps.db.inChurch(church, async (tx) => {
    const { emailIndex } = await indexesOf(tx, deps.vault, church, { email, taxId: null });
    const address = present(emailIndex, "an address that was given has an index");
    const keyed =
      client === undefined ? null : await deps.vault.linkToken(tx, church, `portal client ${client}`);
    const wait = await noteAsking(tx, church, { address, client: keyed }, now);
    if (wait !== undefined) return wait;
    const [donor] = await listDonors(tx, deps.vault, church, { limit: 1, email });
    if (!donor) return undefined;
    const { token, expiresAt } = await makeLink(tx, church, donor.id, now);
    await enqueue(tx, deps, church, {
      kind: "portal_link",
      to: { donor: donor.id },
      dedupeKey: `portal_link:${hashToken(token).toString("hex")}`,
      locale: ask.locale,
      params: { url: ask.address(token), expires_at: expiresAt.toISOString() },
    });
    return undefined;
  });
  if (waitMs !== undefined) {
    return err({
      code: "too_many_requests",
      detail: "links were asked for too often: wait",
      retryAfterSeconds: Math.ceil(waitMs / 1000),
    });
  }
  deps.doorbell.ring("messages");
  return ok(undefined);
}
