import type { MandateOutcome } from "../../src/gateway/mandate.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { exhaustive } from "../../src/kernel/result.ts";
import { withoutGaps } from "../../src/kernel/without-gaps.ts";
import { declineOf, mandateUsable, sessionStage, setupStage } from "./codes.ts";
import { nextStep, sdkAction } from "./translate-action.ts";
import { metadataKeys } from "./wire.ts";
import type { WireMandate, WirePaymentMethod, WireSetupIntent, WireSetupSession } from "./wire-mandate.ts";

type View = {
  readonly publishableKey: string;
  readonly evidence: Evidence;
  readonly session?: WireSetupSession;
};

const expanded = <T extends object>(reference: string | T | null | undefined): T | undefined =>
  typeof reference === "object" && reference !== null ? reference : undefined;

/**
 * A donor's permission from the SetupIntent that asked for it. Once given it is known by the saved payment method
 * (`pm_…`), which is what later events and charges name; until then by the SetupIntent (`seti_…`), or by Stripe's
 * page (`cs_…`) as long as nobody has begun there.
 */
export function setupOutcome(intent: WireSetupIntent, view: View): MandateOutcome {
  const evidence: Evidence = { ...view.evidence, rawStatus: intent.status };
  const gatewayMandateId = intent.id;
  const stage = setupStage(intent.status);
  switch (stage) {
    case "done":
      return given(intent, evidence);
    case "wait":
      return { kind: "pending", gatewayMandateId, evidence };
    case "dead": {
      const rawCode = intent.cancellation_reason ?? intent.status;
      return { kind: "ended", gatewayMandateId, by: "church", rawCode, evidence };
    }
    case "open":
    case "confirm":
      return open(intent, view, evidence);
    case "act":
      return acted(intent, view, evidence);
    case undefined:
      return { kind: "pending", gatewayMandateId, evidence: { ...evidence, unrecognized: intent.status } };
    default:
      return exhaustive(stage);
  }
}

function given(intent: WireSetupIntent, evidence: Evidence): MandateOutcome {
  const method = expanded(intent.payment_method);
  const id = method?.id ?? (typeof intent.payment_method === "string" ? intent.payment_method : undefined);
  if (id === undefined) return { kind: "in_doubt", cause: "unreadable_answer", evidence };
  if (method && method.customer === undefined) {
    return { kind: "ended", gatewayMandateId: id, by: "church", rawCode: "detached", evidence };
  }
  const mandate = expanded(intent.mandate);
  const usable = mandate ? mandateUsable(mandate.status) : true;
  if (usable === false) {
    return { kind: "ended", gatewayMandateId: id, by: "bank", rawCode: "mandate_inactive", evidence };
  }
  const alert = usable === undefined ? { unrecognized: `mandate ${mandate?.status}` } : {};
  return {
    kind: "active",
    gatewayMandateId: id,
    ...(method ? instrumentOf(method) : {}),
    evidence: { ...evidence, ...alert },
  };
}

/** What is known of the saved instrument, its owner at Stripe with it. */
export function instrumentOf(method: WirePaymentMethod): Partial<Instrument> {
  const display = displayOf(method);
  const { card, customer } = method;
  const month = card?.exp_month == null ? undefined : String(card.exp_month).padStart(2, "0");
  return {
    ...(display ? { display } : {}),
    ...(card ? { network: card.brand.toLowerCase() } : {}),
    ...(card?.exp_year && month ? { expiresOn: `${card.exp_year}-${month}` } : {}),
    ...withoutGaps({ customerRef: customer }),
  };
}

type Instrument = Pick<
  Extract<MandateOutcome, { kind: "active" }>,
  "display" | "network" | "expiresOn" | "customerRef"
>;

