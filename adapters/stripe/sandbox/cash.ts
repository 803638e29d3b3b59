import { detailsOf } from "./charge-shapes.ts";
import { succeed } from "./charges.ts";
import type { CashAccount } from "./documents.ts";
import { emit } from "./events.ts";
import { addressesOf, lend, transferOf } from "./lent-accounts.ts";
import { notesOf } from "./notes.ts";
import { tenderById } from "./payment-methods.ts";
import { invalid, missing } from "./refusal.ts";
import { day, type Scene } from "./scene.ts";
import { schedule } from "./schedule.ts";
import type { Tender } from "./tenders.ts";
import { type CashBalance, type CashTransaction, idIn, type PaymentIntent } from "./wire.ts";

/** The customer's money at Stripe, made the first time it is asked for. */
export async function cashAccount(scene: Scene, customerId: string): Promise<CashAccount> {
  const found = await scene.documents.get("cash_account", customerId);
  if (found) return found;
  const made: CashAccount = { id: customerId, lent: {}, mode: "automatic", available: {} };
  await scene.documents.put("cash_account", made);
  return made;
}

export function cashBalanceOf(account: CashAccount): CashBalance {
  const held = Object.values(account.available).some((amount) => amount !== 0);
  return {
    object: "cash_balance",
    available: held ? { ...account.available } : null,
    customer: account.id,
    customer_account: null,
    livemode: false,
    settings: { reconciliation_mode: account.mode, using_merchant_default: account.mode === "automatic" },
  };
}

/**
 * Confirms a payment by bank transfer: money already on the customer's balance is applied at once; for the rest
 * the intent shows the account lent to the customer and what is still to be sent.
 */
export async function awaitTransfer(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
): Promise<PaymentIntent> {
  const customerId = idIn(intent.customer);
  if (!customerId) {
    throw invalid("PaymentIntents with a `customer_balance` payment method require a `customer`.", {
      code: "parameter_missing",
      param: "customer",
    });
  }
  const options = intent.payment_method_options?.customer_balance;
  if (options?.funding_type !== "bank_transfer" || !options.bank_transfer) {
    throw invalid("Missing required param: payment_method_options[customer_balance][funding_type].", {
      code: "parameter_missing",
      param: "payment_method_options[customer_balance][funding_type]",
    });
  }
  const kind = kindOf(intent, options.bank_transfer);
  const account = await cashAccount(scene, customerId);
  const lent = lend(scene, account, kind);
  await scene.documents.put("cash_account", { ...account, lent: { ...account.lent, [kind]: lent } });
  const waiting = await showRemaining(scene, { ...intent, payment_method: tender.method.id }, kind, lent, 0);
  const applied = account.mode === "automatic" ? await applyCash(scene, waiting) : waiting;
  if (applied.status === "requires_action" && applied === waiting) {
    await emit(scene, "payment_intent.requires_action", waiting);
  }
  return applied;
}

type Transfer = {
  readonly type: string | null;
  readonly eu_bank_transfer?: { readonly country: string };
};

