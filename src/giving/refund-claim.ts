import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { NeverSeen, RefundOutcome } from "../gateway/payment.ts";
import type { ChurchId, DonationId, RefundId } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import { listRefunds, type RefundRecord, type SealedClaim } from "./refund-store.ts";

/**
 * A refund nobody can push to the donor (coins): the gateway keeps a page on which they take it. The page's address is
 * worth the refund to whoever has it, so it lies sealed, and only as long as the refund waits for the donor.
 */
export type RefundClaim = { readonly refund: RefundId; readonly amount: Money; readonly url: string };

const place = (refund: RefundId) => ({ table: "refunds", column: "claim_url", row: refund });

/** The address an answer brings, sealed for its refund; `undefined` where there is nothing to claim. */
export async function sealedClaim(
  deps: Pick<Deps, "vault">,
  tx: Tx,
  church: ChurchId,
  refund: RefundId,
  answer: RefundOutcome | NeverSeen,
): Promise<{ readonly claimUrl?: SealedClaim }> {
  if (answer.kind !== "action_required" || answer.claimUrl === undefined) return {};
  return { claimUrl: await deps.vault.seal(tx, church, place(refund), answer.claimUrl) };
}

/** What a donor may claim of their gift now, oldest first. */
export async function claimsOf(
  deps: Pick<Deps, "db" | "vault">,
  church: ChurchId,
  donation: DonationId,
): Promise<readonly RefundClaim[]> {
  return deps.db.inChurch(church, async (tx) => {
    const refunds = await listRefunds(tx, church, donation);
    const claims = await Promise.all(refunds.map((refund) => claimOf(deps, tx, church, refund)));
    return claims.filter((claim) => claim !== undefined);
  });
}

async function claimOf(
  { vault }: Pick<Deps, "vault">,
  tx: Tx,
  church: ChurchId,
  { id, amount, claimUrl }: RefundRecord,
): Promise<RefundClaim | undefined> {
  if (!claimUrl) return undefined;
  const url = await vault.open(tx, church, place(id), claimUrl.bytes, claimUrl.keyVersion);
  return { refund: id, amount, url };
}
