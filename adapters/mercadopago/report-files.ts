import { z } from "zod";
import type { GatewayCall } from "../../src/gateway/adapter.ts";
import { days } from "../../src/kernel/clock.ts";
import type { Account } from "./account.ts";
import { type Answer, askPlainly } from "./client.ts";
import type { Unreadable } from "./release-lines.ts";
import type { ReportRow } from "./report-lines.ts";

/** Reads a report: rows by column name; `;` or `,` between columns, quotes, a byte-order mark, all are met with. */
export type ReadRows = (text: string) => readonly ReportRow[];
export type ReportKind = "settlement_report" | "release_report";
export type Span = { readonly from: Date; readonly to: Date };

/**
 * The longest time asked of one report. Sixty days is the most (Mercado Pago Developers, Generate report: both), and
 * both ends are rounded to whole seconds.
 */
export const longestReport = days(59);

/**
 * The reports could not be had or read, and nothing of them was. `not_ready`: they are being made, ask again in some
 * minutes; every other reason is for a person.
 */
export class SettlementUnread extends Error {
  override readonly name = "SettlementUnread";
  readonly reason: "not_ready" | "unavailable" | "withdrawals_left_out" | Unreadable["reason"];

  constructor(reason: SettlementUnread["reason"], message: string) {
    super(message);
    this.reason = reason;
  }
}

const instant = z.string().refine((at) => !Number.isNaN(Date.parse(at)));
const entry = z.object({
  file_name: z.string().min(1),
  begin_date: instant,
  end_date: instant,
  date_created: instant.nullish(),
  status: z.string().nullish(),
});
type Entry = z.infer<typeof entry>;
/** The document speaks of a page of results, the gateway's pages show a bare list. */
const listed = z.union([
  z.array(entry),
  z.object({ results: z.array(entry) }).transform(({ results }) => results),
]);
const ordered = z.object({ id: z.union([z.string(), z.number()]).nullish() });
const configured = z.object({ include_withdrawal: z.boolean().nullish() });

const reportPath = (kind: ReportKind, rest = ""): string => `/v1/account/${kind}${rest}`;

const get = <S extends z.ZodType>(account: Account, call: GatewayCall, path: string, schema: S) =>
  askPlainly(account, schema, { call }, { method: "GET", path });

/** The name of the newest finished report over the span. Where there is none one is ordered. */
export async function findReport(
  account: Account,
  kind: ReportKind,
  { from, to }: Span,
  call: GatewayCall,
): Promise<string | undefined> {
  const covers = (one: Entry): boolean =>
    one.status !== "expired" &&
    Date.parse(one.begin_date) <= from.getTime() &&
    Date.parse(one.end_date) >= to.getTime() &&
    // One made before its time was over lacks what came after.
    (!one.date_created || Date.parse(one.date_created) >= to.getTime());
  const reports = read(`the list of ${kind}s`, await get(account, call, reportPath(kind, "/list"), listed));
  const newest = reports
    .filter(covers)
    .sort((a, b) => Date.parse(b.end_date) - Date.parse(a.end_date))
    .at(0);
  if (newest) return newest.file_name;
  const second = 1000;
  const written = (ms: number) => new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
  const body = {
    begin_date: written(Math.floor(from.getTime() / second) * second),
    end_date: written(Math.ceil(to.getTime() / second) * second),
  };
  const path = reportPath(kind);
  read(
    `the order of a ${kind}`,
    await askPlainly(account, ordered, { call }, { method: "POST", path, body }),
  );
  return undefined;
}

/** Downloads a report. One that is no CSV is refused like any other that cannot be read. */
export async function downloadReport(
  account: Account,
  kind: ReportKind,
  file: { readonly name: string; readonly readRows: ReadRows },
  call: GatewayCall,
): Promise<readonly ReportRow[]> {
  const path = reportPath(kind, `/${encodeURIComponent(file.name)}`);
  const text = read(`the ${kind}`, await get(account, call, path, z.string()));
  try {
    return file.readRows(text);
  } catch {
    throw new SettlementUnread("unreadable", `the ${kind} is no CSV`);
  }
}

/** A release report that is set up to leave withdrawals out cannot be the one source of payouts. */
export async function checkWithdrawalsAreIn(account: Account, call: GatewayCall): Promise<void> {
  const answer = await get(account, call, reportPath("release_report", "/config"), configured);
  // An account that never set its reports up has no configuration to show.
  if (!answer.ok && answer.failure.kind === "refused" && answer.failure.evidence.httpStatus === 404) return;
  if (read("the configuration of release_reports", answer).include_withdrawal !== false) return;
  throw new SettlementUnread(
    "withdrawals_left_out",
    "the release report leaves withdrawals out: set include_withdrawal in its configuration",
  );
}

function read<T>(what: string, answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  const { failure } = answer;
  const why = failure.kind === "refused" ? failure.problem.reason : failure.kind;
  throw new SettlementUnread("unavailable", `${what} could not be read: ${why}`);
}
