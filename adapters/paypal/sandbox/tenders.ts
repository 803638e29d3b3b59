import type { Localized } from "../../../src/gateway/country-profile.ts";
import type { Tender } from "./documents.ts";

/** What a visitor can let become of a payment, on the approval page and on the desk. */
export type TenderChoice = { readonly id: string; readonly label: Localized; readonly tender: Tender };

const choice = (id: string, tender: Tender, es: string, en: string, pt: string): TenderChoice => ({
  id,
  tender,
  label: { es, en, pt },
});

/** The donor's bank or PayPal refuses at the capture. */
export const refusedTenders: readonly TenderChoice[] = [
  choice(
    "INSTRUMENT_DECLINED",
    { issue: "INSTRUMENT_DECLINED" },
    "El banco rechaza",
    "The bank declines",
    "O banco recusa",
  ),
  choice(
    "TRANSACTION_REFUSED",
    { issue: "TRANSACTION_REFUSED" },
    "PayPal rechaza el pago",
    "PayPal refuses the payment",
    "O PayPal recusa o pagamento",
  ),
  choice(
    "PAYER_CANNOT_PAY",
    { issue: "PAYER_CANNOT_PAY" },
    "Esta persona no puede pagar a esta cuenta",
    "This payer cannot pay this account",
    "Esta pessoa não pode pagar a esta conta",
  ),
  choice(
    "PAYER_ACCOUNT_RESTRICTED",
    { issue: "PAYER_ACCOUNT_RESTRICTED" },
    "Cuenta restringida",
    "Account restricted",
    "Conta restrita",
  ),
  choice(
    "TRANSACTION_LIMIT_EXCEEDED",
    { issue: "TRANSACTION_LIMIT_EXCEEDED" },
    "Límite excedido",
    "Limit exceeded",
    "Limite excedido",
  ),
  choice(
    "COMPLIANCE_VIOLATION",
    { issue: "COMPLIANCE_VIOLATION" },
    "Bloqueado por cumplimiento",
    "Blocked for compliance",
    "Bloqueado por conformidade",
  ),
  choice(
    "5120",
    { code: "5120" },
    "Tarjeta sin fondos (5120)",
    "Card without funds (5120)",
    "Cartão sem saldo (5120)",
  ),
  choice("5400", { code: "5400" }, "Tarjeta vencida (5400)", "Card expired (5400)", "Cartão vencido (5400)"),
  choice(
    "9500",
    { code: "9500" },
    "Sospecha de fraude (9500)",
    "Suspected fraud (9500)",
    "Suspeita de fraude (9500)",
  ),
];

/** The money is on its way, and may not come. */
export const pendingTenders: readonly TenderChoice[] = [
  choice(
    "ECHECK",
    { pending: "ECHECK" },
    "Débito bancario, días",
    "Bank debit, days",
    "Débito bancário, dias",
  ),
  choice("PENDING_REVIEW", { pending: "PENDING_REVIEW" }, "En revisión", "Under review", "Em análise"),
  choice(
    "RECEIVING_PREFERENCE_MANDATES_MANUAL_ACTION",
    { pending: "RECEIVING_PREFERENCE_MANDATES_MANUAL_ACTION" },
    "La iglesia debe aceptarlo",
    "The church must accept it",
    "A igreja precisa aceitar",
  ),
  choice(
    "UNILATERAL",
    { pending: "UNILATERAL" },
    "Cuenta sin confirmar",
    "Account not confirmed",
    "Conta não confirmada",
  ),
];

/** The tender of that name; one nobody offered is a plain payment. */
export const tenderNamed = (id: string | undefined): Tender =>
  [...refusedTenders, ...pendingTenders].find((one) => one.id === id)?.tender ?? {};
