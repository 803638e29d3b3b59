import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { SettlementLine, Settlements } from "../../src/gateway/settlement.ts";
import { after } from "../../src/kernel/clock.ts";
import type { Account } from "./account.ts";
import { bookedLines } from "./booked-lines.ts";
import {
  checkWithdrawalsAreIn,
  downloadReport,
  findReport,
  longestReport,
  type ReadRows,
  SettlementUnread,
  type Span,
} from "./report-files.ts";

/**
 * Settlement lines out of the account balance report (`settlement_report`) and the release report (`release_report`),
 * which the gateway makes when asked.
 */
export function mercadoPagoSettlements(account: Account, readRows: ReadRows): Settlements {
  return {
    /**
     * From `from` (included) to `to` (excluded), oldest first, in spans no longer than a report may cover. Where a
     * span lacks a report it is ordered, and {@link SettlementUnread} thrown: the lines already yielded are right,
     * the caller repeats the window later. So it is for a row that cannot be read, named by its place and column,
     * never by its values, and for a release report whose own sums do not hold.
     */
    async *lines({ from, to }, call) {
      for (let start = from; start < to; start = after(start, longestReport)) {
        const end = new Date(Math.min(after(start, longestReport).getTime(), to.getTime()));
        yield* await bookedBetween(account, readRows, { from: start, to: end }, call);
      }
    },
  };
}

async function bookedBetween(
  account: Account,
  readRows: ReadRows,
  span: Span,
  call: GatewayCall,
): Promise<readonly SettlementLine[]> {
  const balance = await findReport(account, "settlement_report", span, call);
  const release = await findReport(account, "release_report", span, call);
  if (balance === undefined || release === undefined) {
    throw new SettlementUnread("not_ready", "a report was ordered and is not ready yet");
  }
  await checkWithdrawalsAreIn(account, call);
  const lines = bookedLines(
    {
      balance: await downloadReport(account, "settlement_report", { name: balance, readRows }, call),
      release: await downloadReport(account, "release_report", { name: release, readRows }, call),
    },
    account.site.currency,
  );
  if (!lines.ok) {
    const { reason, place } = lines.error;
    const what =
      reason === "sums_differ" ? "the release report contradicts itself" : "a report is unreadable";
    throw new SettlementUnread(reason, `${what}: ${place}`);
  }
  return lines.value.filter(({ occurredAt }) => occurredAt >= span.from && occurredAt < span.to);
}
