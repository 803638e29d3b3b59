import {
  ExperienceContextShippingPreference,
  PaypalPaymentTokenCustomerType,
  PaypalPaymentTokenUsageType,
  type SetupTokenRequest,
  UsagePattern,
  VaultTokenRequestType,
} from "@paypal/paypal-server-sdk";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type {
  MandateCharge,
  MandateHandle,
  MandateOrder,
  MandateOutcome,
  Mandates,
} from "../../src/gateway/mandate.ts";
import type { CollectOutcome, Evidence } from "../../src/gateway/payment.ts";
import { type Answer, type Ask, ask, deadline, type PaypalAccount } from "./client.ts";
import { setupStage } from "./codes.ts";
import { donorWords } from "./evidence.ts";
import { createOrder, orderAnswer } from "./orders.ts";
import { type Failure, rawCodeOf, unread } from "./translate-errors.ts";
import { chargeRequest, paypalLocale, supported, writtenAmount } from "./translate-order.ts";
import { approvalUrl } from "./translate-outcome.ts";
import {
  emptySchema,
  paymentTokenSchema,
  paymentTokensSchema,
  setupTokenSchema,
  type WirePaymentToken,
  type WireSetupToken,
} from "./wire.ts";

/**
 * Standing permissions by PayPal's vault (Vault v3; facts: methods §5). The donor approves a setup token on
 * PayPal's page; the look-up that sees the approval turns it into a payment token, whose id is the mandate's from
 * then on. A charge is an order that names the token and is captured as it is made.
 */
export function paypalMandates(account: PaypalAccount): Mandates {
  return {
    request: (order, call) => request(account, order, call),
    lookup: (handle, call) => lookup(account, handle, call),
    cancel: (handle, call) => cancel(account, handle, call),
    charge: (order, call) => charge(account, order, call),
  };
}

async function request(
  account: PaypalAccount,
  order: MandateOrder,
  call: GatewayCall,
): Promise<MandateOutcome> {
  const wallet = walletOf(order, account.country);
  if (wallet === undefined) {
    const detail = `PayPal keeps no ${order.method.type} for later gifts in ${order.country}`;
    return {
      kind: "refused",
      problem: { reason: "unsupported", rawCode: "method_not_supported", detail },
      evidence: {},
    };
  }
  const body = setupRequest(order, wallet);
  const about: Ask = { call, words: donorWords(order.donor) };
  const answer = await ask(account, setupTokenSchema, about, ({ vault }, options) =>
    vault.createSetupToken({ body, paypalRequestId: call.idempotencyKey }, options),
  );
  return answer.ok ? waitingFor(answer.value, answer.evidence) : notGiven(answer.failure);
}

type Wallet = "paypal" | "venmo";

/** A card would have to be typed into a form of ours, which no card number ever is. */
function walletOf(order: MandateOrder, account: string): Wallet | undefined {
  const { type, presentation } = order.method;
  const currency = (order.amount ?? order.ceiling)?.currency;
  if (type !== "paypal" && type !== "venmo") return undefined;
  if (currency === undefined) return type;
  return supported({ method: type, presentation, country: order.country, currency }, account).ok
    ? type
    : undefined;
}

