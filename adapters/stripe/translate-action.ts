import type { DonorAction } from "../../src/gateway/payment.ts";
import { days } from "../../src/kernel/clock.ts";
import { fromStripeAmount } from "./amounts.ts";
import {
  metadataKeys,
  type WireFinancialAddress,
  type WireNextAction,
  type WirePaymentIntent,
  type WireSession,
} from "./wire.ts";

/** What an intent to pay or to save tells of its way on. */
type Continuable = Pick<WirePaymentIntent, "client_secret" | "metadata" | "next_action">;

/** What the donor is to do next, or why we cannot say. */
export type NextStep =
  | { readonly kind: "action"; readonly action: DonorAction }
  /** The action is of a kind we know, but what must be shown is missing. */
  | { readonly kind: "unreadable" }
  /** A kind of action this adapter has never heard of. */
  | { readonly kind: "unknown"; readonly type: string };

const act = (action: DonorAction): NextStep => ({ kind: "action", action });
const unreadable: NextStep = { kind: "unreadable" };

/** Stripe's form on our own page, continued with the client secret; `undefined` when Stripe withheld it. */
export function sdkAction(intent: Continuable, publishableKey: string): DonorAction | undefined {
  return intent.client_secret
    ? { type: "use_sdk", clientToken: intent.client_secret, publishableKey }
    : undefined;
}

/** Stripe's page, while it takes payments. */
export function sessionAction(session: WireSession): DonorAction | undefined {
  return session.status === "open" && session.url
    ? { type: "redirect", url: session.url, expiresAt: new Date(session.expires_at * 1000) }
    : undefined;
}

/** Microdeposits arrive in 1–2 business days and can be confirmed for ten days (Stripe docs "ACH Direct Debit"). */
const microdepositWindow = days(10);

/** Reads `next_action` (facts: methods §3.2; OXXO says `expires_after` where others say `expires_at`). */
export function nextStep(intent: Continuable, publishableKey: string): NextStep {
  const next = intent.next_action;
  const byForm = sdkAction(intent, publishableKey);
  if (!next) return byForm ? act(byForm) : unreadable;
  switch (next.type) {
    case "use_stripe_sdk":
      return byForm ? act(byForm) : unreadable;
    case "redirect_to_url":
      return redirected(intent, next, byForm);
    case "oxxo_display_details":
      return oxxo(next);
    case "boleto_display_details":
      return boleto(next);
    case "multibanco_display_details":
      return multibanco(next);
    case "display_bank_transfer_instructions":
      return bankTransfer(next);
    case "verify_with_microdeposits":
      return microdeposits(next);
    default:
      // Not a money state: the intent stays `processing` with an alert until a person looks.
      return { kind: "unknown", type: next.type };
  }
}

function redirected(intent: Continuable, next: WireNextAction, byForm: DonorAction | undefined): NextStep {
  // The form on our page opens the bank's challenge by itself.
  if (intent.metadata[metadataKeys.presentation] === "embedded" && byForm) return act(byForm);
  const url = next.redirect_to_url?.url;
  return url ? act({ type: "redirect", url }) : unreadable;
}

function oxxo(next: WireNextAction): NextStep {
  const details = next.oxxo_display_details;
  if (!details?.number || details.expires_after === null) return unreadable;
  return act({
    type: "display_voucher",
    reference: details.number,
    barcode: { format: "code128", text: details.number },
    expiresAt: new Date(details.expires_after * 1000),
    ...(details.hosted_voucher_url ? { url: details.hosted_voucher_url } : {}),
  });
}

function boleto(next: WireNextAction): NextStep {
  const details = next.boleto_display_details;
  if (!details?.number || details.expires_at === null) return unreadable;
  const line = details.number.replace(/\D/g, "");
  const code = boletoBarcode(line);
  const url = details.pdf ?? details.hosted_voucher_url;
  return act({
    type: "display_voucher",
    reference: code ? boletoGroups(line) : details.number,
    ...(code ? { barcode: { format: "itf", text: code } } : {}),
    expiresAt: new Date(details.expires_at * 1000),
    ...(url ? { url } : {}),
  });
}

