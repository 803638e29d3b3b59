import type { Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { MandateOutcome } from "../gateway/mandate.ts";
import type { GatewayEvent } from "../gateway/webhook.ts";
import { parseId } from "../kernel/ids.ts";
import type { OpenedAccount } from "../routing/gateway-accounts.ts";
import { applyMandate } from "./apply-mandate.ts";
import { lookUpMandate } from "./ask-mandate.ts";
import { loadMandate, mandatesAtGateway } from "./mandate-store.ts";
import type { Mandate } from "./recurring-gift.ts";

type Parts = Pick<Deps, "db" | "vault" | "clock" | "payments" | "log" | "metrics">;
export type MandateEvent = Extract<GatewayEvent, { kind: "mandate_changed" }>;

/**
 * What an event says of a mandate, made sure of and filled in. One that tells the end of a permission nobody has given
 * yet may only mean that the donor's first try on the gateway's page failed, so the gateway is asked; and many events
 * name a new permission without saying what the donor knows it by. No transaction is open here.
 *
 * @throws when the gateway cannot be asked: the caller tries the event again later.
 */
export async function prepareMandateEvent(
  deps: Parts,
  account: OpenedAccount,
  event: MandateEvent,
): Promise<MandateEvent> {
  const { outcome: told } = event;
  const bare = told.kind === "active" && told.display === undefined;
  if (told.kind !== "ended" && !bare) return event;
  const church = account.churchId;
  const [mandate] = await deps.db.inChurch(church, (tx) => mandatesOf(tx, account, event));
  if (!mandate || mandate.state === "active" || mandate.state === "ended") return event;
  const outcome: MandateOutcome = await lookUpMandate(deps, mandate);
  // That it was given stands, whatever a look-up that lags behind says.
  if (bare) return outcome.kind === "active" ? { ...event, outcome } : event;
  if (outcome.kind === "in_doubt" || outcome.kind === "not_sent" || outcome.kind === "refused") {
    throw new Error("the gateway could not be asked about a mandate");
  }
  return { ...event, outcome };
}

/** Applies it in the caller's transaction; `ignored` when no mandate of this account is meant. */
export async function applyMandateEvent(
  deps: Parts,
  tx: Tx,
  account: OpenedAccount,
  event: MandateEvent,
): Promise<{ readonly kind: "applied" | "unchanged" | "ignored"; readonly remark?: string }> {
  const mandates = await mandatesOf(tx, account, event);
  if (mandates.length === 0) {
    return { kind: "ignored", remark: `no mandate of ours is ${event.gatewayMandateId}` };
  }
  let changed = false;
  for (const mandate of mandates) {
    const applied = await applyMandate(deps, tx, account.churchId, mandate.id, event.outcome);
    changed ||= applied.changed;
  }
  return { kind: changed ? "applied" : "unchanged" };
}

/** By our own id where the gateway echoed it, else all that it knows by its own. */
async function mandatesOf(tx: Tx, account: OpenedAccount, event: MandateEvent): Promise<readonly Mandate[]> {
  const church = account.churchId;
  const ours = event.reference === undefined ? undefined : parseId("mandate", event.reference);
  const byOurs = ours && (await loadMandate(tx, church, ours, false));
  if (byOurs) return byOurs.gatewayAccountId === account.id ? [byOurs] : [];
  return mandatesAtGateway(tx, church, account.id, event.gatewayMandateId, false);
}
