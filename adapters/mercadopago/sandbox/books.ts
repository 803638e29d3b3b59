import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import type { CurrencyCode } from "../../../src/kernel/currency.ts";
import { type Money, negate, sum } from "../../../src/kernel/money.ts";
import type { Seller } from "./accounts.ts";
import { chargebackOf, claimOf } from "./bank-side.ts";
import type { SimPayment, SimPayout } from "./documents.ts";
import { inMoney } from "./money-kept.ts";
import { paymentsUnder, payoutsOf, sellerKey } from "./state.ts";

/** One row of either report: `word` is its `TRANSACTION_TYPE`, or its `DESCRIPTION`. */
export type Entry = {
  readonly at: Date;
  readonly source: string;
  readonly reference: string;
  readonly word: string;
  readonly gross: Money;
  readonly net: Money;
};

/** A seller's money as the two reports see it, oldest first: all that came and went, and what was at hand when. */
export type Books = { readonly balance: readonly Entry[]; readonly release: readonly Entry[] };

const most = 10_000;

/** Out of the payments, refunds, chargebacks, complaints and payouts the simulator keeps. */
export async function booksOf(documents: SandboxDocuments, seller: Seller): Promise<Books> {
  const parts: Books[] = [];
  for (const payment of await paymentsUnder(documents, sellerKey(seller.userId), most)) {
    parts.push(ofPayment(payment), await ofDisputes(documents, payment));
  }
  for (const payout of await payoutsOf(documents, seller.userId)) {
    parts.push(ofPayout(payout, seller.site.currency));
  }
  return {
    balance: parts.flatMap(({ balance }) => balance).sort(byTime),
    release: parts.flatMap(({ release }) => release).sort(byTime),
  };
}

const byTime = (a: Entry, b: Entry): number => a.at.getTime() - b.at.getTime();

/** What is at hand: all that was released, less all that left. */
export const available = ({ release }: Books, { site }: Seller): Money =>
  sum(
    release.map(({ net }) => net),
    site.currency,
  );

type Amounts = { readonly gross: Money; readonly net?: Money };

/** Rows of one operation. */
function entries(source: string, reference = "") {
  return (word: string, at: string, { gross, net = gross }: Amounts): Entry => ({
    at: new Date(at),
    source,
    reference,
    word,
    gross,
    net,
  });
}

const amountIn = ({ body }: SimPayment, amount: number): Money => inMoney(amount, body.currency_id);
const entriesFor = ({ body }: SimPayment) => entries(String(body.id), body.external_reference);

/** It came, and what of it was given back. */
function ofPayment(payment: SimPayment): Books {
  const { body } = payment;
  if (body.date_approved === null) return { balance: [], release: [] };
  const entry = entriesFor(payment);
  const { total_paid_amount, net_received_amount } = body.transaction_details;
  const came = { gross: amountIn(payment, total_paid_amount), net: amountIn(payment, net_received_amount) };
  const backs = body.refunds
    .filter(({ status }) => status === "approved")
    .map(({ date_created: at, amount }) => ({ at, gross: negate(amountIn(payment, amount)) }));
  return {
    balance: [
      entry("SETTLEMENT", body.date_approved, came),
      ...backs.map(({ at, gross }) => entry("REFUND", at, { gross })),
    ],
    release: [
      entry("payment", body.money_release_date ?? body.date_approved, came),
      ...backs.map(({ at, gross }) => entry("refund", at, { gross })),
    ],
  };
}

/** A chargeback takes the money, and brings it back when it is won. A complaint only holds it while it is open. */
async function ofDisputes(documents: SandboxDocuments, payment: SimPayment): Promise<Books> {
  const balance: Entry[] = [];
  const release: Entry[] = [];
  const entry = entriesFor(payment);
  const chargeback = (await chargebackOf(documents, payment))?.body;
  if (chargeback) {
    const gross = amountIn(payment, chargeback.amount);
    balance.push(entry("CHARGEBACK", chargeback.date_created, { gross: negate(gross) }));
    release.push(entry("chargeback", chargeback.date_created, { gross: negate(gross) }));
    if (payment.body.status_detail === "reimbursed") {
      balance.push(entry("CHARGEBACK_CANCEL", chargeback.date_last_updated, { gross }));
      release.push(entry("chargeback", chargeback.date_last_updated, { gross }));
    }
  }
  const claim = (await claimOf(documents, payment))?.body;
  if (claim) {
    const gross = amountIn(payment, payment.body.transaction_amount);
    release.push(entry("reserve_for_dispute", claim.date_created, { gross: negate(gross) }));
    if (claim.status === "closed") release.push(entry("reserve_for_dispute", claim.last_updated, { gross }));
  }
  return { balance, release };
}

/** First it is set aside, then it goes; both reports tell of it. */
function ofPayout({ id, amount, date_created, date_returned }: SimPayout, currency: CurrencyCode): Books {
  const entry = entries(id);
  const gross = inMoney(amount, currency);
  const out = { gross: negate(gross) };
  const balance = [entry("WITHDRAWAL", date_created, out)];
  const release = [
    entry("reserve_for_payout", date_created, out),
    entry("reserve_for_payout", date_created, { gross }),
    entry("payout", date_created, out),
  ];
  if (date_returned !== null) {
    balance.push(entry("WITHDRAWAL_CANCEL", date_returned, { gross }));
    release.push(entry("payout", date_returned, { gross }));
  }
  return { balance, release };
}
