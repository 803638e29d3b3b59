import type { Deps } from "../deps.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { CollectOrder, CollectOutcome, Device } from "../gateway/payment.ts";
import { webhookUrl } from "../routing/connect-gateway.ts";
import type { Gift } from "./gift.ts";
import type { DonorInput, GiveRequest } from "./give-request.ts";

export type CollectInput = {
  readonly gift: Gift;
  readonly donor: DonorInput;
  readonly customerRef: string | undefined;
  readonly method: GiveRequest["method"];
  readonly churchName: string;
  readonly device: Device | undefined;
  readonly receivedAt: Date | undefined;
  /** Our page about this gift: the donor comes back to it from the gateway's. */
  readonly pageUrl: string;
  readonly traceId: string;
};

/** Sends an attempt to its gateway. Repeating it with the same attempt repeats the same gateway key. */
export async function collect(
  deps: Pick<Deps, "payments" | "clock" | "log" | "metrics" | "config">,
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
  const names = {
    gateway: attempt.gateway,
    operation: "collect",
    idempotencyKey: attempt.gatewayKey,
    traceId: input.traceId,
  } as const;
  const notificationUrl = webhookUrl(deps.config, attempt.gateway, ready.account.endpointToken);
  const order = orderOf(input, notificationUrl);
  return callGateway(deps, names, (call) => ready.adapter.payments.collect(order, call));
}

function orderOf(input: CollectInput, notificationUrl: string): CollectOrder {
  const { donation, attempt } = input.gift;
  const { method } = input;
  return {
    attemptId: attempt.id,
    donationId: donation.id,
    amount: attempt.amount,
    country: donation.country,
    method: {
      type: donation.method,
      presentation: attempt.presentation,
      ...(method.token === undefined ? {} : { token: method.token }),
      ...(method.bank === undefined ? {} : { bank: method.bank }),
    },
    ...(method.mandateAcceptance ? { mandateAcceptance: method.mandateAcceptance } : {}),
    donor: donorOf(input),
    description: input.churchName,
    returnUrl: `${input.pageUrl}&back=1`,
    cancelUrl: `${input.pageUrl}&back=canceled`,
    notificationUrl,
    locale: donation.locale,
    ...(input.receivedAt ? { receivedAt: input.receivedAt } : {}),
  };
}

/** The donor as gateways are told of them. */
export function donorOf({
  gift,
  donor,
  device,
  customerRef,
}: Pick<CollectInput, "gift" | "donor" | "device" | "customerRef">): CollectOrder["donor"] {
  const { name, email, phone, taxId, taxIdType, address } = donor;
  return {
    reference: gift.donation.donorId,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(phone === undefined ? {} : { phone }),
    ...(taxId === undefined || taxIdType === undefined ? {} : { taxId: { type: taxIdType, number: taxId } }),
    ...(address === undefined ? {} : { address }),
    ...(device === undefined ? {} : { device }),
    ...(customerRef === undefined ? {} : { customerRef }),
  };
}
