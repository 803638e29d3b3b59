import type { Deps } from "../deps.ts";
import { present } from "../kernel/assert.ts";
import { newId, uuidOf } from "../kernel/ids.ts";
import type { RoutableAccount } from "../routing/choose-route.ts";
import { nextCheck } from "./check-times.ts";
import type { Gift } from "./gift.ts";
import { insertAttempt } from "./store.ts";

/** Opens the next attempt of a donation whose last one moved no money, on another account; it becomes the current one. */
export async function startNextAttempt(
  deps: Pick<Deps, "db" | "clock">,
  gift: Gift,
  account: RoutableAccount,
): Promise<Gift> {
  const now = deps.clock.now();
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
  await deps.db.inChurch(gift.donation.churchId, (tx) => insertAttempt(tx, next));
  return next;
}
