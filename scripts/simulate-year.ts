import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openDatabase } from "../src/db/client.ts";
import { migrate } from "../src/db/migrate.ts";
import { corkedSocket } from "../src/platform/corked-socket.ts";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { openMethodHouse } from "../tests/support/method-house.ts";
import { liveYear } from "../tests/support/recurring-year.ts";
import { reportOf, type YearReport } from "../tests/support/recurring-year-report.ts";

const help = `npm run simulate:year -- [--gifts 10000] [--days 365] [--seed 1]

Recurring gifts lived through day by day at the simulated Stripe: cards that run out of money, get lost or fail for an
hour, donors who answer their mail or do not, vouchers paid on time, late or never. Writes docs/recurring-year.md.
Ends with 1 when anything was charged twice or the books do not balance.`;

const { values } = parseArgs({
  options: {
    gifts: { type: "string", default: "10000" },
    days: { type: "string", default: "365" },
    seed: { type: "string", default: "1" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const order = { gifts: Number(values.gifts), days: Number(values.days), seed: Number(values.seed) };
const root = join(import.meta.dirname, "..");
const home = mkdtempSync(join(tmpdir(), "ofrenda-year-"));
chmodSync(home, 0o711);
const started = performance.now();
// Nothing of it is to outlive the run: no flush to disk is waited for.
const postgres = await startEmbeddedPostgres({ folder: home, database: "year", throwAway: true });
const db = openDatabase({
  url: postgres.url,
  sockets: postgres.sockets,
  openSocket: corkedSocket,
  maxConnections: 10,
  prepare: true,
});
try {
  await migrate(postgres.url, join(root, "migrations"));
  const house = await openMethodHouse(db);
  const done = await liveYear(house, {
    ...order,
    progress: (text) => process.stderr.write(`\r${text.padEnd(40)} ${minutesSince(started)} min `),
  });
  process.stderr.write("\n");
  const report = await reportOf(house);
  const page = pageOf(report, done);
  console.log(page);
  writeFileSync(join(root, "docs", "recurring-year.md"), page);
  const { ours, gateway } = report.doubleCharges;
  if (ours + gateway > 0) process.exitCode = 1;
} finally {
  await db.close();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
}

function minutesSince(from: number): string {
  return ((performance.now() - from) / 60_000).toFixed(1);
}

function pageOf(report: YearReport, done: { readonly newCards: number; readonly restarts: number }): string {
  const percent = (part: number, whole: number) =>
    whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`;
  const automatic = report.totals.find(({ collection }) => collection === "automatic");
  const reminder = report.totals.find(({ collection }) => collection === "reminder");
  const failed = report.failures.reduce((sum, row) => sum + row.failed, 0);
  const recovered = report.failures.reduce((sum, row) => sum + row.recovered, 0);
  const rows = (heading: readonly string[], body: readonly (readonly (string | number)[])[]) =>
    [heading, heading.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
  return `# A simulated year of recurring gifts

\`npm run simulate:year -- --gifts ${order.gifts} --days ${order.days} --seed ${order.seed}\`: every gift through the API, every day's
jobs, the simulated Stripe with its own test cards, in ${minutesSince(started)} minutes on one machine. The mix of troubles is in
tests/support/recurring-year.ts.

## With and without trying again

${rows(
  ["automatic gifts", "periods", "share"],
  [
    ["due", automatic?.due ?? 0, "100 %"],
    [
      "collected at the first try: all there is without retries",
      automatic?.first ?? 0,
      percent(automatic?.first ?? 0, automatic?.due ?? 0),
    ],
    [
      "collected with retries, new cards and messages",
      automatic?.succeeded ?? 0,
      percent(automatic?.succeeded ?? 0, automatic?.due ?? 0),
    ],
    ["of those that failed at first", `${recovered} of ${failed}`, percent(recovered, failed)],
  ],
)}

${rows(
  ["failed at first for", "periods", "came after all", "share", "days after the due date"],
  report.failures.map((row) => [
    row.reason,
    row.failed,
    row.recovered,
    percent(row.recovered, row.failed),
    row.days ?? "–",
  ]),
)}

## Reminder plans (OXXO)

${rows(
  ["", "periods", "share"],
  [
    ["due", reminder?.due ?? 0, "100 %"],
    ["paid", reminder?.succeeded ?? 0, percent(reminder?.succeeded ?? 0, reminder?.due ?? 0)],
    ["of those after the due date", reminder?.late ?? 0, percent(reminder?.late ?? 0, reminder?.due ?? 0)],
  ],
)}

## What became of the gifts, and what was sent

${rows(
  ["status", "gifts"],
  report.statuses.map(({ name, count }) => [name, count]),
)}

New cards given: ${done.newCards}. Restarted with a tap: ${done.restarts}. Most attempts of one period: ${report.mostTries}.

${rows(
  ["message", "sent"],
  report.messages.map(({ name, count }) => [name, count]),
)}

Charged twice: ${report.doubleCharges.ours} by our books, ${report.doubleCharges.gateway} by the gateway's.
`;
}
