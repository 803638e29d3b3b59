import { present } from "../../../src/kernel/assert.ts";
import { isCurrency } from "../../../src/kernel/currency.ts";
import { decimalText, money } from "../../../src/kernel/money.ts";
import { coinText, worthOfSats } from "./coins.ts";
import type { InvoiceDocument, PullDocument } from "./documents.ts";
import { dueSats, markable, paidSats } from "./invoices.ts";

/** `InvoiceData`. */
export function invoiceView(invoice: InvoiceDocument, pagesUrl: string): object {
  const currency = currencyOf(invoice);
  const paid = worthOfSats(paidSats(invoice), BigInt(invoice.rate), currency);
  return {
    id: invoice.id,
    storeId: invoice.storeId,
    amount: decimalText(money(BigInt(invoice.minor), currency)),
    paidAmount: decimalText(paid),
    currency,
    type: "Standard",
    checkoutLink: `${pagesUrl}/i/${invoice.id}`,
    createdTime: invoice.createdTime,
    expirationTime: invoice.expirationTime,
    monitoringExpiration: invoice.monitoringExpiration,
    status: invoice.status,
    additionalStatus: invoice.additionalStatus,
    availableStatusesForManualMarking: markable(invoice),
    archived: false,
    metadata: invoice.metadata,
    checkout: {
      speedPolicy: "MediumSpeed",
      paymentMethods: invoice.prompts.map(({ method }) => method),
      expirationMinutes: (invoice.expirationTime - invoice.createdTime) / 60,
      monitoringMinutes: (invoice.monitoringExpiration - invoice.expirationTime) / 60,
      paymentTolerance: 0,
      redirectURL: invoice.redirectUrl,
    },
    receipt: { enabled: false, showQR: null, showPayments: null },
  };
}

/** `InvoicePaymentMethodDataModel[]`. */
export function promptsView(invoice: InvoiceDocument, onlyAccounted: boolean): object[] {
  const due = dueSats(invoice);
  return invoice.prompts.map(({ method, destination }) => {
    const payments = invoice.payments.filter(
      (one) => one.method === method && (one.status !== "Invalid" || !onlyAccounted),
    );
    const left = due > 0n ? due : 0n;
    return {
      activated: true,
      paymentMethodId: method,
      currency: "BTC",
      destination,
      paymentLink: linkOf(method, destination, left),
      rate: String(invoice.rate),
      paymentMethodPaid: coinText(paidSats({ ...invoice, payments })),
      totalPaid: coinText(paidSats(invoice)),
      due: coinText(due),
      amount: coinText(BigInt(invoice.dueSats)),
      paymentMethodFee: "0",
      payments: payments.map((one) => ({
        id: one.id,
        receivedDate: one.receivedDate,
        value: coinText(BigInt(one.sats)),
        fee: "0",
        status: one.status,
        destination,
      })),
      additionalData: {},
    };
  });
}

export const linkOf = (method: string, destination: string, sats: bigint): string =>
  method === "BTC-LN" ? `lightning:${destination}` : `bitcoin:${destination}?amount=${coinText(sats)}`;

/** `PullPaymentData`. */
export const pullView = (pull: PullDocument, pagesUrl: string): object => ({
  id: pull.id,
  name: pull.name,
  description: pull.description ?? "",
  currency: pull.currency,
  amount: pull.amount,
  BOLT11Expiration: "30",
  autoApproveClaims: false,
  archived: pull.archived,
  startsAt: null,
  expiresAt: pull.expiresAt,
  viewLink: `${pagesUrl}/pull-payments/${pull.id}`,
});

/** `PayoutData[]`. */
export const payoutsView = (pull: PullDocument): object[] =>
  pull.payouts.map((payout) => ({
    id: payout.id,
    revision: 0,
    pullPaymentId: pull.id,
    date: String(payout.date),
    destination: "bcrt1qdonorsownaddress",
    originalCurrency: pull.currency,
    originalAmount: payout.amount,
    payoutCurrency: "BTC",
    payoutAmount: null,
    payoutMethodId: "BTC-CHAIN",
    state: payout.state,
  }));

const currencyOf = ({ currency }: InvoiceDocument) =>
  present(isCurrency(currency) ? currency : undefined, "an invoice has a currency");
