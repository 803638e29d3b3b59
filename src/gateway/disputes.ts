import type { Result } from "../kernel/result.ts";
import type { GatewayCall } from "./adapter.ts";
import type { GatewayEvent } from "./webhook.ts";

/**
 * The gateway's own list of disputes, for what no webhook told: a dispute nobody answers in time is lost. Optional:
 * where there is no such list, webhooks and the statement are all there is. `Err` holds a sentence for the operator;
 * it is asked again at the next turn.
 */
export type Disputes = {
  /** The gateway's ids of those that were opened, or moved on, since. */
  changedSince(since: Date, call: GatewayCall): Promise<Result<readonly string[], string>>;
  /** One as it stands now, as a webhook would have told it; `undefined` where it is about no payment. */
  read(
    gatewayDisputeId: string,
    call: GatewayCall,
  ): Promise<Result<Extract<GatewayEvent, { kind: "dispute_changed" }> | undefined, string>>;
};
