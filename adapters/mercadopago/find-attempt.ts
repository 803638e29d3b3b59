import { Payment, Preference } from "mercadopago";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { AttemptHandle } from "../../src/gateway/payment.ts";
import type { AttemptId } from "../../src/kernel/ids.ts";
import type { Account } from "./account.ts";
import { type Answer, ask } from "./client.ts";
import { readStatus, type Stage } from "./codes.ts";
import {
  paymentSearchSchema,
  preferenceSchema,
  preferenceSearchSchema,
  type WirePayment,
  type WirePreference,
} from "./wire.ts";

/** Payments have numbers; a Checkout Pro page has `{seller}-{uuid}`. */
export const isPaymentId = (id: string): boolean => /^\d+$/.test(id);

/** At most this many tries of one donor on one page are looked through. */
const tries = 50;

/** Every payment under our reference, newest first. The gateway's search is loose, so that each is compared. */
export async function paymentsOf(
  account: Account,
  attempt: AttemptId,
  call: GatewayCall,
): Promise<Answer<readonly WirePayment[]>> {
  const options = {
    external_reference: attempt,
    sort: "date_created",
    criteria: "desc",
    limit: tries,
  } as const;
  const found = await ask(account, paymentSearchSchema, { call }, (config) =>
    new Payment(config).search({ options }),
  );
  if (!found.ok) return found;
  return { ...found, value: found.value.results.filter((one) => one.external_reference === attempt) };
}

const standing: Readonly<Record<Stage, number>> = {
  paid: 0,
  held: 1,
  waits: 2,
  waits_for_donor: 3,
  refused: 4,
  closed: 4,
};
const stageOf = (payment: WirePayment): Stage => readStatus(payment.status, payment.status_detail).stage;

/** Whether this try is over without money, so that another on the same page may still come. */
export const isOver = (payment: WirePayment): boolean => standing[stageOf(payment)] === 4;

export type Best = {
  readonly payment: WirePayment;
  /** How many were paid under the one reference: more than one and a person has to give the rest back. */
  readonly paid: number;
};

/** The payment that says where the attempt stands: the first that was paid, else one that may be, else the newest. */
export function bestOf(payments: readonly WirePayment[]): Best | undefined {
  const paid = payments.filter((one) => stageOf(one) === "paid");
  const first = paid.at(-1);
  if (first) return { payment: first, paid: paid.length };
  const [best] = [...payments].sort((a, b) => standing[stageOf(a)] - standing[stageOf(b)]);
  return best && { payment: best, paid: 0 };
}

/** The attempt's Checkout Pro page, by its id where it is known, else by our reference. */
export async function preferenceOf(
  account: Account,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<Answer<WirePreference | undefined>> {
  const known = handle.gatewayPaymentId;
  if (known !== undefined && !isPaymentId(known)) return preferenceById(account, known, call);
  const options = { external_reference: handle.attemptId, limit: 10 };
  const found = await ask(account, preferenceSearchSchema, { call }, (config) =>
    new Preference(config).search({ options }),
  );
  if (!found.ok) return found;
  const mine = found.value.elements.find((one) => one.external_reference === handle.attemptId);
  return mine ? preferenceById(account, mine.id, call) : { ...found, value: undefined };
}

const preferenceById = (account: Account, preferenceId: string, call: GatewayCall) =>
  ask(account, preferenceSchema, { call }, (config) => new Preference(config).get({ preferenceId }));
