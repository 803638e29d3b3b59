import type { Deps } from "../deps.ts";
import type { CollectOutcome } from "../gateway/adapter.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { Gift } from "./gift.ts";
import type { DonorInput, GiveRequest } from "./give-request.ts";

export type CollectInput = {
  readonly gift: Gift;
  readonly donor: DonorInput;
  readonly customerRef: string | undefined;
  readonly method: GiveRequest["method"];
  readonly churchName: string;
  /** Our page about this gift: the donor comes back to it from the gateway's. */
  readonly pageUrl: string;
  readonly traceId: string;
};

/** Sends an attempt to its gateway. Repeating it with the same attempt repeats the same gateway key. */
export async function collect(
  deps: Pick<Deps, "payments" | "clock" | "log" | "metrics">,
  input: CollectInput,
): Promise<CollectOutcome> {
  const { donation, attempt } = input.gift;
  const ready = await deps.payments.ready(donation.churchId, attempt.gatewayAccountId);
  if (!ready) {
    const detail = "the gateway account is disabled, or cannot be served here";
    return {
      kind: "refused",
      problem: { reason: "account_problem", rawCode: "account_unavailable", detail },
      evidence: {},
    };
  }
  const { donor, method } = input;
  const names = {
    gateway: attempt.gateway,
    operation: "collect",
    idempotencyKey: attempt.gatewayKey,
    traceId: input.traceId,
  } as const;
  return callGateway(deps, names, (call) =>
    ready.adapter.payments.collect(
      {
        attemptId: attempt.id,
        donationId: donation.id,
        amount: attempt.amount,
        country: donation.country,
        method: {
          type: donation.method,
          presentation: attempt.presentation,
          ...(method.token === undefined ? {} : { token: method.token }),
        },
        ...(method.mandateAcceptance ? { mandateAcceptance: method.mandateAcceptance } : {}),
        donor: {
          reference: donation.donorId,
          ...(donor.name === undefined ? {} : { name: donor.name }),
          ...(donor.email === undefined ? {} : { email: donor.email }),
          ...(donor.phone === undefined ? {} : { phone: donor.phone }),
          ...(input.customerRef === undefined ? {} : { customerRef: input.customerRef }),
        },
        description: input.churchName,
        returnUrl: `${input.pageUrl}&back=1`,
        cancelUrl: `${input.pageUrl}&back=canceled`,
        locale: donation.locale,
      },
      call,
    ),
  );
}
