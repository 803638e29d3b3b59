import type { SandboxDocuments, SandboxPage } from "../../../src/gateway/sandbox.ts";
import type { Account } from "./accounts.ts";
import type { SimulatedType } from "./schemas.ts";
import {
  type BalanceTransaction,
  type CashTransaction,
  type Charge,
  type CheckoutSession,
  type ConfirmationToken,
  type Customer,
  type Dispute,
  idIn,
  type Mandate,
  type PaymentIntent,
  type PaymentMethod,
  type Refund,
  type SandboxEvent,
  type SetupIntent,
  type WebhookEndpoint,
} from "./wire.ts";

/** What a stored payment method stands for: the number behind a card, which no Stripe object shows. */
export type Instrument = {
  readonly id: string;
  readonly type: SimulatedType;
  /** Card, bank account or telephone number; cards and accounts are always Stripe's test numbers. */
  readonly number: string;
  /** For bank accounts: whether the donor has proven it is theirs. */
  readonly verified: boolean;
  /** Saved off-session: the bank has seen its holder and does not ask again. */
  readonly setUp?: true;
  /** Taken from its customer: never to be used again. */
  readonly detached?: true;
};

/** What the donor's money at Stripe amounts to, and the accounts that lead to it. Id: the customer's. */
export type CashAccount = {
  readonly id: string;
  /** The accounts lent to the customer, by kind of bank transfer; each made once, for good. */
  readonly lent: Readonly<Record<string, string>>;
  readonly mode: "automatic" | "manual";
  /** Minor units by lower-case currency. */
  readonly available: Readonly<Record<string, number>>;
};

/** What a PaymentIntent needs to be remembered by beyond its Stripe object. Id: the PaymentIntent's. */
export type IntentNotes = {
  readonly id: string;
  /** Applied from the customer's cash balance so far, minor units. */
  readonly applied: number;
  readonly microdepositTries: number;
  /** The voucher lapsed: late news of its payment may still come until then. */
  readonly lateUntil?: number;
  readonly checkoutSession?: string;
};

type CanadianMandate = {
  readonly interval_description?: string | undefined;
  readonly payment_schedule?: "combined" | "interval" | "sporadic" | undefined;
  readonly transaction_type?: "business" | "personal" | undefined;
};

export type HostedOrder = {
  readonly id: string;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly receiptEmail: string | null;
  readonly captureMethod: "automatic" | "automatic_async" | "manual";
  readonly setupFutureUsage: "off_session" | "on_session" | null;
  readonly statementDescriptorSuffix: string | null;
  readonly oxxoDays: number;
  /** What a Canadian debit is for, where the session said so. */
  readonly canadianMandate?: CanadianMandate;
};

/** Every kind of document and its shape. */
export type Kinds = {
  payment_intent: PaymentIntent;
  payment_method: PaymentMethod;
  mandate: Mandate;
  setup_intent: SetupIntent;
  charge: Charge;
  refund: Refund;
  dispute: Dispute;
  balance_transaction: BalanceTransaction;
  customer: Customer;
  customer_cash_balance_transaction: CashTransaction;
  checkout_session: CheckoutSession;
  webhook_endpoint: WebhookEndpoint;
  event: SandboxEvent;
  instrument: Instrument;
  cash_account: CashAccount;
  intent_notes: IntentNotes;
  confirmation_token: ConfirmationToken;
  token_tender: { readonly id: string; readonly methodId: string };
  hosted_order: HostedOrder;
};
export type Kind = keyof Kinds;

/** The documents of one account; those of another are as good as absent. */
export type Documents = {
  get<K extends Kind>(kind: K, id: string): Promise<Kinds[K] | undefined>;
  /** The document that a field of another names, by its id or whole; none where the field is empty. */
  named<K extends Kind>(kind: K, field: Parameters<typeof idIn>[0]): Promise<Kinds[K] | undefined>;
  put<K extends Kind>(kind: K, document: Kinds[K]): Promise<void>;
  remove(kind: Kind, id: string): Promise<void>;
  list<K extends Kind>(kind: K, key: string, page: SandboxPage): Promise<readonly Kinds[K][]>;
};

