import type { OrderRequest } from "@paypal/paypal-server-sdk";
import type { AttemptHandle, CollectOutcome } from "../../src/gateway/payment.ts";
import { toPaypalAmount } from "./amounts.ts";
import { type Answer, type Ask, ask, type PaypalAccount } from "./client.ts";
import { donationRefused } from "./issue-codes.ts";
import { type Failure, rawCodeOf } from "./translate-errors.ts";
import { type Category, withoutCategory } from "./translate-order.ts";
import { orderOutcome } from "./translate-outcome.ts";
import { captureSchema, emptySchema, orderSchema, type WireCapture, type WireOrder } from "./wire.ts";

/** The order's representation is asked for: the short answer has neither amounts nor times. */
const prefer = "return=representation";

/** A second request under the same attempt has an id of its own, made from the first: the same at every repeat. */
const plainKey = (key: string): string => `${key}:plain`;

const refusesDonation = (failure: Failure): boolean => donationRefused.has(rawCodeOf(failure));

/**
 * Makes an order as a donation; when the account may not use that category, the same order without it, under a
 * second request id. Nothing is remembered: the account's permission may change any day.
 */
export async function createOrder(
  account: PaypalAccount,
  bodyFor: (category: Category) => OrderRequest,
  about: Ask,
): Promise<Answer<WireOrder>> {
  const create = (category: Category, paypalRequestId: string) =>
    ask(account, orderSchema, about, ({ orders }, options) =>
      orders.createOrder({ body: bodyFor(category), paypalRequestId, prefer }, options),
    );
  const { idempotencyKey } = about.call;
  const first = await create("donation", idempotencyKey);
  if (first.ok || !refusesDonation(first.failure)) return first;
  return create("plain", plainKey(idempotencyKey));
}

export const getOrder = (account: PaypalAccount, id: string, about: Ask): Promise<Answer<WireOrder>> =>
  ask(account, orderSchema, about, ({ orders }, options) => orders.getOrder({ id }, options));

export const getCapture = (account: PaypalAccount, id: string, about: Ask): Promise<Answer<WireCapture>> =>
  ask(account, captureSchema, about, ({ payments }, options) =>
    payments.getCapturedPayment({ captureId: id }, options),
  );

/**
 * Takes the money of an approved order. PayPal may say only now that the account has no permission for donations
 * (Orders v2, 403 of the capture): the category is then patched away and the capture sent once more.
 */
export async function captureOrder(
  account: PaypalAccount,
  id: string,
  handle: AttemptHandle,
  about: Ask,
): Promise<Answer<WireOrder>> {
  const take = (paypalRequestId: string) =>
    ask(account, orderSchema, about, ({ orders }, options) =>
      orders.captureOrder({ id, paypalRequestId, prefer, body: {} }, options),
    );
  const { idempotencyKey } = about.call;
  const first = await take(idempotencyKey);
  if (first.ok || !refusesDonation(first.failure)) return first;
  const amount = toPaypalAmount(handle.amount);
  if (!amount.ok) return first;
  const patched = await ask(account, emptySchema, about, ({ orders }, options) =>
    orders.patchOrder({ id, body: withoutCategory(amount.value, "Donation") }, options),
  );
  if (patched.ok) return take(plainKey(idempotencyKey));
  // No money has been asked for since the refusal: the first answer still stands.
  return first;
}

/** An order that was read, as one of the eight answers. */
export const orderAnswer = (answer: Answer<WireOrder> & { ok: true }, about: Ask): CollectOutcome =>
  orderOutcome(answer.value, { asOf: about.call.now, evidence: answer.evidence });
