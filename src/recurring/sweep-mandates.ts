import type { Deps } from "../deps.ts";
import { type ChurchId, type MandateId, toId } from "../kernel/ids.ts";
import { applyMandate } from "./apply-mandate.ts";
import { endAtGateway, lookUpMandate } from "./ask-mandate.ts";
import { loadMandate } from "./mandate-store.ts";

type Parts = Pick<Deps, "db" | "vault" | "clock" | "payments" | "log" | "metrics">;

/**
 * Asks the gateway about one mandate, or to end it where that is wanted, and writes what it says. No transaction is
 * open while it is asked. Safe to repeat: a mandate that has ended stays ended.
 */
export async function checkMandate(deps: Parts, church: ChurchId, id: MandateId): Promise<void> {
  const mandate = await deps.db.inChurch(church, (tx) => loadMandate(tx, church, id, false));
  if (!mandate || mandate.state === "ended") return;
  const outcome = mandate.endAskedAt ? await endAtGateway(deps, mandate) : await lookUpMandate(deps, mandate);
  await deps.db.inChurch(church, (tx) => applyMandate(deps, tx, church, id, outcome));
}

/** Asks about every mandate whose time has come, at most `limit`; answers how many were asked about. */
export async function sweepMandates(
  deps: Parts,
  order: { readonly limit: number; readonly signal?: AbortSignal },
): Promise<number> {
  const now = deps.clock.now();
  const due = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; id: string }[]>`
      select church_id, id from mandates where next_check_at <= ${now}
      order by next_check_at limit ${order.limit}`,
  );
  let asked = 0;
  for (const row of due) {
    if (order.signal?.aborted) break;
    await checkMandate(deps, toId("church", row.church_id), toId("mandate", row.id));
    asked += 1;
  }
  return asked;
}
