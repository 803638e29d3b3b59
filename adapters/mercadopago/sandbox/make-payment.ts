import type { MethodType } from "../../../src/gateway/methods.ts";
import { after, days } from "../../../src/kernel/clock.ts";
import { parseId } from "../../../src/kernel/ids.ts";
import { decimalText } from "../../../src/kernel/money.ts";
import { fromDecimal } from "../amounts.ts";
import { bornAt } from "../translate-order.ts";
import { type Listed, methodOf, nequi, pseBanks, withinLimits } from "./catalog.ts";
import type { PaymentBody, SimPayment } from "./documents.ts";
import { isDocument } from "./identity.ts";
import { settled } from "./money-kept.ts";
import { boleto, clabe, pixCode } from "./on-paper.ts";
import { blankPayment } from "./payment-shape.ts";
import { bad } from "./refusal.ts";
import type { CreatePayment } from "./requests.ts";
import { digits, type Scene } from "./state.ts";
import { asksBank, endingFor, spendToken } from "./tokens.ts";

/** Makes the payment a request asks for, or refuses it with the gateway's own number. */
export async function makePayment(scene: Scene, asked: CreatePayment): Promise<SimPayment> {
  const amount = fromDecimal(asked.transaction_amount, scene.seller.site.currency);
  const wholeOnly = scene.seller.site.currency === "COP";
  if (!amount || (wholeOnly && amount.minor % 100n !== 0n)) throw bad(4037, "Invalid transaction_amount");
  if (asked.token !== undefined) return byToken(scene, asked, asked.token);
  if (asked.payment_method_id === undefined) throw bad(2131, "Cannot infer Payment Method");
  const listed = methodOf(scene.seller.site, asked.payment_method_id);
  if (!listed || ["account_money", "webpay"].includes(listed.id)) throw bad(3011, "Not found payment_method");
  if (listed.ours === "card" || listed.ours === "yape") throw bad(3003, "Invalid card_token_id");
  limited(scene, listed, asked);
  identified(scene, asked, listed.ours !== "spei" && scene.seller.site.country !== "mx");
  return listed.id === "pse" || listed.id === "fintoc"
    ? atBank(scene, asked, listed)
    : onPaper(scene, asked, listed);
}

function limited(scene: Scene, listed: Listed, asked: CreatePayment): void {
  if (!withinLimits(scene.seller.site, listed.ours, asked.transaction_amount)) {
    throw bad(4037, `Invalid transaction_amount for ${listed.id}`);
  }
}

function identified(scene: Scene, asked: CreatePayment, required: boolean): void {
  const { identification } = asked.payer;
  if (!identification) {
    if (required) throw bad(2067, "Invalid user identification number");
    return;
  }
  const { type, number } = identification;
  if (!isDocument(scene.seller.site, type, number)) throw bad(2067, "Invalid user identification number");
}

async function byToken(scene: Scene, asked: CreatePayment, id: string): Promise<SimPayment> {
  if (asked.installments === undefined) throw bad(4016, "installments attribute can't be null");
  identified(scene, asked, false);
  const token = await spendToken(scene, id);
  const wanted = asked.payment_method_id ?? token.method;
  const listed = methodOf(scene.seller.site, wanted);
  if (!listed || (listed.ours !== "card" && listed.ours !== "yape"))
    throw bad(3011, "Not found payment_method");
  limited(scene, listed, asked);
  const [status, detail] = endingFor(token.holder);
  const blank = blankPayment(scene, asked, listed, listed.ours);
  const card = {
    first_six_digits: token.firstSix,
    last_four_digits: token.lastFour,
    cardholder: { name: token.holder },
  };
  const body: PaymentBody = {
    ...blank.body,
    status,
    status_detail: detail,
    installments: asked.installments,
    card,
  };
  if (asksBank(token) && (asked.three_d_secure_mode ?? "not_supported") !== "not_supported") {
    const external_resource_url = `${scene.pagesUrl}/challenge/${body.id}`;
    const three_ds_info = {
      external_resource_url,
      creq: btoa(`{"messageType":"CReq","payment":${body.id}}`),
    };
    return {
      ...blank,
      body: { ...body, status: "pending", status_detail: "pending_challenge", three_ds_info },
    };
  }
  const made = { ...blank, body };
  return status === "approved" ? settled(made, scene.now) : made;
}

/** PSE, Nequi and Fintoc: the donor goes to the bank's page. */
function atBank(scene: Scene, asked: CreatePayment, listed: Listed): SimPayment {
  if (!asked.callback_url) throw bad(4033, "callback_url attribute can't be null");
  const bank = asked.transaction_details?.financial_institution;
  if (listed.id === "pse") pseChecked(asked, bank);
  const ours: MethodType = listed.id === "pse" && bank === nequi ? "nequi" : listed.ours;
  const blank = blankPayment(scene, asked, listed, ours);
  const url = `${scene.pagesUrl}/bank/${blank.body.id}`;
  const transaction_details = {
    ...blank.body.transaction_details,
    external_resource_url: url,
    financial_institution: bank ?? null,
  };
  const body = { ...blank.body, status_detail: "pending_waiting_transfer", transaction_details };
  return { ...blank, body };
}

