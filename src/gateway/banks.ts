import type { Result } from "../kernel/result.ts";
import type { GatewayCall } from "./adapter.ts";
import type { MethodType } from "./methods.ts";

/** A bank the donor can choose, by the gateway's own code for it. */
export type Bank = { readonly code: string; readonly name: string };

/** Who may be chosen before a bank redirect; asked rarely and remembered (`routing/bank-list`). */
export type Banks = {
  /** In the gateway's order. `Err` holds a sentence for the operator. */
  list(
    query: { readonly method: MethodType; readonly country: string },
    call: GatewayCall,
  ): Promise<Result<readonly Bank[], string>>;
};
