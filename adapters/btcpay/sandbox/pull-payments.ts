import { isCurrency } from "../../../src/kernel/currency.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { decimal } from "../amounts.ts";
import { newId } from "./accounts.ts";
import { coinText } from "./coins.ts";
import { type InvoiceDocument, type PullDocument, putPull } from "./documents.ts";
import { announcePayout } from "./events.ts";
import { invalid, problem, type Scene } from "./house.ts";
import { paidSats } from "./invoices.ts";
import type { RefundRequest } from "./requests.ts";

/** `RefundInvoice`: a pull payment of the amount asked for, or of what was paid. */
export async function refundInvoice(
  scene: Scene,
  invoice: InvoiceDocument,
  request: RefundRequest,
): Promise<PullDocument> {
  const { status, additionalStatus } = invoice;
  const late = status === "Expired" && additionalStatus !== "None" && additionalStatus !== "Marked";
  if (status !== "Settled" && status !== "Invalid" && !late) {
    throw problem(400, "non-refundable", "Cannot refund this invoice");
  }
  const method = request.payoutMethodId ?? invoice.prompts[0]?.method;
  if (!invoice.prompts.some((prompt) => prompt.method === method)) {
    throw invalid(
      "PayoutMethodId",
      "Please select one of the payment methods which were available for the original invoice",
    );
  }
  const { amount, currency } = refunded(invoice, request);
  const pull: PullDocument = {
    id: newId(),
    storeId: invoice.storeId,
    invoiceId: invoice.id,
    name: request.name ?? `Refund ${invoice.id}`,
    description: request.description ?? null,
    amount,
    currency,
    archived: false,
    expiresAt: null,
    payouts: [],
  };
  await putPull(scene, pull);
  return pull;
}

function refunded(invoice: InvoiceDocument, request: RefundRequest): { amount: string; currency: string } {
  if (request.refundVariant !== "Custom") {
    if (request.customAmount) {
      throw invalid("CustomAmount", "CustomAmount should only be set if the refundVariant is Custom");
    }
    return { amount: coinText(paidSats(invoice)), currency: "BTC" };
  }
  const { customAmount, customCurrency } = request;
  const read = decimal(customAmount ?? "");
  if (!customAmount || !read || read.units <= 0n) {
    throw invalid("CustomAmount", "Amount must be greater than 0");
  }
  if (!customCurrency || (!isCurrency(customCurrency) && customCurrency !== "BTC")) {
    throw invalid("CustomCurrency", "Invalid currency");
  }
  return { amount: customAmount, currency: customCurrency };
}

/** The donor gives an address; the church's wallet will have to pay. */
export async function claim(scene: Scene, pull: PullDocument): Promise<Result<PullDocument, string>> {
  if (pull.archived) return err("This refund was closed.");
  if (pull.expiresAt !== null && pull.expiresAt <= scene.now) return err("This refund has expired.");
  if (pull.payouts.some(({ state }) => state !== "Cancelled")) return err("This refund has been claimed.");
  const payout = { id: newId(), amount: pull.amount, date: scene.now, state: "AwaitingApproval" } as const;
  await announcePayout(scene, pull, "PayoutCreated", payout);
  return keep(scene, { ...pull, payouts: [...pull.payouts, payout] });
}

/** The church approves what waits and its wallet pays. */
export async function payOut(scene: Scene, pull: PullDocument): Promise<Result<PullDocument, string>> {
  if (!pull.payouts.some(({ state }) => state === "AwaitingApproval"))
    return err("Nobody has claimed it yet.");
  const payouts = pull.payouts.map((one) =>
    one.state === "AwaitingApproval" ? { ...one, state: "Completed" as const } : one,
  );
  for (const paid of changed(pull, payouts)) {
    await announcePayout(scene, pull, "PayoutApproved", { ...paid, state: "AwaitingPayment" });
    await announcePayout(scene, pull, "PayoutUpdated", paid);
  }
  return keep(scene, { ...pull, payouts });
}

/** Archiving cancels what waits to be paid. */
export async function archive(scene: Scene, pull: PullDocument): Promise<Result<PullDocument, string>> {
  const payouts = pull.payouts.map((one) =>
    one.state === "Completed" ? one : { ...one, state: "Cancelled" as const },
  );
  for (const gone of changed(pull, payouts)) await announcePayout(scene, pull, "PayoutUpdated", gone);
  return keep(scene, { ...pull, archived: true, payouts });
}

/** Its time to be claimed runs out now. Claims made before go on. */
export const lapse = (scene: Scene, pull: PullDocument): Promise<Result<PullDocument, string>> =>
  keep(scene, { ...pull, expiresAt: scene.now });

const changed = (before: PullDocument, now: PullDocument["payouts"]) =>
  now.filter(({ state }, place) => state !== before.payouts[place]?.state);

async function keep(scene: Scene, pull: PullDocument): Promise<Result<PullDocument, string>> {
  await putPull(scene, pull);
  return ok(pull);
}
