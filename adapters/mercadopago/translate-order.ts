import type { Payment } from "mercadopago";
import type { CollectDonor, CollectOrder, Refusal } from "../../src/gateway/payment.ts";
import { present } from "../../src/kernel/assert.ts";
import { after } from "../../src/kernel/clock.ts";
import { type AttemptId, uuidOf } from "../../src/kernel/ids.ts";
import { err, exhaustive, ok, type Result } from "../../src/kernel/result.ts";
import { toDecimal } from "./amounts.ts";
import { mercadoPagoManifest } from "./manifest.ts";
import { type Flow, flowOf } from "./method-codes.ts";
import { documentType, type Site } from "./sites.ts";

/**
 * Our order as the gateway's parameters: pure, and a function of the order alone. Nothing depends on the time of
 * the call, because a repeat under the same key must carry the same bytes.
 */

export type PaymentBody = Parameters<Payment["create"]>[0]["body"];
type Payer = NonNullable<PaymentBody["payer"]>;

/** What is needed of an order before anything is sent. */
export type Ready = { readonly flow: Flow; readonly amount: number };

const refusal = (reason: Refusal["reason"], rawCode: string, detail: string): Refusal => ({
  reason,
  rawCode,
  detail,
});

/** Whether the gateway can be asked at all; `Err` says why not, and then nothing is sent. */
export function readyToSend(order: CollectOrder, site: Site): Result<Ready, Refusal> {
  const { type, presentation, token } = order.method;
  const carried = mercadoPagoManifest.methods.find(
    (one) =>
      one.type === type &&
      one.countries.includes(order.country) &&
      one.currencies.includes(order.amount.currency) &&
      one.presentations.includes(presentation),
  );
  const flow = flowOf(type, presentation);
  if (!carried || !flow || site.country !== order.country) {
    const what = `${type} as ${presentation} in ${order.amount.currency}`;
    return err(refusal("unsupported", "method_unsupported", `${what} is not carried for ${order.country}`));
  }
  if (flow.kind === "token" && !token) {
    return err(refusal("invalid_request", "token_missing", "a token presentation needs a token"));
  }
  const missing = presentation === "hosted" && type === "card" ? [] : lacking(carried.requires, order);
  // The banks' network wants to know from where the donor acts.
  if (flow.kind === "bank_redirect" && flow.pse && !order.donor.device) missing.push("device");
  if (missing.length > 0) {
    return err(
      refusal("invalid_request", "donor_missing", `${type} needs the donor's ${missing.join(", ")}`),
    );
  }
  const amount = toDecimal(order.amount);
  if (!amount.ok) return err(refusal("invalid_request", "amount_unrepresentable", amount.error));
  return ok({ flow, amount: amount.value });
}

function lacking(requires: readonly string[], { donor, method }: CollectOrder): string[] {
  const given: Readonly<Record<string, unknown>> = {
    name: donor.name,
    email: donor.email,
    phone: donor.phone,
    tax_id: donor.taxId,
    address: donor.address,
    bank: method.bank,
  };
  return requires.filter((field) => !given[field]);
}

/** The first 48 bits of a UUIDv7 are the milliseconds at which the attempt was made (RFC 9562). */
export const bornAt = (id: AttemptId): Date =>
  new Date(Number.parseInt(uuidOf(id).replaceAll("-", "").slice(0, 12), 16));

/** The gateway wants an offset, not `Z` (error 23: `yyyy-MM-dd'T'HH:mm:ss.SSSz`). */
export const gatewayInstant = (at: Date): string => at.toISOString().replace("Z", "+00:00");

/** When a slip or a code of this attempt lapses: fixed with the attempt, never with the call. */
export const lapsesAt = (attempt: AttemptId, lastsMs: number): Date => after(bornAt(attempt), lastsMs);

/**
 * Where this payment's notifications go: our address, with the attempt's id in it, because a notification names
 * only the payment, which for a Checkout Pro page we do not know yet. A hint like any other: what it names is read
 * again, and compared with the payment's own reference.
 */
export function notificationUrl(order: CollectOrder): string {
  const { notificationUrl: url, attemptId } = order;
  return `${url}${url.includes("?") ? "&" : "?"}attempt=${attemptId}`;
}

