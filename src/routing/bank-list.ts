import type { Bank } from "../gateway/banks.ts";
import { type CallContext, callGateway } from "../gateway/call-gateway.ts";
import type { MethodType } from "../gateway/methods.ts";
import { hours, seconds } from "../kernel/clock.ts";
import type { ChurchId, GatewayAccountId } from "../kernel/ids.ts";
import { type ShortCache, shortCache } from "../kernel/short-cache.ts";
import type { PaymentFactory } from "./payment-factory.ts";

/** The banks donors choose from before a bank redirect, as the gateway lists them now. */
export type BankLists = {
  /** Empty when the gateway has no such list or could not be asked; then any code the donor's page knows is taken. */
  list(
    church: ChurchId,
    account: GatewayAccountId,
    query: { readonly method: MethodType; readonly country: string },
  ): Promise<readonly Bank[]>;
};

/** A list is asked for at most once an hour (facts: methods §4); after a failure sooner, so that it heals. */
const rememberMs = hours(1);
const afterFailureMs = seconds(30);

export function bankLists(context: CallContext, payments: Pick<PaymentFactory, "ready">): BankLists {
  const cache = (ttlMs: number): ShortCache<string, readonly Bank[] | undefined> =>
    shortCache({ clock: context.clock, ttlMs, most: 2_000 });
  const good = cache(rememberMs);
  const tries = cache(afterFailureMs);
  return {
    list: async (church, account, query) => {
      const key = `${account}/${query.method}/${query.country}`;
      const known = await good.get(key, () =>
        tries.get(key, async () => {
          const ready = await payments.ready(church, account);
          const banks = ready?.adapter.banks;
          if (!ready || !banks) return undefined;
          const names = {
            gateway: ready.account.gateway,
            operation: "banks",
            idempotencyKey: `banks-${query.method}`,
            traceId: account.slice(4),
          } as const;
          const answer = await callGateway(context, names, async (call) => {
            const listed = await banks.list(query, call);
            return { kind: listed.ok ? "listed" : "failed", listed, evidence: {} } as const;
          });
          return answer.kind === "listed" && answer.listed.ok ? answer.listed.value : undefined;
        }),
      );
      if (known === undefined) good.forget(key);
      return known ?? [];
    },
  };
}
