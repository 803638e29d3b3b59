import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { MandateHandle, MandateOrder, MandateOutcome } from "../gateway/mandate.ts";
import type { Device } from "../gateway/payment.ts";
import type { DonorInput } from "../giving/give-request.ts";
import { withoutGaps } from "../kernel/without-gaps.ts";
import type { Mandate } from "./recurring-gift.ts";

type Parts = Pick<Deps, "payments" | "clock" | "log" | "metrics">;

/** What the gateway is told of a permission beside what the mandate's row keeps. */
export type MandateAsk = {
  readonly mandate: Mandate;
  readonly donor: DonorInput;
  readonly device: Device | undefined;
  readonly token: string | undefined;
  readonly bank: string | undefined;
  readonly churchName: string;
  /** `YYYY-MM-DD`: the first charge, and the last where there is one. */
  readonly startsOn: string;
  readonly endsOn: string | undefined;
  readonly returnUrl: string;
  readonly locale: string;
  readonly traceId: string;
};

/** Asks the gateway for the donor's permission. Repeated with the same mandate it is the same request there. */
export function askMandate(deps: Parts, ask: MandateAsk): Promise<MandateOutcome> {
  return withMandates(deps, ask.mandate, ask.traceId, "mandate", (mandates, call) =>
    mandates.request(orderOf(ask), call),
  );
}

/** Asks the gateway how a mandate stands. */
export function lookUpMandate(deps: Parts, mandate: Mandate): Promise<MandateOutcome> {
  return withMandates(deps, mandate, traceOf(mandate), "mandate_lookup", (mandates, call) =>
    mandates.lookup(handleOf(mandate), call),
  );
}

/** Ends a mandate at the gateway; one that has ended already answers so. */
export function endAtGateway(deps: Parts, mandate: Mandate): Promise<MandateOutcome> {
  return withMandates(deps, mandate, traceOf(mandate), "mandate_end", (mandates, call) =>
    mandates.cancel(handleOf(mandate), call),
  );
}

const traceOf = (mandate: Mandate): string => mandate.id.slice(4);

const handleOf = ({ id, gatewayMandateId }: Mandate): MandateHandle => ({
  reference: id,
  ...withoutGaps({ gatewayMandateId }),
});

type Ready = NonNullable<Awaited<ReturnType<Deps["payments"]["ready"]>>>;
type Mandates = NonNullable<Ready["adapter"]["mandates"]>;
type Call = Parameters<Mandates["request"]>[1];

async function withMandates(
  deps: Parts,
  mandate: Mandate,
  traceId: string,
  operation: "mandate" | "mandate_lookup" | "mandate_end",
  work: (mandates: Mandates, call: Call) => Promise<MandateOutcome>,
): Promise<MandateOutcome> {
  const ready = await deps.payments.ready(mandate.churchId, mandate.gatewayAccountId);
  const mandates = ready?.adapter.mandates;
  if (!ready || !mandates) {
    const detail = "the gateway account is disabled, or takes no standing permissions";
    return {
      kind: "refused",
      problem: { reason: "account_problem", rawCode: "account_unavailable", detail },
      evidence: {},
    };
  }
  const names = { gateway: mandate.gateway, operation, idempotencyKey: mandate.gatewayKey, traceId } as const;
  return callGateway(deps, names, (call) => work(mandates, call));
}

function orderOf(ask: MandateAsk): MandateOrder {
  const { mandate, donor, device, token, bank } = ask;
  const { name, email, phone, taxId, taxIdType, address } = donor;
  return {
    reference: mandate.id,
    donorId: mandate.donorId,
    country: mandate.country,
    method: {
      type: mandate.method,
      presentation: mandate.presentation,
      ...withoutGaps({ token, bank }),
    },
    donor: {
      reference: mandate.donorId,
      ...withoutGaps({ name, email, phone }),
      ...(taxId === undefined || taxIdType === undefined
        ? {}
        : { taxId: { type: taxIdType, number: taxId } }),
      ...withoutGaps({ address, device }),
    },
    ...(mandate.fixed ? { amount: mandate.fixed } : mandate.ceiling ? { ceiling: mandate.ceiling } : {}),
    cadence: mandate.cadence,
    startsOn: ask.startsOn,
    ...withoutGaps({ endsOn: ask.endsOn }),
    description: ask.churchName,
    returnUrl: ask.returnUrl,
    locale: ask.locale,
  };
}
