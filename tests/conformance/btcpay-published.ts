import { Ajv, type ValidateFunction } from "ajv";

/**
 * What the Greenfield API's OpenAPI document says of the bodies we send and read, written down here as JSON Schema:
 * names, types, closed lists, and which objects take nothing else. The document itself is not at hand as a file.
 */
const text = { type: "string" };
const maybe = (schema: object) => ({ anyOf: [schema, { type: "null" }] });
const decimal = { type: "string", pattern: "^-?\\d+(\\.\\d+)?$" };
const unix = { type: "integer", minimum: 0 };
const closed = (properties: object, required: readonly string[] = []) => ({
  type: "object",
  properties,
  required,
  additionalProperties: false,
});
const open = (properties: object, required: readonly string[] = []) => ({
  type: "object",
  properties,
  required,
});

const invoiceStatus = { enum: ["New", "Processing", "Expired", "Invalid", "Settled"] };
const metadata = open({
  orderId: maybe(text),
  itemDesc: maybe(text),
  buyerName: maybe(text),
  buyerEmail: maybe(text),
});
const checkout = closed({
  speedPolicy: maybe({ enum: ["HighSpeed", "MediumSpeed", "LowSpeed", "LowMediumSpeed"] }),
  paymentMethods: maybe({ type: "array", items: text }),
  defaultPaymentMethod: maybe(text),
  lazyPaymentMethods: maybe({ type: "boolean" }),
  expirationMinutes: maybe({ type: "number" }),
  monitoringMinutes: maybe({ type: "number" }),
  paymentTolerance: maybe({ type: "number", minimum: 0, maximum: 100 }),
  redirectURL: maybe(text),
  redirectAutomatically: maybe({ type: "boolean" }),
  defaultLanguage: maybe(text),
});
const receipt = closed({
  enabled: maybe({ type: "boolean" }),
  showQR: maybe({ type: "boolean" }),
  showPayments: maybe({ type: "boolean" }),
});
const invoice = closed(
  {
    metadata,
    checkout: maybe(checkout),
    receipt: maybe(receipt),
    id: text,
    storeId: text,
    amount: decimal,
    paidAmount: decimal,
    currency: text,
    type: { enum: ["Standard", "TopUp"] },
    checkoutLink: text,
    createdTime: unix,
    expirationTime: unix,
    monitoringExpiration: unix,
    status: invoiceStatus,
    additionalStatus: { enum: ["None", "PaidLate", "PaidPartial", "Marked", "Invalid", "PaidOver"] },
    availableStatusesForManualMarking: { type: "array", items: invoiceStatus },
    archived: { type: "boolean" },
  },
  ["id", "storeId", "amount", "currency", "status", "additionalStatus", "createdTime", "expirationTime"],
);
const payment = closed(
  {
    id: text,
    receivedDate: unix,
    value: decimal,
    fee: decimal,
    status: { enum: ["Invalid", "Processing", "Settled"] },
    destination: text,
  },
  ["id", "receivedDate", "value", "fee", "status"],
);
const prompt = closed(
  {
    paymentMethodId: text,
    currency: text,
    destination: text,
    paymentLink: maybe(text),
    rate: decimal,
    paymentMethodPaid: decimal,
    totalPaid: decimal,
    due: decimal,
    amount: decimal,
    paymentMethodFee: decimal,
    payments: { type: "array", items: payment },
    activated: { type: "boolean" },
    additionalData: { type: "object" },
  },
  ["paymentMethodId", "rate", "due", "payments"],
);
const pullPayment = open(
  {
    id: text,
    name: text,
    description: text,
    currency: text,
    amount: decimal,
    archived: { type: "boolean" },
    startsAt: maybe(unix),
    expiresAt: maybe(unix),
    viewLink: text,
  },
  ["id", "currency", "amount", "archived"],
);
const payout = open(
  {
    id: text,
    revision: { type: "integer" },
    pullPaymentId: text,
    originalCurrency: text,
    originalAmount: decimal,
    payoutAmount: maybe(decimal),
    state: { enum: ["AwaitingApproval", "AwaitingPayment", "InProgress", "Completed", "Cancelled"] },
  },
  ["id", "originalAmount", "state"],
);
const problem = {
  anyOf: [
    closed({ code: text, message: text }, ["code", "message"]),
    { type: "array", items: closed({ path: text, message: text }, ["path", "message"]) },
  ],
};
const event = open(
  {
    deliveryId: text,
    webhookId: text,
    originalDeliveryId: text,
    isRedelivery: { type: "boolean" },
    type: {
      enum: [
        "InvoiceCreated",
        "InvoiceReceivedPayment",
        "InvoicePaymentSettled",
        "InvoiceProcessing",
        "InvoiceExpired",
        "InvoiceExpiredPaidPartial",
        "InvoicePaidAfterExpiration",
        "InvoiceSettled",
        "InvoiceInvalid",
        "PayoutCreated",
        "PayoutApproved",
        "PayoutUpdated",
      ],
    },
    timestamp: unix,
    storeId: text,
    payoutId: text,
    pullPaymentId: text,
    payoutState: text,
    invoiceId: text,
    manuallyMarked: { type: "boolean" },
    overPaid: { type: "boolean" },
    partiallyPaid: { type: "boolean" },
    afterExpiration: { type: "boolean" },
    paymentMethod: text,
  },
  ["deliveryId", "webhookId", "originalDeliveryId", "isRedelivery", "type", "timestamp", "storeId"],
);
/** An event of an invoice names it; one of a payout (`WebhookPayoutEvent`) names the payout instead. */
const invoiceOrPayout = {
  ...event,
  anyOf: [{ required: ["invoiceId"] }, { required: ["payoutId", "pullPaymentId", "payoutState"] }],
};