/** How a document lies in the store: beside its account, so that the id alone finds it from the control side. */
type Stored<K extends Kind> = { readonly account: Account; readonly body: Kinds[K] };

// The one boundary where the type is asserted: the store gives back what `put` below gave it.
const stored = <K extends Kind>(document: object): Stored<K> => document as Stored<K>;

export function documentsOf(account: Account, raw: SandboxDocuments): Documents {
  const get = async <K extends Kind>(kind: K, id: string): Promise<Kinds[K] | undefined> => {
    const found = await raw.get(kind, id);
    if (!found) return undefined;
    const { account: owner, body } = stored<K>(found);
    return owner.id === account.id ? body : undefined;
  };
  return {
    get,
    named: async (kind, field) => {
      const id = idIn(field);
      return id === undefined ? undefined : get(kind, id);
    },
    put: (kind, body) => raw.put(kind, body.id, { account, body }, keysOf(kind, body, account)),
    remove: (kind, id) => raw.remove(kind, id),
    list: async <K extends Kind>(kind: K, key: string, page: SandboxPage) => {
      const entries = await raw.list(kind, `${account.id} ${key}`, page);
      return entries.map((entry) => stored<K>(entry.document).body);
    },
  };
}

/** Whose document this is, whichever account asks. */
export async function ownerOf(raw: SandboxDocuments, kind: Kind, id: string): Promise<Account | undefined> {
  const found = await raw.get(kind, id);
  return found && stored<Kind>(found).account;
}

/** The newest documents of a kind in all accounts, each with its account. */
export async function newestEverywhere<K extends "payment_intent" | "checkout_session">(
  raw: SandboxDocuments,
  kind: K,
  limit: number,
): Promise<readonly { readonly account: Account; readonly body: Kinds[K] }[]> {
  const entries = await raw.list(kind, everyAccount, { order: "newest_first", limit });
  return entries.map((entry) => stored<K>(entry.document));
}

/** The fields by which a list or a search finds a document; `all` is the plain list. */
function keysOf<K extends Kind>(kind: K, body: Kinds[K], account: Account): string[] {
  if (foundById.has(kind)) return [];
  const keys = [`${account.id} all`];
  if (shownToTheBank.has(kind)) keys.push(everyAccount);
  const fields: object = body;
  for (const name of linkFields[kind] ?? []) {
    const value = Reflect.get(fields, name);
    if (typeof value === "string") keys.push(`${account.id} ${name}=${value}`);
  }
  if (searchable.has(kind) && "metadata" in fields && fields.metadata) {
    for (const [name, value] of Object.entries(fields.metadata)) {
      keys.push(`${account.id} metadata.${name}=${value}`);
    }
  }
  return keys;
}

/** The key under which the person playing the bank finds the documents of every account. */
const everyAccount = "every account";
const shownToTheBank: ReadonlySet<Kind> = new Set<Kind>(["payment_intent", "checkout_session"]);
const foundById: ReadonlySet<Kind> = new Set<Kind>([
  "payment_method",
  "instrument",
  "cash_account",
  "intent_notes",
  "hosted_order",
  "confirmation_token",
  "token_tender",
]);
const searchable: ReadonlySet<Kind> = new Set<Kind>(["payment_intent", "customer"]);
const linkFields: Partial<Record<Kind, readonly string[]>> = {
  payment_intent: ["customer"],
  charge: ["payment_intent", "customer"],
  mandate: ["payment_method"],
  setup_intent: ["payment_method", "customer"],
  refund: ["payment_intent", "charge"],
  dispute: ["payment_intent", "charge"],
  balance_transaction: ["source"],
  customer: ["email"],
  customer_cash_balance_transaction: ["customer"],
  checkout_session: ["payment_intent", "setup_intent", "customer"],
};
