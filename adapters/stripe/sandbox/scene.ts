import type { FeeRule } from "../../../src/gateway/manifest.ts";
import type { DeliverWebhook, SandboxDocuments, SandboxStore } from "../../../src/gateway/sandbox.ts";
import type { Clock } from "../../../src/kernel/clock.ts";
import type { Account } from "./accounts.ts";
import type { Documents } from "./documents.ts";
import type { Ids, RandomBytes } from "./ids.ts";
import type { WebhookEndpoint } from "./wire.ts";

export type StripeSandboxOptions = {
  readonly store: SandboxStore;
  readonly clock: Clock;
  /** The manifest's fee table, so that what the sandbox keeps is what the checkout and the ledger expect. */
  readonly fees: readonly FeeRule[];
  readonly deliver: DeliverWebhook;
  readonly random?: RandomBytes;
  /**
   * Called after every call and control action that left webhooks to deliver, with the work that delivers them:
   * run it at once, queue it, or hand it to `waitUntil`. Absent: nothing leaves before `control.flush()`.
   */
  readonly background?: (work: () => Promise<void>) => void;
  /** Where hosted pages live (checkout, 3-D Secure, vouchers); default Stripe's own hosts. */
  readonly hostedPages?: string;
  /** `later`: the charge first comes without its balance transaction, which a `charge.updated` brings at the
   * next `tick`, as Stripe does for `capture_method=automatic_async`. Default `at_once`. */
  readonly balanceTransactions?: "at_once" | "later";
  /** Whether a voucher to an ordinary address pays itself three minutes on, as in Stripe's test mode. */
  readonly vouchersPayThemselves?: boolean;
  /** How long a new PaymentIntent stays invisible to search, in seconds (Stripe says up to a minute). */
  readonly searchDelay?: number;
  /** How many webhooks are under way at once; 1 keeps tests deterministic. */
  readonly deliveryConcurrency?: number;
};

/** The options with their defaults, and what is made from them once. */
export type House = Required<Omit<StripeSandboxOptions, "background" | "random">> & {
  readonly background: StripeSandboxOptions["background"];
  readonly ids: Ids;
  /** Delivers what is pending and due. */
  readonly flush: () => Promise<void>;
};

/** One call (or one control action) on one account: all a handler knows of the world. */
export type Scene = {
  readonly account: Account;
  /** Unix seconds, as in every Stripe timestamp. */
  readonly now: number;
  readonly house: House;
  readonly documents: Documents;
  /** The store's own view inside this transaction, for what is not an object of the account. */
  readonly raw: SandboxDocuments;
  readonly request: { readonly id: string | null; readonly idempotencyKey: string | null };
  /** What this call has done so far: intents whose session may have to follow, and webhooks queued. */
  readonly marks: {
    readonly touched: Set<string>;
    queued: number;
    /** The account's endpoints, once the first event has asked for them. */
    endpoints: readonly WebhookEndpoint[] | undefined;
  };
  /** A publishable key may only do what a donor's browser does. */
  readonly caller: "secret" | "publishable";
};

export const day = 86_400;