/** `visa 4242`, `STRIPE TEST BANK 6789`, `sepa 3000`: nothing by which the instrument could be used. */
function displayOf(method: WirePaymentMethod): string | undefined {
  const named: readonly (readonly [string | null | undefined, string | null | undefined])[] = [
    [method.card?.brand, method.card?.last4],
    [method.us_bank_account?.bank_name ?? "bank", method.us_bank_account?.last4],
    [method.acss_debit?.bank_name ?? "bank", method.acss_debit?.last4],
    ["sepa", method.sepa_debit?.last4],
    ["bacs", method.bacs_debit?.last4],
  ];
  const shown = named.find(([, last4]) => last4);
  return shown ? `${shown[0]} ${shown[1]}` : undefined;
}

/** Waiting for the donor to begin; or the bank said no, which only a form still open lets them try again. */
function open(intent: WireSetupIntent, view: View, evidence: Evidence): MandateOutcome {
  const action = view.session
    ? pageAction(view.session)
    : intent.metadata[metadataKeys.presentation] === "embedded"
      ? sdkAction({ ...intent, next_action: null }, view.publishableKey)
      : undefined;
  if (action) return { kind: "action_required", gatewayMandateId: intent.id, action, evidence };
  // No bank has said no, and there is no way on to show: not an end, only an answer that cannot be right.
  if (!intent.last_setup_error) return { kind: "in_doubt", cause: "unreadable_answer", evidence };
  const { decline, unrecognized } = declineOf(intent.last_setup_error);
  return {
    kind: "ended",
    gatewayMandateId: intent.id,
    by: "bank",
    rawCode: decline.rawCode,
    evidence: unrecognized ? { ...evidence, unrecognized } : evidence,
  };
}

function acted(intent: WireSetupIntent, view: View, evidence: Evidence): MandateOutcome {
  const onPage = view.session ? pageAction(view.session) : undefined;
  const step = onPage
    ? ({ kind: "action", action: onPage } as const)
    : nextStep({ ...intent, next_action: intent.next_action ?? null }, view.publishableKey);
  const gatewayMandateId = intent.id;
  switch (step.kind) {
    case "action":
      return { kind: "action_required", gatewayMandateId, action: step.action, evidence };
    case "unreadable":
      return { kind: "in_doubt", cause: "unreadable_answer", evidence };
    case "unknown":
      return {
        kind: "pending",
        gatewayMandateId,
        evidence: { ...evidence, unrecognized: `next_action ${step.type}` },
      };
    default:
      return exhaustive(step);
  }
}

const pageAction = (session: WireSetupSession) =>
  session.status === "open" && session.url
    ? ({ type: "redirect", url: session.url, expiresAt: new Date(session.expires_at * 1000) } as const)
    : undefined;

/** The permission from Stripe's page for saving. */
export function setupSessionOutcome(session: WireSetupSession, view: View): MandateOutcome {
  const intent = expanded(session.setup_intent);
  const evidence: Evidence = { ...view.evidence, rawStatus: session.status ?? "null" };
  const stage = session.status === null ? undefined : sessionStage(session.status);
  const gatewayMandateId = session.id;
  switch (stage) {
    case "open": {
      const action = pageAction(session);
      return action
        ? { kind: "action_required", gatewayMandateId, action, evidence }
        : { kind: "in_doubt", cause: "unreadable_answer", evidence };
    }
    case "complete":
      return intent ? setupOutcome(intent, view) : { kind: "in_doubt", cause: "unreadable_answer", evidence };
    case "expired":
      return { kind: "ended", gatewayMandateId, by: "gateway", rawCode: "expired", evidence };
    case undefined:
      return {
        kind: "pending",
        gatewayMandateId,
        evidence: { ...evidence, unrecognized: `session ${session.status}` },
      };
    default:
      return exhaustive(stage);
  }
}

/** What `mandate.updated` says: usable, or over by the donor's bank. */
export function mandateOutcome(mandate: WireMandate, gatewayMandateId: string): MandateOutcome {
  const usable = mandateUsable(mandate.status);
  const evidence: Evidence = {
    rawStatus: mandate.status,
    ...(usable === undefined ? { unrecognized: `mandate ${mandate.status}` } : {}),
  };
  return usable === false
    ? { kind: "ended", gatewayMandateId, by: "bank", rawCode: "mandate_inactive", evidence }
    : { kind: "active", gatewayMandateId, evidence };
}
