/*
 * Stripe's published test values as tables (facts: methods §3.7; Stripe's testing pages). Nothing here is a real
 * card or account. A card number that is not in the table is refused as Stripe's test mode refuses real cards.
 */

export type CardDecline = {
  readonly code: string;
  readonly declineCode?: string;
  readonly message: string;
};

export type TestCard = {
  readonly brand: "visa" | "mastercard" | "amex" | "discover" | "diners" | "jcb" | "unionpay";
  readonly country: string;
  readonly funding: "credit" | "debit" | "prepaid";
  /** Declines when charged. */
  readonly decline?: CardDecline;
  /** Refused already when the payment method is made. */
  readonly refusedAtOnce?: true;
  /** `always`; `unless_set_up`: on every payment of a card not saved off-session; `if_asked`. */
  readonly challenge?: "always" | "unless_set_up" | "if_asked";
  readonly dispute?: "fraudulent" | "product_not_received" | "inquiry";
  readonly refund?: "pending_then_succeeds" | "succeeds_then_fails";
  readonly cvcCheck?: "fail";
  /** The money is available at once instead of in some days. */
  readonly availableAtOnce?: true;
  readonly riskLevel?: "elevated" | "highest";
};

const declined = (declineCode: string, message = "Your card was declined."): CardDecline => ({
  code: "card_declined",
  declineCode,
  message,
});
const noFunds = declined("insufficient_funds", "Your card has insufficient funds.");
const generic = declined("generic_decline");

const visa = (more: Partial<TestCard> = {}): TestCard => ({
  brand: "visa",
  country: "US",
  funding: "credit",
  ...more,
});
const issuedIn = (country: string): TestCard => visa({ country });

export const testCards: Readonly<Record<string, TestCard>> = {
  "4242424242424242": visa(),
  "4000056655665556": visa({ funding: "debit" }),
  "5555555555554444": visa({ brand: "mastercard" }),
  "2223003122003222": visa({ brand: "mastercard" }),
  "5200828282828210": visa({ brand: "mastercard", funding: "debit" }),
  "5105105105105100": visa({ brand: "mastercard", funding: "prepaid" }),
  "378282246310005": visa({ brand: "amex" }),
  "371449635398431": visa({ brand: "amex" }),
  "6011111111111117": visa({ brand: "discover" }),
  "3056930009020004": visa({ brand: "diners" }),
  "3566002020360505": visa({ brand: "jcb" }),
  "6200000000000005": visa({ brand: "unionpay" }),
  "4000004840008001": issuedIn("MX"),
  "4000001700000003": issuedIn("CO"),
  "4000000760000002": issuedIn("BR"),
  "4000000320000021": issuedIn("AR"),
  "4000001520000001": issuedIn("CL"),
  "4000006040000068": issuedIn("PE"),
  "4000001880000005": issuedIn("CR"),
  "4000002180000000": issuedIn("EC"),
  "4000005910000000": issuedIn("PA"),
  "4000006000000066": issuedIn("PY"),
  "4000008580000003": issuedIn("UY"),
  "4000001240000000": issuedIn("CA"),
  "4000007240000007": issuedIn("ES"),
  "4000006200000007": issuedIn("PT"),
  "4000002760000016": issuedIn("DE"),
  "4000008260000000": issuedIn("GB"),
  "4000000000000002": visa({ decline: generic }),
  "4000000000009995": visa({ decline: noFunds }),
  "4000000000009987": visa({ decline: declined("lost_card") }),
  "4000000000009979": visa({ decline: declined("stolen_card") }),
  "4000000000000069": visa({ decline: { code: "expired_card", message: "Your card has expired." } }),
  "4000000000000127": visa({
    decline: { code: "incorrect_cvc", message: "Your card's security code is incorrect." },
    cvcCheck: "fail",
  }),
  "4000000000000119": visa({
    decline: {
      code: "processing_error",
      message: "An error occurred while processing your card. Try again in a little bit.",
    },
  }),
  "4242424242424241": visa({
    decline: { code: "incorrect_number", message: "Your card number is incorrect." },
    refusedAtOnce: true,
  }),
  "4000000000006975": visa({
    decline: declined(
      "card_velocity_exceeded",
      "Your card was declined for making repeated attempts too frequently or exceeding its amount limit.",
    ),
  }),
  "4000000000000341": visa({ decline: generic }),
  "4100000000000019": visa({ decline: declined("fraudulent"), riskLevel: "highest" }),
  "4000000000004954": visa({ decline: declined("fraudulent"), riskLevel: "highest" }),
  "4000000000009235": visa({ riskLevel: "elevated" }),
  "4000000000000101": visa({ cvcCheck: "fail" }),
  "4000000000000077": visa({ availableAtOnce: true }),
  "4000002500003155": visa({ challenge: "unless_set_up" }),
  "4000002760003184": visa({ challenge: "always" }),
  "4000000000003220": visa({ challenge: "always" }),
  "4000000000003063": visa({ challenge: "always" }),
  "4000008260003178": visa({ challenge: "always", decline: noFunds }),
  "4000008400001629": visa({ challenge: "always", decline: generic }),
  "4000000000003055": visa({ challenge: "if_asked" }),
  "4000000000000259": visa({ dispute: "fraudulent" }),
  "4000000000002685": visa({ dispute: "product_not_received" }),
  "4000000000001976": visa({ dispute: "inquiry" }),
  "4000000000007726": visa({ refund: "pending_then_succeeds" }),
  "4000000000005126": visa({ refund: "succeeds_then_fails" }),
};

