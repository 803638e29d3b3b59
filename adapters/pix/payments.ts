import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  AttemptHandle,
  CancelOutcome,
  CollectOrder,
  CollectOutcome,
  NeverSeen,
  Payments,
} from "../../src/gateway/payment.ts";
import { after, minutes } from "../../src/kernel/clock.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { type FoundClaim, type PixAccount, readClaim, unknown } from "./claims.ts";
import { type Answer, type Asking, asOutcome, beginAsking, type Failure } from "./client.ts";
import { donorWords } from "./evidence.ts";
import { kindOf, type PaymentKind, txidOf } from "./ids.ts";
import { lookupRefund, refund } from "./refunds.ts";
import { claimFor } from "./translate-order.ts";
import { cobOutcome, cobvOutcome } from "./translate-outcome.ts";
import { cobPageSchema, cobSchema, cobvSchema, recPageSchema, takenBackSchema } from "./wire.ts";

/** The payments side of the adapter. Everything comes from the account, the order and the call. */
export function pixPayments(account: PixAccount): Payments {
  return {
    collect: (order, call) => collect(account, order, call),
    lookup: (handle, call) => lookup(account, handle, beginAsking(call)),
    cancel: (handle, call) => cancel(account, handle, call),
    refund: (order, call) => refund(account, order, call),
    lookupRefund: (handle, call) => lookupRefund(account, handle, call),
    checkCredentials: (call) => checkCredentials(account, call),
  };
}

/**
 * Makes the claim under a txid that is the attempt's own. A provider that refuses may do so because the claim exists
 * (our first answer was lost; it may even be paid by now), so a refusal is believed only when the claim is not there.
 */
async function collect(account: PixAccount, order: CollectOrder, call: GatewayCall): Promise<CollectOutcome> {
  const ready = claimFor(order, account.key);
  if (!ready.ok) return { kind: "refused", problem: ready.error, evidence: {} };
  const { kind, body } = ready.value;
  const asking = beginAsking(call, donorWords(order.donor));
  const txid = txidOf(order.attemptId, kind);
  const made = await putClaim(account, { kind, txid, body, order }, asking);
  if (made.ok) return made.value;
  return refusedOrThere(account, { kind, txid, expected: order.amount }, made.failure, asking);
}

type Put = {
  readonly kind: "cob" | "cobv";
  readonly txid: string;
  readonly body: object;
  readonly order: CollectOrder;
};

async function putClaim(account: PixAccount, put: Put, asking: Asking): Promise<Answer<CollectOutcome>> {
  const request = { method: "PUT", path: `/${put.kind}/${put.txid}`, body: put.body } as const;
  const view = { receiver: account.receiver, expected: put.order.amount, asOf: asking.now };
  if (put.kind === "cob") {
    const answer = await account.client.ask(cobSchema, request, asking);
    return answer.ok
      ? { ...answer, value: cobOutcome(answer.value, { ...view, evidence: answer.evidence }) }
      : answer;
  }
  const answer = await account.client.ask(cobvSchema, request, asking);
  return answer.ok
    ? { ...answer, value: cobvOutcome(answer.value, { ...view, evidence: answer.evidence }) }
    : answer;
}

type Wanted = {
  readonly kind: PaymentKind;
  readonly txid: string;
  readonly expected: CollectOrder["amount"];
};

/** After a refusal of a write: the claim itself when it is there, the refusal when it provably is not. */
async function refusedOrThere(
  account: PixAccount,
  { kind, txid, expected }: Wanted,
  refusal: Failure,
  asking: Asking,
): Promise<CollectOutcome> {
  if (!refusal.objected) return asOutcome(refusal);
  const there = await readClaim(account, kind, txid, asking);
  if (there.ok) return there.value.outcome(expected, asking.now);
  return there.failure.absent ? asOutcome(refusal) : unknown(there.failure);
}

/** The claim of an attempt: by the id we were told, else by each txid that it can have been sent with. */
async function findClaim(
  account: PixAccount,
  handle: Pick<AttemptHandle, "attemptId" | "gatewayPaymentId" | "method">,
  asking: Asking,
): Promise<Answer<FoundClaim>> {
  const known = handle.gatewayPaymentId;
  if (known !== undefined) return readClaim(account, kindOf(known), known, asking);
  if (handle.method === "pix_automatico") {
    return readClaim(account, "cobr", txidOf(handle.attemptId, "cobr"), asking);
  }
  const now = await readClaim(account, "cob", txidOf(handle.attemptId, "cob"), asking);
  if (now.ok || !now.failure.absent) return now;
  const due = await readClaim(account, "cobv", txidOf(handle.attemptId, "cobv"), asking);
  // An account that may not even ask for claims with a due date cannot have made one.
  return due.ok || !isForbidden(due.failure) ? due : now;
}

