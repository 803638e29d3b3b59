import type { Tx } from "../db/client.ts";
import { present } from "../kernel/assert.ts";
import { newId, uuidOf } from "../kernel/ids.ts";
import type { Route } from "../routing/choose-route.ts";
import { nextCheck } from "./check-times.ts";
import type { Gift } from "./gift.ts";
import { customerRefOf, insertAttempt } from "./store.ts";

/** An attempt ready to be sent, with the donor's name at its own gateway account, where that keeps one. */
export type NextAttempt = { readonly gift: Gift; readonly customerRef: string | undefined };

/**
 * Opens the next attempt of a donation whose last one moved no money, on another account; it becomes the current
 * one. In the caller's transaction, with the end of the last.
 */
export async function startNextAttempt(tx: Tx, gift: Gift, route: Route, now: Date): Promise<NextAttempt> {
  const { account, capability } = route;
  const id = newId("attempt");
  const { attempt } = gift;
  const check = nextCheck({
    state: "submitted",
    checks: 0,
    now,
    createdAt: now,
    action: undefined,
    expiresAt: undefined,
  });
  const next: Gift = {
    ...gift,
    attempt: {
      ...attempt,
      id,
      number: attempt.number + 1,
      gateway: account.gateway,
      gatewayAccountId: account.id,
      state: "submitted",
      version: 1,
      gatewayKey: `ofr-${uuidOf(id)}`,
      gatewayPaymentId: undefined,
      refusal: undefined,
      evidence: undefined,
      nextCheckAt: present(check instanceof Date ? check : undefined, "a submitted attempt is looked after"),
      checks: 0,
      createdAt: now,
    },
  };
  await insertAttempt(tx, next);
  const { churchId, donorId } = gift.donation;
  const customerRef = capability.remembersDonor
    ? await customerRefOf(tx, churchId, account.id, donorId)
    : undefined;
  return { gift: next, customerRef };
}