/** Stripe's ready-made payment methods: a fresh one is made of each at every use. */
export const cardTokens: Readonly<Record<string, string>> = {
  pm_card_visa: "4242424242424242",
  pm_card_visa_debit: "4000056655665556",
  pm_card_mastercard: "5555555555554444",
  pm_card_mastercard_debit: "5200828282828210",
  pm_card_mastercard_prepaid: "5105105105105100",
  pm_card_amex: "378282246310005",
  pm_card_discover: "6011111111111117",
  pm_card_diners: "3056930009020004",
  pm_card_jcb: "3566002020360505",
  pm_card_unionpay: "6200000000000005",
  pm_card_us: "4242424242424242",
  pm_card_mx: "4000004840008001",
  pm_card_br: "4000000760000002",
  pm_card_ca: "4000001240000000",
  pm_card_gb: "4000008260000000",
  pm_card_es: "4000007240000007",
  pm_card_pt: "4000006200000007",
  pm_card_de: "4000002760000016",
  pm_card_co: "4000001700000003",
  pm_card_cl: "4000001520000001",
  pm_card_pe: "4000006040000068",
  pm_card_cr: "4000001880000005",
  pm_card_ar: "4000000320000021",
  pm_card_ec: "4000002180000000",
  pm_card_pa: "4000005910000000",
  pm_card_py: "4000006000000066",
  pm_card_uy: "4000008580000003",
  pm_card_chargeDeclined: "4000000000000002",
  pm_card_visa_chargeDeclined: "4000000000000002",
  pm_card_chargeDeclinedInsufficientFunds: "4000000000009995",
  pm_card_visa_chargeDeclinedInsufficientFunds: "4000000000009995",
  pm_card_chargeDeclinedLostCard: "4000000000009987",
  pm_card_visa_chargeDeclinedLostCard: "4000000000009987",
  pm_card_chargeDeclinedStolenCard: "4000000000009979",
  pm_card_visa_chargeDeclinedStolenCard: "4000000000009979",
  pm_card_chargeDeclinedExpiredCard: "4000000000000069",
  pm_card_chargeDeclinedIncorrectCvc: "4000000000000127",
  pm_card_chargeDeclinedProcessingError: "4000000000000119",
  pm_card_visa_chargeDeclinedVelocityLimitExceeded: "4000000000006975",
  pm_card_chargeDeclinedFraudulent: "4100000000000019",
  pm_card_radarBlock: "4100000000000019",
  pm_card_riskLevelElevated: "4000000000009235",
  pm_card_chargeCustomerFail: "4000000000000341",
  pm_card_cvcCheckFail: "4000000000000101",
  pm_card_bypassPending: "4000000000000077",
  pm_card_authenticationRequiredOnSetup: "4000002500003155",
  pm_card_authenticationRequired: "4000002760003184",
  pm_card_authenticationRequiredChargeDeclinedInsufficientFunds: "4000008260003178",
  pm_card_threeDSecure2Required: "4000000000003220",
  pm_card_threeDSecureRequired: "4000000000003063",
  pm_card_threeDSecureRequiredChargeDeclined: "4000008400001629",
  pm_card_threeDSecureOptional: "4000000000003055",
  pm_card_createDispute: "4000000000000259",
  pm_card_createDisputeProductNotReceived: "4000000000002685",
  pm_card_createDisputeInquiry: "4000000000001976",
  pm_card_pendingRefund: "4000000000007726",
  pm_card_refundFail: "4000000000005126",
};

type VoucherHabit = "pays_at_once" | "expires_at_once" | "expires_later" | "never_pays" | "ordinary";

/** What the e-mail address of a voucher makes happen (any prefix before the word). */
export function voucherHabit(email: string): VoucherHabit {
  const local = email.slice(0, email.indexOf("@"));
  if (local.endsWith("succeed_immediately")) return "pays_at_once";
  if (local.endsWith("expire_immediately")) return "expires_at_once";
  if (local.endsWith("expire_with_delay")) return "expires_later";
  if (local.endsWith("fill_never")) return "never_pays";
  return "ordinary";
}

/** Text in `evidence[uncategorized_text]` that decides a dispute in test mode. */
export const evidenceVerdicts: Readonly<Record<string, "won" | "lost">> = {
  winning_evidence: "won",
  losing_evidence: "lost",
};
