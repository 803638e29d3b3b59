import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { MandateCharge } from "../gateway/mandate.ts";
import type { CollectOutcome } from "../gateway/payment.ts";
import { exhaustive } from "../kernel/result.ts";
import type { Applied } from "./apply-outcome.ts";
import { collect, donorOf } from "./collect.ts";
import { type Gift, handleOf } from "./gift.ts";
import type { DonorInput } from "./give-request.ts";
import { writeAnswer } from "./write-answer.ts";

/** How a period's gift goes out: pulled under the donor's permission, or as a voucher or link the donor acts on. */
export type StandingWay =
  | { readonly kind: "pull"; readonly gatewayMandateId: string; readonly dueOn: string }
  | { readonly kind: "ask"; readonly bank: string | undefined; readonly pageUrl: string };

export type StandingSend = {
  readonly gift: Gift;
  readonly way: StandingWay;
  readonly donor: DonorInput;
  readonly customerRef: string | undefined;
  readonly churchName: string;
  readonly traceId: string;
};

/**
 * Sends the attempt of a period's gift and writes what came of it (transaction B), by the same path as any gift's
 * answer. No transaction may be open. Repeated with the same attempt it is the same request at the gateway.
 */
export async function sendStanding(deps: Deps, send: StandingSend): Promise<Applied> {
  const outcome = await ask(deps, send);
  const applied = await writeAnswer(deps, send.gift, { kind: "outcome", outcome });
  if (applied.deliveries > 0) deps.doorbell.ring("outbox");
  return applied;
}

function ask(deps: Deps, send: StandingSend): Promise<CollectOutcome> {
  const { way, gift } = send;
  switch (way.kind) {
    case "pull":
      return pull(deps, send, way);
    case "ask":
      return collect(deps, {
        ...send,
        method: { type: gift.donation.method, ...(way.bank === undefined ? {} : { bank: way.bank }) },
        device: undefined,
        receivedAt: undefined,
        pageUrl: way.pageUrl,
      });
    default:
      return exhaustive(way);
  }
}

async function pull(
  deps: Deps,
  send: StandingSend,
  way: Extract<StandingWay, { kind: "pull" }>,
): Promise<CollectOutcome> {
  const { gift } = send;
  const { donation, attempt } = gift;
  const ready = await deps.payments.ready(donation.churchId, attempt.gatewayAccountId);
  const mandates = ready?.adapter.mandates;
  if (!mandates) {
    const detail = "the gateway account is disabled, or pulls nothing";
    return {
      kind: "refused",
      problem: { reason: "account_problem", rawCode: "account_unavailable", detail },
      evidence: {},
    };
  }
  const order: MandateCharge = {
    mandate: { gatewayMandateId: way.gatewayMandateId, method: donation.method },
    attempt: handleOf(gift),
    description: send.churchName,
    dueOn: way.dueOn,
    donor: donorOf({ ...send, device: undefined }),
  };
  const names = {
    gateway: attempt.gateway,
    operation: "charge",
    idempotencyKey: attempt.gatewayKey,
    traceId: send.traceId,
  } as const;
  return callGateway(deps, names, (call) => mandates.charge(order, call));
}
