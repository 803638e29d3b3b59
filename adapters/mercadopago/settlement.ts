import { z } from "zod";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import type { SettlementLine, Settlements } from "../../src/gateway/settlement.ts";
import type { Account } from "./account.ts";
import { type Answer, askPlainly } from "./client.ts";
import { lineOf, type ReportRow } from "./report-lines.ts";
import { gatewayInstant } from "./translate-order.ts";

/** Reads a report: rows by column name; `;` or `,` between columns, quotes, a byte-order mark, all are met with. */
export type ReadRows = (text: string) => readonly ReportRow[];

const folder = "/v1/account/settlement_report";
const instant = z.string().refine((at) => !Number.isNaN(Date.parse(at)));
const entry = z.object({
  file_name: z.string().min(1),
  begin_date: instant,
  end_date: instant,
  status: z.string().nullish(),
});
/** The document speaks of a page of results, the gateway's pages show a bare list. */
const listed = z.union([
  z.array(entry),
  z.object({ results: z.array(entry) }).transform(({ results }) => results),
]);
const ordered = z.object({ id: z.union([z.string(), z.number()]).nullish() });

/** The report could not be had or read. One that was only just ordered is there within minutes: ask again. */
class SettlementUnread extends Error {
  override readonly name = "SettlementUnread";
}

/** Settlement lines out of the account balance report (`settlement_report`), which the gateway makes when asked. */
export function mercadoPagoSettlements(account: Account, readRows: ReadRows): Settlements {
  return {
    /**
     * From `from` (included) to `to` (excluded), oldest first. Where no report covers the window one is ordered, and
     * {@link SettlementUnread} thrown: the caller repeats the window later. So it is for a row that cannot be read,
     * named by its place and column, never by its values.
     */
    async *lines({ from, to }, call) {
      const reports = read("the list of reports", await get(account, call, `${folder}/list`, listed));
      const covering = reports.filter(
        (one) =>
          one.status !== "expired" &&
          Date.parse(one.begin_date) <= from.getTime() &&
          Date.parse(one.end_date) >= to.getTime(),
      );
      const newest = covering.sort((a, b) => Date.parse(b.end_date) - Date.parse(a.end_date))[0];
      if (!newest) {
        await order(account, call, from, to);
        throw new SettlementUnread("the report was ordered and is not ready yet");
      }
      const path = `${folder}/${encodeURIComponent(newest.file_name)}`;
      const text = read("the report", await get(account, call, path, z.string()));
      const inside = linesOf(readRows(text), account).filter(
        (line) => line.occurredAt >= from && line.occurredAt < to,
      );
      yield* inside.sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime());
    },
  };
}

function linesOf(rows: readonly ReportRow[], account: Account): SettlementLine[] {
  return rows.map((row, i) => {
    const line = lineOf(row, account.site.currency);
    if (!line.ok) throw new SettlementUnread(`row ${i + 1} of the report cannot be read at ${line.error}`);
    return line.value;
  });
}

const get = <S extends z.ZodType>(account: Account, call: GatewayCall, path: string, schema: S) =>
  askPlainly(account, schema, { call }, { method: "GET", path });

async function order(account: Account, call: GatewayCall, from: Date, to: Date): Promise<void> {
  const body = { begin_date: gatewayInstant(from), end_date: gatewayInstant(to) };
  read(
    "the order of a report",
    await askPlainly(account, ordered, { call }, { method: "POST", path: folder, body }),
  );
}

function read<T>(what: string, answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  const { failure } = answer;
  const why = failure.kind === "refused" ? failure.problem.reason : failure.kind;
  throw new SettlementUnread(`${what} could not be read: ${why}`);
}
