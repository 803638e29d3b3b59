import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { type Account, callerOf } from "./accounts.ts";
import { mismatch, returnDebit, settleDebit, stillUnverified, verify } from "./bank-debits.ts";
import { receiveTransfer } from "./cash.ts";
import { challengeAnswered } from "./confirm.ts";
import { type DeliveryMode, setDeliveryMode } from "./deliveries.ts";
import { decideDispute, isOpen } from "./disputes.ts";
import { type Kind, type Kinds, newestEverywhere, ownerOf } from "./documents.ts";
import { createEndpoint } from "./endpoints.ts";
import { addFault, type FaultKind } from "./faults.ts";
import { type HostedResult, type HostedTender, payHosted } from "./hosted-page.ts";
import { mandateFor, revoke } from "./mandates.ts";
import { disputeCharge, payVoucher } from "./played-by-hand.ts";
import { refundFailed, refundSucceeded } from "./refunds.ts";
import { Refusal, unplayable } from "./refusal.ts";
import { run } from "./run.ts";
import type { House, Scene } from "./scene.ts";
import { setupAnswered, verifySetup } from "./setup-intents.ts";
import { type BankOutcome, isDebitType } from "./test-accounts.ts";
import { testCards } from "./test-values.ts";
import { tick } from "./tick.ts";
import { voucherOf } from "./voucher-shapes.ts";
import { voucherExpired } from "./vouchers.ts";
import {
  type Charge,
  type CheckoutSession,
  type Dispute,
  idIn,
  type Mandate,
  type PaymentIntent,
  type Refund,
  type SetupIntent,
  type WebhookEndpoint,
} from "./wire.ts";

/** What a person sees of a payment on the page where they play the bank. */
export type SandboxPayment = {
  readonly account: Account;
  readonly intent: PaymentIntent;
  readonly charge: Charge | undefined;
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
};

/** What the bank side did, or the sentence why the real one would not. */
type Played<T> = Promise<Result<T, string>>;

/**
 * Everything that happens at Stripe without us asking: what the donor, the shop's till, the bank and the network
 * do. Nothing here runs by a timer; `tick` and `flush` say when.
 */
export type SandboxControl = {
  /** Where this account's events go, as `POST /v1/webhook_endpoints` with a secret of our choosing. */
  registerWebhookEndpoint(
    secretKey: string,
    endpoint: { readonly url: string; readonly secret: string; readonly events?: readonly string[] },
  ): Played<WebhookEndpoint>;

  /** The newest payments of every account. */
  payments(limit?: number): Promise<readonly SandboxPayment[]>;
  payment(intentId: string): Promise<SandboxPayment | undefined>;
  /** The newest hosted sessions of every account. */
  sessions(limit?: number): Promise<readonly CheckoutSession[]>;
  session(sessionId: string): Promise<CheckoutSession | undefined>;

  /**
   * The cashier (or the donor's bank) takes the money of a voucher. Its network takes the exact amount, once, and
   * not after expiry, so `short` and a second payment are refused here as at the till (facts: methods §3.3).
   * `late` is the nearest thing that does happen: money taken on the last day and announced the next business
   * day, when the voucher already counts as expired. A cancelled payment stays cancelled.
   */
  payVoucher(
    intentId: string,
    how?: { readonly late?: boolean; readonly amount?: number },
  ): Played<PaymentIntent>;
  expireVoucher(intentId: string): Played<PaymentIntent>;
  /**
   * A transfer of `amount` minor units, in the account's currency, to the account lent to this customer (`cus_…`)
   * or this payment's customer: a CLABE, an IBAN, a number with its routing number or sort code.
   */
  transfer(target: string, amount: number, reference?: string): Played<{ readonly id: string }>;
  /** The bank answers a debit on its way: by the test account's own fate, or `fails` with a code. */
  settleDebit(intentId: string, outcome?: BankOutcome): Played<PaymentIntent>;
  /** The donor's bank takes a settled debit back. */
  returnDebit(intentId: string, reason?: string): Played<Charge>;
  /** The donor types the code of the small deposit (`SM11AA` is the right one). */
  verifyMicrodeposits(intentId: string, code: string): Played<PaymentIntent>;
  /** The donor's yes or no at the bank's or the wallet's page, or in the app that was asked. */
  passChallenge(intentId: string): Played<PaymentIntent>;
  failChallenge(intentId: string): Played<PaymentIntent>;
  /** The donor pays on the hosted page. `redirectTo`: where the page sends them (none while it stays open). */
  completeCheckout(sessionId: string, tender: HostedTender): Played<HostedResult>;
  /** A SetupIntent, as a hosted page needs it. */
  setup(setupId: string): Promise<SetupIntent | undefined>;
  /** The same questions about a means of payment that is only being saved. */
  passSetup(setupId: string): Played<SetupIntent>;
  failSetup(setupId: string): Played<SetupIntent>;
  verifySetup(setupId: string, code: string): Played<SetupIntent>;
  /** The donor's bank ends the mandate a saved account (`pm_…`) stands under. */
  revokeMandate(methodId: string): Played<Mandate>;
  /** The donor leaves the hosted page: the session stays open, as at Stripe. Gives the page to go back to. */
  cancelCheckout(sessionId: string): Played<{ readonly redirectTo: string | null }>;
  /**
   * From now on the bank treats this saved card (`pm_…`) as it treats another of Stripe's test cards: it runs out of
   * money, is blocked, works again. What it looks like stays.
   */
  cardTreatedAs(methodId: string, testCardNumber: string): Played<void>;
  /** Opens a dispute on a payment (`pi_…`) or charge. `amount` in minor units. */
  openDispute(
    target: string,
    how?: { readonly reason?: string; readonly inquiry?: boolean; readonly amount?: number },
  ): Played<Dispute>;
  closeDispute(disputeId: string, verdict: "won" | "lost"): Played<Dispute>;
  succeedRefund(refundId: string): Played<Refund>;
  failRefund(refundId: string, reason?: string): Played<Refund>;

  /** Breaks the next call, or the next whose `METHOD /path` begins with `on`. */
  nextCall(fault: { readonly kind: FaultKind; readonly on?: string }): Promise<void>;
  /** How webhooks travel from now on. */
  deliverWebhooks(mode: DeliveryMode): Promise<void>;
  /** Delivers what is pending and due, and what that brings about. */
  flush(): Promise<void>;
  /** Back to normal delivery; what was held goes out. */
  releaseHeld(): Promise<void>;
  /** Applies what time has brought by `now` (default the clock's): expiries, settlements, returns. */
  tick(now?: Date): Promise<number>;
};