/**
 * The 44 digits of the bars out of the 47 that are typed: the three check digits of the fields fall away, the
 * general one and the amount go to the front (facts: methods §6.3). `undefined` for anything else than 47 digits.
 */
export function boletoBarcode(line: string): string | undefined {
  if (!/^\d{47}$/.test(line)) return undefined;
  const free = line.slice(4, 9) + line.slice(10, 20) + line.slice(21, 31);
  return line.slice(0, 4) + line.slice(32, 33) + line.slice(33) + free;
}

const boletoGroups = (line: string): string =>
  line.replace(/^(.{5})(.{5})(.{5})(.{6})(.{5})(.{6})(.)(.{14})$/, "$1.$2 $3.$4 $5.$6 $7 $8");

function multibanco(next: WireNextAction): NextStep {
  const details = next.multibanco_display_details;
  if (!details?.entity || !details.reference || details.expires_at === null) return unreadable;
  const digits = details.reference.replace(/\D/g, "");
  return act({
    type: "display_voucher",
    reference: digits.replace(/(\d{3})(?=\d)/g, "$1 "),
    payee: details.entity,
    expiresAt: new Date(details.expires_at * 1000),
    ...(details.hosted_voucher_url ? { url: details.hosted_voucher_url } : {}),
  });
}

type Lent = Pick<
  Extract<DonorAction, { type: "display_bank_transfer" }>,
  "account" | "route" | "bank" | "beneficiary"
>;

/** The first address of a kind we can show: a CLABE, a virtual account in the United States, an IBAN, a sort code. */
function lentAccount(addresses: readonly WireFinancialAddress[]): Lent | undefined {
  for (const { spei, aba, iban, sort_code: british } of addresses) {
    if (spei) {
      return {
        account: { kind: "clabe", number: spei.clabe },
        bank: spei.bank_name,
        beneficiary: spei.account_holder_name ?? "",
      };
    }
    if (aba) {
      return {
        account: { kind: "account", number: aba.account_number },
        route: { kind: "aba", number: aba.routing_number },
        bank: aba.bank_name ?? "",
        beneficiary: aba.account_holder_name ?? "",
      };
    }
    if (iban) {
      return {
        account: { kind: "iban", number: iban.iban },
        route: { kind: "bic", number: iban.bic },
        // Stripe names no bank beside an IBAN; its BIC is what identifies it.
        bank: iban.bic,
        beneficiary: iban.account_holder_name ?? "",
      };
    }
    if (british) {
      return {
        account: { kind: "account", number: british.account_number },
        route: { kind: "sort_code", number: british.sort_code },
        bank: "",
        beneficiary: british.account_holder_name ?? "",
      };
    }
  }
  return undefined;
}

function bankTransfer(next: WireNextAction): NextStep {
  const details = next.display_bank_transfer_instructions;
  const lent = lentAccount(details?.financial_addresses ?? []);
  const remaining =
    details && details.amount_remaining !== null && details.currency
      ? fromStripeAmount(details.amount_remaining, details.currency)
      : undefined;
  if (!lent || !remaining) return unreadable;
  return act({
    type: "display_bank_transfer",
    ...lent,
    amountRemaining: remaining,
    ...(details?.reference ? { reference: details.reference } : {}),
    ...(details?.hosted_instructions_url ? { url: details.hosted_instructions_url } : {}),
  });
}

function microdeposits(next: WireNextAction): NextStep {
  const details = next.verify_with_microdeposits;
  if (!details) return unreadable;
  const expiresAt = new Date(details.arrival_date * 1000 + microdepositWindow);
  return act({ type: "redirect", url: details.hosted_verification_url, expiresAt });
}