/** What PSE insists on (Mercado Pago Developers, PSE: payment submission). */
function pseChecked(asked: CreatePayment, bank: string | undefined): void {
  const { address, entity_type, phone, first_name, last_name } = asked.payer;
  const lasts = (value: string | undefined, least: number, most: number): boolean =>
    value !== undefined && value.length >= least && value.length <= most;
  if (!pseBanks.some((listed) => listed.id === bank)) {
    throw bad(4035, "transaction_details.financial_institution is invalid");
  }
  if (!entity_type) throw bad(4034, "payer.entity_type attribute can't be null");
  if (!asked.additional_info?.ip_address)
    throw bad(4036, "additional_info.ip_address attribute can't be null");
  const whole =
    lasts(first_name, 1, 32) &&
    lasts(last_name ?? first_name, 1, 32) &&
    lasts(address?.zip_code, 5, 5) &&
    lasts(address?.street_name, 1, 18) &&
    lasts(address?.street_number, 1, 5) &&
    lasts(address?.neighborhood, 1, 18) &&
    lasts(address?.city, 1, 18) &&
    lasts(phone?.area_code, 3, 3) &&
    /^\d{1,7}$/.test(phone?.number ?? "");
  if (!whole) throw bad(1, "Params Error: payer");
}

/** Slips, Pix and CLABE: something to pay with elsewhere. */
function onPaper(scene: Scene, asked: CreatePayment, listed: Listed): SimPayment {
  const { first_name, address } = asked.payer;
  if (!first_name) throw bad(1, "Params Error: payer.first_name");
  const postal = listed.ours === "boleto" || listed.ours === "loterica";
  if (postal && !(address?.zip_code && address.street_name && address.city))
    throw bad(1, "Params Error: payer.address");
  const blank = blankPayment(scene, asked, listed, listed.ours);
  const due = dueOf(scene, asked);
  const dated = { ...blank.body, date_of_expiration: due.toISOString().replace("Z", "+00:00") };
  if (listed.id === "pix") return { ...blank, body: withCode(scene, dated) };
  if (listed.id === "clabe")
    return { ...blank, body: withClabe(scene, { ...dated, date_of_expiration: null }) };
  return { ...blank, body: withSlip(scene, dated, listed, due) };
}

/**
 * One moment to thirty days ahead (facts: methods §4). Counted from the attempt's birth where the clock of a test
 * stands behind the machine's, whose time the attempt's id carries.
 */
function dueOf(scene: Scene, asked: CreatePayment): Date {
  if (asked.date_of_expiration === undefined) return after(scene.now, days(3));
  const due = new Date(asked.date_of_expiration);
  const attempt = parseId("attempt", asked.external_reference);
  const from = Math.max(scene.now.getTime(), attempt ? bornAt(attempt).getTime() : 0);
  if (due.getTime() <= scene.now.getTime() || due.getTime() > from + days(30)) {
    throw bad(4020, "date_of_expiration must be between one moment and thirty days ahead");
  }
  return due;
}

function withCode(scene: Scene, body: PaymentBody): PaymentBody {
  const asked = fromDecimal(body.transaction_amount, body.currency_id);
  const qr_code = pixCode(body.id, asked ? decimalText(asked) : "0.00");
  const ticket_url = `${scene.pagesUrl}/ticket/${body.id}`;
  return {
    ...body,
    status_detail: "pending_waiting_transfer",
    point_of_interaction: {
      type: "OPENPLATFORM",
      transaction_data: { qr_code, qr_code_base64: btoa(qr_code), ticket_url },
    },
  };
}

function withClabe(scene: Scene, body: PaymentBody): PaymentBody {
  const external_resource_url = `${scene.pagesUrl}/ticket/${body.id}`;
  const data = { reference_id: clabe(), external_resource_url };
  return {
    ...body,
    status_detail: "pending_waiting_transfer",
    payment_method: { ...body.payment_method, data },
    transaction_details: { ...body.transaction_details, external_resource_url },
  };
}

function withSlip(scene: Scene, body: PaymentBody, listed: Listed, due: Date): PaymentBody {
  const shared = {
    ...body.transaction_details,
    external_resource_url: `${scene.pagesUrl}/ticket/${body.id}`,
  };
  if (listed.ours === "boleto") {
    const asked = fromDecimal(body.transaction_amount, body.currency_id);
    const { barcode, line } = boleto(asked?.minor ?? 0n, due);
    const printed = { barcode: { content: barcode }, digitable_line: line };
    return {
      ...body,
      transaction_details: { ...shared, ...printed, payment_method_reference_id: digits(10) },
    };
  }
  const reference = digits(listed.ours === "efecty" ? 10 : 14);
  const barcode = { content: listed.ours === "oxxo" ? `20${reference}${digits(14)}` : reference };
  return { ...body, transaction_details: { ...shared, payment_method_reference_id: reference, barcode } };
}
