import type { AccountCurrency } from "./accounts.ts";
import { book } from "./balance.ts";
import { emit } from "./events.ts";
import { invalid } from "./refusal.ts";
import { day, type Scene } from "./scene.ts";
import { schedule, unschedule } from "./schedule.ts";
import { evidenceVerdicts } from "./test-values.ts";
import { type Charge, type Dispute, idIn } from "./wire.ts";

/** What Stripe keeps for handling a dispute, minor units of what the account settles in, kept when it is won. */
const disputeFee: Readonly<Record<AccountCurrency, number>> = {
  usd: 1500,
  mxn: 30_000,
  brl: 5500,
  cad: 1500,
  eur: 2000,
  gbp: 2000,
};

const noEvidence: Dispute["evidence"] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
};

type Opening = {
  readonly reason: string;
  /** An inquiry: nothing is withdrawn unless it grows into a dispute. */
  readonly inquiry?: boolean;
  /** Lost from the start, as an ACH return is. */
  readonly final?: boolean;
  /** Minor units; default what is left of the charge after refunds. */
  readonly amount?: number;
};

/**
 * The donor's bank disputes a charge: `charge.dispute.created`, and unless it is only an inquiry the money and
 * the fee leave the balance at once (`charge.dispute.funds_withdrawn`).
 */
export async function openDispute(scene: Scene, charge: Charge, opening: Opening): Promise<Dispute> {
  const amount = opening.amount ?? charge.amount_captured - charge.amount_refunded;
  const card = charge.payment_method_details?.card;
  const opened: Dispute = {
    id: scene.house.ids.id(card ? "dp" : "pdp"),
    object: "dispute",
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: scene.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: opening.final ? null : scene.now + 14 * day,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: "manual",
    },
    intended_submission_method: "manual",
    is_charge_refundable: opening.inquiry === true,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    ...(card
      ? {
          payment_method_details: {
            card: {
              brand: card.brand ?? "visa",
              case_type: opening.inquiry ? "inquiry" : "chargeback",
              network: card.network ?? "visa",
              network_reason_code: opening.reason === "fraudulent" ? "10.4" : "13.1",
            },
            type: "card",
          },
        }
      : {}),
    reason: opening.reason,
    status: opening.inquiry ? "warning_needs_response" : opening.final ? "lost" : "needs_response",
  };
  await scene.documents.put("charge", { ...charge, disputed: true });
  if (opening.inquiry) {
    await scene.documents.put("dispute", opened);
    await emit(scene, "charge.dispute.created", opened);
    return opened;
  }
  const taken = await withdraw(scene, opened);
  await emit(scene, "charge.dispute.created", taken);
  await emit(scene, "charge.dispute.funds_withdrawn", taken);
  if (opening.final) await emit(scene, "charge.dispute.closed", taken);
  return taken;
}

async function withdraw(scene: Scene, dispute: Dispute): Promise<Dispute> {
  const home = scene.account.currency;
  const fee = disputeFee[home];
  const line = await book(scene, {
    amount: -dispute.amount,
    currency: dispute.currency,
    type: "adjustment",
    category: "dispute",
    source: dispute.id,
    description: `Chargeback withdrawal for ${idIn(dispute.charge)}`,
    fee,
    feeDetails: [
      {
        amount: fee,
        application: null,
        currency: home,
        description: "Dispute fee",
        type: "stripe_fee",
      },
    ],
  });
  const taken = { ...dispute, balance_transactions: [...dispute.balance_transactions, line] };
  await scene.documents.put("dispute", taken);
  return taken;
}

const open: ReadonlySet<string> = new Set([
  "needs_response",
  "under_review",
  "warning_needs_response",
  "warning_under_review",
]);
export const isOpen = (dispute: Dispute): boolean => open.has(dispute.status);

/** The bank decides. Won: the money comes back (the fee does not); lost: it stays gone. */
export async function decideDispute(
  scene: Scene,
  dispute: Dispute,
  verdict: "won" | "lost",
): Promise<Dispute> {
  if (!isOpen(dispute)) return dispute;
  await unschedule(scene, "dispute_decided_won", dispute.id);
  await unschedule(scene, "dispute_decided_lost", dispute.id);
  const inquiry = dispute.status.startsWith("warning_");
  const decided: Dispute = {
    ...dispute,
    is_charge_refundable: inquiry,
    status: inquiry ? "warning_closed" : verdict,
  };
  if (verdict === "lost" || inquiry) {
    await scene.documents.put("dispute", decided);
    await emit(scene, "charge.dispute.closed", decided, { status: dispute.status });
    return decided;
  }
  const line = await book(scene, {
    amount: dispute.amount,
    currency: dispute.currency,
    type: "adjustment",
    category: "dispute_reversal",
    source: dispute.id,
    description: `Chargeback reversal for ${idIn(dispute.charge)}`,
  });
  const restored = { ...decided, balance_transactions: [...dispute.balance_transactions, line] };
  await scene.documents.put("dispute", restored);
  await emit(scene, "charge.dispute.funds_reinstated", restored);
  await emit(scene, "charge.dispute.closed", restored, { status: dispute.status });
  return restored;
}

type Evidence = Readonly<Record<string, string | undefined>>;

/** Our side of the story. Submitted, it goes under review; Stripe's test texts decide it at the next tick. */
export async function answerDispute(
  scene: Scene,
  dispute: Dispute,
  evidence: Evidence | undefined,
  submit: boolean,
): Promise<Dispute> {
  if (dispute.status !== "needs_response" && dispute.status !== "warning_needs_response") {
    throw invalid("This dispute is already closed or under review; evidence can no longer be added.", {
      param: "evidence",
    });
  }
  const given = Object.fromEntries(
    Object.entries(evidence ?? {}).map(([name, value]) => [name, value === "" ? null : value]),
  );
  const details = dispute.evidence_details;
  const answered: Dispute = {
    ...dispute,
    evidence: { ...dispute.evidence, ...given },
    evidence_details: {
      ...details,
      has_evidence: details.has_evidence || Object.keys(given).length > 0,
      submission_count: details.submission_count + (submit ? 1 : 0),
    },
    status: !submit
      ? dispute.status
      : dispute.status === "needs_response"
        ? "under_review"
        : "warning_under_review",
  };
  await scene.documents.put("dispute", answered);
  await emit(scene, "charge.dispute.updated", answered);
  const verdict = submit ? evidenceVerdicts[answered.evidence.uncategorized_text ?? ""] : undefined;
  if (verdict) await schedule(scene, `dispute_decided_${verdict}`, dispute.id, scene.now);
  return answered;
}
