import { err, type Result } from "../../../src/kernel/result.ts";
import { type InvoiceDocument, invoiceNamed, type PullDocument, pullNamed } from "./documents.ts";
import { setTravel, type TravelMode } from "./events.ts";
import { type Fault, planFault } from "./faults.ts";
import { type House, inTurn, type Scene } from "./house.ts";
import { confirm, current, dueSats, expire, failToConfirm, receive, replace } from "./invoices.ts";
import { archive, claim, lapse, payOut } from "./pull-payments.ts";

type Played<T = unknown> = Promise<Result<T, string>>;

/** What the donor's wallet, the chain and the church's own hands do without being asked by us. */
export type BtcpayControl = {
  /** Coins arrive: what is still due, or this many satoshis. */
  pay(invoiceId: string, sats?: bigint): Played<InvoiceDocument>;
  /** Enough blocks were found for all that came. */
  confirm(invoiceId: string): Played;
  /** The sender took unconfirmed coins back (replaced the transaction). */
  takeBack(invoiceId: string): Played;
  /** The watch ends with coins still unconfirmed. */
  neverConfirm(invoiceId: string): Played;
  expire(invoiceId: string): Played;
  /** The donor claims a refund with an address of theirs. */
  claim(pullPaymentId: string): Played<PullDocument>;
  /** Someone of the church approves the claim and the wallet pays. */
  payOut(pullPaymentId: string): Played<PullDocument>;
  /** Someone closes the refund in the dashboard. */
  archive(pullPaymentId: string): Played<PullDocument>;
  /** The time to claim a refund runs out. */
  lapse(pullPaymentId: string): Played<PullDocument>;
  /** Breaks the next call whose `METHOD /path` begins with `on`; any call when empty. */
  nextCall(fault: Fault, on?: string): Promise<void>;
  deliverWebhooks(mode: TravelMode): Promise<void>;
  flush(): Promise<void>;
};

export function makeControl(house: House): BtcpayControl {
  const on = async <T>(
    id: string,
    work: (scene: Scene, invoice: InvoiceDocument) => Promise<Result<T, string>>,
  ): Played<T> => {
    const known = await invoiceNamed(house.store, id);
    if (!known) return err("There is no such invoice.");
    return inTurn(house, known.storeId, async (scene) => {
      const invoice = await current(scene, id);
      return invoice ? work(scene, invoice) : err("There is no such invoice.");
    });
  };
  const onPull = async (
    id: string,
    work: (scene: Scene, pull: PullDocument) => Promise<Result<PullDocument, string>>,
  ): Played<PullDocument> => {
    const known = await pullNamed(house.store, id);
    if (!known) return err("There is no such refund.");
    return inTurn(house, known.storeId, async (scene) => {
      const pull = await pullNamed(scene.documents, id);
      return pull ? work(scene, pull) : err("There is no such refund.");
    });
  };
  return {
    pay: (id, sats) => on(id, (scene, invoice) => receive(scene, invoice, sats ?? dueSats(invoice))),
    confirm: (id) => on(id, whenUnconfirmed(confirm)),
    takeBack: (id) => on(id, whenUnconfirmed(replace)),
    neverConfirm: (id) => on(id, whenUnconfirmed(failToConfirm)),
    expire: (id) =>
      on(id, async (scene, invoice) =>
        invoice.status === "New"
          ? { ok: true, value: await expire(scene, invoice) }
          : err("Only an open invoice expires."),
      ),
    claim: (id) => onPull(id, claim),
    payOut: (id) => onPull(id, payOut),
    archive: (id) => onPull(id, archive),
    lapse: (id) => onPull(id, lapse),
    nextCall: (fault, line = "") => planFault(house.store, fault, line),
    deliverWebhooks: (mode) => setTravel(house.store, mode),
    flush: house.flush,
  };
}

const whenUnconfirmed =
  (work: (scene: Scene, invoice: InvoiceDocument) => Promise<InvoiceDocument>) =>
  async (scene: Scene, invoice: InvoiceDocument): Promise<Result<InvoiceDocument, string>> =>
    invoice.payments.some(({ status }) => status === "Processing")
      ? { ok: true, value: await work(scene, invoice) }
      : err("No coins are waiting for confirmation.");