const isForbidden = (failure: Failure): boolean =>
  failure.kind === "refused" && failure.problem.reason === "account_problem";

/**
 * What the provider knows now. Without an id a proven absence is `never_seen`; with one it is `in_doubt`, since we
 * have seen the claim before.
 */
async function lookup(
  account: PixAccount,
  handle: AttemptHandle,
  asking: Asking,
): Promise<CollectOutcome | NeverSeen> {
  const found = await findClaim(account, handle, asking);
  if (found.ok) return found.value.outcome(handle.amount, asking.now);
  const { failure } = found;
  if (failure.absent && handle.gatewayPaymentId === undefined) {
    return { kind: "never_seen", evidence: failure.evidence };
  }
  return unknown(failure);
}

/**
 * Removes an open claim, and believes it when the answer says that it is removed. One that was paid, or cannot be
 * removed any more, answers with what it now is.
 */
async function cancel(account: PixAccount, handle: AttemptHandle, call: GatewayCall): Promise<CancelOutcome> {
  const asking = beginAsking(call);
  const place = await placeOf(account, handle, asking);
  if (!place.ok)
    return { kind: "in_doubt", cause: unknown(place.failure).cause, evidence: place.failure.evidence };
  const { kind, txid } = place.value;
  if (kind === "pix") {
    const paid = await lookup(account, handle, asking);
    if (paid.kind === "captured") return { kind: "too_late", current: paid, evidence: paid.evidence };
    return { kind: "in_doubt", cause: "gateway_error", evidence: paid.evidence };
  }
  const status = kind === "cobr" ? "CANCELADA" : "REMOVIDA_PELO_USUARIO_RECEBEDOR";
  const request = {
    method: "PATCH",
    path: `/${kind}/${encodeURIComponent(txid)}`,
    body: { status },
  } as const;
  const removed = await account.client.ask(takenBackSchema(status), request, asking);
  if (removed.ok) return { kind: "voided", gatewayPaymentId: txid, evidence: removed.evidence };
  const { failure } = removed;
  if (failure.kind !== "refused") return { ...failure, kind: failure.kind };
  if (!failure.objected) return { kind: "refused", problem: failure.problem, evidence: failure.evidence };
  const current = await lookup(account, { ...handle, gatewayPaymentId: txid }, asking);
  switch (current.kind) {
    case "voided":
      return { kind: "voided", gatewayPaymentId: txid, evidence: current.evidence };
    case "captured":
    case "processing":
    case "declined":
      return { kind: "too_late", current, evidence: current.evidence };
    case "in_doubt":
      return { kind: "in_doubt", cause: current.cause, evidence: current.evidence };
    case "never_seen":
    case "action_required":
    case "authorized":
    case "refused":
    case "not_sent":
      return { kind: "refused", problem: failure.problem, evidence: failure.evidence };
  }
}

type Place = { readonly kind: PaymentKind; readonly txid: string };

/** Where the claim of an attempt is: its id says so; without one it is looked for. */
async function placeOf(account: PixAccount, handle: AttemptHandle, asking: Asking): Promise<Answer<Place>> {
  const txid = handle.gatewayPaymentId;
  if (txid === undefined) return findClaim(account, handle, asking);
  return { ok: true, value: { kind: kindOf(txid), txid }, evidence: {} };
}

/**
 * Asks for the claims of the last minute, and for its recurrences where the account is to have Pix Automático: needs
 * token, certificate and permission, and changes nothing.
 */
async function checkCredentials(account: PixAccount, call: GatewayCall) {
  const asking = beginAsking(call);
  const query = {
    inicio: after(asking.now, -minutes(1)).toISOString(),
    fim: asking.now.toISOString(),
    "paginacao.itensPorPagina": "1",
  };
  const claims = await account.client.ask(cobPageSchema, { method: "GET", path: "/cob", query }, asking);
  if (!claims.ok) return err(whyNot(claims.failure));
  if (!account.bankAccount) return ok({ country: "br" });
  const recs = await account.client.ask(recPageSchema, { method: "GET", path: "/rec", query }, asking);
  if (recs.ok) return ok({ country: "br" });
  const detail =
    "the provider has not opened Pix Automático to this account: leave account_number and account_type out";
  return err(`${detail} (donors get reminders then), or have it opened; ${whyNot(recs.failure)}`);
}

const whyNot = (failure: Failure): string =>
  failure.kind === "refused"
    ? `the provider refused: ${failure.problem.detail}`
    : `the provider could not be asked (${failure.cause}): check the addresses and the certificate`;
