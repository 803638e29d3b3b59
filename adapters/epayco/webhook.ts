import type { EventEnvelope, GatewayEvent, RawDelivery, Webhooks } from "../../src/gateway/webhook.ts";
import { parseId } from "../../src/kernel/ids.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Secret } from "../../src/kernel/secret.ts";
import type { Account } from "./client.ts";
import { inquire } from "./inquire.ts";
import { bogota } from "./translate-outcome.ts";
import { confirmationSchema, type WireConfirmation } from "./wire.ts";

/**
 * The webhook side of the adapter: ePayco's confirmation (`confirmationUrl`, POST, form fields).
 *
 * Its signature covers the reference, the transaction id, the amount and the currency, and NOT the state: the same
 * signature is right for "pending" and for "accepted", and ePayco shows it to the donor on the response page. So a
 * genuine signature proves only that the transaction is one of ours, and every confirmation is a hint to look.
 */
export function epaycoWebhooks(account: Account): Webhooks {
  const { customerId } = account;
  const confirmationOf = (delivery: RawDelivery) => confirmation(delivery, customerId);
  return {
    verify: (delivery, secrets) => verify(delivery, secrets, customerId),
    envelope(delivery) {
      const read = confirmationOf(delivery);
      return read.ok ? ok(envelopeOf(read.value)) : read;
    },
    read(delivery) {
      const read = confirmationOf(delivery);
      return read.ok ? ok([hint(read.value)]) : read;
    },
    async inquire(delivery, call) {
      const read = confirmationOf(delivery);
      if (!read.ok) return read;
      const event = hint(read.value);
      return event.kind === "attempt_hint" ? inquire(account, event, call) : ok([event]);
    },
  };
}

/** `x_signature`: SHA-256 of customer id, P_KEY, reference, transaction id, amount and currency, joined by `^`. */
export async function signatureOf(
  fields: Pick<WireConfirmation, "x_ref_payco" | "x_transaction_id" | "x_amount" | "x_currency_code">,
  customerId: string,
  key: string,
): Promise<string> {
  const { x_ref_payco, x_transaction_id, x_amount, x_currency_code } = fields;
  const text = [customerId, key, x_ref_payco, x_transaction_id, x_amount, x_currency_code].join("^");
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function verify(
  delivery: RawDelivery,
  secrets: readonly Secret[],
  customerId: string,
): Promise<"genuine" | "forged"> {
  const read = confirmation(delivery, customerId);
  if (!read.ok) return "forged";
  let genuine = false;
  for (const secret of secrets) {
    const key = secret.reveal();
    // An empty key signs for everybody.
    if (key === "") continue;
    const right = await signatureOf(read.value, customerId, key);
    genuine = same(right, read.value.x_signature.toLowerCase()) || genuine;
  }
  return genuine ? "genuine" : "forged";
}

/** In time that does not tell where two texts of the same length differ. */
function same(a: string, b: string): boolean {
  let difference = a.length ^ b.length;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i % Math.max(1, b.length));
  return difference === 0;
}

function confirmation(delivery: RawDelivery, customerId: string): Result<WireConfirmation, string> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(delivery.body);
  } catch {
    return err("the body is not text");
  }
  const read = confirmationSchema.safeParse(Object.fromEntries(new URLSearchParams(text)));
  if (!read.success) return err("the body is not an ePayco confirmation");
  return read.data.x_cust_id_cliente === customerId
    ? ok(read.data)
    : err("the confirmation is of another account");
}

/**
 * ePayco gives its confirmations no id. The key holds what only the network can know in advance (the approval's code and
 * time) so that a confirmation made up beforehand cannot take the place of the true one.
 */
function envelopeOf(fields: WireConfirmation): EventEnvelope {
  const state = fields.x_cod_transaction_state ?? fields.x_cod_response ?? "";
  const date = fields.x_transaction_date ?? "";
  return {
    eventKey: [fields.x_ref_payco, state, fields.x_transaction_id, fields.x_approval_code ?? "", date].join(
      "/",
    ),
    orderKey: fields.x_ref_payco,
    type: `confirmation.${state || "unknown"}`,
    occurredAt: bogota(date) ?? new Date(0),
  };
}

/** The church's other sales through the same account say nothing to us. */
function hint(fields: WireConfirmation): GatewayEvent {
  const attemptId = parseId("attempt", fields.x_id_invoice) ?? parseId("attempt", fields.x_extra1);
  return attemptId
    ? { kind: "attempt_hint", subject: { gatewayPaymentId: fields.x_ref_payco, attemptId } }
    : { kind: "ignored", type: "confirmation" };
}
