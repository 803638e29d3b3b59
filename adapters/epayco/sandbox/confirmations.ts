import { z } from "zod";
import type { SandboxDocuments } from "../../../src/gateway/sandbox.ts";
import { signatureOf } from "../webhook.ts";
import { signingKeyOf } from "./accounts.ts";
import { bogotaText, codes, type House, type Transaction } from "./documents.ts";

/** How confirmations travel. */
export const routes = ["normal", "duplicated", "late", "out_of_order", "lost"] as const;
export type Route = (typeof routes)[number];
const routeDocument = z.object({ route: z.enum(routes) });

export const setRoute = (documents: SandboxDocuments, route: Route): Promise<void> =>
  documents.put("route", "now", { route }, []);

const letterDocument = z.object({
  id: z.string(),
  url: z.string(),
  form: z.string(),
  tries: z.number(),
  notBefore: z.number(),
});
type Letter = z.output<typeof letterDocument>;

/** Queues the confirmation of what the transaction is now, to where it was asked to go. */
export async function confirm(documents: SandboxDocuments, one: Transaction): Promise<void> {
  const id = crypto.randomUUID();
  const letter: Letter = {
    id,
    url: one.confirmationUrl,
    form: await formOf(one),
    tries: 0,
    notBefore: one.movedAt,
  };
  await documents.put("confirmation", id, letter, ["waiting"]);
}

/** The form fields of a confirmation, signed with the account's P_KEY. */
async function formOf(one: Transaction): Promise<string> {
  const signed = {
    x_ref_payco: String(one.reference),
    x_transaction_id: `${one.reference}${one.createdAt % 10_000}`,
    x_amount: String(one.pesos),
    x_currency_code: "COP",
  };
  return new URLSearchParams({
    x_cust_id_cliente: one.account,
    ...signed,
    x_id_invoice: one.invoice,
    x_id_factura: one.invoice,
    x_description: one.description,
    x_amount_ok: String(one.pesos),
    x_response: one.state,
    x_respuesta: one.state,
    x_transaction_state: one.state,
    x_cod_response: String(codes[one.state]),
    x_cod_transaction_state: String(codes[one.state]),
    x_approval_code: one.approval,
    x_transaction_date: bogotaText(one.movedAt),
    x_fecha_transaccion: bogotaText(one.movedAt),
    x_franchise: one.franchise,
    x_test_request: "TRUE",
    x_extra1: one.invoice,
    x_signature: await signatureOf(signed, one.account, signingKeyOf(one.account)),
  }).toString();
}

const wait = 5 * 60_000;
const mostTries = 5;

/** Carries what waits, one letter after another, until nothing is left that may go now. */
export function carrier(house: () => House): () => Promise<void> {
  let road: Promise<void> = Promise.resolve();
  return () => {
    road = road.then(() => carryAll(house()));
    return road;
  };
}

async function carryAll(house: House): Promise<void> {
  const kept = routeDocument.safeParse(await house.store.get("route", "now"));
  const route = kept.success ? kept.data.route : "normal";
  if (route === "late") return;
  const order = route === "out_of_order" ? "newest_first" : "oldest_first";
  const now = house.clock.now().getTime();
  for (const { id, document } of await house.store.list("confirmation", "waiting", { order, limit: 500 })) {
    const letter = letterDocument.parse(document);
    if (letter.notBefore > now) continue;
    await house.store.remove("confirmation", id);
    const copies = route === "lost" ? 0 : route === "duplicated" ? 3 : 1;
    let taken = copies === 0;
    for (let copy = 0; copy < copies; copy++) taken = (await hand(house, letter)) || taken;
    const again: Letter = { ...letter, tries: letter.tries + 1, notBefore: now + wait };
    if (!taken && again.tries < mostTries) await house.store.put("confirmation", id, again, ["waiting"]);
  }
}

async function hand(house: House, { url, form }: Letter): Promise<boolean> {
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  try {
    const { status } = await house.deliver({ url, headers, body: form });
    return status >= 200 && status < 300;
  } catch {
    // No answer: it is tried again later.
    return false;
  }
}
