/*
 * Stripe's published test bank accounts and telephones (facts: methods §3.7; Stripe's testing pages of each
 * debit). None is real; a number that is not in the table is refused, as test mode refuses real accounts.
 */

export type BankOutcome =
  | { readonly kind: "succeeds" }
  | { readonly kind: "fails"; readonly code: string; readonly message: string }
  | { readonly kind: "succeeds_then_disputed" }
  | { readonly kind: "stays_processing" };

/** The bank debits that are simulated, by Stripe's type word. */
export const debitTypes = ["us_bank_account", "sepa_debit", "bacs_debit", "acss_debit"] as const;
export type DebitType = (typeof debitTypes)[number];
export const isDebitType = (type: string): type is DebitType => debitTypes.some((known) => known === type);

export const testRoutingNumber = "110000000";
const fails = (code: string, message: string): BankOutcome => ({ kind: "fails", code, message });

export const testBankAccounts: Readonly<Record<string, BankOutcome>> = {
  "000123456789": { kind: "succeeds" },
  "000111111113": fails("account_closed", "The customer's bank account has been closed."),
  "000111111116": fails("no_account", "The customer's bank account could not be located."),
  "000222222227": fails(
    "insufficient_funds",
    "The customer's account has insufficient funds to cover this payment.",
  ),
  "000333333335": fails(
    "debit_not_authorized",
    "The customer has notified their bank that this payment was unauthorized.",
  ),
  "000444444440": fails("invalid_currency", "The bank account does not support this currency."),
  "000555555559": { kind: "succeeds_then_disputed" },
  "000000000009": { kind: "stays_processing" },
};

const noFunds = fails("insufficient_funds", "The customer's account has insufficient funds.");
const notAuthorized = fails("debit_not_authorized", "The customer has not authorized this debit.");

/** By IBAN. The three of facts: methods §3.7, and the good ones of Spain and Portugal of Stripe's SEPA page. */
const ibans: Readonly<Record<string, BankOutcome>> = {
  DE89370400440532013000: { kind: "succeeds" },
  DE62370400440532013001: notAuthorized,
  DE35370400440532013002: { kind: "succeeds_then_disputed" },
  ES0700120345030000067890: { kind: "succeeds" },
  PT50000201231234567890154: { kind: "succeeds" },
};

export const testSortCode = "108800";
const bacsAccounts: Readonly<Record<string, BankOutcome>> = {
  "00012345": { kind: "succeeds" },
  "33333335": notAuthorized,
  "22222227": noFunds,
  "55555559": { kind: "succeeds_then_disputed" },
};

export const testInstitution = { institution: "000", transit: "11000" } as const;
const acssAccounts: Readonly<Record<string, BankOutcome>> = {
  "000123456789": { kind: "succeeds" },
  "000222222227": noFunds,
};

/** What the bank behind each test account answers. */
export const testAccounts: Readonly<Record<DebitType, Readonly<Record<string, BankOutcome>>>> = {
  us_bank_account: testBankAccounts,
  sepa_debit: ibans,
  bacs_debit: bacsAccounts,
  acss_debit: acssAccounts,
};

/** Ready-made payment methods of the other debits; `pm_usBankAccount_…` are apart, below. */
export const debitTokens: Readonly<Record<string, { readonly type: DebitType; readonly number: string }>> = {
  pm_success_de: { type: "sepa_debit", number: "DE89370400440532013000" },
  pm_failed_de: { type: "sepa_debit", number: "DE62370400440532013001" },
  pm_disputed_de: { type: "sepa_debit", number: "DE35370400440532013002" },
  pm_success_es: { type: "sepa_debit", number: "ES0700120345030000067890" },
  pm_success_pt: { type: "sepa_debit", number: "PT50000201231234567890154" },
  pm_bacsDebit_success: { type: "bacs_debit", number: "00012345" },
  pm_bacsDebit_debitNotAuthorized: { type: "bacs_debit", number: "33333335" },
  pm_bacsDebit_insufficientFunds: { type: "bacs_debit", number: "22222227" },
  pm_bacsDebit_disputed: { type: "bacs_debit", number: "55555559" },
  pm_acssDebit_success: { type: "acss_debit", number: "000123456789" },
  pm_acssDebit_insufficientFunds: { type: "acss_debit", number: "000222222227" },
};

export const bankTokens: Readonly<Record<string, string>> = {
  pm_usBankAccount_success: "000123456789",
  pm_usBankAccount_accountClosed: "000111111113",
  pm_usBankAccount_noAccount: "000111111116",
  pm_usBankAccount_insufficientFunds: "000222222227",
  pm_usBankAccount_debitNotAuthorized: "000333333335",
  pm_usBankAccount_invalidCurrency: "000444444440",
  pm_usBankAccount_dispute: "000555555559",
  pm_usBankAccount_processing: "000000000009",
};

/** The two test deposits and the descriptor code that prove an account; the other values fail by design. */
export const microdeposits = {
  verified: { amounts: [32, 45], code: "SM11AA" },
  exceeded: { amounts: [10, 11], code: "SM33CC" },
  timedOut: { amounts: [40, 41], code: "SM44DD" },
} as const;

/** Stripe's MB WAY telephone: its owner approves at once. Any other Portuguese mobile waits for whoever plays the donor. */
export const approvingPhone = "+351911111111";
