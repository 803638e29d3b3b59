import { z } from "@hono/zod-openapi";
import { moneyJson } from "../kernel/money.ts";
import { refundStates } from "./refund-state.ts";
import type { RefundRecord } from "./refund-store.ts";

/** A refund on the outside. */
export const refundSchema = z
  .object({
    id: z.string(),
    object: z.literal("refund"),
    donation: z.string(),
    amount: z.int(),
    currency: z.string(),
    status: z.enum(refundStates),
    reason: z.string(),
    gateway_refund_id: z.string().nullable(),
    claim_url: z.url().optional().openapi({
      description:
        "Where the donor takes a refund that cannot be sent to them (coins), while it is `action_required`. Worth the refund to whoever opens it: hand it to the donor alone. The gift's page shows it too",
    }),
    created_at: z.iso.datetime(),
  })
  .openapi("Refund");
export type RefundJson = z.infer<typeof refundSchema>;

export function refundJson(refund: RefundRecord): RefundJson {
  return {
    id: refund.id,
    object: "refund",
    donation: refund.donationId,
    ...moneyJson(refund.amount),
    status: refund.state,
    reason: refund.reason,
    gateway_refund_id: refund.gatewayRefundId ?? null,
    created_at: refund.createdAt.toISOString(),
  };
}
