import type { DonorId } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";
import type { GatewayCall } from "./adapter.ts";
import type { MethodType } from "./methods.ts";
import type {
  AttemptHandle,
  CollectDonor,
  CollectMethod,
  CollectOutcome,
  DonorAction,
  Evidence,
  Refusal,
  TransportCause,
} from "./payment.ts";

/**
 * A donor's permission to be charged later without being there: a saved card, a bank debit mandate, a Pix
 * Automático recurrence. Optional: a method without one is a reminder plan, never an automatic charge.
 */
export type Mandates = {
  /** Asks the donor for permission. Repeating it with the same key must give the same mandate. */
  request(order: MandateOrder, call: GatewayCall): Promise<MandateOutcome>;
  lookup(handle: MandateHandle, call: GatewayCall): Promise<MandateOutcome>;
  /** Ends it at the gateway; one that has ended already answers `ended`. */
  cancel(handle: MandateHandle, call: GatewayCall): Promise<MandateOutcome>;
  /** Charges one occurrence under the mandate. Same promises as `Payments.collect`. */
  charge(order: MandateCharge, call: GatewayCall): Promise<CollectOutcome>;
  /** Takes back a charge that has been announced and not yet carried out; absent where charges are immediate. */
  withdraw?(handle: AttemptHandle, call: GatewayCall): Promise<CollectOutcome>;
};

export type MandateOrder = {
  /** Our id of the recurring gift: meaningless to others, stable over repeats. */
  readonly reference: string;
  readonly donorId: DonorId;
  readonly country: string;
  readonly method: CollectMethod;
  readonly donor: CollectDonor;
  /** What a period is charged; absent for mandates of any amount up to `ceiling`. */
  readonly amount?: Money;
  /** The most one charge may be. */
  readonly ceiling?: Money;
  readonly cadence: MandateCadence;
  /** Calendar dates in the country's time, `YYYY-MM-DD`. */
  readonly startsOn: string;
  readonly endsOn?: string;
  readonly description: string;
  readonly returnUrl: string;
  readonly locale: string;
};

/** The rhythms a rail may insist on being told. */
export type MandateCadence = "weekly" | "monthly" | "quarterly" | "half_yearly" | "yearly" | "as_needed";

export type MandateHandle = { readonly reference: string; readonly gatewayMandateId?: string };

export type MandateCharge = {
  readonly mandate: { readonly gatewayMandateId: string; readonly method: MethodType };
  readonly attempt: AttemptHandle;
  readonly description: string;
  /** When it is to be taken, `YYYY-MM-DD`; some rails must be told days before. */
  readonly dueOn: string;
  readonly donor: CollectDonor;
};

export type MandateOutcome = { readonly evidence: Evidence } & (
  | {
      readonly kind: "active";
      readonly gatewayMandateId: string;
      /** What may be shown of the instrument, such as `visa 4242`. */
      readonly display?: string;
      /** A card's network in lower case (`visa`), and the month it expires, `YYYY-MM`. */
      readonly network?: string;
      readonly expiresOn?: string;
      /** The gateway's own id of the donor, where charges need it again. */
      readonly customerRef?: string;
    }
  /** The donor has to say yes at the gateway or in their bank's app. */
  | { readonly kind: "action_required"; readonly gatewayMandateId: string; readonly action: DonorAction }
  | { readonly kind: "pending"; readonly gatewayMandateId: string }
  /** Over for good: by the donor, their bank, us, or because nobody said yes in time. */
  | {
      readonly kind: "ended";
      readonly gatewayMandateId: string;
      readonly by: "donor" | "bank" | "church" | "gateway";
      readonly rawCode: string;
    }
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "in_doubt" | "not_sent"; readonly cause: TransportCause }
);
