/** BTCPay's answers as its OpenAPI document describes them, with nothing that is not in question. */

const instant = 1_795_176_000;

export type Told = {
  readonly status?: string;
  readonly additionalStatus?: string;
  readonly [field: string]: unknown;
};

const address = `bcrt1q${"ac".repeat(19)}`;

/** Which payments came; told in the invoice's id, so that a handmade server can answer the second question. */
export const coins = {
  none: { due: "0.00033334", payments: [] },
  exact: { due: "0", payments: [payment("Settled", "0.00033334")] },
  unconfirmed: { due: "0", payments: [payment("Processing", "0.00033334")] },
  part: { due: "0.00013334", payments: [payment("Settled", "0.0002")] },
  over: { due: "-0.0001", payments: [payment("Settled", "0.00043334")] },
  replaced: { due: "0.00033334", payments: [payment("Invalid", "0.00033334")] },
} as const;
export type Coins = keyof typeof coins;

function payment(status: string, value: string) {
  const id = `${"ab".repeat(32)}-0`;
  return { id, receivedDate: instant - 60, value, fee: "0", status, destination: address };
}

export const invoice = (came: Coins = "none", fields: Told = {}) => ({
  id: `inv-${came}`,
  storeId: "store1234",
  amount: "500.00",
  currency: "MXN",
  type: "Standard",
  checkoutLink: `https://btcpay.example.org/i/inv-${came}`,
  createdTime: instant,
  expirationTime: instant + 900,
  monitoringExpiration: instant + 900 + 604_800,
  status: "New",
  additionalStatus: "None",
  availableStatusesForManualMarking: ["Settled", "Invalid"],
  archived: false,
  metadata: { presentation: "instructions" },
  ...fields,
});

export const prompts = (came: Coins, fields: Readonly<Record<string, unknown>> = {}) => [
  {
    paymentMethodId: "BTC-CHAIN",
    currency: "BTC",
    destination: address,
    paymentLink: `bitcoin:${address}?amount=0.00033334`,
    rate: "1500000",
    paymentMethodPaid: "0",
    totalPaid: "0",
    amount: "0.00033334",
    paymentMethodFee: "0",
    activated: true,
    additionalData: {},
    ...coins[came],
    ...fields,
  },
];

export const isCoins = (text: string): text is Coins => Object.hasOwn(coins, text);

export const event = (fields: Readonly<Record<string, unknown>> = {}) => ({
  deliveryId: "dlv-1",
  webhookId: "wh-1",
  originalDeliveryId: "dlv-1",
  isRedelivery: false,
  type: "InvoiceSettled",
  timestamp: instant,
  storeId: "store1234",
  invoiceId: "inv-exact",
  manuallyMarked: false,
  overPaid: false,
  ...fields,
});
