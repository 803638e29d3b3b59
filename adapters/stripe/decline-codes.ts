import type { DeclineReason, RetryAdvice } from "../../src/gateway/payment.ts";

export type DeclineVerdict = { readonly reason: DeclineReason; readonly retry: RetryAdvice };

const on = (reason: DeclineReason, retry: RetryAdvice): DeclineVerdict => ({ reason, retry });

/**
 * Every decline code of docs.stripe.com/declines/codes (card table and local payment method table, with the
 * outcome reasons the second one names), and the ACH failures of the testing and network code pages. Codes that must be shown to the donor as a plain decline (lost, stolen,
 * fraudulent, blocked list) are `blocked_fraud`, which the pages show as generic (facts: methods §8).
 */
const declineCodes = {
  // cards
  approve_with_id: on("call_issuer", "later"),
  authentication_not_handled: on("authentication_required", "authenticate"),
  authentication_required: on("authentication_required", "authenticate"),
  call_issuer: on("call_issuer", "new_method"),
  card_not_supported: on("method_not_allowed", "new_method"),
  card_velocity_exceeded: on("limit_exceeded", "later"),
  currency_not_supported: on("method_not_allowed", "new_method"),
  do_not_honor: on("call_issuer", "new_method"),
  do_not_try_again: on("call_issuer", "never"),
  duplicate_transaction: on("duplicate", "never"),
  expired_card: on("card_expired", "fix_details"),
  fraudulent: on("blocked_fraud", "never"),
  generic_decline: on("declined_generic", "new_method"),
  incorrect_address: on("invalid_card_data", "fix_details"),
  incorrect_cvc: on("invalid_card_data", "fix_details"),
  incorrect_number: on("invalid_card_data", "fix_details"),
  incorrect_pin: on("invalid_card_data", "fix_details"),
  incorrect_zip: on("invalid_card_data", "fix_details"),
  insufficient_funds: on("insufficient_funds", "new_method"),
  invalid_account: on("account_invalid", "new_method"),
  invalid_amount: on("limit_exceeded", "new_method"),
  invalid_cvc: on("invalid_card_data", "fix_details"),
  invalid_expiry_month: on("invalid_card_data", "fix_details"),
  invalid_expiry_year: on("invalid_card_data", "fix_details"),
  invalid_number: on("invalid_card_data", "fix_details"),
  invalid_pin: on("invalid_card_data", "fix_details"),
  issuer_not_available: on("provider_unavailable", "later"),
  lost_card: on("blocked_fraud", "never"),
  merchant_blacklist: on("blocked_fraud", "never"),
  mobile_device_authentication_required: on("authentication_required", "authenticate"),
  new_account_information_available: on("account_invalid", "fix_details"),
  no_action_taken: on("call_issuer", "new_method"),
  not_permitted: on("call_issuer", "new_method"),
  offline_pin_required: on("authentication_required", "authenticate"),
  online_or_offline_pin_required: on("authentication_required", "authenticate"),
  pickup_card: on("blocked_fraud", "never"),
  pin_try_exceeded: on("limit_exceeded", "new_method"),
  processing_error: on("provider_unavailable", "later"),
  reenter_transaction: on("provider_unavailable", "later"),
  restricted_card: on("blocked_fraud", "never"),
  revocation_of_all_authorizations: on("mandate_invalid", "never"),
  revocation_of_authorization: on("mandate_invalid", "never"),
  security_violation: on("call_issuer", "new_method"),
  service_not_allowed: on("call_issuer", "new_method"),
  stolen_card: on("blocked_fraud", "never"),
  stop_payment_order: on("mandate_invalid", "never"),
  testmode_decline: on("method_not_allowed", "new_method"),
  transaction_not_allowed: on("declined_generic", "new_method"),
  try_again_later: on("provider_unavailable", "later"),
  withdrawal_count_limit_exceeded: on("limit_exceeded", "later"),
  // local payment methods
  card_already_activated: on("declined_generic", "new_method"),
  compliance_violation: on("blocked_fraud", "never"),
  expired_payment_information: on("card_expired", "fix_details"),
  invalid_authorization: on("mandate_invalid", "new_method"),
  invalid_billing_agreement: on("mandate_invalid", "new_method"),
  invalid_business_account: on("provider_unavailable", "new_method"),
  invalid_customer_account: on("account_invalid", "fix_details"),
  invalid_payment_information: on("account_invalid", "fix_details"),
  invalid_track_data: on("invalid_card_data", "fix_details"),
  lost_or_stolen_card: on("blocked_fraud", "never"),
  partner_action_not_supported: on("method_not_allowed", "new_method"),
  partner_duplicate_transaction: on("duplicate", "never"),
  partner_expired_card: on("card_expired", "fix_details"),
  partner_generic_decline: on("declined_generic", "new_method"),
  partner_high_risk_customer: on("blocked_fraud", "never"),
  partner_insufficient_funds: on("insufficient_funds", "new_method"),
  partner_invalid_amount: on("limit_exceeded", "new_method"),
  partner_invalid_currency: on("method_not_allowed", "new_method"),
  partner_payment_not_found: on("provider_unavailable", "later"),
  partner_processing_error: on("provider_unavailable", "later"),
  payment_disputed: on("declined_generic", "new_method"),
  payment_limit_exceeded: on("limit_exceeded", "new_method"),
  recurring_not_supported_by_bank: on("mandate_invalid", "new_method"),
  // bank debits: failure codes of ACH, SEPA, Bacs and Canadian returns that the list of error codes does not carry
  account_frozen: on("account_invalid", "new_method"),
  bank_ownership_changed: on("account_invalid", "fix_details"),
  generic_could_not_process: on("provider_unavailable", "later"),
  invalid_account_number: on("account_invalid", "fix_details"),
  could_not_process: on("provider_unavailable", "later"),
  invalid_currency: on("method_not_allowed", "new_method"),
  recipient_deceased: on("account_invalid", "never"),
} as const satisfies Record<string, DeclineVerdict>;

const byCode: ReadonlyMap<string, DeclineVerdict> = new Map(Object.entries(declineCodes));

/** The verdict on a decline code, or `undefined` when this version of the adapter does not know it. */
export const declineVerdict = (code: string): DeclineVerdict | undefined => byCode.get(code);

/** For the conformance suite: every code the table holds. */
export const knownDeclineCodes: readonly string[] = [...byCode.keys()];
