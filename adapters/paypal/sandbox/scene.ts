import type { FeeRule } from "../../../src/gateway/manifest.ts";
import type { DeliverWebhook, SandboxDocuments, SandboxStore } from "../../../src/gateway/sandbox.ts";
import type { Clock } from "../../../src/kernel/clock.ts";
import type { Account } from "./accounts.ts";
import { type Documents, documentsOf } from "./documents.ts";
import type { Ids } from "./ids.ts";

/** What the simulator is made of, once. */
export type House = {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly deliver: DeliverWebhook;
  readonly background: (work: () => Promise<void>) => void;
  /** Where the donor's pages are, `{origin}/sandbox/paypal`. */
  readonly pagesUrl: string;
  /** The manifest's prices, so that what is kept is what the checkout and the ledger expect. */
  readonly fees: readonly FeeRule[];
  /** How long a booking stays invisible to the transaction search, in milliseconds. */
  readonly searchDelayMs: number;
  readonly ids: Ids;
  /** Delivers what is pending and due. */
  readonly flush: () => Promise<void>;
};

/** One call or one control action on one account: all a handler knows of the world. */
export type Scene = {
  readonly account: Account;
  readonly now: Date;
  readonly house: House;
  readonly documents: Documents;
  readonly raw: SandboxDocuments;
  /** How many deliveries this has queued. */
  readonly marks: { queued: number };
};

/** Times as PayPal writes them. */
export const stamp = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

/** Runs `work` alone on its account, all of its writes or none; then its webhooks are offered for delivery. */
export async function run<T>(
  house: House,
  account: Account,
  now: Date,
  work: (scene: Scene) => Promise<T>,
): Promise<T> {
  const marks = { queued: 0 };
  const result = await house.store.atomically(account.id, (raw) =>
    work({ account, now, house, documents: documentsOf(account.id, raw), raw, marks }),
  );
  if (marks.queued > 0) house.background(house.flush);
  return result;
}
