import type { Refusal } from "../../src/gateway/payment.ts";
import type { DeclineVerdict } from "./processor-codes.ts";

/**
 * What an `issue` of PayPal's error body means for us. `declined`: the donor, their instrument or their bank;
 * `refused`: our request or the church's account; `in_doubt`: another request is still at work on it.
 */
export type IssueVerdict =
  | ({ readonly as: "declined" } & DeclineVerdict)
  | { readonly as: "refused"; readonly reason: Refusal["reason"] }
  | { readonly as: "in_doubt" };

type Group = readonly [IssueVerdict, readonly string[]];

/**
 * Every `issue` of the Orders v2 (2.13) and Payments v2 (2.5) specifications, also those of features we do not
 * use, so that nothing documented is ever unknown (facts: methods §8). Issues of no specification stand last.
 */
const declines: readonly Group[] = [
  [
    { as: "declined", reason: "card_expired", retry: "fix_details" },
    ["CARD_EXPIRED", "REFERENCED_CARD_EXPIRED"],
  ],
  [
    { as: "declined", reason: "invalid_card_data", retry: "fix_details" },
    [
      "BILLING_ADDRESS_INVALID",
      "CARD_EXPIRY_REQUIRED",
      "CARD_NUMBER_REQUIRED",
      "INVALID_EXPIRY_DATE",
      "INVALID_GOOGLE_PAY_TOKEN",
      "INVALID_IBAN",
      "INVALID_SECURITY_CODE_LENGTH",
      "PAYMENT_SOURCE_INFO_CANNOT_BE_VERIFIED",
    ],
  ],
  [{ as: "declined", reason: "authentication_required", retry: "authenticate" }, ["PAYER_ACTION_REQUIRED"]],
  [
    { as: "declined", reason: "declined_generic", retry: "new_method" },
    [
      "ALIAS_DECLINED_BY_PROCESSOR",
      "DECLINED_DUE_TO_RELATED_TXN",
      "INSTRUMENT_DECLINED",
      "PAYER_CANNOT_PAY",
      "PAYMENT_SOURCE_CANNOT_BE_USED",
      "PAYMENT_SOURCE_DECLINED_BY_PROCESSOR",
      "REDIRECT_PAYER_FOR_ALTERNATE_FUNDING",
      "TRANSACTION_REFUSED",
    ],
  ],
  [
    { as: "declined", reason: "blocked_fraud", retry: "never" },
    ["COMPLIANCE_VIOLATION", "PAYEE_BLOCKED_TRANSACTION", "TRANSACTION_BLOCKED_BY_PAYEE"],
  ],
  [
    { as: "declined", reason: "limit_exceeded", retry: "later" },
    ["MAX_NUMBER_OF_PAYMENT_ATTEMPTS_EXCEEDED", "TRANSACTION_LIMIT_EXCEEDED"],
  ],
  [
    { as: "declined", reason: "method_not_allowed", retry: "new_method" },
    [
      "BANK_NOT_SUPPORTED_FOR_VERIFICATION",
      "CARD_BRAND_NOT_SUPPORTED",
      "CARD_TYPE_NOT_SUPPORTED",
      "COUNTRY_NOT_SUPPORTED_BY_PAYMENT_SOURCE",
      "CURRENCY_NOT_SUPPORTED_FOR_BANK",
      "CURRENCY_NOT_SUPPORTED_FOR_CARD_TYPE",
      "CURRENCY_NOT_SUPPORTED_FOR_COUNTRY",
      "DOMESTIC_TRANSACTION_REQUIRED",
      "DONATION_ITEMS_NOT_SUPPORTED",
      "IBAN_COUNTRY_NOT_SUPPORTED",
      "ITEM_CATEGORY_NOT_SUPPORTED_BY_PAYMENT_SOURCE",
      "PAYMENT_SOURCE_NOT_SUPPORTED",
    ],
  ],
  [
    { as: "declined", reason: "duplicate", retry: "never" },
    ["DUPLICATE_INVOICE_ID", "ORDER_ALREADY_CAPTURED"],
  ],
  [
    { as: "declined", reason: "mandate_invalid", retry: "new_method" },
    [
      "AGREEMENT_ALREADY_CANCELLED",
      "BILLING_AGREEMENT_ID_MISMATCH",
      "BILLING_AGREEMENT_NOT_FOUND",
      "INVALID_PREVIOUS_TRANSACTION_REFERENCE",
      "MISMATCHED_VAULT_ID_TO_PAYMENT_SOURCE",
      "PREVIOUS_TRANSACTION_REFERENCE_HAS_CHARGEBACK",
      "PREVIOUS_TRANSACTION_REFERENCE_VOIDED",
      "TOKEN_EXPIRED",
      "TOKEN_ID_NOT_FOUND",
    ],
  ],
  [
    { as: "declined", reason: "account_invalid", retry: "new_method" },
    ["INVALID_PAYER_ID", "PAYER_ACCOUNT_LOCKED_OR_CLOSED", "PAYER_ACCOUNT_RESTRICTED"],
  ],
  [{ as: "declined", reason: "expired", retry: "new_method" }, ["ORDER_EXPIRED"]],
];

