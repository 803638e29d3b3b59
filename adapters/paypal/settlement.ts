import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { SettlementLine, Settlements } from "../../src/gateway/settlement.ts";
import { after, days, minutes, seconds } from "../../src/kernel/clock.ts";
import { add, negate, zero } from "../../src/kernel/money.ts";
import { fromPaypalAmount } from "./amounts.ts";
import { ask, type PaypalAccount } from "./client.ts";
import { isAboutAnother, lineKind } from "./event-codes.ts";
import { rfc3339 } from "./find-attempt.ts";
import { type Failure, rawCodeOf } from "./translate-errors.ts";
import { transactionsSchema, type WireTransaction } from "./wire.ts";

/** The longest window one search may have, and the shortest worth asking for (Transaction Search v1). */
const longest = days(31);
const shortest = minutes(1);
const pageSize = 500;

/** Settlement lines from PayPal's transaction search (`GET /v1/reporting/transactions`). */
export function paypalSettlements(account: PaypalAccount): Settlements {
  return {
    /**
     * From `from` (included) to `to` (excluded), oldest first, in windows of at most 31 days; a window with more
     * than PayPal will list is halved. Transactions appear within three hours. What cannot be read throws a
     * {@link SettlementUnread}: the lines already yielded are right, the caller repeats the window.
     */
    async *lines(window, call) {
      let span = longest;
      let start = wholeSecond(window.from);
      const end = wholeSecond(window.to);
      while (start < end) {
        const until = Math.min(start + span, end);
        const read = await bookedBetween(account, new Date(start), new Date(until), call);
        if (read === "too_many") {
          span = Math.max(shortest, Math.floor((until - start) / 2));
          if (until - start <= shortest) throw new SettlementUnread("a minute holds more than PayPal lists");
          continue;
        }
        for (const one of read) yield lineOf(one);
        start = until;
      }
    },
  };
}

/** PayPal could not be read; the message tells how, in a refusal's or a transport's word. */
class SettlementUnread extends Error {
  override readonly name = "SettlementUnread";
}

/** What a line cannot do without. */
function readable<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new SettlementUnread(`${what} cannot be read`);
  return value;
}

/** PayPal's grain is a second; rounding both ends up keeps every second in exactly one window. */
const wholeSecond = (at: Date): number => Math.ceil(at.getTime() / 1000) * 1000;

async function bookedBetween(
  account: PaypalAccount,
  from: Date,
  to: Date,
  call: GatewayCall,
): Promise<WireTransaction[] | "too_many"> {
  // PayPal includes the end of the window, so the last second belongs to the next one.
  const window = { startDate: rfc3339(from), endDate: rfc3339(after(to, -seconds(1))) };
  const found: WireTransaction[] = [];
  for (let page = 1; ; page++) {
    const answer = await ask(account, transactionsSchema, { call }, ({ transactions }, options) =>
      transactions.searchTransactions(
        { ...window, fields: "transaction_info", balanceAffectingRecordsOnly: "Y", pageSize, page },
        options,
      ),
    );
    if (!answer.ok) {
      if (rawCodeOf(answer.failure) === "RESULTSET_TOO_LARGE") return "too_many";
      throw new SettlementUnread(`PayPal's transactions could not be read: ${why(answer.failure)}`);
    }
    found.push(...answer.value.transaction_details.map((row) => row.transaction_info).filter(isBooked));
    if (page >= (answer.value.total_pages ?? 1)) return found.sort(byTime);
  }
}

const why = (failure: Failure): string =>
  failure.kind === "refused" ? failure.problem.reason : failure.kind;

/** Denied and pending ones move no money (`D`, `P`); a reversed one (`V`) did, and its reversal is its own line. */
const isBooked = ({ transaction_status }: WireTransaction): boolean =>
  transaction_status !== "D" && transaction_status !== "P";

const byTime = (a: WireTransaction, b: WireTransaction): number =>
  instant(a.transaction_initiation_date).getTime() - instant(b.transaction_initiation_date).getTime();

/** PayPal writes the account's own offset without a colon: `2026-11-20T06:00:00-0600`. */
function instant(text: string): Date {
  const at = new Date(text.replace(/([+-]\d{2})(\d{2})$/, "$1:$2"));
  return readable(Number.isNaN(at.getTime()) ? undefined : at, "a time of a PayPal transaction");
}

function lineOf(booked: WireTransaction): SettlementLine {
  const { transaction_id: id, transaction_event_code: code } = booked;
  const read = (amount: { value: string; currency_code: string }) =>
    readable(fromPaypalAmount(amount.value, amount.currency_code), `an amount of ${id}`);
  const gross = read(booked.transaction_amount);
  // What PayPal kept stands with a minus in front, what it gave back of a fee with none.
  const kept = booked.fee_amount ? negate(read(booked.fee_amount)) : zero(gross.currency);
  const kind = lineKind(code, gross.minor >= 0n);
  const sourceId = isAboutAnother(kind) ? (booked.paypal_reference_id ?? id) : id;
  return {
    // The search may list two lines under one transaction id; with its code it is one.
    gatewayLineId: `${id}:${code}`,
    kind,
    rawType: code,
    gross,
    fee: { amount: kept, tax: zero(gross.currency) },
    net: add(gross, negate(kept)),
    sourceId,
    occurredAt: instant(booked.transaction_initiation_date),
    availableOn: instant(booked.transaction_updated_date ?? booked.transaction_initiation_date),
  };
}
