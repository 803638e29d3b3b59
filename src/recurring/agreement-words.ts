import { inLanguage, type Localized } from "../gateway/country-profile.ts";
import type { MethodType } from "../gateway/methods.ts";
import { amountText } from "../kernel/format.ts";
import type { Money } from "../kernel/money.ts";

/** What the words of an agreement are about. */
export type AgreementAbout = {
  readonly church: string;
  readonly method: MethodType;
  /** The most one charge may be. */
  readonly ceiling: Money;
  /** As `describeRule` says it. */
  readonly frequency: string;
};

/** Goes up when the wording changes: a mandate keeps the version it was given in. */
export const agreementVersion = "2026-11-1";

/** `{church}`, `{ceiling}` and `{frequency}` are filled in. One row per kind of permission. */
const saved: Localized = {
  es: "Autorizo a {church} a cobrar mi ofrenda {frequency} con este medio de pago, hasta {ceiling} cada vez, hasta que yo la cancele. Puedo cambiarla, pausarla o cancelarla cuando quiera.",
  pt: "Autorizo {church} a cobrar minha oferta {frequency} neste meio de pagamento, até {ceiling} por vez, até que eu a cancele. Posso mudar, pausar ou cancelar quando quiser.",
  en: "I authorize {church} to charge my gift {frequency} to this payment method, up to {ceiling} each time, until I cancel it. I may change, pause or cancel it at any time.",
};
const achDebit: Localized = {
  es: "Autorizo a {church} a debitar de mi cuenta bancaria, {frequency}, hasta {ceiling} cada vez, por ACH. La autorización vale hasta que la revoque avisando con tiempo razonable.",
  pt: "Autorizo {church} a debitar da minha conta bancária, {frequency}, até {ceiling} por vez, por ACH. A autorização vale até que eu a revogue com antecedência razoável.",
  en: "I authorize {church} to debit my bank account by ACH {frequency}, up to {ceiling} each time. This authorization stands until I revoke it, with reasonable time to act on it.",
};
const sepaDebit: Localized = {
  es: "Autorizo a {church} a enviar órdenes a mi banco para adeudar mi cuenta {frequency}, hasta {ceiling} cada vez, y a mi banco a adeudarla según ellas. Tengo derecho a que mi banco me devuelva el cargo dentro de ocho semanas.",
  pt: "Autorizo {church} a enviar instruções ao meu banco para debitar a minha conta {frequency}, até {ceiling} de cada vez, e o meu banco a debitá-la conforme essas instruções. Tenho direito a reembolso pelo meu banco no prazo de oito semanas.",
  en: "I authorize {church} to send instructions to my bank to debit my account {frequency}, up to {ceiling} each time, and my bank to debit it accordingly. I am entitled to a refund from my bank within eight weeks of a debit.",
};
const bacsDebit: Localized = {
  es: "Autorizo a {church} a cobrar por Direct Debit de mi cuenta {frequency}, hasta {ceiling} cada vez, con las garantías del Direct Debit Guarantee.",
  pt: "Autorizo {church} a cobrar por Direct Debit da minha conta {frequency}, até {ceiling} por vez, com as garantias do Direct Debit Guarantee.",
  en: "I instruct my bank to pay {church} Direct Debits from my account {frequency}, up to {ceiling} each time, subject to the safeguards of the Direct Debit Guarantee.",
};
const acssDebit: Localized = {
  es: "Autorizo a {church} a debitar de mi cuenta (débito preautorizado personal) {frequency}, hasta {ceiling} cada vez. Puedo revocarlo cuando quiera; tengo derecho a reembolso si un débito no cumple este acuerdo.",
  pt: "Autorizo {church} a debitar da minha conta (débito pré-autorizado pessoal) {frequency}, até {ceiling} por vez. Posso revogar quando quiser; tenho direito a reembolso se um débito não cumprir este acordo.",
  en: "I authorize {church} to debit my account (personal pre-authorized debit) {frequency}, up to {ceiling} each time. I may revoke this at any time, and I may be reimbursed for any debit that does not follow this agreement.",
};
const pixAutomatico: Localized = {
  es: "Autorizo en la app de mi banco a {church} a recibir por Pix Automático {frequency}, {ceiling} cada vez. Puedo cancelarlo en mi banco hasta la víspera de cada cargo.",
  pt: "Autorizo no app do meu banco que {church} receba por Pix Automático {frequency}, {ceiling} por vez. Posso cancelar no meu banco até a véspera de cada débito.",
  en: "I authorize {church}, in my bank's app, to receive {ceiling} by Pix Automático {frequency}. I may cancel it at my bank up to the day before each debit.",
};

const words: Partial<Readonly<Record<MethodType, Localized>>> = {
  ach_debit: achDebit,
  sepa_debit: sepaDebit,
  bacs_debit: bacsDebit,
  acss_debit: acssDebit,
  pix_automatico: pixAutomatico,
};

/** Our standard words for a donor's permission, in their language, as they are recorded. */
export function agreementText(about: AgreementAbout, locale: string): string {
  return inLanguage(words[about.method] ?? saved, locale)
    .replace("{church}", () => about.church)
    .replace("{frequency}", () => about.frequency)
    .replace("{ceiling}", () => amountText(about.ceiling, locale));
}
