import { z } from "zod";
import type { MethodType } from "../gateway/methods.ts";
import type { ChurchId, DonationId, LegalEntityId, OfflineBatchId } from "../kernel/ids.ts";
import type { Money } from "../kernel/money.ts";

/** What can be handed over in person. */
export const inPersonTypes = ["cash", "cheque", "card_terminal", "in_kind"] as const satisfies MethodType[];
export type InPersonType = (typeof inPersonTypes)[number];

/** What is written of one gift and is nobody else's business: sealed. */
export const lineWords = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  taxId: z.string().optional(),
  /** The cheque's number, the terminal's slip, what the thing is. */
  reference: z.string().optional(),
  note: z.string().optional(),
});
export type LineWords = z.infer<typeof lineWords>;

export type OfflineLine = {
  readonly method: InPersonType;
  readonly amount: Money;
  readonly allocations: readonly { readonly fund: string; readonly amount: Money }[];
  readonly words: LineWords;
  /** Once it is booked. */
  readonly donationId: DonationId | undefined;
  /** Why it could not be. */
  readonly fault: string | undefined;
};

export type OfflineBatch = {
  readonly churchId: ChurchId;
  readonly id: OfflineBatchId;
  readonly legalEntityId: LegalEntityId;
  readonly mode: "test" | "live";
  readonly label: string;
  /** `YYYY-MM-DD`. */
  readonly receivedOn: string;
  readonly total: Money;
  /** `open`: waits for the second count. `counted`: being booked. `booked`: every line is a donation. */
  readonly state: "open" | "counted" | "booked" | "discarded";
  /** API keys' bare ids. */
  readonly enteredBy: string;
  readonly countedBy: string | undefined;
  /** The first of the keys by which the entering one was made. */
  readonly enteredRoot: string;
  readonly createdAt: Date;
  readonly lines: readonly OfflineLine[];
};
