import { z } from "zod";
import type { AdapterFactory } from "../../src/gateway/adapter.ts";
import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import type {
  AttemptHandle,
  CollectOrder,
  CollectOutcome,
  Payments,
  Refusal,
} from "../../src/gateway/payment.ts";
import type { Webhooks } from "../../src/gateway/webhook.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { offlineManifest } from "./manifest.ts";

/** Nothing is called: what two people have counted has been received, and stays so whoever asks. */
const received = (
  attempt: Pick<AttemptHandle, "attemptId" | "amount"> & { readonly method: AttemptHandle["method"] },
  capturedAt: Date,
): CollectOutcome => ({
  kind: "captured",
  gatewayPaymentId: attempt.attemptId,
  amount: attempt.amount,
  fee: { amount: { ...attempt.amount, minor: 0n }, tax: { ...attempt.amount, minor: 0n } },
  capturedAt,
  funding: attempt.method === "in_kind" ? "in_kind" : "direct",
  evidence: { rawStatus: "counted" },
});

const unsupported = (detail: string): Refusal => ({ reason: "unsupported", rawCode: "in_person", detail });

function collect(order: CollectOrder, now: Date): CollectOutcome {
  const known = offlineManifest.methods.some(
    ({ type, countries }) => type === order.method.type && countries.includes(order.country),
  );
  if (!known) {
    const detail = `${order.method.type} in ${order.country} is not received in person`;
    return { kind: "refused", problem: unsupported(detail), evidence: {} };
  }
  return received({ ...order, method: order.method.type }, order.receivedAt ?? now);
}

const payments: Payments = {
  collect: async (order, call) => collect(order, call.now),
  lookup: async (handle) => received(handle, handle.createdAt),
  cancel: async (handle) => ({
    kind: "too_late",
    current: received(handle, handle.createdAt),
    evidence: {},
  }),
  refund: async () => ({
    kind: "refused",
    problem: unsupported("what was handed over in person is given back by a person"),
    evidence: {},
  }),
  lookupRefund: async () => ({ kind: "never_seen", evidence: {} }),
  checkCredentials: async () => ok({ country: undefined }),
};

/** Nobody sends us anything. */
const webhooks: Webhooks = {
  verify: async () => "forged",
  envelope: () => err("gifts handed over in person send no webhooks"),
  read: () => err("gifts handed over in person send no webhooks"),
};

const factory: AdapterFactory = {
  manifest: offlineManifest,
  credentials: z.object({}),
  modeOf: () => "either",
  create: () => ({ manifest: offlineManifest, payments, webhooks }),
};

/** Cash, cheques, card terminals and things: no gateway at all, and one path to the books like any other. */
export const offline: GatewayModule = { factory };
