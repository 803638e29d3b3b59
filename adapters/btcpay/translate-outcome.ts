import type { CollectOutcome, DonorAction, Evidence } from "../../src/gateway/payment.ts";
import { after, days } from "../../src/kernel/clock.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { compare, isPositive, type Money } from "../../src/kernel/money.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { decimal, fromBtcpayAmount, signOf, subtractDecimals, sumDecimals, worth } from "./amounts.ts";
import { pageAt } from "./client.ts";
import { invoiceStage, isKnownAddition, paymentStage } from "./codes.ts";
import { type Network, networkOf } from "./network.ts";
import type { WireInvoice, WirePayment, WirePrompt } from "./wire.ts";

/** What translation needs to know besides the two bodies. */
export type View = {
  readonly asOf: Date;
  readonly evidence: Evidence;
  /** The server's own address: the donor is sent nowhere else. */
  readonly serverUrl: string;
  readonly network: Network;
};

/** Confirmations take an hour on an ordinary day; a day survives a crowded chain. */
const confirmsWithin = days(1);

const fromUnix = (seconds: number): Date => new Date(seconds * 1000);

/**
 * One of the eight answers from an invoice and the way it is paid by. BTCPay's own verdict (`status`) says whether
 * the invoice is still open; how much money came is read from the payments, never from the verdict:
 *
 * - nothing came: open, or void by time or by hand;
 * - something came and is not final yet: wait;
 * - all that came is final: `captured` with its worth, whether exact, short, over or late. The core compares.
 */
export function invoiceOutcome(invoice: WireInvoice, prompt: WirePrompt, view: View): CollectOutcome {
  const evidence = evidenceOf(invoice, prompt, view);
  const stage = invoiceStage(invoice.status);
  const gatewayPaymentId = invoice.id;
  switch (stage) {
    case "open": {
      const action = actionFor(invoice, prompt, view);
      return action
        ? { kind: "action_required", gatewayPaymentId, action, evidence }
        : unreadable(gatewayPaymentId, evidence);
    }
    case "confirming":
      return waiting(gatewayPaymentId, view, evidence);
    case "settled":
    case "expired":
    case "invalid":
      return closed(invoice, prompt, view, stage, evidence);
    case undefined:
      return waiting(gatewayPaymentId, view, { ...evidence, unrecognized: invoice.status });
    default:
      return exhaustive(stage);
  }
}

const waiting = (gatewayPaymentId: string, view: View, evidence: Evidence): CollectOutcome => ({
  kind: "processing",
  gatewayPaymentId,
  answerDueAt: after(view.asOf, confirmsWithin),
  evidence,
});

const unreadable = (gatewayPaymentId: string, evidence: Evidence): CollectOutcome => ({
  kind: "in_doubt",
  gatewayPaymentId,
  cause: "unreadable_answer",
  evidence,
});

/** No more money is expected: what came decides. */
function closed(
  invoice: WireInvoice,
  prompt: WirePrompt,
  view: View,
  stage: "settled" | "expired" | "invalid",
  evidence: Evidence,
): CollectOutcome {
  const gatewayPaymentId = invoice.id;
  const counted = prompt.payments.filter(({ status }) => paymentStage(status) !== "void");
  // A status of tomorrow is no proof of money: it waits like an unconfirmed one.
  if (counted.some(({ status }) => paymentStage(status) !== "settled")) {
    return waiting(gatewayPaymentId, view, evidence);
  }
  const amount = arrived(invoice, prompt, counted);
  if (!amount) return unreadable(gatewayPaymentId, evidence);
  if (isPositive(amount)) {
    const last = counted.reduce((latest, { receivedDate }) => Math.max(latest, receivedDate), 0);
    return {
      kind: "captured",
      gatewayPaymentId,
      amount,
      capturedAt: fromUnix(last),
      funding: "direct",
      evidence,
    };
  }
  // Marked as settled in the dashboard, and no coin was ever seen: a person has to say what that was.
  if (stage === "settled") {
    return waiting(gatewayPaymentId, view, { ...evidence, unrecognized: "settled by hand, without money" });
  }
  return { kind: "voided", gatewayPaymentId, expired: stage === "expired", evidence };
}

/**
 * What the coins were worth at the invoice's rate. An exact payment is worth exactly the price: the price is rounded
 * up to whole satoshis, and in pesos of little value one satoshi is several minor units.
 */
function arrived(
  invoice: WireInvoice,
  prompt: WirePrompt,
  counted: readonly WirePayment[],
): Money | undefined {
  const price = fromBtcpayAmount(invoice.amount, invoice.currency);
  const due = decimal(prompt.due);
  if (!price || !due) return undefined;
  const came = coinsWorth(prompt, counted, price.currency);
  if (!came || counted.length === 0) return came;
  switch (signOf(due)) {
    case 0:
      return price;
    case -1:
      return compare(came, price) < 0 ? price : came;
    case 1:
      return came;
  }
}

/** The sum of the payments, less what the store adds for the network, at the invoice's rate. */
function coinsWorth(
  prompt: WirePrompt,
  payments: readonly WirePayment[],
  currency: CurrencyCode,
): Money | undefined {
  const rate = decimal(prompt.rate);
  const nets = payments.map(({ value, fee }) => {
    const coins = decimal(value);
    const cost = decimal(fee);
    return coins && cost ? subtractDecimals(coins, cost) : undefined;
  });
  const readable = nets.filter((net) => net !== undefined);
  return rate && readable.length === nets.length ? worth(sumDecimals(readable), rate, currency) : undefined;
}

/** What the donor is to do; `undefined` where the server gave nothing that can be shown. */
function actionFor(invoice: WireInvoice, prompt: WirePrompt, view: View): DonorAction | undefined {
  const expiresAt = fromUnix(invoice.expirationTime);
  const url = pageAt(invoice.checkoutLink, view.serverUrl);
  if (url === undefined) return undefined;
  if (invoice.metadata?.presentation !== "instructions") return { type: "redirect", url, expiresAt };
  const payload = payable(prompt, view.network);
  return payload === undefined ? undefined : { type: "display_qr", payload, url, expiresAt };
}

/** The text of the QR code (BIP 21 or BOLT 11), only if it pays into the chain the account is for. */
function payable(prompt: WirePrompt, network: Network): string | undefined {
  const { paymentLink, destination } = prompt;
  if (!prompt.activated || !paymentLink || !destination || networkOf(destination) !== network)
    return undefined;
  const shown = /^(?:bitcoin|lightning):([^?]+)/i.exec(paymentLink)?.[1];
  return shown?.toLowerCase() === destination.toLowerCase() ? paymentLink : undefined;
}

/** Chain, way and transaction ids: public facts of the chain, kept so that a payment can be found again. */
function evidenceOf(invoice: WireInvoice, prompt: WirePrompt, view: View): Evidence {
  const coins = prompt.payments.map(
    ({ id, value, status }) =>
      `${/^[\w:-]{1,100}$/.test(id) ? id : "?"} ${value} ${paymentStage(status) ?? "?"}`,
  );
  const excerpt = [`${view.network} ${prompt.paymentMethodId}`, ...coins].join("; ").slice(0, 500);
  const strange = isKnownAddition(invoice.additionalStatus) ? undefined : invoice.additionalStatus;
  return {
    ...view.evidence,
    rawStatus: `${invoice.status}/${invoice.additionalStatus}`.slice(0, 100),
    excerpt,
    ...(strange === undefined ? {} : { unrecognized: strange.slice(0, 100) }),
  };
}