/** Which account is lent: the kind of transfer, and for an IBAN the country asked for. */
function kindOf(intent: PaymentIntent, { type, eu_bank_transfer: euro }: Transfer): string {
  const at = "payment_method_options[customer_balance][bank_transfer]";
  if (type !== transferOf[intent.currency]) {
    throw invalid(`The bank transfer type ${type} cannot be used with the currency ${intent.currency}.`, {
      param: `${at}[type]`,
    });
  }
  if (type !== "eu_bank_transfer") return type ?? "";
  if (!euro) {
    const param = `${at}[eu_bank_transfer][country]`;
    throw invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
  return `${type}:${euro.country}`;
}

async function showRemaining(
  scene: Scene,
  intent: PaymentIntent,
  kind: string,
  lent: string,
  applied: number,
): Promise<PaymentIntent> {
  const before = intent.next_action?.display_bank_transfer_instructions;
  const shown: PaymentIntent = {
    ...intent,
    last_payment_error: null,
    next_action: {
      display_bank_transfer_instructions: {
        amount_remaining: intent.amount - applied,
        currency: intent.currency,
        financial_addresses: addressesOf(kind, lent),
        hosted_instructions_url: `${scene.house.hostedPages}/transfers/${intent.id}`,
        reference: before?.reference ?? scene.house.ids.digits(7),
        type: transferOf[intent.currency] ?? "mx_bank_transfer",
      },
      type: "display_bank_transfer_instructions",
    },
    status: "requires_action",
  };
  await scene.documents.put("payment_intent", shown);
  return shown;
}

type Movement = Pick<
  CashTransaction,
  "type" | "funded" | "applied_to_payment" | "unapplied_from_payment" | "refunded_from_payment"
>;

/** Moves the balance by `net` minor units (negative: out of it), with its line and its event. */
async function move(
  scene: Scene,
  customerId: string,
  currency: string,
  net: number,
  movement: Movement,
): Promise<CashTransaction> {
  const account = await cashAccount(scene, customerId);
  const ending = (account.available[currency] ?? 0) + net;
  await scene.documents.put("cash_account", {
    ...account,
    available: { ...account.available, [currency]: ending },
  });
  const line: CashTransaction = {
    ...movement,
    id: scene.house.ids.id("ccsbtxn"),
    object: "customer_cash_balance_transaction",
    created: scene.now,
    currency,
    customer: customerId,
    customer_account: null,
    ending_balance: ending,
    livemode: false,
    net_amount: net,
  };
  await scene.documents.put("customer_cash_balance_transaction", line);
  await emit(scene, "customer_cash_balance_transaction.created", line);
  return line;
}

const returnAfter = 75 * day;

/** A transfer arrived at an account of the customer's: it is booked, then applied to the oldest waiting payments. */
export async function receiveTransfer(
  scene: Scene,
  customerId: string,
  amount: number,
  currency: string,
  reference: string | null,
): Promise<CashTransaction> {
  const customer = await scene.documents.get("customer", customerId);
  if (!customer) throw missing("customer", customerId);
  if (currency !== scene.account.currency || !transferOf[currency]) {
    throw invalid(`The currency ${currency} cannot fund a cash balance of this account.`, {
      param: "currency",
    });
  }
  if (amount < 1)
    throw invalid("Invalid positive integer", { code: "parameter_invalid_integer", param: "amount" });
  const line = await move(scene, customerId, currency, amount, {
    type: "funded",
    funded: { bank_transfer: { reference, type: transferOf[currency] ?? "" } },
  });
  await schedule(scene, "cash_returns", customerId, scene.now + returnAfter, amount);
  const account = await cashAccount(scene, customerId);
  if (account.mode === "automatic") await reconcile(scene, customerId);
  const left = (await cashAccount(scene, customerId)).available[currency] ?? 0;
  if (left > 0)
    await emit(scene, "cash_balance.funds_available", cashBalanceOf(await cashAccount(scene, customerId)));
  return line;
}

async function reconcile(scene: Scene, customerId: string): Promise<void> {
  const intents = await scene.documents.list("payment_intent", `customer=${customerId}`, {
    order: "oldest_first",
    limit: 10_000,
  });
  for (const intent of intents) {
    if (intent.status === "requires_action" && intent.next_action?.display_bank_transfer_instructions) {
      await applyCash(scene, intent);
    }
  }
}

/** Applies what the customer has to one waiting payment: all of it succeeds, a part leaves it partially funded. */
async function applyCash(scene: Scene, intent: PaymentIntent): Promise<PaymentIntent> {
  const customerId = idIn(intent.customer);
  const methodId = idIn(intent.payment_method);
  if (!customerId || !methodId) return intent;
  const account = await cashAccount(scene, customerId);
  const notes = await notesOf(scene, intent.id);
  const part = Math.min(account.available[intent.currency] ?? 0, intent.amount - notes.applied);
  if (part <= 0) return intent;
  await move(scene, customerId, intent.currency, -part, {
    type: "applied_to_payment",
    applied_to_payment: { payment_intent: intent.id },
  });
  const applied = notes.applied + part;
  await scene.documents.put("intent_notes", { ...notes, applied });
  if (applied < intent.amount) {
    const transfer = intent.payment_method_options?.customer_balance?.bank_transfer;
    const kind = kindOf(intent, { type: null, ...transfer });
    const partly = await showRemaining(scene, intent, kind, lend(scene, account, kind), applied);
    await emit(scene, "payment_intent.partially_funded", partly);
    return partly;
  }
  const tender = await tenderById(scene, methodId, undefined);
  return succeed(scene, intent, { tender, details: detailsOf(scene, intent, tender) });
}

/** A cancelled payment gives back to the balance what had been applied to it. */
export async function unapply(scene: Scene, intent: PaymentIntent): Promise<void> {
  const customerId = idIn(intent.customer);
  const notes = await notesOf(scene, intent.id);
  if (!customerId || notes.applied === 0) return;
  await scene.documents.put("intent_notes", { ...notes, applied: 0 });
  await move(scene, customerId, intent.currency, notes.applied, {
    type: "unapplied_from_payment",
    unapplied_from_payment: { payment_intent: intent.id },
  });
}

/** Money nobody asked for goes back to the sender's bank after 75 days (facts: methods §3.3). */
export async function returnCash(scene: Scene, customerId: string, amount: number): Promise<void> {
  const account = await cashAccount(scene, customerId);
  const { currency } = scene.account;
  const part = Math.min(account.available[currency] ?? 0, amount);
  if (part > 0) await move(scene, customerId, currency, -part, { type: "return_initiated" });
}
