/** Bodies as Stripe writes them (API 2026-10-28), made by hand for the adapter's tests: only what it reads. */
type Fields = object;

export const created = 1_790_000_000;

export const balanceTransaction = (fields: Fields = {}) => ({
  id: "txn_1",
  object: "balance_transaction",
  amount: 50_000,
  fee: 2_436,
  net: 47_564,
  currency: "mxn",
  fee_details: [
    { amount: 2_100, currency: "mxn", type: "stripe_fee" },
    { amount: 336, currency: "mxn", type: "tax" },
  ],
  type: "charge",
  reporting_category: "charge",
  source: "ch_1",
  created: created + 60,
  available_on: created + 172_800,
  ...fields,
});

export const charge = (fields: Fields = {}) => ({
  id: "ch_1",
  object: "charge",
  status: "succeeded",
  created,
  balance_transaction: balanceTransaction(),
  payment_intent: "pi_1",
  metadata: {},
  payment_method_details: { type: "card", card: { brand: "visa" } },
  ...fields,
});

export const intent = (fields: Fields = {}) => ({
  id: "pi_1",
  object: "payment_intent",
  status: "requires_payment_method",
  amount: 50_000,
  amount_received: 0,
  currency: "mxn",
  client_secret: "pi_1_secret_abc",
  created,
  canceled_at: null,
  cancellation_reason: null,
  customer: null,
  latest_charge: null,
  last_payment_error: null,
  next_action: null,
  payment_method_types: ["card"],
  metadata: {},
  ...fields,
});

export const succeeded = (fields: Fields = {}) =>
  intent({ status: "succeeded", amount_received: 50_000, latest_charge: charge(), ...fields });

export const session = (fields: Fields = {}) => ({
  id: "cs_test_1",
  object: "checkout.session",
  status: "open",
  payment_status: "unpaid",
  url: "https://checkout.stripe.com/c/pay/cs_test_1",
  created,
  expires_at: created + 86_400,
  amount_total: 50_000,
  currency: "mxn",
  payment_intent: null,
  payment_method_types: ["card"],
  client_reference_id: null,
  metadata: {},
  ...fields,
});

export const paymentMethod = (fields: Fields = {}) => ({
  id: "pm_1",
  object: "payment_method",
  type: "card",
  customer: "cus_1",
  card: { brand: "visa", last4: "4242" },
  ...fields,
});

export const setupIntent = (fields: Fields = {}) => ({
  id: "seti_1",
  object: "setup_intent",
  status: "succeeded",
  client_secret: "seti_1_secret_abc",
  customer: "cus_1",
  payment_method: paymentMethod(),
  mandate: null,
  last_setup_error: null,
  next_action: null,
  cancellation_reason: null,
  metadata: { recurring_reference: "rcg_1", presentation: "token" },
  ...fields,
});

export const setupSession = (fields: Fields = {}) => ({
  id: "cs_test_setup",
  object: "checkout.session",
  status: "open",
  url: "https://checkout.stripe.com/c/pay/cs_test_setup",
  expires_at: created + 86_400,
  setup_intent: null,
  metadata: {},
  ...fields,
});

export const mandate = (fields: Fields = {}) => ({
  id: "mandate_1",
  object: "mandate",
  status: "active",
  payment_method: "pm_1",
  ...fields,
});

export const refund = (fields: Fields = {}) => ({
  id: "re_1",
  object: "refund",
  status: "succeeded",
  amount: 10_000,
  currency: "mxn",
  payment_intent: "pi_1",
  metadata: {},
  ...fields,
});

export const dispute = (fields: Fields = {}) => ({
  id: "dp_1",
  object: "dispute",
  status: "needs_response",
  amount: 50_000,
  currency: "mxn",
  reason: "fraudulent",
  payment_intent: "pi_1",
  balance_transactions: [],
  evidence_details: { due_by: created + 604_800 },
  ...fields,
});

export const cashTransaction = (fields: Fields = {}) => ({
  id: "ccsbtxn_1",
  object: "customer_cash_balance_transaction",
  type: "funded",
  net_amount: 30_000,
  ending_balance: 30_000,
  currency: "mxn",
  customer: "cus_1",
  created,
  ...fields,
});

export const cardError = (declineCode?: string, fields: Fields = {}) => ({
  error: {
    type: "card_error",
    code: "card_declined",
    ...(declineCode ? { decline_code: declineCode } : {}),
    message: "Your card was declined.",
    payment_intent: intent({ last_payment_error: { type: "card_error", code: "card_declined" } }),
    ...fields,
  },
});

export const requestError = (code: string | undefined, fields: Fields = {}) => ({
  error: { type: "invalid_request_error", ...(code ? { code } : {}), message: "Refused.", ...fields },
});

export const voucher = {
  type: "oxxo_display_details",
  oxxo_display_details: {
    number: "12345678901234567890123456789012",
    expires_after: created + 259_200,
    hosted_voucher_url: "https://payments.stripe.com/oxxo/voucher/x",
  },
};

export const clabe = (remaining = 50_000) => ({
  type: "display_bank_transfer_instructions",
  display_bank_transfer_instructions: {
    amount_remaining: remaining,
    currency: "mxn",
    type: "mx_bank_transfer",
    reference: "XYZ123",
    hosted_instructions_url: "https://payments.stripe.com/bank_transfers/x",
    financial_addresses: [
      {
        type: "spei",
        supported_networks: ["spei"],
        spei: {
          clabe: "646180157000000004",
          bank_name: "STP",
          bank_code: "646",
          account_holder_name: "Stripe MX",
        },
      },
    ],
  },
});

export const microdeposits = {
  type: "verify_with_microdeposits",
  verify_with_microdeposits: {
    arrival_date: created + 86_400,
    hosted_verification_url: "https://payments.stripe.com/microdeposit/x",
    microdeposit_type: "amounts",
  },
};

export const event = (type: string, object: object, fields: Fields = {}) => ({
  id: `evt_${type.replaceAll(".", "_")}`,
  object: "event",
  api_version: "2026-10-28.endive",
  created: created + 100,
  livemode: false,
  type,
  data: { object },
  ...fields,
});

export const list = (data: readonly object[], has_more = false) => ({
  object: "list",
  url: "/v1/x",
  has_more,
  data,
});
export const found = (data: readonly object[]) => ({
  object: "search_result",
  url: "/v1/x",
  has_more: false,
  data,
});
