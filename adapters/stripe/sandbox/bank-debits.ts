import { detailsOf } from "./charge-shapes.ts";
import { begin, decline, failed, succeed } from "./charges.ts";
import { openDispute } from "./disputes.ts";
import { emit } from "./events.ts";
import { mandateFor } from "./mandates.ts";
import { notesOf } from "./notes.ts";
import { tenderById } from "./payment-methods.ts";
import { invalid } from "./refusal.ts";
import { day, type Scene } from "./scene.ts";
import { schedule, unschedule } from "./schedule.ts";
import type { Tender } from "./tenders.ts";
import {
  type BankOutcome,
  type DebitType,
  isDebitType,
  microdeposits,
  testAccounts,
} from "./test-accounts.ts";
import { idIn, type PaymentIntent } from "./wire.ts";

/**
 * Confirms a bank debit under the donor's mandate. ACH and Canadian accounts that were only typed first get two
 * small deposits (`verify_with_microdeposits`), unless only instant proof was asked for; all others go to
 * `processing`. A payment method of a customer that has been debited before stands under its mandate already.
 */
export async function debit(
  scene: Scene,
  intent: PaymentIntent,
  tender: Tender,
  asked: { readonly mandate_data?: object | undefined },
): Promise<PaymentIntent> {
  const standing = tender.method.customer ? await mandateFor(scene, tender.method.id) : undefined;
  if (standing?.status === "inactive") {
    throw invalid("The mandate of this PaymentMethod is inactive and cannot be used.", {
      code: "payment_intent_mandate_invalid",
      param: "payment_method",
    });
  }
  if (!asked.mandate_data && !standing && scene.caller === "secret") {
    throw invalid(
      "This PaymentIntent requires a mandate, but no existing mandate was found. Collect mandate acceptance from the customer and retry the request, providing acceptance data in the `mandate_data` parameter.",
      { code: "payment_intent_mandate_invalid", param: "mandate_data" },
    );
  }
  const { us_bank_account: american, acss_debit: canadian } = intent.payment_method_options ?? {};
  if (tender.instrument.type === "acss_debit")
    checkCanadian(canadian?.mandate_options, standing !== undefined);
  const method = american?.verification_method ?? canadian?.verification_method ?? "automatic";
  if (tender.instrument.verified && method !== "microdeposits") return startDebit(scene, intent, tender);
  if (method === "instant") {
    throw invalid(
      "Instant verification needs a bank account linked through Financial Connections; account numbers cannot be verified instantly.",
      { code: "payment_method_unverified_state", param: "payment_method_data[us_bank_account]" },
    );
  }
  const arrival = businessDaysAfter(scene.now, 2);
  const waiting: PaymentIntent = {
    ...intent,
    last_payment_error: null,
    next_action: {
      type: "verify_with_microdeposits",
      verify_with_microdeposits: {
        arrival_date: arrival,
        hosted_verification_url: `${scene.house.hostedPages}/microdeposits/${intent.id}`,
        microdeposit_type: "descriptor_code",
      },
    },
    payment_method: tender.method.id,
    status: "requires_action",
  };
  await scene.documents.put("payment_intent", waiting);
  await emit(scene, "payment_intent.requires_action", waiting);
  await schedule(scene, "microdeposits_expire", intent.id, scene.now + 10 * day);
  return waiting;
}

function checkCanadian(
  mandate:
    | { readonly payment_schedule?: string | null; readonly transaction_type?: string | null }
    | undefined,
  standing: boolean,
): void {
  if (standing || (mandate?.payment_schedule && mandate.transaction_type)) return;
  const part = mandate?.payment_schedule ? "transaction_type" : "payment_schedule";
  const param = `payment_method_options[acss_debit][mandate_options][${part}]`;
  throw invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
}

/** Business days until a bank has answered, by Stripe's pages. */
const settlesAfter: Readonly<Record<DebitType, number>> = {
  us_bank_account: 4,
  sepa_debit: 5,
  bacs_debit: 4,
  acss_debit: 5,
};

async function startDebit(scene: Scene, intent: PaymentIntent, tender: Tender): Promise<PaymentIntent> {
  const details = detailsOf(scene, intent, tender);
  const going = await begin(scene, intent, { tender, details });
  if (outcomeOf(tender).kind !== "stays_processing") {
    const { type } = tender.instrument;
    const wait = isDebitType(type) ? settlesAfter[type] : 4;
    await schedule(scene, "debit_settles", intent.id, businessDaysAfter(scene.now, wait));
  }
  return going;
}

const outcomeOf = ({ instrument: { type, number } }: Tender): BankOutcome =>
  (isDebitType(type) ? testAccounts[type][number] : undefined) ?? { kind: "succeeds" };

