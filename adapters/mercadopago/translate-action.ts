import type { MethodType } from "../../src/gateway/methods.ts";
import type { DonorAction } from "../../src/gateway/payment.ts";
import { after, days } from "../../src/kernel/clock.ts";
import type { Money } from "../../src/kernel/money.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { type Flow, flowOf } from "./method-codes.ts";
import type { WirePayment, WirePreference } from "./wire.ts";

/** What the donor of an open payment is to do; `undefined` when what must be shown is missing. */
export function actionOf(
  payment: WirePayment,
  type: MethodType,
  amount: Money,
  asOf: Date,
): DonorAction | undefined {
  const flow = flowOf(type, "instructions");
  if (!flow) return undefined;
  switch (flow.kind) {
    case "voucher":
      return voucher(payment, flow, asOf);
    case "pix":
      return pix(payment, flow, asOf);
    case "clabe":
      return clabe(payment, amount);
    case "bank_redirect":
      return redirect(payment, lapse(payment, flow.lastsMs, asOf));
    // A slip chosen on Checkout Pro's page, or a transfer made from it: the donor finds it there again.
    case "checkout_pro":
    case "token":
      return redirect(payment, lapse(payment, days(3), asOf));
    default:
      return exhaustive(flow);
  }
}

const lapse = (payment: WirePayment, lastsMs: number, asOf: Date): Date =>
  payment.date_of_expiration
    ? new Date(payment.date_of_expiration)
    : after(payment.date_created ? new Date(payment.date_created) : asOf, lastsMs);

function redirect(payment: WirePayment, expiresAt: Date): DonorAction | undefined {
  const url = payment.transaction_details?.external_resource_url;
  return url ? { type: "redirect", url, expiresAt } : undefined;
}

/** A boleto is read by its 47-digit line and printed by its 44-digit code; others have one reference for both. */
function voucher(
  payment: WirePayment,
  flow: Extract<Flow, { kind: "voucher" }>,
  asOf: Date,
): DonorAction | undefined {
  const told = payment.transaction_details;
  const printed = told?.barcode?.content;
  const reference =
    told?.digitable_line || told?.payment_method_reference_id || told?.verification_code || printed;
  if (!reference) return undefined;
  const url = told?.external_resource_url;
  return {
    type: "display_voucher",
    reference,
    ...(printed ? { barcode: { format: flow.barcode, text: printed } } : {}),
    ...(url ? { url } : {}),
    expiresAt: lapse(payment, flow.lastsMs, asOf),
  };
}

function pix(
  payment: WirePayment,
  flow: Extract<Flow, { kind: "pix" }>,
  asOf: Date,
): DonorAction | undefined {
  const code = payment.point_of_interaction?.transaction_data;
  if (!code?.qr_code) return undefined;
  return {
    type: "display_qr",
    payload: code.qr_code,
    ...(code.ticket_url ? { url: code.ticket_url } : {}),
    expiresAt: lapse(payment, flow.lastsMs, asOf),
  };
}

/** The first three digits of a CLABE name the institution that keeps it. */
const clabeBanks: Readonly<Record<string, string>> = { "722": "Mercado Pago W", "646": "STP" };

function clabe(payment: WirePayment, amount: Money): DonorAction | undefined {
  const data = payment.payment_method?.data;
  const number = data?.reference_id ?? payment.transaction_details?.payment_method_reference_id;
  if (!number) return undefined;
  const url = data?.external_resource_url ?? payment.transaction_details?.external_resource_url;
  return {
    type: "display_bank_transfer",
    account: { kind: "clabe", number },
    bank: clabeBanks[number.slice(0, 3)] ?? "Mercado Pago",
    beneficiary: "Mercado Pago",
    amountRemaining: amount,
    ...(payment.date_of_expiration ? { expiresAt: new Date(payment.date_of_expiration) } : {}),
    ...(url ? { url } : {}),
  };
}

/**
 * The donor's bank asks whether it is they (Mercado Pago Developers, How to integrate 3DS with Checkout API): a frame,
 * into which `creq` is posted to `url`. Told as a form's text in `clientToken`; `undefined` where nothing is asked.
 */
export function challengeAction(payment: WirePayment, publishableKey: string): DonorAction | undefined {
  const { external_resource_url: url, creq } = payment.three_ds_info ?? {};
  if (payment.status_detail !== "pending_challenge" || !url || !creq) return undefined;
  return { type: "use_sdk", clientToken: new URLSearchParams({ url, creq }).toString(), publishableKey };
}

/** The Checkout Pro page while it takes payments; `undefined` once it has closed. */
export function checkoutAction(preference: WirePreference, now: Date): DonorAction | undefined {
  const closes = preference.expiration_date_to ? new Date(preference.expiration_date_to) : undefined;
  if (preference.expires && closes && closes <= now) return undefined;
  return { type: "redirect", url: preference.init_point, ...(closes ? { expiresAt: closes } : {}) };
}
