import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { days } from "../../../src/kernel/clock.ts";
import { err, ok, type Result } from "../../../src/kernel/result.ts";
import { openLeaf } from "../seal.ts";
import { privateKeyOf, publicKeyOf } from "./accounts.ts";
import { confirm } from "./confirmations.ts";
import {
  bogotaText,
  type House,
  keep,
  type State,
  type Transaction,
  transactionNumbered,
  transactionsOf,
} from "./documents.ts";

/** A plain body as the transactions API wants it; an unknown field is refused here, so that none is ever sent. */
const text = z.string().min(1).max(300);
const whole = z.string().regex(/^\d{1,9}$/);
const order = z.strictObject({
  invoice: z.string().min(1).max(64),
  description: text,
  quotes: z.literal("1"),
  documentType: z.enum(["CC", "CE", "NIT", "TI", "PPN"]),
  document: z.string().regex(/^[A-Za-z0-9]{4,20}$/),
  names: text,
  lastNames: text,
  email: z.email(),
  cellphone: z.string().regex(/^\d{7,15}$/),
  ip: z.union([z.ipv4(), z.ipv6()]),
  amount: whole,
  tax: whole,
  ico: whole,
  taxBase: whole,
  currency: z.literal("COP"),
  country: z.literal("CO"),
  testMode: z.literal("true", { error: "A live transaction has no place in a sandbox." }),
  uniqueTransactionPerBill: z.enum(["true", "false"]),
  paymentMethod: z.literal("CASH"),
  paymentMethodData: z.strictObject({ franchise: z.enum(["BA", "GA", "SR"]) }),
  responseUrl: z.url(),
  confirmationUrl: z.url(),
  confirmationMethod: z.enum(["GET", "POST"]),
  integrationType: z.strictObject({ tipo_checkout: text, modo_pago: text }),
  publicKey: text,
  extras: z.record(z.string(), z.string()),
  extrasEpayco: z.record(z.string(), z.string()),
  i: z.literal("MDAwMDAwMDAwMDAwMDAwMA=="),
  language: text,
});

/** What the simulator takes at a till; the networks publish no limits, these are the manifest's. */
const least = 5_000;
const most = { BA: 1_000_000, GA: 2_000_000, SR: 2_000_000 } as const;
const agreements = { BA: "950110", GA: "1111", SR: "110342" } as const;
const lives = days(5);

/** The body after every leaf is opened; `Err` names the field that is wrong. */
export async function readOrder(
  body: unknown,
  account: string,
): Promise<Result<z.output<typeof order>, string>> {
  const opened = await open(body, privateKeyOf(account)).catch(() => undefined);
  const read = order.safeParse(opened);
  if (!read.success) return err(read.error.issues[0]?.path.join(".") || "body");
  return read.data.publicKey === publicKeyOf(account) ? ok(read.data) : err("publicKey");
}

async function open(value: unknown, key: string, name = ""): Promise<unknown> {
  if (name === "publicKey" || name === "i") return value;
  if (typeof value === "string") return openLeaf(value, key);
  const fields = z.record(z.string(), z.unknown()).parse(value);
  const entries = await Promise.all(
    Object.entries(fields).map(async ([field, inner]) => [field, await open(inner, key, field)] as const),
  );
  return Object.fromEntries(entries);
}

/** A refusal as `data.errors` tells it. */
export type No = { readonly code: string; readonly message: string };

