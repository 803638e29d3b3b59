import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { accountOf } from "./accounts.ts";
import { capturesOf, refundsOf, settleCapture } from "./captures.ts";
import { type DeliveryMode, setMode } from "./deliveries.ts";
import { moveDispute, type Opening, openDispute, resolveDispute } from "./disputes.ts";
import {
  anyones,
  type Capture,
  type Dispute,
  documentsOf,
  type Kind,
  type Kinds,
  newest,
  type Order,
  type PaymentToken,
  type Refund,
  type Settings,
  type SetupToken,
  type Tender,
} from "./documents.ts";
import { type FaultKind, planFault } from "./faults.ts";
import { approveOrder, lapsed, reverseApproval } from "./orders.ts";
import { refundCapture, settleRefund } from "./refunds.ts";
import { Refusal } from "./refusal.ts";
import { type House, run, type Scene } from "./scene.ts";
import { changeSettings } from "./settings.ts";
import { approveSetupToken, deleteToken } from "./vault.ts";

/** An order with all that came of it, as the desk shows it. */
export type SandboxPayment = {
  readonly order: Order;
  readonly captures: readonly Capture[];
  readonly refunds: readonly Refund[];
  readonly disputes: readonly Dispute[];
  readonly tokens: readonly PaymentToken[];
};

/** What was done, or the issue by which the real PayPal would not. */
type Played<T> = Promise<Result<T, string>>;

/**
 * What happens at PayPal without us asking: what the donor, their bank, PayPal's reviewers and the church in
 * PayPal's own pages do. Nothing runs by a timer; `tick` and `flush` say when.
 */
export type SandboxControl = {
  payments(limit?: number): Promise<readonly SandboxPayment[]>;
  payment(orderId: string): Promise<SandboxPayment | undefined>;
  order(orderId: string): Promise<Order | undefined>;
  setupToken(id: string): Promise<SetupToken | undefined>;
  /** Where an account's events go; the webhook's id is what its signatures are bound to. */
  registerWebhook(clientId: string, webhook: { readonly id: string; readonly url: string }): Played<void>;

  /** The donor pays on PayPal's page; `tender`: what will become of it at the capture. */
  approve(orderId: string, tender?: Tender): Played<Order>;
  /** The bank's money for a pending capture comes, or a review lets it pass; or not. */
  settle(captureId: string, paid: boolean): Played<Capture>;
  /** The church gives back from PayPal's own pages; `value` in decimal text, all of it where absent. */
  refundFromDashboard(captureId: string, value?: string): Played<Refund>;
  settleRefund(refundId: string, arrived: boolean): Played<Refund>;
  openDispute(captureId: string, how?: Opening): Played<Dispute>;
  moveDispute(disputeId: string, to: "claim" | "under_review"): Played<Dispute>;
  resolveDispute(disputeId: string, outcome: string): Played<Dispute>;
  approveSetup(setupToken: string): Played<SetupToken>;
  /** The donor takes the standing permission back in their PayPal settings. */
  withdrawPermission(paymentToken: string): Played<void>;
  /** PayPal gives an approval up that nobody captured. */
  reverseApproval(orderId: string): Played<Order>;
  settings(clientId: string, change: Partial<Pick<Settings, "donations" | "refunds">>): Played<void>;

  /** Breaks the next call, or the next whose `METHOD /path` begins with `on`. */
  nextCall(kind: FaultKind, on?: string): Promise<void>;
  deliverWebhooks(mode: DeliveryMode): Promise<void>;
  flush(): Promise<void>;
  /** Back to normal delivery; what was held goes out. */
  releaseHeld(): Promise<void>;
  /** What time has brought by `now`: approvals that lapse. */
  tick(now?: Date): Promise<number>;
};

