import { z } from "@hono/zod-openapi";
import { moneyJson } from "../kernel/money.ts";
import { approvalKinds } from "./kinds.ts";
import { type ApprovalRecord, approvalStates } from "./store.ts";

const instant = z.iso.datetime();

/** A request on the outside, also as the stored answer of who made or decided it: nothing of the payee. */
export const approvalSchema = z
  .object({
    id: z.string(),
    object: z.literal("approval"),
    kind: z.enum(approvalKinds),
    status: z.enum(approvalStates),
    donation: z.string().nullable(),
    bank_line: z.string().nullable(),
    refund: z.string().nullable(),
    amount: z.int(),
    currency: z.string(),
    received_on: z.string().nullable(),
    requested_by: z.string().openapi({ description: "The API key that asked" }),
    requested_at: instant,
    expires_at: instant,
    decided_by: z.string().nullable().openapi({ description: "Another API key, always" }),
    decided_at: instant.nullable(),
    awaits_payment: z.boolean().openapi({ description: "Agreed, and still to be paid at the bank" }),
    paid_on: z.string().nullable(),
    bank_reference: z.string().nullable(),
  })
  .openapi("Approval");
export type ApprovalJson = z.infer<typeof approvalSchema>;

export function approvalJson(approval: ApprovalRecord, now: Date): ApprovalJson {
  const { matter, paid } = approval;
  const over = approval.state === "pending" && approval.expiresAt <= now;
  const known = matter.kind === "confirm_transfer" ? matter : undefined;
  return {
    id: approval.id,
    object: "approval",
    kind: matter.kind,
    status: over ? "expired" : approval.state,
    donation: approval.donationId ?? null,
    bank_line: "lineId" in matter ? matter.lineId : null,
    refund: "refundId" in matter ? matter.refundId : null,
    ...moneyJson(approval.amount),
    received_on: known?.receivedOn ?? null,
    requested_by: approval.requestedBy,
    requested_at: approval.requestedAt.toISOString(),
    expires_at: approval.expiresAt.toISOString(),
    decided_by: approval.decidedBy ?? null,
    decided_at: approval.decidedAt?.toISOString() ?? null,
    awaits_payment: approval.state === "approved" && approval.payee !== undefined && paid === undefined,
    paid_on: paid?.on ?? null,
    bank_reference: paid?.reference ?? known?.bankReference ?? null,
  };
}