export async function create(
  house: House,
  account: string,
  given: z.output<typeof order>,
): Promise<Result<Transaction, No>> {
  const pesos = Number(given.amount);
  const { franchise } = given.paymentMethodData;
  if (pesos < least || pesos > most[franchise]) {
    return err({ code: "A003", message: "El valor está fuera de los límites del medio de pago" });
  }
  const now = house.clock.now().getTime();
  return house.store.atomically(account, async (documents) => {
    const [earlier] = await transactionsOf(documents, `${account} ${given.invoice}`, 1);
    if (earlier && given.uniqueTransactionPerBill === "true") {
      return err({ code: "A007", message: "Ya existe una transacción con la misma factura" });
    }
    const reference = 100_000_000 + (crypto.getRandomValues(new Uint32Array(1))[0] ?? 0);
    const made: Transaction = {
      reference,
      account,
      invoice: given.invoice,
      donation: given.extras.extra2 ?? "",
      description: given.description,
      pesos,
      franchise,
      state: "Pendiente",
      pin: String(reference).slice(-9),
      agreement: agreements[franchise],
      confirmationUrl: given.confirmationUrl,
      createdAt: now,
      movedAt: now,
      expiresAt: now + lives,
      approval: "000000",
    };
    await keep(documents, made);
    await confirm(documents, made);
    return ok(made);
  });
}

/** From where each state may be reached; a voucher paid on its last day may be announced after it has lapsed. */
const from: Readonly<Record<State, readonly State[]>> = {
  Pendiente: [],
  Aceptada: ["Pendiente", "Retenida", "Expirada"],
  Rechazada: ["Pendiente", "Retenida"],
  Fallida: ["Pendiente"],
  Retenida: ["Pendiente"],
  Expirada: ["Pendiente"],
  Cancelada: ["Pendiente"],
  Antifraude: ["Pendiente", "Retenida"],
  Reversada: ["Aceptada"],
};

export const canBecome = (one: Transaction, state: State): boolean => from[state].includes(one.state);

/** Moves a transaction and tells of it. */
export function move(house: House, reference: string, state: State): Promise<Result<Transaction, string>> {
  return transactionNumbered(house.store, reference).then((known) =>
    known
      ? house.store.atomically(known.account, (documents) => moveIn(documents, house, reference, state))
      : err("There is no such voucher."),
  );
}

async function moveIn(
  documents: SandboxDocuments,
  house: House,
  reference: string,
  state: State,
): Promise<Result<Transaction, string>> {
  const one = await transactionNumbered(documents, reference);
  if (!one || !canBecome(one, state)) return err(`A voucher that is ${one?.state} does not become ${state}.`);
  const movedAt = house.clock.now().getTime();
  const approval =
    state === "Aceptada" ? String(crypto.getRandomValues(new Uint32Array(1))[0] ?? 1) : one.approval;
  const moved: Transaction = { ...one, state, movedAt, approval };
  await keep(documents, moved);
  await confirm(documents, moved);
  return ok(moved);
}

const banks = { BA: "BALOTO", GA: "GANA", SR: "SURED" } as const;

/** `data` of the transactions API. */
export const view = (one: Transaction): object => ({
  refPayco: one.reference,
  invoice: one.invoice,
  description: one.description,
  amount: one.pesos,
  tax: 0,
  ico: 0,
  taxBase: 0,
  subtotal: one.pesos,
  currency: "COP",
  nameBank: banks[one.franchise],
  status: one.state,
  response: one.state === "Pendiente" ? "Esperando pago del cliente en punto de servicio" : one.state,
  responseCode: one.state === "Pendiente" ? "P004" : "00",
  authorization: one.approval,
  receipt: String(one.reference),
  date: bogotaText(one.movedAt),
  franchise: one.franchise,
  testMode: true,
  extras: { extra1: one.invoice },
  paymentProviderData: {
    pin: one.pin,
    agreementCode: one.agreement,
    expirationDate: bogotaText(one.expiresAt),
    trm: 1,
  },
});

/** One line of the older API's search. */
export const line = (one: Transaction): object => ({
  referencePayco: one.reference,
  referenceClient: one.invoice,
  transactionDate: bogotaText(one.createdAt).slice(0, 10),
  description: one.description,
  paymentMethod: one.franchise,
  amount: one.pesos,
  status: one.state,
  test: true,
  currency: "COP",
  bank: banks[one.franchise],
});
