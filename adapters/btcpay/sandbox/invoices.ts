import { isCurrency } from "../../../src/kernel/currency.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { newHash } from "./accounts.ts";
import { coinText, newAddress, newBolt11, priceInSats, rateOf } from "./coins.ts";
import type { CoinCode, InvoiceDocument, PaymentDocument } from "./documents.ts";
import { invoiceNamed, putInvoice } from "./documents.ts";
import { announce } from "./events.ts";
import { invalid, problem, type Scene } from "./house.ts";
import type { InvoiceRequest } from "./requests.ts";
import { priceOf } from "./requests.ts";

/** `CreateInvoiceCoreRaw`, as far as this API can tell. */
export async function createInvoice(
  scene: Scene,
  storeId: string,
  id: string,
  request: InvoiceRequest,
): Promise<InvoiceDocument> {
  const price = priceOf(request);
  const rate = isCurrency(price.currency) ? rateOf(price.currency) : undefined;
  if (rate === undefined) {
    throw problem(400, "generic-error", `No rate could be fetched for BTC_${price.currency}.`);
  }
  const sats = priceInSats(price, rate);
  const { checkout } = request;
  const methods: readonly CoinCode[] = checkout.paymentMethods ?? ["BTC-CHAIN", "BTC-LN"];
  const expiresIn = (checkout.expirationMinutes ?? 15) * 60;
  if (expiresIn < 30) throw invalid("Checkout.Expiration", "Expiration time must be at least 30 seconds");
  const invoice: InvoiceDocument = {
    id,
    storeId,
    minor: String(price.minor),
    currency: price.currency,
    rate: String(rate),
    dueSats: String(sats),
    prompts: methods.map((method) => ({
      method,
      destination: method === "BTC-LN" ? newBolt11(sats) : newAddress(),
    })),
    metadata: request.metadata ?? {},
    redirectUrl: checkout.redirectURL ?? null,
    createdTime: scene.now,
    expirationTime: scene.now + expiresIn,
    monitoringExpiration: scene.now + expiresIn + (checkout.monitoringMinutes ?? 1_440) * 60,
    status: "New",
    additionalStatus: "None",
    payments: [],
  };
  await putInvoice(scene, invoice);
  await announce(scene, invoice, "InvoiceCreated", {});
  return invoice;
}

/** Satoshis that count: not replaced, not spent twice. */
export const paidSats = (invoice: InvoiceDocument): bigint =>
  invoice.payments.reduce((sum, { sats, status }) => (status === "Invalid" ? sum : sum + BigInt(sats)), 0n);

export const dueSats = (invoice: InvoiceDocument): bigint => BigInt(invoice.dueSats) - paidSats(invoice);

/** The invoice as time has left it: an open one past its time expires when anybody looks. */
export async function current(scene: Scene, id: string): Promise<InvoiceDocument | undefined> {
  const invoice = await invoiceNamed(scene.documents, id);
  if (invoice?.status !== "New" || scene.now <= invoice.expirationTime) return invoice;
  return expire(scene, invoice);
}

/** What the watcher does to an open invoice when its time is up. */
export async function expire(scene: Scene, invoice: InvoiceDocument): Promise<InvoiceDocument> {
  const partiallyPaid = paidSats(invoice) > 0n;
  const expired: InvoiceDocument = {
    ...invoice,
    status: "Expired",
    additionalStatus: partiallyPaid ? "PaidPartial" : "None",
    // Played from the desk, the time may not be up yet; BTCPay only says so when it is.
    expirationTime: Math.min(invoice.expirationTime, scene.now),
  };
  await putInvoice(scene, expired);
  await announce(scene, expired, "InvoiceExpired", { partiallyPaid });
  if (partiallyPaid) await announce(scene, expired, "InvoiceExpiredPaidPartial", {});
  return expired;
}

/** A donor's wallet sends coins. `Err` holds why the network would not carry them. */
export async function receive(
  scene: Scene,
  invoice: InvoiceDocument,
  sats: bigint,
): Promise<Result<InvoiceDocument, string>> {
  const method = invoice.prompts[0]?.method ?? "BTC-CHAIN";
  if (sats <= 0n) return err("A wallet sends more than nothing.");
  if (method === "BTC-LN") {
    if (invoice.status !== "New") return err("A Lightning invoice is paid once, before it expires.");
    if (sats !== dueSats(invoice)) return err("A Lightning invoice takes exactly its amount.");
  } else if (sats < 546n) return err("The network does not carry less than 546 satoshis (dust).");
  if (scene.now > invoice.monitoringExpiration) return err("BTCPay no longer watches this address.");
  const payment: PaymentDocument = {
    id: method === "BTC-LN" ? newHash() : `${newHash()}-0`,
    method,
    sats: String(sats),
    receivedDate: scene.now,
    status: method === "BTC-LN" ? "Settled" : "Processing",
  };
  const received = judged(scene, { ...invoice, payments: [...invoice.payments, payment] });
  await putInvoice(scene, received);
  const told = {
    afterExpiration: scene.now > invoice.expirationTime,
    paymentMethod: method,
    payment: { ...payment, value: coinText(sats) },
  };
  await announce(scene, received, "InvoiceReceivedPayment", told);
  if (received.status === "Processing" && invoice.status === "New") {
    await announce(scene, received, "InvoiceProcessing", {
      overPaid: received.additionalStatus === "PaidOver",
    });
  }
  if (received.additionalStatus === "PaidLate" && invoice.additionalStatus !== "PaidLate") {
    await announce(scene, received, "InvoicePaidAfterExpiration", {});
  }
  return method === "BTC-LN" ? ok(await confirm(scene, received)) : ok(received);
}