const accountProblems: readonly string[] = [
  "AUTH_CAPTURE_NOT_ENABLED",
  "CONSENT_NEEDED",
  "INVALID_ACCOUNT_STATUS",
  "INVALID_PLATFORM_FEES_ACCOUNT",
  "NOT_ELIGIBLE_FOR_PAYPAL_TRANSACTION_ID_PROCESSING",
  "NOT_ELIGIBLE_FOR_PNREF_PROCESSING",
  "NOT_ELIGIBLE_FOR_TOKEN_PROCESSING",
  "NOT_ENABLED_FOR_APPLE_PAY",
  "NOT_ENABLED_FOR_BANK_PROCESSING",
  "NOT_ENABLED_FOR_CARD_PROCESSING",
  "NOT_ENABLED_FOR_GOOGLE_PAY",
  "NOT_ENABLED_TO_VAULT_PAYMENT_SOURCE",
  "PAYEE_ACCOUNT_INVALID",
  "PAYEE_ACCOUNT_LOCKED_OR_CLOSED",
  "PAYEE_ACCOUNT_NOT_VERIFIED",
  "PAYEE_ACCOUNT_RESTRICTED",
  "PAYEE_COUNTRY_NOT_SUPPORTED_FOR_PAYMENT_SOURCE",
  "PAYEE_NOT_ENABLED_FOR_BANK_PROCESSING",
  "PAYEE_NOT_ENABLED_FOR_CARD_PROCESSING",
  "PAYEE_PRICING_TIER_ID_NOT_ENABLED",
  "PERMISSION_DENIED",
  "PERMISSION_DENIED_FOR_DONATION_ITEMS",
  "PLATFORM_FEES_NOT_SUPPORTED",
  "PLATFORM_FEE_NOT_ENABLED",
  "REFUND_FAILED_INSUFFICIENT_FUNDS",
  "REFUND_IS_RESTRICTED",
  "SAVE_ORDER_NOT_SUPPORTED",
  "SETUP_ERROR_FOR_BANK",
  "SHIPPING_TYPE_NOT_SUPPORTED_FOR_CLIENT",
  "TRANSACTION_RECEIVING_LIMIT_EXCEEDED",
];

const unsupported: readonly string[] = [
  "DECIMALS_NOT_SUPPORTED",
  "INVALID_CURRENCY_CODE",
  "MAX_NUMBER_OF_REFUNDS_EXCEEDED",
  "MSP_NOT_SUPPORTED",
  "NOT_SUPPORTED",
  "PARTIAL_REFUND_NOT_ALLOWED",
  "PAYMENT_TYPE_NOT_SUPPORTED_FOR_INTENT",
  "PENDING_CAPTURE",
  "REAUTHORIZATION_NOT_SUPPORTED",
  "REFUND_NOT_ALLOWED",
  "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK",
  "REFUND_TIME_LIMIT_EXCEEDED",
  "SHIPPING_OPTIONS_NOT_SUPPORTED",
  "TRANSACTION_DISPUTED",
  "UNSUPPORTED_INTENT",
  "UNSUPPORTED_INTENT_FOR_PAYMENT_SOURCE",
  "UNSUPPORTED_PAYMENT_INSTRUCTION",
  "UNSUPPORTED_PROCESSING_INSTRUCTION",
  "UNSUPPORTED_SHIPPING_TYPE",
];

const inProgress: readonly string[] = [
  "ORDER_COMPLETION_IN_PROGRESS",
  "ORDER_IS_PENDING_APPROVAL",
  "PREVIOUS_REQUEST_IN_PROGRESS",
];

