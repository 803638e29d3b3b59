import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { MandateHandle, MandateOrder, MandateOutcome, Mandates } from "../../src/gateway/mandate.ts";
import { after, days } from "../../src/kernel/clock.ts";
import { dayOf } from "./calendar.ts";
import { charge, withdraw } from "./charges.ts";
import { type PixAccount, refuse, unknown } from "./claims.ts";
import { type Answer, type Asking, asOutcome, beginAsking, type Failure } from "./client.ts";
import { type DonorWords, donorWords } from "./evidence.ts";
import { contractOf } from "./ids.ts";
import { mandateFor, type ReadyMandate } from "./translate-mandate.ts";
import { recOutcome } from "./translate-rec.ts";
import {
  locationSchema,
  recPageSchema,
  recSchema,
  requestSchema,
  takenBackSchema,
  type WireRec,
} from "./wire.ts";

/** Pix Automático: recurrences (`/rec`) that the donor accepts in their bank's app, and claims under them (`/cobr`). */
export function pixMandates(account: PixAccount): Mandates {
  return {
    request: (order, call) => request(account, order, call),
    lookup: (handle, call) => lookup(account, handle, beginAsking(call)),
    cancel: (handle, call) => cancel(account, handle, call),
    charge: (order, call) => charge(account, order, call),
    withdraw: (handle, call) => withdraw(account, handle, call),
  };
}

/**
 * Makes the recurrence and shows its code (journey 2), or lets the donor's bank ask (journey 1) where bank and account
 * were given. `POST /rec` has no key of ours, so an earlier one is looked for by its contract number first.
 */
async function request(account: PixAccount, order: MandateOrder, call: GatewayCall): Promise<MandateOutcome> {
  const ready = mandateFor(order);
  if (!ready.ok) return { kind: "refused", problem: ready.error, evidence: {} };
  const asking = beginAsking(call, [...donorWords(order.donor), ...words(order)]);
  const before = await findByContract(account, ready.value.contract, documentOf(ready.value), asking);
  if (!before.ok) return mandateFailure(before.failure);
  if (before.value) return show(account, before.value.idRec, ready.value.startsOn, asking);
  if (ready.value.startsOn < dayOf(call.now)) {
    const problem = refuse("invalid_request", "dataInicial", "the first payment cannot lie in the past");
    return { kind: "refused", problem, evidence: {} };
  }
  const made = await create(account, ready.value, asking);
  if (!made.ok) return mandateFailure(made.failure);
  return offer(account, ready.value, made.value.idRec, asking);
}

const words = (order: MandateOrder): DonorWords =>
  order.method.token === undefined ? [] : [order.method.token];

/** What failed while nothing is owed yet: no charge hangs on it. */
const mandateFailure = (failure: Failure): MandateOutcome => asOutcome(failure);

async function create(account: PixAccount, ready: ReadyMandate, asking: Asking): Promise<Answer<WireRec>> {
  const place = await account.client.ask(locationSchema, { method: "POST", path: "/locrec" }, asking);
  if (!place.ok) {
    // A location alone promises nothing: whatever became of it, there is no mandate yet.
    const { failure } = place;
    return failure.kind === "in_doubt" ? { ok: false, failure: { ...failure, kind: "not_sent" } } : place;
  }
  const body = { ...ready.body, loc: place.value.id };
  return account.client.ask(recSchema, { method: "POST", path: "/rec", body }, asking);
}

async function offer(
  account: PixAccount,
  ready: ReadyMandate,
  idRec: string,
  asking: Asking,
): Promise<MandateOutcome> {
  if (!ready.recipient) return show(account, idRec, ready.startsOn, asking);
  const body = { idRec, ...ready.recipient };
  const sent = await account.client.ask(requestSchema, { method: "POST", path: "/solicrec", body }, asking);
  if (sent.ok) return { kind: "pending", gatewayMandateId: idRec, evidence: sent.evidence };
  // The bank could not be asked: the donor can still scan the code.
  return show(account, idRec, ready.startsOn, asking);
}

async function show(
  account: PixAccount,
  idRec: string,
  startsOn: string,
  asking: Asking,
): Promise<MandateOutcome> {
  const rec = await account.client.ask(recSchema, { method: "GET", path: `/rec/${idRec}` }, asking);
  // The mandate exists; only its code could not be read.
  if (!rec.ok) return { kind: "pending", gatewayMandateId: idRec, evidence: rec.failure.evidence };
  return recOutcome(rec.value, { evidence: rec.evidence, receiver: account.receiver, startsOn });
}

