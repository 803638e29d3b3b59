import { callGateway } from "../gateway/call-gateway.ts";
import { applyGatewayEvent, prepareEvent } from "../giving/apply-gateway-event.ts";
import { after, days } from "../kernel/clock.ts";
import { type ChurchId, newId } from "../kernel/ids.ts";
import type { ReadyAccount } from "../routing/payment-factory.ts";
import { type ArrivalParts, prepareArrival } from "./apply-arrival.ts";
import { codedMethods } from "./own-code.ts";
import { hasReminderBy } from "./store.ts";

/** So far back every look reaches: a provider, or we, may have been out for a long weekend. */
const reachMs = days(4);

/**
 * Asks a church's gateways what has come on its donors' own codes, for the webhooks that were lost; what is known
 * already changes nothing. Answers how much was new. A gateway that cannot be asked is asked again next time.
 */
export async function sweepOwnCodes(deps: ArrivalParts, church: ChurchId): Promise<number> {
  const settings = await deps.settings.read(church);
  let found = 0;
  for (const account of settings?.accounts ?? []) {
    const methods = codedMethods(deps, account);
    if (account.status !== "active" || methods.length === 0) continue;
    if (!(await deps.db.inChurch(church, (tx) => hasReminderBy(tx, church, methods)))) continue;
    const ready = await deps.payments.ready(church, account.id);
    if (ready) found += await sweepAccount(deps, ready);
  }
  if (found > 0) for (const bell of ["outbox", "recurring"] as const) deps.doorbell.ring(bell);
  return found;
}

async function sweepAccount(deps: ArrivalParts, { account, adapter }: ReadyAccount): Promise<number> {
  const codes = adapter.donorCodes;
  if (!codes) return 0;
  const traceId = newId("event").slice(4);
  const now = deps.clock.now();
  const { gateway } = account;
  const names = { gateway, operation: "inquire", idempotencyKey: `own-codes-${traceId}`, traceId } as const;
  const answer = await callGateway(deps, names, async (call) => {
    const facts = await codes.arrivals({ from: after(now, -reachMs), to: now }, call);
    return { kind: facts.ok ? "told" : "failed", facts, evidence: {} } as const;
  });
  if (answer.kind === "in_doubt" || !answer.facts.ok) return 0;
  let found = 0;
  for (const event of answer.facts.value) {
    try {
      const isNew =
        event.kind === "donor_paid"
          ? await deps.db.inChurch(account.churchId, await prepareArrival(deps, account, event))
          : await prepareEvent(deps, account, event, traceId).then((ready) =>
              deps.db.inChurch(account.churchId, (tx) => applyGatewayEvent(deps, tx, account, ready)),
            );
      if (isNew.kind === "applied") found += 1;
    } catch (error) {
      // Met again at the next look; the others must not wait for it.
      const fault = error instanceof Error ? error.message : "unknown";
      deps.log.warn(
        { church: account.churchId, fault },
        "a gift by a donor's own code could not be taken yet",
      );
    }
  }
  return found;
}