const ajv = new Ajv({ allErrors: true, strict: false });
const list = (items: object) => ({ type: "array", items });
const compile = (schema: object): ValidateFunction => ajv.compile(schema);

type Operation = {
  readonly line: RegExp;
  readonly query?: readonly string[];
  readonly request?: ValidateFunction;
  readonly response: ValidateFunction;
};

/** The operations we use: path, query names, and both bodies. */
const operations: readonly Operation[] = [
  {
    line: /^GET \/api\/v1\/stores\/[^/]+\/invoices$/,
    query: ["orderId", "status", "textSearch", "startDate", "endDate", "skip", "take", "includeArchived"],
    response: compile(list(invoice)),
  },
  {
    line: /^POST \/api\/v1\/stores\/[^/]+\/invoices$/,
    request: compile(
      closed({
        metadata,
        checkout: maybe(checkout),
        receipt: maybe(receipt),
        amount: maybe(decimal),
        currency: maybe(text),
        additionalSearchTerms: maybe(list(text)),
      }),
    ),
    response: compile(invoice),
  },
  { line: /^GET \/api\/v1\/stores\/[^/]+\/invoices\/[^/]+$/, response: compile(invoice) },
  {
    line: /^GET \/api\/v1\/stores\/[^/]+\/invoices\/[^/]+\/payment-methods$/,
    query: ["onlyAccountedPayments", "includeSensitive"],
    response: compile(list(prompt)),
  },
  {
    line: /^POST \/api\/v1\/stores\/[^/]+\/invoices\/[^/]+\/status$/,
    request: compile(closed({ status: { enum: ["Invalid", "Settled"] } }, ["status"])),
    response: compile(invoice),
  },
  {
    line: /^POST \/api\/v1\/stores\/[^/]+\/invoices\/[^/]+\/refund$/,
    request: compile(
      closed({
        name: maybe(text),
        description: text,
        payoutMethodId: text,
        refundVariant: { enum: ["RateThen", "CurrentRate", "OverpaidAmount", "Fiat", "Custom"] },
        subtractPercentage: decimal,
        customAmount: decimal,
        customCurrency: text,
      }),
    ),
    response: compile(pullPayment),
  },
  {
    line: /^GET \/api\/v1\/stores\/[^/]+\/pull-payments$/,
    query: ["includeArchived"],
    response: compile(list(pullPayment)),
  },
  { line: /^GET \/api\/v1\/pull-payments\/[^/]+$/, response: compile(pullPayment) },
  {
    line: /^GET \/api\/v1\/pull-payments\/[^/]+\/payouts$/,
    query: ["includeCancelled"],
    response: compile(list(payout)),
  },
  {
    line: /^GET \/api\/v1\/api-keys\/current$/,
    response: compile(open({ apiKey: text, label: text, permissions: list(text) }, ["permissions"])),
  },
];

const refusal = compile(problem);
const eventBody = compile(invoiceOrPayout);

/** What is wrong with one exchange, held against the published description; empty when it fits. */
export function faultsOf(exchange: {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly sent: unknown;
  readonly status: number;
  readonly answered: unknown;
}): readonly string[] {
  const operation = operations.find(({ line }) => line.test(`${exchange.method} ${exchange.path}`));
  if (!operation) return [`no such operation: ${exchange.method} ${exchange.path}`];
  const strangers = [...exchange.query.keys()].filter((name) => !operation.query?.includes(name));
  const body = exchange.status < 300 ? operation.response : refusal;
  return [
    ...strangers.map((name) => `unknown query: ${name}`),
    ...(operation.request ? wrong(operation.request, exchange.sent) : []),
    ...wrong(body, exchange.answered),
  ];
}

/** The same for a webhook's body. */
export const faultsOfEvent = (body: unknown): readonly string[] => wrong(eventBody, body);

function wrong(validate: ValidateFunction, body: unknown): readonly string[] {
  if (validate(body)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
