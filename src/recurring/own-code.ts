import type { Deps } from "../deps.ts";
import type { MethodType } from "../gateway/methods.ts";
import type { RoutableAccount } from "../routing/choose-route.ts";
import type { RecurringGift } from "./recurring-gift.ts";

/** What of a promise tells where its donor's own code leads. */
type Promised = Pick<
  RecurringGift,
  "churchId" | "donorId" | "legalEntityId" | "mode" | "method" | "collection"
>;

/**
 * The text of the donor's own code for a reminder, which never changes and is matched by itself; `undefined` where the
 * church has no account that gives one.
 */
export async function ownCodeOf(
  deps: Pick<Deps, "payments" | "settings">,
  gift: Promised,
): Promise<string | undefined> {
  if (gift.collection !== "reminder") return undefined;
  const settings = await deps.settings.read(gift.churchId);
  const account = settings?.accounts.find(
    (one) =>
      one.legalEntityId === gift.legalEntityId &&
      one.mode === gift.mode &&
      one.status === "active" &&
      codedMethods(deps, one).includes(gift.method),
  );
  const ready = account && (await deps.payments.ready(gift.churchId, account.id));
  const code = ready?.adapter.donorCodes?.codeOf(gift.donorId);
  return code?.ok ? code.value : undefined;
}

/** The methods an account gives donors codes of their own for. */
export const codedMethods = (
  deps: Pick<Deps, "payments">,
  { gateway }: Pick<RoutableAccount, "gateway">,
): readonly MethodType[] =>
  (deps.payments.manifests.get(gateway)?.methods ?? [])
    .filter(({ donorCode }) => donorCode)
    .map(({ type }) => type);