const invalidRequests: readonly string[] = [
  "ACTION_DOES_NOT_MATCH_INTENT",
  "AMOUNT_CANNOT_BE_SPECIFIED",
  "AMOUNT_CHANGE_NOT_ALLOWED",
  "AMOUNT_MISMATCH",
  "AMOUNT_NOT_PATCHABLE",
  "APPLE_PAY_AMOUNT_MISMATCH",
  "AUTHORIZATION_ALREADY_CAPTURED",
  "AUTHORIZATION_AMOUNT_EXCEEDED",
  "AUTHORIZATION_CURRENCY_MISMATCH",
  "AUTHORIZATION_DENIED",
  "AUTHORIZATION_EXPIRED",
  "AUTHORIZATION_VOIDED",
  "AUTH_CAPTURE_CURRENCY_MISMATCH",
  "AUTH_CURRENCY_MISMATCH",
  "BLIK_ONE_CLICK_MISSING_REQUIRED_PARAMETER",
  "CANCEL_URL_REQUIRED",
  "CANNOT_BE_NEGATIVE",
  "CANNOT_BE_VOIDED",
  "CANNOT_BE_ZERO_OR_NEGATIVE",
  "CAPTURE_FULLY_REFUNDED",
  "CAPTURE_ID_NOT_FOUND",
  "CAPTURE_STATUS_NOT_VALID",
  "CITY_REQUIRED",
  "CRYPTOGRAM_REQUIRED",
  "CURRENCY_MISMATCH",
  "DECIMAL_PRECISION",
  "DEVICE_DATA_NOT_AVAILABLE",
  "DUPLICATE_REFERENCE_ID",
  "EMV_DATA_REQUIRED",
  "FIELD_NOT_PATCHABLE",
  "GOOGLE_PAY_GATEWAY_MERCHANT_ID_MISMATCH",
  "IDENTIFIER_NOT_FOUND",
  "INCOMPATIBLE_PARAMETER_VALUE",
  "INVALID_ARRAY_MAX_ITEMS",
  "INVALID_ARRAY_MIN_ITEMS",
  "INVALID_COUNTRY_CODE",
  "INVALID_FX_RATE_ID",
  "INVALID_JSON_POINTER_FORMAT",
  "INVALID_PARAMETER",
  "INVALID_PARAMETER_SYNTAX",
  "INVALID_PARAMETER_VALUE",
  "INVALID_PATCH_OPERATION",
  "INVALID_PAYEE_PRICING_TIER_ID",
  "INVALID_PICKUP_ADDRESS",
  "INVALID_PLATFORM_FEES_AMOUNT",
  "INVALID_RESOURCE_ID",
  "INVALID_STRING_LENGTH",
  "INVALID_STRING_MAX_LENGTH",
  "ITEM_SKU_MISMATCH",
  "ITEM_TOTAL_MISMATCH",
  "ITEM_TOTAL_REQUIRED",
  "MALFORMED_REQUEST_JSON",
  "MAX_AUTHORIZATION_COUNT_EXCEEDED",
  "MAX_CAPTURE_AMOUNT_EXCEEDED",
  "MAX_CAPTURE_COUNT_EXCEEDED",
  "MAX_VALUE_EXCEEDED",
  "MERCHANT_INITIATED_WITH_AUTHENTICATION_RESULTS",
  "MERCHANT_INITIATED_WITH_MULTIPLE_PURCHASE_UNITS",
  "MERCHANT_INITIATED_WITH_SECURITY_CODE",
  "MISSING_CRYPTOGRAM",
  "MISSING_PICKUP_ADDRESS",
  "MISSING_PREVIOUS_REFERENCE",
  "MISSING_REQUIRED_PARAMETER",
  "MULTIPLE_ITEM_CATEGORIES",
  "MULTIPLE_SHIPPING_ADDRESS_NOT_SUPPORTED",
  "MULTIPLE_SHIPPING_OPTION_SELECTED",
  "MULTIPLE_SHIPPING_TYPE_NOT_SUPPORTED",
  "MULTI_CURRENCY_ORDER",
  "NOT_PATCHABLE",
  "NO_PAYMENT_SOURCE_PROVIDED",
  "ONE_OF_PARAMETERS_REQUIRED",
  "ONE_OF_THE_PARAMETERS_REQUIRED",
  "ONLY_ONE_BANK_SOURCE_ALLOWED",
  "ONLY_ONE_PAYMENT_SOURCE_ALLOWED",
  "ORDER_ALREADY_AUTHORIZED",
  "ORDER_ALREADY_COMPLETED",
  "ORDER_CANNOT_BE_CONFIRMED",
  "ORDER_CANNOT_BE_SAVED",
  "ORDER_COMPLETED_OR_VOIDED",
  "ORDER_COMPLETE_ON_PAYMENT_APPROVAL",
  "ORDER_NOT_APPROVED",
  "PATCH_PATH_REQUIRED",
  "PATCH_VALUE_REQUIRED",
  "PAYEE_FX_RATE_ID_CURRENCY_MISMATCH",
  "PAYEE_FX_RATE_ID_EXPIRED",
  "PAYMENT_ALREADY_APPROVED",
  "PAYMENT_SOURCE_MISMATCH",
  "PAYPAL_REQUEST_ID_REQUIRED",
  "PAYPAL_TRANSACTION_ID_EXPIRED",
  "PAYPAL_TRANSACTION_ID_NOT_FOUND",
  "PLATFORM_FEE_EXCEEDED",
  "PLATFORM_FEE_PAYEE_CANNOT_BE_SAME_AS_PAYER",
  "PNREF_EXPIRED",
  "PNREF_NOT_FOUND",
  "POSTAL_CODE_REQUIRED",
  "PREFERRED_PAYMENT_SOURCE_MISMATCH",
  "PREFERRED_SHIPPING_OPTION_AMOUNT_MISMATCH",
  "PREVIOUSLY_CAPTURED",
  "PREVIOUSLY_VOIDED",
  "REFERENCE_ID_NOT_FOUND",
  "REFERENCE_ID_REQUIRED",
  "REFUND_AMOUNT_EXCEEDED",
  "REFUND_AMOUNT_TOO_LOW",
  "REFUND_CAPTURE_CURRENCY_MISMATCH",
  "REQUIRED_PARAMETER_FOR_CUSTOMER_INITIATED_PAYMENT",
  "REQUIRED_PARAMETER_FOR_PAYMENT_SOURCE",
  "RETURN_URL_REQUIRED",
  "SHIPPING_ADDRESS_INVALID",
  "SHIPPING_OPTION_NOT_SELECTED",
  "TAX_TOTAL_MISMATCH",
  "TAX_TOTAL_REQUIRED",
  "TRACKER_ID_NOT_FOUND",
  "UNSUPPORTED_PATCH_PARAMETER_VALUE",
  "VAULT_INSTRUCTION_DUPLICATED",
  "VAULT_INSTRUCTION_REQUIRED",
];

