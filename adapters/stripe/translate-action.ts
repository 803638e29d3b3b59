import type { DonorAction } from "../../src/gateway/adapter.ts";
import { days } from "../../src/kernel/clock.ts";
import { fromStripeAmount } from "./amounts.ts";
import { metadataKeys, type WireNextAction, type WirePaymentIntent, type WireSession } from "./wire.ts";

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
export function sdkAction(intent: WirePaymentIntent, publishableKey: string): DonorAction | undefined {
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
export function nextStep(intent: WirePaymentIntent, publishableKey: string): NextStep {
  const next = intent.next_action;
  const byForm = sdkAction(intent, publishableKey);
  if (!next) return byForm ? act(byForm) : unreadable;
  switch (next.type) {
    case "use_stripe_sdk":
      return byForm ? act(byForm) : unreadable;
    case "redirect_to_url":
      return redirected(intent, next, byForm);
    case "oxxo_display_details":
      return voucher(next);
    case "display_bank_transfer_instructions":
      return bankTransfer(next);
    case "verify_with_microdeposits":
      return microdeposits(next);
    default:
      // Not a money state: the intent stays `processing` with an alert until a person looks.
      return { kind: "unknown", type: next.type };
  }
}

function redirected(
  intent: WirePaymentIntent,
  next: WireNextAction,
  byForm: DonorAction | undefined,
): NextStep {
  // The form on our page opens the bank's challenge by itself.
  if (intent.metadata[metadataKeys.presentation] === "embedded" && byForm) return act(byForm);
  const url = next.redirect_to_url?.url;
  return url ? act({ type: "redirect", url }) : unreadable;
}

function voucher(next: WireNextAction): NextStep {
  const details = next.oxxo_display_details;
  if (!details?.number || details.expires_after === null) return unreadable;
  return act({
    type: "display_voucher",
    reference: details.number,
    barcode: details.number,
    expiresAt: new Date(details.expires_after * 1000),
    ...(details.hosted_voucher_url ? { url: details.hosted_voucher_url } : {}),
  });
}

function bankTransfer(next: WireNextAction): NextStep {
  const details = next.display_bank_transfer_instructions;
  const spei = details?.financial_addresses.find((address) => address.spei)?.spei;
  const remaining =
    details && details.amount_remaining !== null && details.currency
      ? fromStripeAmount(details.amount_remaining, details.currency)
      : undefined;
  if (!spei || !remaining) return unreadable;
  return act({
    type: "display_bank_transfer",
    account: { kind: "clabe", number: spei.clabe },
    bank: spei.bank_name,
    beneficiary: spei.account_holder_name ?? "",
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
