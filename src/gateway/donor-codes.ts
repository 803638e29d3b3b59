import type { DonorId } from "../kernel/ids.ts";
import type { Result } from "../kernel/result.ts";
import type { GatewayCall } from "./adapter.ts";
import type { GatewayEvent } from "./webhook.ts";

/**
 * A code of each donor's own that never changes: paid any number of times, with any amount, also from a standing order
 * in the donor's bank. What is paid on it is told by `donor_paid`. Optional: SPEI's CLABE per donor needs none of it,
 * since the gateway itself matches there.
 */
export type DonorCodes = {
  /** The text of the code; the same for the same donor, for good. `Err` holds a sentence for the operator. */
  codeOf(donor: DonorId): Result<string, string>;
  /** All that came on any donor's code in the window, for what no webhook told. `Err`: to be asked again later. */
  arrivals(
    window: { readonly from: Date; readonly to: Date },
    call: GatewayCall,
  ): Promise<Result<readonly GatewayEvent[], string>>;
};