/** `POST /v1/payments` for everything but Checkout Pro. */
export function paymentBody(order: CollectOrder, ready: Ready, site: Site): PaymentBody {
  const { flow, amount } = ready;
  const shared: PaymentBody = {
    transaction_amount: amount,
    description: order.description.slice(0, 200),
    external_reference: order.attemptId,
    notification_url: notificationUrl(order),
    metadata: { donation_id: order.donationId },
    payer: payerOf(order.donor, site),
  };
  switch (flow.kind) {
    case "token":
      return { ...shared, ...tokenFields(order, flow.code) };
    case "voucher":
    case "pix":
      return {
        ...shared,
        payment_method_id: flow.code,
        date_of_expiration: gatewayInstant(lapsesAt(order.attemptId, flow.lastsMs)),
      };
    case "clabe":
      return { ...shared, payment_method_id: flow.code };
    case "bank_redirect":
      return { ...shared, ...bankFields(order, flow, site) };
    case "checkout_pro":
      throw new Error("a Checkout Pro page is a preference, not a payment");
    default:
      return exhaustive(flow);
  }
}

/**
 * The token of hosted fields, with what they say beside it when the page passes it on:
 * `{token}:{payment_method_id}:{issuer_id}:{challenge}`. Without a method id the gateway infers it from the token;
 * `challenge` stands there where the page can show the donor's bank asking for 3-D Secure, and nothing where it cannot.
 */
function tokenFields(order: CollectOrder, code: string | undefined): PaymentBody {
  const [token = "", method, issuer, can] = (order.method.token ?? "").split(":");
  const methodId = code ?? method;
  return {
    token,
    installments: 1,
    ...(methodId ? { payment_method_id: methodId } : {}),
    ...(issuer && /^\d{1,9}$/.test(issuer) ? { issuer_id: Number(issuer) } : {}),
    ...(can === "challenge" ? { three_d_secure_mode: "optional" } : {}),
  };
}

function bankFields(
  order: CollectOrder,
  flow: Extract<Flow, { kind: "bank_redirect" }>,
  site: Site,
): PaymentBody {
  const redirect: PaymentBody = { payment_method_id: flow.code, callback_url: order.returnUrl };
  if (!flow.pse) return redirect;
  const { ipAddress } = order.donor.device ?? {};
  return {
    ...redirect,
    // Of a Colombian bank's list; Nequi is one of them.
    transaction_details: {
      financial_institution: present(flow.bank ?? order.method.bank, "a bank was chosen"),
    },
    payer: { ...payerOf(order.donor, site), ...psePayer(order.donor) },
    additional_info: { ip_address: present(ipAddress, "the donor's device was checked") },
  };
}

/** Who pays, as most methods want it. Cards need the e-mail alone, Mexico asks for no document. */
function payerOf(donor: CollectDonor, site: Site): Payer {
  const { first, last } = namesOf(donor.name);
  const { address, taxId } = donor;
  return {
    ...(donor.email ? { email: donor.email } : {}),
    ...(first ? { first_name: first } : {}),
    ...(last ? { last_name: last } : {}),
    ...(taxId ? { identification: { type: documentType(site, taxId.type), number: taxId.number } } : {}),
    ...(address
      ? {
          address: {
            ...(address.postalCode ? { zip_code: address.postalCode.replace(/\D/g, "") } : {}),
            street_name: address.street,
            ...(address.number ? { street_number: address.number } : {}),
            ...(address.district ? { neighborhood: address.district } : {}),
            city: address.city,
            ...(address.region ? { federal_unit: address.region } : {}),
          },
        }
      : {}),
  };
}

/** Thirty-two characters each; a single word is the first name. */
function namesOf(name: string | undefined): { first?: string; last?: string } {
  const [first, ...rest] = (name ?? "").trim().split(/\s+/);
  if (!first) return {};
  const last = rest.join(" ").slice(0, 32);
  return { first: first.slice(0, 32), ...(last ? { last } : {}) };
}

/**
 * What PSE asks beside: person or company (a NIT is a company's), and an address and a telephone within its lengths
 * (Mercado Pago Developers, PSE: payment submission). Its zip code has five places where Colombia's has six, and
 * few Colombians know theirs.
 */
function psePayer(donor: CollectDonor): Payer {
  const { address, phone, taxId } = donor;
  const zip = (address?.postalCode ?? "").replace(/\D/g, "").slice(0, 5).padEnd(5, "0");
  const local = (phone ?? "").replace(/\D/g, "").replace(/^57(?=\d{10}$)/, "");
  return {
    entity_type: taxId?.type === "nit" ? "association" : "individual",
    address: {
      zip_code: zip,
      street_name: (address?.street ?? "").slice(0, 18),
      street_number: (address?.number ?? "0").slice(0, 5),
      neighborhood: (address?.district ?? address?.city ?? "").slice(0, 18),
      city: (address?.city ?? "").slice(0, 18),
    },
    phone: { area_code: local.slice(0, 3), number: local.slice(3) },
  };
}
