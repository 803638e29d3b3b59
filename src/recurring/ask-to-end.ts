import type { Tx } from "../db/client.ts";
import type { ChurchId, MandateId } from "../kernel/ids.ts";
import { loadMandate, mandatesAtGateway, saveMandate } from "./mandate-store.ts";
import { giftsOnMandate } from "./store.ts";

/**
 * A mandate that no living gift needs is to be ended at the gateway: `checkMandate` does it, at once or with the sweep.
 * One whose saved card serves another mandate too is ended here alone, so that the card stays. `true` when the gateway
 * is to be asked.
 */
export async function askToEnd(tx: Tx, church: ChurchId, id: MandateId, now: Date): Promise<boolean> {
  const users = await giftsOnMandate(tx, church, id, false);
  if (users.some(({ status }) => status !== "canceled" && status !== "completed")) return false;
  const mandate = await loadMandate(tx, church, id, true);
  if (!mandate || mandate.state === "ended" || mandate.endAskedAt) return false;
  const changed = { ...mandate, version: mandate.version + 1, updatedAt: now };
  const { gatewayMandateId } = mandate;
  const alike =
    gatewayMandateId === undefined
      ? []
      : await mandatesAtGateway(tx, church, mandate.gatewayAccountId, gatewayMandateId, true);
  if (alike.some((other) => other.id !== id && other.state === "active" && !other.endAskedAt)) {
    const ended = { state: "ended", endedBy: "church", endedCode: "shared", nextCheckAt: undefined } as const;
    await saveMandate(tx, mandate, { ...changed, ...ended });
    return false;
  }
  return saveMandate(tx, mandate, { ...changed, endAskedAt: now, nextCheckAt: now, checks: 0 });
}
