import type { SettlementLine } from "../../src/gateway/settlement.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { readReleases, type Unreadable } from "./release-lines.ts";
import { lineOf, type ReportRow } from "./report-lines.ts";

/** The rows of the two reports over the same time. */
export type Reports = { readonly balance: readonly ReportRow[]; readonly release: readonly ReportRow[] };

/**
 * Both reports as one list, oldest first, each movement once:
 *
 * - payments, refunds, chargebacks and complaints out of the account balance report; the release report tells of the
 *   same money when it becomes available, which is all that is taken of it: `availableOn`;
 * - payouts out of the release report only. The account balance report leaves them out unless it is set up to have
 *   them (`include_withdraw`), and Mercado Pago names the release report as the one to follow bank withdrawals by;
 * - of what else the release report has, taxes charged by themselves and the like, what the account balance report
 *   does not tell: the same operation with the same amount there is the same money.
 */
export function bookedLines(
  { balance, release }: Reports,
  currency: CurrencyCode,
): Result<readonly SettlementLine[], Unreadable> {
  const settled: SettlementLine[] = [];
  for (const [i, row] of balance.entries()) {
    const line = lineOf(row, currency);
    if (!line.ok)
      return err({
        reason: "unreadable",
        place: `row ${i + 1} of the account balance report at ${line.error}`,
      });
    settled.push(line.value);
  }
  const releases = readReleases(release, currency);
  if (!releases.ok) return releases;
  const { lines, availableSince } = releases.value;
  const kept = settled.filter((line) => !isPayout(line));
  const told = new Set(kept.map(movementOf));
  const booked = [
    ...kept.map((line) => availableFrom(line, availableSince)),
    ...lines.filter((line) => isPayout(line) || !line.sourceId || !told.has(movementOf(line))),
  ];
  return ok(numbered(booked.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime())));
}

/** Rows have no id of their own: two of one operation in one second would be taken for one. */
function numbered(lines: readonly SettlementLine[]): readonly SettlementLine[] {
  const seen = new Map<string, number>();
  return lines.map((line) => {
    const nth = (seen.get(line.gatewayLineId) ?? 0) + 1;
    seen.set(line.gatewayLineId, nth);
    return nth === 1 ? line : { ...line, gatewayLineId: `${line.gatewayLineId}.${nth}` };
  });
}

const isPayout = ({ kind }: SettlementLine): boolean => kind === "payout" || kind === "payout_failed";
const movementOf = ({ sourceId, net }: SettlementLine): string => `${sourceId} ${net.minor}`;

/** Only a payment waits to be released. Until it is, the day the account balance report expects stands. */
function availableFrom(line: SettlementLine, since: ReadonlyMap<string, Date>): SettlementLine {
  const released = line.kind === "capture" && line.sourceId ? since.get(line.sourceId) : undefined;
  return released ? { ...line, availableOn: released } : line;
}