const notAllowed = /[^a-zA-Z0-9_'\-., :;!?"]/g;

/** The letters the vault allows in a description; accents are taken off, not the letters under them. */
const plain = (text: string): string =>
  text.normalize("NFD").replace(/\p{M}/gu, "").replace(notAllowed, " ").trim().slice(0, 128) || "Donation";

function setupRequest(order: MandateOrder, wallet: Wallet): SetupTokenRequest {
  const shared = {
    description: plain(order.description),
    usageType: PaypalPaymentTokenUsageType.Merchant,
    customerType: PaypalPaymentTokenCustomerType.Consumer,
    permitMultiplePaymentTokens: true,
    // PayPal's words: on demand at no fixed date, or a gift taken at the start of each period.
    usagePattern: order.cadence === "as_needed" ? UsagePattern.Immediate : UsagePattern.RecurringPrepaid,
  };
  const brandName = [...order.description].slice(0, 127).join("");
  const shippingPreference = ExperienceContextShippingPreference.NoShipping;
  const { returnUrl } = order;
  return {
    customer: { merchantCustomerId: order.reference },
    paymentSource:
      wallet === "venmo"
        ? { venmo: { ...shared, experienceContext: { brandName, shippingPreference } } }
        : {
            paypal: {
              ...shared,
              experienceContext: {
                brandName,
                shippingPreference,
                ...paypalLocale(order.locale),
                returnUrl,
                cancelUrl: returnUrl,
              },
            },
          },
  };
}

function waitingFor(token: WireSetupToken, evidence: Evidence): MandateOutcome {
  const seen = { ...evidence, rawStatus: token.status ?? "none" };
  const url = approvalUrl(token.links);
  return url === undefined
    ? { kind: "pending", gatewayMandateId: token.id, evidence: seen }
    : {
        kind: "action_required",
        gatewayMandateId: token.id,
        action: { type: "redirect", url },
        evidence: seen,
      };
}

/** What the donor or their bank would be blamed for elsewhere is here a permission that was not given. */
function notGiven(failure: Failure): MandateOutcome {
  if (failure.kind !== "declined") return failure;
  const problem = { reason: "account_problem", rawCode: failure.decline.rawCode, detail: "" } as const;
  return { kind: "refused", problem, evidence: failure.evidence };
}

/** A token that is asked for while its approval is open is a setup token; any other is looked for in the vault. */
async function lookup(
  account: PaypalAccount,
  handle: MandateHandle,
  call: GatewayCall,
): Promise<MandateOutcome> {
  const id = handle.gatewayMandateId;
  if (id === undefined) {
    return { kind: "in_doubt", cause: "connection_lost", evidence: { rawCode: "no_setup_token" } };
  }
  const about: Ask = { call, signal: deadline(call) };
  const setup = await ask(account, setupTokenSchema, about, ({ vault }, options) =>
    vault.getSetupToken(id, options),
  );
  if (setup.ok) return afterSetup(account, setup, about);
  return isMissing(setup.failure) ? inVault(account, id, about) : unread(setup.failure);
}

const isMissing = (failure: Failure): boolean => failure.evidence.httpStatus === 404;

async function afterSetup(
  account: PaypalAccount,
  setup: Answer<WireSetupToken> & { ok: true },
  about: Ask,
): Promise<MandateOutcome> {
  const token = setup.value;
  const status = token.status ?? "none";
  switch (setupStage(status)) {
    case "approve":
      return waitingFor(token, setup.evidence);
    case "approved":
      return keep(account, token.id, about);
    case "used":
      return kept(account, token, about);
    case undefined:
      return {
        kind: "pending",
        gatewayMandateId: token.id,
        evidence: { ...setup.evidence, rawStatus: status, unrecognized: status },
      };
  }
}

/** Turns an approved setup token into the lasting one; its own id is the key, so it is made once. */
async function keep(account: PaypalAccount, setupToken: string, about: Ask): Promise<MandateOutcome> {
  const answer = await ask(account, paymentTokenSchema, about, ({ vault }, options) =>
    vault.createPaymentToken(
      {
        body: { paymentSource: { token: { id: setupToken, type: VaultTokenRequestType.SetupToken } } },
        paypalRequestId: `keep-${setupToken}`,
      },
      options,
    ),
  );
  return answer.ok ? active(answer.value, answer.evidence) : unread(answer.failure);
}

/** A setup token that was used up names its customer; the lasting token is the newest of theirs. */
async function kept(account: PaypalAccount, setup: WireSetupToken, about: Ask): Promise<MandateOutcome> {
  const customerId = setup.customer?.id;
  if (customerId === undefined) return keep(account, setup.id, about);
  const answer = await ask(account, paymentTokensSchema, about, ({ vault }, options) =>
    vault.listCustomerPaymentTokens({ customerId }, options),
  );
  if (!answer.ok) return unread(answer.failure);
  const newest = answer.value.payment_tokens[0];
  return newest
    ? active(newest, answer.evidence)
    : over(setup.id, "gateway", "NO_PAYMENT_TOKEN", answer.evidence);
}

async function inVault(account: PaypalAccount, id: string, about: Ask): Promise<MandateOutcome> {
  const answer = await ask(account, paymentTokenSchema, about, ({ vault }, options) =>
    vault.getPaymentToken(id, options),
  );
  if (answer.ok) return active(answer.value, answer.evidence);
  if (!isMissing(answer.failure)) return unread(answer.failure);
  // Neither on its way nor kept: the donor took it back at PayPal, or never gave it and three days are over.
  return over(id, "donor", rawCodeOf(answer.failure), answer.failure.evidence);
}

const active = (token: WirePaymentToken, evidence: Evidence): MandateOutcome => {
  const display = displayOf(token);
  return {
    kind: "active",
    gatewayMandateId: token.id,
    ...(display === undefined ? {} : { display }),
    evidence,
  };
};

const over = (
  gatewayMandateId: string,
  by: "donor" | "church" | "gateway",
  rawCode: string,
  evidence: Evidence,
): MandateOutcome => ({ kind: "ended", gatewayMandateId, by, rawCode, evidence });

/** Enough for its owner: `PayPal a…@example.org`, `Venmo @a…`. */
export function displayOf(token: WirePaymentToken): string | undefined {
  const { paypal, venmo } = token.payment_source ?? {};
  const email = paypal?.email_address;
  if (email !== undefined) return `PayPal ${email.slice(0, 1)}…${email.slice(email.lastIndexOf("@"))}`;
  if (paypal) return "PayPal";
  if (venmo) return venmo.user_name === undefined ? "Venmo" : `Venmo @${venmo.user_name.slice(0, 1)}…`;
  return undefined;
}

async function cancel(
  account: PaypalAccount,
  handle: MandateHandle,
  call: GatewayCall,
): Promise<MandateOutcome> {
  const id = handle.gatewayMandateId;
  if (id === undefined) return over(handle.reference, "church", "NEVER_MADE", {});
  const answer = await ask(account, emptySchema, { call }, ({ vault }, options) =>
    vault.deletePaymentToken(id, options),
  );
  if (answer.ok) return over(id, "church", "DELETED", answer.evidence);
  // Gone already, or a setup token that nobody approved: it lapses by itself and we never use it.
  if (isMissing(answer.failure)) return over(id, "church", "NOT_FOUND", answer.failure.evidence);
  return notGiven(answer.failure);
}

async function charge(
  account: PaypalAccount,
  order: MandateCharge,
  call: GatewayCall,
): Promise<CollectOutcome> {
  const amount = writtenAmount(order.attempt.amount);
  if (!amount.ok) return { kind: "refused", problem: amount.error, evidence: {} };
  const about: Ask = { call, words: donorWords(order.donor), signal: deadline(call) };
  const made = await createOrder(account, (category) => chargeRequest(order, amount.value, category), about);
  return made.ok ? orderAnswer(made, about) : made.failure;
}