export function makeControl(house: House): SandboxControl {
  const as = <T>(clientId: string, work: (scene: Scene) => Promise<T>): Played<T> => {
    const account = accountOf(clientId);
    if (!account) return Promise.resolve(err("There is no such account."));
    return played(() => run(house, account, house.clock.now(), work));
  };
  /** Runs `work` on a document, in its own account. */
  const on = async <K extends Kind, T>(
    kind: K,
    id: string,
    work: (scene: Scene, found: Kinds[K]) => Promise<T>,
  ): Played<T> => {
    const found = await anyones(house.store, kind, id);
    if (!found) return err(`There is no ${kind.replaceAll("_", " ")} ${id}.`);
    return as(found.account, (scene) => work(scene, found));
  };

  return {
    payments: async (limit = 60) => {
      const orders = await newest(house.store, "order", limit);
      return Promise.all(orders.map((order) => partsOf(house, order)));
    },
    payment: async (id) => {
      const order = await anyones(house.store, "order", id);
      return order && partsOf(house, order);
    },
    order: (id) => anyones(house.store, "order", id),
    setupToken: (id) => anyones(house.store, "setup_token", id),
    registerWebhook: (clientId, { id, url }) =>
      as(clientId, (scene) => scene.documents.put("webhook", { id, account: clientId, url })),

    approve: (id, tender = {}) => on("order", id, (scene) => approveOrder(scene, id, tender)),
    settle: (id, paid) => on("capture", id, (scene) => settleCapture(scene, id, paid)),
    refundFromDashboard: (id, value) =>
      on("capture", id, (scene, { amount }) =>
        refundCapture(scene, id, value === undefined ? {} : { amount: { ...amount, value } }),
      ),
    settleRefund: (id, arrived) => on("refund", id, (scene) => settleRefund(scene, id, arrived)),
    openDispute: (id, how) => on("capture", id, (scene) => openDispute(scene, id, how)),
    moveDispute: (id, to) => on("dispute", id, (scene) => moveDispute(scene, id, to)),
    resolveDispute: (id, outcome) => on("dispute", id, (scene) => resolveDispute(scene, id, outcome)),
    approveSetup: (id) => on("setup_token", id, (scene) => approveSetupToken(scene, id)),
    withdrawPermission: (id) => on("payment_token", id, (scene) => deleteToken(scene, id)),
    reverseApproval: (id) => on("order", id, (scene) => reverseApproval(scene, id)),
    settings: (clientId, change) => as(clientId, (scene) => changeSettings(scene, change)),

    nextCall: (kind, call = "") =>
      house.store.atomically("control", (raw) => planFault(raw, { kind, on: call })),
    deliverWebhooks: (mode) => setMode(house.store, mode),
    flush: house.flush,
    releaseHeld: async () => {
      await setMode(house.store, "normal");
      await house.flush();
    },
    tick: (now) => tick(house, now ?? house.clock.now()),
  };
}

async function played<T>(work: () => Promise<T>): Played<T> {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof Refusal) return err(error.message);
    throw error;
  }
}

async function partsOf(house: House, order: Order): Promise<SandboxPayment> {
  const account = { id: order.account, country: accountOf(order.account)?.country ?? "us" };
  const documents = documentsOf(order.account, house.store);
  const scene: Scene = {
    account,
    documents,
    house,
    raw: house.store,
    now: house.clock.now(),
    marks: { queued: 0 },
  };
  const captures = await capturesOf(scene, order);
  const refunds: Refund[] = [];
  const disputes: Dispute[] = [];
  for (const capture of captures) {
    refunds.push(...(await refundsOf(scene, capture)));
    disputes.push(...(await documents.list("dispute", `capture=${capture.id}`)));
  }
  const tokens = await documents.list("payment_token", `order=${order.id}`);
  return { order, captures, refunds, disputes, tokens };
}

/** How many approvals have lapsed. */
async function tick(house: House, now: Date): Promise<number> {
  const accounts = new Set((await newest(house.store, "order", 2000)).map((order) => order.account));
  let count = 0;
  for (const id of accounts) {
    const account = accountOf(id);
    if (!account) continue;
    count += await run(house, account, now, async (scene) => {
      const over = await lapsed(scene);
      for (const order of over) await reverseApproval(scene, order.id);
      return over.length;
    });
  }
  return count;
}
