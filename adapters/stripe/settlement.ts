import type Stripe from "stripe";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { SettlementLine, Settlements } from "../../src/gateway/settlement.ts";
import { assert } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { fromStripeAmount } from "./amounts.ts";
import { ask, reading } from "./client.ts";
import { lineKind } from "./codes.ts";
import { feeOf, fromUnix } from "./translate-outcome.ts";
import { balanceTransactionSchema, listOf, type WireBalanceTransaction } from "./wire.ts";

const page = listOf(balanceTransactionSchema);

/** Stripe lists newest first; a window is read in slices of a day, each turned round, so memory stays bounded. */
const slice = days(1);

/** Settlement lines from Stripe's balance transactions (`GET /v1/balance_transactions`). */
export function stripeSettlements(stripe: Stripe): Settlements {
  return {
    /**
     * From `from` (included) to `to` (excluded), oldest first. A page that cannot be read throws a
     * {@link SettlementUnread}: the lines already yielded are right, the caller repeats the window.
     */
    async *lines(window, call) {
      let start = window.from.getTime();
      while (start < window.to.getTime()) {
        const end = Math.min(start + slice, window.to.getTime());
        const booked = await bookedBetween(stripe, new Date(start), new Date(end), call);
        for (const one of booked.reverse()) yield lineOf(one);
        start = end;
      }
    },
  };
}

/** Stripe could not be read; `cause` tells how, as in `TransportCause` or a refusal's reason. */
class SettlementUnread extends Error {
  override readonly name = "SettlementUnread";
}

/** What a line cannot do without. */
function readable<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new SettlementUnread(`${what} cannot be read`);
  return value;
}

async function bookedBetween(
  stripe: Stripe,
  from: Date,
  to: Date,
  call: GatewayCall,
): Promise<WireBalanceTransaction[]> {
  const created = { gte: unix(from), lt: unix(to) };
  if (created.gte === created.lt) return [];
  const found: WireBalanceTransaction[] = [];
  let cursor: { starting_after?: string } = {};
  for (;;) {
    const params = { created, limit: 100, ...cursor };
    const answer = await ask(page, { call }, () => stripe.balanceTransactions.list(params, reading(call)));
    if (!answer.ok) {
      const { failure } = answer;
      const why = failure.kind === "refused" ? failure.problem.reason : failure.kind;
      throw new SettlementUnread(`Stripe's balance transactions could not be read: ${why}`);
    }
    found.push(...answer.value.data);
    const last = answer.value.data.at(-1);
    if (!answer.value.has_more || !last) return found;
    assert(cursor.starting_after !== last.id, "a page of balance transactions moves on");
    cursor = { starting_after: last.id };
  }
}

/** Slices meet on whole seconds, Stripe's grain: rounding up both ends keeps every second in exactly one slice. */
const unix = (at: Date): number => Math.ceil(at.getTime() / 1000);

function lineOf(booked: WireBalanceTransaction): SettlementLine {
  const read = (amount: number) =>
    readable(fromStripeAmount(amount, booked.currency), `an amount of ${booked.id}`);
  return {
    gatewayLineId: booked.id,
    kind: lineKind(booked.type, booked.reporting_category),
    rawType: booked.type,
    gross: read(booked.amount),
    fee: readable(feeOf(booked), `the fee of ${booked.id}`),
    net: read(booked.net),
    ...(booked.source ? { sourceId: booked.source } : {}),
    occurredAt: fromUnix(booked.created),
    availableOn: fromUnix(booked.available_on),
  };
}