/**
 * Seen in PayPal's error pages and in the field, in none of the two specifications. A request id that was used
 * with another body says that PayPal knows the id: a payment may exist under it, so it settles nothing.
 */
const unspecified: readonly Group[] = [
  [{ as: "in_doubt" }, ["DUPLICATE_REQUEST_ID"]],
  [{ as: "declined", reason: "blocked_fraud", retry: "never" }, ["DECLINED_BY_RISK_FRAUD_FILTERS"]],
];

const verdicts: ReadonlyMap<string, IssueVerdict> = new Map(
  [
    ...declines,
    [{ as: "refused", reason: "account_problem" }, accountProblems] as const,
    [{ as: "refused", reason: "unsupported" }, unsupported] as const,
    [{ as: "in_doubt" }, inProgress] as const,
    [{ as: "refused", reason: "invalid_request" }, invalidRequests] as const,
    ...unspecified,
  ].flatMap(([verdict, issues]) => issues.map((issue) => [issue, verdict] as const)),
);

/** The verdict for an issue, `undefined` for one nobody has documented. */
export const issueVerdict = (issue: string): IssueVerdict | undefined => verdicts.get(issue);

/** Every issue of the tables, for tests and for the simulator's mock answers. */
export const knownIssues: readonly string[] = [...verdicts.keys()];

/** The issues by which a church's account may not use the item category DONATION; the order is then sent plain. */
export const donationRefused: ReadonlySet<string> = new Set([
  "DONATION_ITEMS_NOT_SUPPORTED",
  "PERMISSION_DENIED_FOR_DONATION_ITEMS",
  "ITEM_CATEGORY_NOT_SUPPORTED_BY_PAYMENT_SOURCE",
]);
