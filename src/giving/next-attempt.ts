import type { Tx } from "../db/client.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import type { Route } from "../routing/choose-route.ts";
import type { Gift } from "./gift.ts";
import { customerRefOf, insertAttempt } from "./store.ts";
import { submittedAttempt } from "./submitted-attempt.ts";

/** An attempt ready to be sent, with the donor's name at its own gateway account, where that keeps one. */
export type NextAttempt = { readonly gift: Gift; readonly customerRef: string | undefined };

/** By which account, and how, a further attempt goes. */
export type NextWay = Pick<Route, "account" | "capability"> & {
  readonly presentation: Presentation;
  readonly method: MethodType;
};

/**
 * Opens the next attempt of a donation whose last one moved no money; it becomes the current one. In the caller's
 * transaction, with the end of the last.
 */
export async function startNextAttempt(tx: Tx, gift: Gift, route: NextWay, now: Date): Promise<NextAttempt> {
  const { account, capability } = route;
  const { attempt, donation } = gift;
  const next: Gift = {
    ...gift,
    donation: { ...donation, method: route.method },
    attempt: {
      ...attempt,
      ...submittedAttempt(account, now),
      presentation: route.presentation,
      number: attempt.number + 1,
    },
  };
  await insertAttempt(tx, next);
  const { churchId, donorId } = gift.donation;
  const customerRef = capability.remembersDonor
    ? await customerRefOf(tx, churchId, account.id, donorId)
    : undefined;
  return { gift: next, customerRef };
}
