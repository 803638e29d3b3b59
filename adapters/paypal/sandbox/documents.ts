import type { SandboxDocuments, SandboxPage } from "../../../src/gateway/sandbox.ts";

export type Amount = { readonly currency_code: string; readonly value: string };
export type Link = { readonly href: string; readonly rel: string; readonly method: string };

/** Every document belongs to one account and has PayPal's own id. Times are RFC 3339 in whole seconds. */
type Owned = { readonly id: string; readonly account: string };

/** What the donor chose on PayPal's page, and what their bank will make of it. */
export type Tender = {
  /** An issue the capture is refused with. */
  readonly issue?: string;
  /** A processor code the capture is declined with. */
  readonly code?: string;
  /** A reason the capture stays pending for. */
  readonly pending?: string;
};

export type Item = {
  readonly name: string;
  readonly quantity: string;
  readonly unit_amount: Amount;
  readonly category?: string;
};

export type Unit = {
  readonly reference_id: string;
  readonly amount: Amount & { readonly breakdown?: { readonly item_total?: Amount } };
  readonly description?: string;
  readonly custom_id?: string;
  readonly invoice_id?: string;
  readonly items?: readonly Item[];
};

export type OrderStatus = "CREATED" | "PAYER_ACTION_REQUIRED" | "APPROVED" | "COMPLETED" | "VOIDED";

export type Order = Owned & {
  readonly status: OrderStatus;
  readonly source: "paypal" | "venmo" | "none";
  readonly guest: boolean;
  readonly unit: Unit;
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly approvedAt: string | null;
  readonly tender: Tender;
  readonly storeInVault: boolean;
  readonly vaultId: string | null;
};

export type Capture = Owned & {
  readonly orderId: string;
  readonly status: "COMPLETED" | "PENDING" | "DECLINED" | "PARTIALLY_REFUNDED" | "REFUNDED";
  readonly reason: string | null;
  readonly code: string | null;
  readonly method: "paypal" | "venmo" | "card";
  readonly amount: Amount;
  readonly fee: Amount | null;
  readonly customId: string | null;
  readonly invoiceId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type Refund = Owned & {
  readonly captureId: string;
  readonly status: "COMPLETED" | "PENDING" | "FAILED" | "CANCELLED";
  readonly amount: Amount;
  readonly customId: string | null;
  readonly invoiceId: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type Dispute = Owned & {
  readonly captureId: string;
  readonly orderCustomId: string | null;
  readonly reason: string;
  readonly stage: "INQUIRY" | "CHARGEBACK";
  readonly status: "WAITING_FOR_SELLER_RESPONSE" | "UNDER_REVIEW" | "RESOLVED";
  readonly outcome: string | null;
  readonly amount: Amount;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly dueAt: string;
};

export type SetupToken = Owned & {
  readonly status: "PAYER_ACTION_REQUIRED" | "APPROVED" | "VAULTED";
  readonly wallet: "paypal" | "venmo";
  readonly customerId: string;
  readonly merchantCustomerId: string | null;
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  readonly createdAt: string;
};

export type PaymentToken = Owned & {
  readonly wallet: "paypal" | "venmo";
  readonly customerId: string;
  readonly merchantCustomerId: string | null;
  readonly createdAt: string;
};

/** A booking on the account's balance, as the transaction search lists it. */
export type Transaction = Owned & {
  readonly code: string;
  readonly status: "S" | "P" | "V";
  readonly amount: Amount;
  readonly fee: Amount | null;
  readonly reference: string | null;
  readonly customId: string | null;
  readonly invoiceId: string | null;
  readonly at: string;
};

export type Webhook = Owned & { readonly url: string };
export type Event = Owned & {
  readonly type: string;
  readonly body: string;
};
export type Delivery = Owned & {
  readonly eventId: string;
  readonly webhookId: string;
  readonly tries: number;
  readonly dueAt: string;
};
export type AccessToken = Owned & { readonly expiresAt: string };
/** The first answer to a request id. */
export type Answered = Owned & {
  readonly fingerprint: string;
  readonly status: number;
  readonly text: string;
  readonly at: string;
};
/** How the account is set up at PayPal. */
export type Settings = Owned & {
  readonly donations: "allowed" | "refused_at_order" | "refused_at_capture";
  readonly refunds: "at_once" | "pending" | "no_balance";
};

/** Every kind of document and its shape. */
export type Kinds = {
  order: Order;
  capture: Capture;
  refund: Refund;
  dispute: Dispute;
  setup_token: SetupToken;
  payment_token: PaymentToken;
  transaction: Transaction;
  webhook: Webhook;
  event: Event;
  delivery: Delivery;
  access_token: AccessToken;
  answered: Answered;
  settings: Settings;
};
export type Kind = keyof Kinds;

/** The documents of one account, typed by kind. Another account's document is not there at all. */
export type Documents = {
  get<K extends Kind>(kind: K, id: string): Promise<Kinds[K] | undefined>;
  put<K extends Kind>(kind: K, document: Kinds[K], ...keys: string[]): Promise<void>;
  remove(kind: Kind, id: string): Promise<void>;
  list<K extends Kind>(kind: K, key: string, page?: Partial<SandboxPage>): Promise<readonly Kinds[K][]>;
};

const everything: SandboxPage = { order: "oldest_first", limit: 10_000 };

// The one boundary of the simulator's store: `put` is the only writer of these kinds.
const typed = <K extends Kind>(document: object): Kinds[K] => document as Kinds[K];

/** Every document is found under its account, and under `all` for the desk. */
export function documentsOf(account: string, raw: SandboxDocuments): Documents {
  return {
    async get<K extends Kind>(kind: K, id: string) {
      const found = await raw.get(kind, id);
      const document = found && typed<K>(found);
      return document?.account === account ? document : undefined;
    },
    put: (kind, document, ...keys) =>
      raw.put(kind, document.id, document, ["all", `account=${account}`, ...keys]),
    remove: (kind, id) => raw.remove(kind, id),
    async list<K extends Kind>(kind: K, key: string, page: Partial<SandboxPage> = {}) {
      const entries = await raw.list(kind, key, { ...everything, ...page });
      return entries
        .map(({ document }) => typed<K>(document))
        .filter((document) => document.account === account);
    },
  };
}

/** A document whoever's it is: for the desk and the approval page, which know only an id. */
export async function anyones<K extends Kind>(
  raw: SandboxDocuments,
  kind: K,
  id: string,
): Promise<Kinds[K] | undefined> {
  const found = await raw.get(kind, id);
  return found && typed<K>(found);
}

/** The newest of a kind over all accounts. */
export async function newest<K extends Kind>(
  raw: SandboxDocuments,
  kind: K,
  limit: number,
): Promise<readonly Kinds[K][]> {
  const entries = await raw.list(kind, "all", { order: "newest_first", limit });
  return entries.map(({ document }) => typed<K>(document));
}

/** Deliveries on their way, oldest first, over all accounts. */
export async function pendingDeliveries(raw: SandboxDocuments): Promise<readonly Delivery[]> {
  const entries = await raw.list("delivery", "all", { order: "oldest_first", limit: 5000 });
  return entries.map(({ document }) => typed<"delivery">(document));
}