export function makeControl(house: House): SandboxControl {
  const as = <T>(account: Account, work: (scene: Scene) => Promise<T>): Played<T> =>
    played(() =>
      run(
        house,
        {
          account,
          caller: "secret",
          now: house.clock.now(),
          request: { id: null, idempotencyKey: null },
        },
        work,
      ),
    );
  /** Runs `work` on the object of this id, in its own account. */
  const on = async <K extends Kind, T>(
    kind: K,
    id: string,
    work: (scene: Scene, found: Kinds[K]) => Promise<T>,
  ): Played<T> => {
    const account = await ownerOf(house.store, kind, id);
    if (!account) return err(`There is no ${kind.replaceAll("_", " ")} ${id}.`);
    return as(account, async (scene) => {
      const found = await scene.documents.get(kind, id);
      if (!found) throw unplayable(`There is no ${kind.replaceAll("_", " ")} ${id}.`);
      return work(scene, found);
    });
  };
  const look = async (account: Account, id: string): Promise<SandboxPayment | undefined> => {
    const seen = await as(account, (scene) => paymentOf(scene, id));
    return seen.ok ? seen.value : undefined;
  };

  return {
    registerWebhookEndpoint: async (secretKey, { url, secret, events }) => {
      const caller = callerOf(secretKey);
      if (caller.kind !== "secret") return err("A webhook endpoint needs a test mode secret key.");
      const enabled_events = [...(events ?? ["*"])];
      return as(caller.account, (scene) => createEndpoint(scene, { url, enabled_events }, secret));
    },
    payments: async (limit = 50) => {
      const newest = await newestEverywhere(house.store, "payment_intent", limit);
      const seen = await Promise.all(newest.map((one) => look(one.account, one.body.id)));
      return seen.filter((one) => one !== undefined);
    },
    payment: async (id) => {
      const account = await ownerOf(house.store, "payment_intent", id);
      return account && look(account, id);
    },
    sessions: async (limit = 50) =>
      (await newestEverywhere(house.store, "checkout_session", limit)).map((one) => one.body),
    session: async (id) => {
      const found = await on("checkout_session", id, async (_scene, session) => session);
      return found.ok ? found.value : undefined;
    },

    payVoucher: (id, how = {}) => on("payment_intent", id, (scene, intent) => payVoucher(scene, intent, how)),
    expireVoucher: (id) =>
      on("payment_intent", id, (scene, intent) => {
        if (!voucherOf(intent)) throw unplayable("This payment has no open voucher.");
        return voucherExpired(scene, intent);
      }),
    transfer: async (target, amount, reference) => {
      const fund = (scene: Scene, customer: string) =>
        receiveTransfer(scene, customer, amount, scene.account.currency, reference ?? null);
      if (target.startsWith("cus_")) return on("customer", target, (scene) => fund(scene, target));
      return on("payment_intent", target, (scene, intent) => {
        const customer = idIn(intent.customer);
        if (!customer) throw unplayable("This payment has no customer, so no account was lent for it.");
        return fund(scene, customer);
      });
    },
    settleDebit: (id, outcome) =>
      on("payment_intent", id, (scene, intent) => {
        if (intent.status !== "processing") throw unplayable("No debit of this payment is on its way.");
        return settleDebit(scene, intent, outcome);
      }),
    returnDebit: (id, reason = "insufficient_funds") =>
      on("payment_intent", id, async (scene, intent) => {
        const charge = await chargeOf(scene, intent);
        if (
          !charge ||
          !isDebitType(charge.payment_method_details?.type ?? "") ||
          charge.status !== "succeeded"
        ) {
          throw unplayable("Only a settled bank debit can be returned.");
        }
        if (charge.disputed) throw unplayable("This debit has been returned already.");
        await returnDebit(scene, charge.id, reason);
        return charge;
      }),
    verifyMicrodeposits: async (id, code) => {
      const done = await on("payment_intent", id, (scene, intent) =>
        verify(scene, intent, { descriptor_code: code }),
      );
      // A wrong code is counted, so the refusal must not take that back.
      return done.ok && stillUnverified(done.value) ? err(mismatch(true).body.message) : done;
    },
    passChallenge: (id) =>
      on("payment_intent", id, (scene, intent) => challengeAnswered(scene, intent, true)),
    failChallenge: (id) =>
      on("payment_intent", id, (scene, intent) => challengeAnswered(scene, intent, false)),
    completeCheckout: (id, tender) =>
      on("checkout_session", id, (scene, session) => payHosted(scene, session, tender)),
    setup: async (id) => {
      const found = await on("setup_intent", id, async (_scene, intent) => intent);
      return found.ok ? found.value : undefined;
    },
    passSetup: (id) => on("setup_intent", id, (scene, intent) => setupAnswered(scene, intent, true)),
    failSetup: (id) => on("setup_intent", id, (scene, intent) => setupAnswered(scene, intent, false)),
    verifySetup: (id, code) =>
      on("setup_intent", id, (scene, intent) => verifySetup(scene, intent, { descriptor_code: code })),
    revokeMandate: (id) =>
      on("payment_method", id, async (scene) => {
        const mandate = await mandateFor(scene, id);
        if (!mandate) throw unplayable("No mandate was given for this means of payment.");
        return revoke(scene, mandate);
      }),
    cardTreatedAs: (id, number) =>
      on("instrument", id, async (scene, instrument) => {
        if (instrument.type !== "card" || !testCards[number]) throw unplayable("That is no test card.");
        await scene.documents.put("instrument", { ...instrument, number });
      }),
    cancelCheckout: (id) =>
      on("checkout_session", id, async (_scene, session) => ({ redirectTo: session.cancel_url })),

    openDispute: (target, how = {}) => {
      const opening = (scene: Scene, charge: Charge | undefined) => disputeCharge(scene, charge, how);
      return target.startsWith("pi_")
        ? on("payment_intent", target, async (scene, intent) => opening(scene, await chargeOf(scene, intent)))
        : on("charge", target, opening);
    },
    closeDispute: (id, verdict) =>
      on("dispute", id, (scene, found) => {
        if (!isOpen(found)) throw unplayable("This dispute is decided already.");
        return decideDispute(scene, found, verdict);
      }),
    succeedRefund: (id) =>
      on("refund", id, (scene, refund) => {
        if (refund.status === "succeeded" || refund.status === "failed") {
          throw unplayable(`This refund has ${refund.status} already.`);
        }
        return refundSucceeded(scene, refund);
      }),
    failRefund: (id, reason = "unknown") =>
      on("refund", id, (scene, refund) => {
        if (refund.status === "failed") throw unplayable("This refund has failed already.");
        return refundFailed(scene, refund, reason);
      }),

    nextCall: ({ kind, on: call }) =>
      house.store.atomically("control", (raw) => addFault(raw, { kind, on: call ?? null })),
    deliverWebhooks: (mode) => setDeliveryMode(house.store, mode),
    flush: house.flush,
    releaseHeld: async () => {
      await setDeliveryMode(house.store, { mode: "normal" });
      await house.flush();
    },
    tick: (now) => tick(house, now ?? house.clock.now()),
  };
}

async function played<T>(work: () => Promise<T>): Played<T> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Refusal) return err(error.body.message);
    throw error;
  }
}

const chargeOf = (scene: Scene, intent: PaymentIntent): Promise<Charge | undefined> =>
  scene.documents.named("charge", intent.latest_charge);

async function paymentOf(scene: Scene, id: string): Promise<SandboxPayment | undefined> {
  const intent = await scene.documents.get("payment_intent", id);
  if (!intent) return undefined;
  const newest = { order: "newest_first", limit: 50 } as const;
  return {
    account: scene.account,
    intent,
    charge: await chargeOf(scene, intent),
    refunds: await scene.documents.list("refund", `payment_intent=${id}`, newest),
    disputes: await scene.documents.list("dispute", `payment_intent=${id}`, newest),
  };
}
