import { present } from "../kernel/assert.ts";
import { newId, uuidOf } from "../kernel/ids.ts";
import type { RoutableAccount } from "../routing/choose-route.ts";
import { nextCheck } from "./check-times.ts";

/**
 * What every attempt starts with, the first of a donation and the one after it: written as `submitted` before
 * anything is sent, its gateway key made once and for all, and a date by which somebody looks after it.
 */
export function submittedAttempt(account: Pick<RoutableAccount, "id" | "gateway">, now: Date) {
  const id = newId("attempt");
  const state = "submitted" as const;
  const check = nextCheck({
    state,
    checks: 0,
    now,
    createdAt: now,
    action: undefined,
    expiresAt: undefined,
  });
  return {
    id,
    gateway: account.gateway,
    gatewayAccountId: account.id,
    state,
    version: 1,
    gatewayKey: `ofr-${uuidOf(id)}`,
    gatewayPaymentId: undefined,
    action: undefined,
    decline: undefined,
    refusal: undefined,
    evidence: undefined,
    capturedAt: undefined,
    fee: undefined,
    expiresAt: undefined,
    nextCheckAt: present(check instanceof Date ? check : undefined, "a submitted attempt is looked after"),
    checks: 0,
    createdAt: now,
  };
}
