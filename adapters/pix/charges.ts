import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { MandateCharge } from "../../src/gateway/mandate.ts";
import type { AttemptHandle, CollectOutcome } from "../../src/gateway/payment.ts";
import { writeAmount } from "./amounts.ts";
import { dayOf, daysBetween, isDay, plusDays } from "./calendar.ts";
import { type PixAccount, readClaim, refuse, unknown } from "./claims.ts";
import { type Asking, asOutcome, beginAsking, type Failure } from "./client.ts";
import { donorWords } from "./evidence.ts";
import { txidOf } from "./ids.ts";
import { retriesMost, retryDays } from "./retries.ts";
import { cobrOutcome } from "./translate-charge.ts";
import { cut } from "./translate-order.ts";
import { cobrSchema, takenBackSchema, type WireCobr } from "./wire.ts";

/** The donor's bank must be told of a charge at least and at most so many days ahead. */
const noticeLeast = 2;
const noticeMost = 10;

/**
 * Charges one occurrence: `PUT /cobr/{txid}` two to ten days before it is due. Repeated with a later day, when the
 * first try has failed and the mandate allows it, it is one more try (`/retentativa`); repeated with the same day it
 * is the same charge.
 */
export async function charge(
  account: PixAccount,
  order: MandateCharge,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const { attempt, dueOn } = order;
  const original = writeAmount(attempt.amount);
  if (!original.ok || !isDay(dueOn)) {
    return refused("valor", original.ok ? "a due date is written YYYY-MM-DD" : original.error);
  }
  if (!account.bankAccount) {
    const problem = refuse(
      "account_problem",
      "recebedor",
      "the account names no bank account for Pix Automático",
    );
    return { kind: "refused", problem, evidence: {} };
  }
  const asking = beginAsking(call, donorWords(order.donor));
  const txid = txidOf(attempt.attemptId, "cobr");
  const ahead = daysBetween(dayOf(call.now), dueOn);
  const outside = ahead < noticeLeast || ahead > noticeMost;
  // Too late for a new charge says nothing of one that was made in time.
  if (outside) return again(account, order, undefined, asking);
  const body = {
    idRec: order.mandate.gatewayMandateId,
    calendario: { dataDeVencimento: dueOn },
    valor: { original: original.value },
    ajusteDiaUtil: true,
    recebedor: account.bankAccount,
    infoAdicional: cut(order.description, 140),
  };
  const made = await account.client.ask(cobrSchema, { method: "PUT", path: `/cobr/${txid}`, body }, asking);
  if (made.ok) return outcomeOf(made.value, order, asking, made.evidence);
  return made.failure.objected ? again(account, order, made.failure, asking) : asOutcome(made.failure);
}

const refused = (rawCode: string, detail: string): CollectOutcome => ({
  kind: "refused",
  problem: refuse("invalid_request", rawCode, detail),
  evidence: {},
});

const outcomeOf = (
  cobr: WireCobr,
  order: MandateCharge,
  asking: Asking,
  evidence: CollectOutcome["evidence"],
): CollectOutcome => cobrOutcome(cobr, { expected: order.attempt.amount, asOf: asking.now, evidence });

/** The charge as it is when it is there already, tried again where that is what the order asks for. */
async function again(
  account: PixAccount,
  order: MandateCharge,
  refusal: Failure | undefined,
  asking: Asking,
): Promise<CollectOutcome> {
  const txid = txidOf(order.attempt.attemptId, "cobr");
  const there = await account.client.ask(cobrSchema, { method: "GET", path: `/cobr/${txid}` }, asking);
  if (!there.ok) {
    if (!there.failure.absent) return unknown(there.failure);
    const window = `a charge is announced ${noticeLeast} to ${noticeMost} days before it is due`;
    return refusal ? asOutcome(refusal) : refused("dataDeVencimento", window);
  }
  const cobr = there.value;
  if (!mayTryAgain(cobr, order.dueOn, dayOf(asking.now)))
    return outcomeOf(cobr, order, asking, there.evidence);
  const path = `/cobr/${txid}/retentativa/${order.dueOn}`;
  const tried = await account.client.ask(cobrSchema, { method: "POST", path }, asking);
  if (tried.ok) return outcomeOf(tried.value, order, asking, tried.evidence);
  // Refused for a try that is under way, most likely the one whose answer was lost: what stands is what was read.
  return tried.failure.objected
    ? outcomeOf(cobr, order, asking, tried.failure.evidence)
    : asOutcome(tried.failure);
}

/** Three more tries in seven days after the due date, one at a time, each for a day to come. */
function mayTryAgain(cobr: WireCobr, day: string, today: string): boolean {
  const due = cobr.calendario.dataDeVencimento;
  const underWay = cobr.tentativas.some(({ status }) => status === "SOLICITADA" || status === "AGENDADA");
  return (
    cobr.status === "ATIVA" &&
    cobr.politicaRetentativa === "PERMITE_3R_7D" &&
    cobr.tentativas.length > 0 &&
    cobr.tentativas.length <= retriesMost &&
    !underWay &&
    day > due &&
    day > today &&
    day <= plusDays(due, retryDays)
  );
}

/** Takes back a charge before the day of its first try; later it runs its course and answers with what it is. */
export async function withdraw(
  account: PixAccount,
  handle: AttemptHandle,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const asking = beginAsking(call);
  const txid = handle.gatewayPaymentId ?? txidOf(handle.attemptId, "cobr");
  const body = { status: "CANCELADA" } as const;
  const path = `/cobr/${encodeURIComponent(txid)}`;
  const done = await account.client.ask(
    takenBackSchema(body.status),
    { method: "PATCH", path, body },
    asking,
  );
  if (done.ok) return { kind: "voided", gatewayPaymentId: txid, expired: false, evidence: done.evidence };
  if (!done.failure.objected) return asOutcome(done.failure);
  const there = await readClaim(account, "cobr", txid, asking);
  if (there.ok) return there.value.outcome(handle.amount, asking.now);
  return there.failure.absent ? asOutcome(done.failure) : unknown(there.failure);
}
