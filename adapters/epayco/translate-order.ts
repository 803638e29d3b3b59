import type { CollectDonor, CollectOrder, Refusal } from "../../src/gateway/payment.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { toEpaycoAmount } from "./amounts.ts";
import { type CashNetwork, documentCode, isCashNetwork, networks } from "./codes.ts";
import { epaycoManifest } from "./manifest.ts";
import type { Sealable } from "./seal.ts";

/** An order ePayco can carry: its network, whole pesos, and the payer it insists on. */
export type ReadyOrder = {
  readonly order: CollectOrder;
  readonly network: CashNetwork;
  readonly pesos: string;
  readonly payer: Payer;
};
type Payer = Readonly<
  Record<"documentType" | "document" | "names" | "lastNames" | "email" | "cellphone" | "ip", string>
>;

/** Whether ePayco can carry this order at all; asked before anything is sent. */
export function readyToSend(order: CollectOrder): Result<ReadyOrder, Refusal> {
  const { type, presentation } = order.method;
  const known = epaycoManifest.methods.find((method) => method.type === type);
  const able = known?.countries.includes(order.country) && known.presentations.includes(presentation);
  if (!able || !isCashNetwork(type)) {
    return err({
      reason: "unsupported",
      rawCode: "unsupported",
      detail: `ePayco does not carry ${type} as ${presentation} in ${order.country}`,
    });
  }
  const pesos = toEpaycoAmount(order.amount);
  if (!pesos.ok) return err(invalid("amount_unrepresentable", pesos.error));
  const payer = payerOf(order.donor);
  return payer.ok ? ok({ order, network: type, pesos: pesos.value, payer: payer.value }) : payer;
}

const invalid = (rawCode: string, detail: string): Refusal => ({
  reason: "invalid_request",
  rawCode,
  detail,
});

function payerOf(donor: CollectDonor): Result<Payer, Refusal> {
  const { name, email, phone, taxId, device } = donor;
  const documentType = taxId && documentCode(taxId.type);
  if (!name?.trim() || !email || !phone)
    return err(invalid("payer_incomplete", "name, e-mail and phone are needed"));
  if (!taxId || !documentType) return err(invalid("document_unknown", "a Colombian document is needed"));
  const { names, lastNames } = namesOf(name);
  return ok({
    documentType,
    document: taxId.number,
    names,
    lastNames,
    email,
    cellphone: nationalNumber(phone),
    // ePayco insists on an address; where a church's own server gives for a donor, there is none to tell.
    ip: device?.ipAddress ?? "127.0.0.1",
  });
}

/** Two family names are usual, so the last half of the words are those; a single word stands for both. */
export function namesOf(name: string): { readonly names: string; readonly lastNames: string } {
  const words = name.trim().split(/\s+/);
  const given = Math.max(1, Math.floor(words.length / 2));
  return {
    names: words.slice(0, given).join(" "),
    lastNames: words.slice(given).join(" ") || words.join(" "),
  };
}

/** `+573001234567` as `3001234567`; a foreign number keeps all its digits. */
const nationalNumber = (phone: string): string => phone.replace(/\D/g, "").replace(/^57(?=\d{10}$)/, "");

type Body = { readonly [field: string]: Sealable };

/** What the body of `POST /transactions` says for every gift to an account. */
export const sharedFields = (publicKey: string, test: boolean): Body => ({
  quotes: "1",
  tax: 0,
  ico: 0,
  taxBase: 0,
  currency: "COP",
  country: "CO",
  testMode: test,
  uniqueTransactionPerBill: true,
  paymentMethod: "CASH",
  confirmationMethod: "POST",
  integrationType: { tipo_checkout: "smart_checkout", modo_pago: "cash" },
  publicKey,
  extrasEpayco: { extra1: "", extra2: "", extra3: "", extra5: "" },
});

/**
 * What it says for this one: a function of the order alone, so that a repeat is the same bytes. Our attempt is ePayco's
 * invoice, which may be used once.
 */
export const orderFields = ({ order, network, pesos, payer }: ReadyOrder, key: string): Body => ({
  invoice: order.attemptId,
  description: order.description.slice(0, 200),
  ...payer,
  amount: pesos,
  paymentMethodData: { franchise: networks[network] },
  responseUrl: order.returnUrl,
  confirmationUrl: order.notificationUrl,
  extras: { extra1: order.attemptId, extra2: order.donationId, extra3: key },
});