/** `InvoiceWatcher.UpdateInvoice`: what the sum of the payments makes of the invoice. */
function judged(scene: Scene, invoice: InvoiceDocument): InvoiceDocument {
  const due = dueSats(invoice);
  const some = paidSats(invoice) > 0n;
  switch (invoice.status) {
    case "New":
    case "Processing":
      if (due <= 0n) {
        return { ...invoice, status: "Processing", additionalStatus: due < 0n ? "PaidOver" : "None" };
      }
      return {
        ...invoice,
        status: scene.now > invoice.expirationTime ? "Expired" : "New",
        additionalStatus: some ? "PaidPartial" : "None",
      };
    case "Expired":
      return { ...invoice, additionalStatus: due <= 0n ? "PaidLate" : some ? "PaidPartial" : "None" };
    case "Settled":
    case "Invalid":
      return invoice;
  }
}

/** Enough blocks were found. */
export async function confirm(scene: Scene, invoice: InvoiceDocument): Promise<InvoiceDocument> {
  const done: InvoiceDocument = {
    ...invoice,
    status: invoice.status === "Processing" ? "Settled" : invoice.status,
    payments: invoice.payments.map((one) =>
      one.status === "Processing" ? { ...one, status: "Settled" } : one,
    ),
  };
  await putInvoice(scene, done);
  const fresh = invoice.payments.filter(
    ({ status, method }) => status === "Processing" || method === "BTC-LN",
  );
  for (const payment of fresh) {
    await announce(scene, done, "InvoicePaymentSettled", {
      afterExpiration: payment.receivedDate > invoice.expirationTime,
      paymentMethod: payment.method,
      payment: { ...payment, status: "Settled", value: coinText(BigInt(payment.sats)) },
    });
  }
  if (done.status === "Settled" && invoice.status !== "Settled") {
    const overPaid = done.additionalStatus === "PaidOver";
    await announce(scene, done, "InvoiceSettled", { manuallyMarked: false, overPaid });
  }
  return done;
}

/** The sender replaced the transaction by one to themselves: the coins never come. */
export async function replace(scene: Scene, invoice: InvoiceDocument): Promise<InvoiceDocument> {
  const without = invoice.payments.map((one) =>
    one.status === "Processing" ? { ...one, status: "Invalid" as const } : one,
  );
  const left = judged(scene, { ...invoice, payments: without });
  await putInvoice(scene, left);
  return left;
}

/** The watch ended before enough blocks were found. */
export async function failToConfirm(scene: Scene, invoice: InvoiceDocument): Promise<InvoiceDocument> {
  const failed: InvoiceDocument = { ...invoice, status: "Invalid" };
  await putInvoice(scene, failed);
  await announce(scene, failed, "InvoiceInvalid", { manuallyMarked: false });
  return failed;
}

/** `InvoiceState.CanMarkInvalid` and `CanMarkComplete`. */
export function markable(invoice: InvoiceDocument): readonly ("Settled" | "Invalid")[] {
  const marked = invoice.additionalStatus === "Marked";
  const settled = invoice.status !== "Settled";
  const invalidated = marked
    ? invoice.status !== "Invalid"
    : ["New", "Processing", "Expired"].includes(invoice.status);
  return [...(settled ? (["Settled"] as const) : []), ...(invalidated ? (["Invalid"] as const) : [])];
}

export async function markInvoice(
  scene: Scene,
  invoice: InvoiceDocument,
  status: "Settled" | "Invalid",
): Promise<InvoiceDocument> {
  if (!markable(invoice).includes(status)) {
    throw invalid("Status", "Status can only be marked to invalid or settled within certain conditions.");
  }
  const marked: InvoiceDocument = { ...invoice, status, additionalStatus: "Marked" };
  await putInvoice(scene, marked);
  if (status === "Invalid") await announce(scene, marked, "InvoiceInvalid", { manuallyMarked: true });
  else await announce(scene, marked, "InvoiceSettled", { manuallyMarked: true, overPaid: false });
  return marked;
}
