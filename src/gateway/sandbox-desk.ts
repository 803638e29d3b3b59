import type { Money } from "../kernel/money.ts";
import type { Result } from "../kernel/result.ts";
import type { Localized } from "./country-profile.ts";

/**
 * The bank's side of a gateway's simulator as one page can show it: payments, and what may be done to each. The
 * gateway says what its bank can do, as data; the page knows nothing of any gateway. TEST MODE only.
 */
export type SandboxDesk = {
  readonly name: string;
  /** Newest first. */
  payments(): Promise<readonly DeskPayment[]>;
  /** Does what a button says; `err` holds the sentence why the real bank would not. */
  play(press: DeskPress): Promise<Result<void, string>>;
  /** How webhooks travel; `undefined` where the gateway sends none. */
  readonly delivery: DeskDelivery | undefined;
};

export type DeskPress = {
  readonly payment: string;
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
};

export type DeskPayment = {
  readonly id: string;
  readonly amount: Money;
  /** The gateway's own words for method and status. */
  readonly method: string;
  readonly status: string;
  /** Our donation, as the gateway was told. */
  readonly donation: string | undefined;
  readonly createdAt: Date;
  readonly facts: readonly { readonly label: Localized; readonly value: string }[];
  readonly actions: readonly DeskAction[];
};

export type DeskAction = {
  readonly id: string;
  readonly label: Localized;
  readonly field?: DeskField;
};

export type DeskField =
  /** An amount in the payment's currency, whole minor units. */
  | { readonly kind: "amount"; readonly label: Localized; readonly value: Money }
  /** Something pasted, such as a code the donor was shown. */
  | { readonly kind: "text"; readonly label: Localized }
  | {
      readonly kind: "choice";
      readonly label: Localized;
      readonly options: readonly { readonly value: string; readonly label: string }[];
    };

export type DeskDelivery = {
  readonly modes: readonly { readonly id: string; readonly label: Localized }[];
  /** `id`: one of the modes. */
  choose(id: string): Promise<void>;
  /** Delivers what is pending, now. */
  deliverNow(): Promise<void>;
};
