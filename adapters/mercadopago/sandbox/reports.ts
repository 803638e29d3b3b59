import { z } from "zod";
import { days, minutes } from "../../../src/kernel/clock.ts";
import { booksOf } from "./books.ts";
import { written } from "./payment-shape.ts";
import { bad, missing } from "./refusal.ts";
import { releaseText, settlementText } from "./report-texts.ts";
import { checked, orderReport } from "./requests.ts";
import { digits, type Scene } from "./state.ts";

/** The two reports; both are ordered, listed and downloaded in the same way. */
export const reportKinds = ["settlement_report", "release_report"] as const;
export type ReportKind = (typeof reportKinds)[number];

const reportDocument = z.object({
  id: z.number(),
  begin_date: z.string(),
  end_date: z.string(),
  file_name: z.string(),
  date_created: z.string(),
  text: z.string(),
});
type Report = z.infer<typeof reportDocument>;

/** How long a report may cover, and how long it is in the making. */
const longest = days(60);
const making = minutes(1);

const keyOf = ({ seller }: Scene, kind: ReportKind): string => `${kind} ${seller.userId}`;

/** `POST /v1/account/{kind}`: written from the books as they stand now, whatever comes afterwards. */
export async function makeReport(scene: Scene, kind: ReportKind, body: unknown): Promise<object> {
  const { begin_date, end_date } = checked(orderReport, body);
  const span = { from: new Date(begin_date), to: new Date(end_date) };
  const lasts = span.to.getTime() - span.from.getTime();
  if (lasts <= 0) throw bad(1, "Params Error: end_date must be after begin_date");
  if (lasts > longest) throw bad(1, "Params Error: the period is longer than 60 days");
  const books = await booksOf(scene.documents, scene.seller);
  const id = Number(digits(8));
  const date_created = written(scene.now);
  const report: Report = {
    id,
    begin_date,
    end_date,
    file_name: `${kind.replace("_", "-")}-${scene.seller.userId}-${id}.csv`,
    date_created,
    text:
      kind === "settlement_report"
        ? settlementText(books, span)
        : releaseText(books, span, scene.seller.site.currency),
  };
  await scene.documents.put("report", report.file_name, report, [keyOf(scene, kind)]);
  return { id: String(id), status: "pending", begin_date, end_date, created_at: date_created };
}

/** `GET /v1/account/{kind}/list`: finished ones only, newest first, as a bare list. */
export async function listReports(scene: Scene, kind: ReportKind): Promise<readonly object[]> {
  const user_id = scene.seller.userId;
  return (await finished(scene, kind)).map(({ text: _, ...report }) => ({
    ...report,
    user_id,
    created_from: "manual",
  }));
}

/** `GET /v1/account/{kind}/{file_name}`. */
export async function reportFile(scene: Scene, kind: ReportKind, fileName: string): Promise<string> {
  const report = (await finished(scene, kind)).find(({ file_name }) => file_name === fileName);
  if (!report) throw missing("Report");
  return report.text;
}

async function finished(scene: Scene, kind: ReportKind): Promise<readonly Report[]> {
  const found = await scene.documents.list("report", keyOf(scene, kind), {
    order: "newest_first",
    limit: 1000,
  });
  return found
    .map(({ document }) => reportDocument.parse(document))
    .filter(({ date_created }) => Date.parse(date_created) + making <= scene.now.getTime());
}

/** `GET /v1/account/{kind}/config`: as an account has it whose panel nobody touched but for withdrawals. */
export const reportConfig = (kind: ReportKind): object => ({
  file_name_prefix: kind.replace("_", "-"),
  separator: ";",
  display_timezone: "GMT-04",
  [kind === "settlement_report" ? "include_withdraw" : "include_withdrawal"]: true,
  columns: [],
  frequency: { hour: 0, type: "monthly" },
  scheduled: false,
});