/** Proof of the account by the two amounts or the code; wrong ones are refused, ten wrong ones end it. */
export async function verify(
  scene: Scene,
  intent: PaymentIntent,
  given: { readonly amounts?: readonly number[] | undefined; readonly descriptor_code?: string | undefined },
): Promise<PaymentIntent> {
  const methodId = idIn(intent.payment_method);
  if (intent.status !== "requires_action" || !intent.next_action?.verify_with_microdeposits || !methodId) {
    throw invalid("This PaymentIntent is not awaiting verification with microdeposits.", {
      code: "payment_intent_unexpected_state",
    });
  }
  const tender = await tenderById(scene, methodId, undefined);
  if (matches(given, microdeposits.verified)) {
    await unschedule(scene, "microdeposits_expire", intent.id);
    await scene.documents.put("instrument", { ...tender.instrument, verified: true });
    return startDebit(scene, intent, tender);
  }
  if (matches(given, microdeposits.timedOut)) return verificationOver(scene, intent, "timeout");
  const notes = await notesOf(scene, intent.id);
  const tries = notes.microdepositTries + 1;
  if (tries >= 10 || matches(given, microdeposits.exceeded)) {
    return verificationOver(scene, intent, "attempts_exceeded");
  }
  await scene.documents.put("intent_notes", { ...notes, microdepositTries: tries });
  return intent;
}

/** Whether what was given is wrong, so that the caller must answer with {@link mismatch}. */
export const stillUnverified = (intent: PaymentIntent): boolean =>
  intent.next_action?.verify_with_microdeposits !== undefined;

export function mismatch(byCode: boolean) {
  return byCode
    ? invalid("The descriptor code provided does not match the one sent to the bank account.", {
        code: "payment_method_microdeposit_verification_descriptor_code_mismatch",
        param: "descriptor_code",
      })
    : invalid("The amounts provided do not match the amounts that were sent to the bank account.", {
        code: "payment_method_microdeposit_verification_amounts_mismatch",
        param: "amounts",
      });
}

/** Whether the proof is the right one. */
export const provenBy = (given: Parameters<typeof matches>[0]): boolean =>
  matches(given, microdeposits.verified);

type Proof = { readonly amounts: readonly number[]; readonly code: string };

function matches(
  given: { readonly amounts?: readonly number[] | undefined; readonly descriptor_code?: string | undefined },
  proof: Proof,
): boolean {
  if (given.descriptor_code !== undefined) return given.descriptor_code === proof.code;
  const sorted = [...(given.amounts ?? [])].sort((a, b) => a - b);
  return sorted.length === 2 && sorted.every((amount, i) => amount === proof.amounts[i]);
}

/** Nobody proved the account in ten days, or tried too often. */
export async function verificationOver(
  scene: Scene,
  intent: PaymentIntent,
  why: "timeout" | "attempts_exceeded",
): Promise<PaymentIntent> {
  const methodId = idIn(intent.payment_method);
  if (!stillUnverified(intent) || !methodId) return intent;
  await unschedule(scene, "microdeposits_expire", intent.id);
  const tender = await tenderById(scene, methodId, undefined);
  return failed(scene, intent, tender, {
    code: `payment_method_microdeposit_verification_${why}`,
    message: "Microdeposit verification failed.",
    type: "invalid_request_error",
  });
}

/** The bank's answer to a debit on its way: the account's own, unless another is asked for. */
export async function settleDebit(
  scene: Scene,
  intent: PaymentIntent,
  forced?: BankOutcome,
): Promise<PaymentIntent> {
  const methodId = idIn(intent.payment_method);
  const pending = await scene.documents.named("charge", intent.latest_charge);
  if (intent.status !== "processing" || !methodId || !pending?.payment_method_details) return intent;
  await unschedule(scene, "debit_settles", intent.id);
  const tender = await tenderById(scene, methodId, undefined);
  const outcome = forced ?? outcomeOf(tender);
  const options = { tender, details: pending.payment_method_details, pending };
  if (outcome.kind === "fails") return decline(scene, intent, options, outcome);
  const done = await succeed(scene, intent, options);
  if (outcome.kind === "succeeds_then_disputed") await returnDebit(scene, pending.id, takenBack(tender));
  return done;
}

const takenBack = (tender: Tender): string =>
  tender.instrument.type === "us_bank_account" ? "debit_not_authorized" : "customer_initiated";

/**
 * The donor's bank takes a settled debit back. Stripe reports it as a dispute that is lost from the start: a
 * returned debit cannot be contested (facts: methods §3.3, §3.5).
 */
export async function returnDebit(scene: Scene, chargeId: string, reason: string): Promise<void> {
  const charge = await scene.documents.get("charge", chargeId);
  if (charge) await openDispute(scene, charge, { reason, final: true });
}

/** The same hour, so many business days (Monday to Friday, bank holidays aside) later. */
function businessDaysAfter(now: number, count: number): number {
  let at = now;
  for (let left = count; left > 0; ) {
    at += day;
    if (![0, 6].includes(new Date(at * 1000).getUTCDay())) left -= 1;
  }
  return at;
}