type Document = { readonly cpf?: string; readonly cnpj?: string };

const documentOf = ({ debtor }: ReadyMandate): Document =>
  "cpf" in debtor ? { cpf: debtor.cpf } : { cnpj: debtor.cnpj };

/** How far back a recurrence of ours is looked for, and how many pages of a hundred are read at most. */
const lookBack = days(90);
const pagesMost = 30;

/** The living recurrence with this contract number, else none. */
async function findByContract(
  account: PixAccount,
  contract: string,
  document: Document,
  asking: Asking,
): Promise<Answer<WireRec | undefined>> {
  const window = {
    inicio: after(asking.now, -lookBack).toISOString(),
    // Clocks differ: one made a moment ago must not lie in the provider's future.
    fim: after(asking.now, days(1)).toISOString(),
  };
  let found: WireRec | undefined;
  for (let page = 0; page < pagesMost; page++) {
    const query = {
      ...window,
      ...document,
      "paginacao.paginaAtual": String(page),
      "paginacao.itensPorPagina": "100",
    };
    const answer = await account.client.ask(recPageSchema, { method: "GET", path: "/rec", query }, asking);
    if (!answer.ok) return answer;
    const living = answer.value.recs.filter((rec) => rec.vinculo?.contrato === contract);
    found ??=
      living.find((rec) => rec.status === "APROVADA") ?? living.find((rec) => rec.status === "CRIADA");
    if (found || page + 1 >= answer.value.parametros.paginacao.quantidadeDePaginas) {
      return { ok: true, value: found, evidence: answer.evidence };
    }
  }
  return { ok: true, value: undefined, evidence: {} };
}

async function lookup(account: PixAccount, handle: MandateHandle, asking: Asking): Promise<MandateOutcome> {
  const id = handle.gatewayMandateId ?? (await idOf(account, handle, asking));
  if (typeof id !== "string") return id;
  const rec = await account.client.ask(
    recSchema,
    { method: "GET", path: `/rec/${encodeURIComponent(id)}` },
    asking,
  );
  if (!rec.ok) return unknownMandate(rec.failure);
  return recOutcome(rec.value, {
    evidence: rec.evidence,
    receiver: account.receiver,
    ...(rec.value.calendario === undefined ? {} : { startsOn: rec.value.calendario.dataInicial }),
  });
}

/** Without its id, by the contract number; one that is provably not there was never asked for. */
async function idOf(
  account: PixAccount,
  handle: MandateHandle,
  asking: Asking,
): Promise<string | MandateOutcome> {
  const found = await findByContract(account, contractOf(handle.reference), {}, asking);
  if (!found.ok) return unknownMandate(found.failure);
  if (found.value) return found.value.idRec;
  return { kind: "not_sent", cause: "gateway_error", evidence: found.evidence };
}

/** A read that failed says nothing about the mandate. */
function unknownMandate(failure: Failure): MandateOutcome {
  const { cause, evidence } = unknown(failure);
  return { kind: "in_doubt", cause, evidence };
}

/** Ends it at the provider, which tells the donor's bank; ended is what the provider's answer calls so. */
async function cancel(
  account: PixAccount,
  handle: MandateHandle,
  call: GatewayCall,
): Promise<MandateOutcome> {
  const asking = beginAsking(call);
  const id = handle.gatewayMandateId ?? (await idOf(account, handle, asking));
  if (typeof id !== "string") return id;
  const body = { status: "CANCELADA" } as const;
  const path = `/rec/${encodeURIComponent(id)}`;
  const done = await account.client.ask(
    takenBackSchema(body.status),
    { method: "PATCH", path, body },
    asking,
  );
  if (done.ok) {
    return {
      kind: "ended",
      gatewayMandateId: id,
      by: "church",
      rawCode: "CANCELADA",
      evidence: done.evidence,
    };
  }
  if (!done.failure.objected) return mandateFailure(done.failure);
  const current = await lookup(account, { ...handle, gatewayMandateId: id }, asking);
  return current.kind === "ended" || current.kind === "in_doubt" ? current : mandateFailure(done.failure);
}
