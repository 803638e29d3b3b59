import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDatabase } from "../src/db/client.ts";
import { migrate } from "../src/db/migrate.ts";
import { startEmbeddedPostgres } from "../src/platform/embedded-postgres.ts";
import { seedCountries } from "../tests/support/every-method.ts";
import {
  distinct,
  type LifeRow,
  liveThrough,
  type PaidRow,
  payBy,
  routesOf,
  takesWeeks,
} from "../tests/support/every-method-run.ts";
import { type MethodHouse, openMethodHouse } from "../tests/support/method-house.ts";
import {
  type Abandoned,
  abandon,
  type Ending,
  endingOf,
  variants,
} from "../tests/support/method-variants.ts";

/**
 * `npm run try:methods`: one gift through every method of the demo's countries, in the sandbox, and then through all
 * that life does to gifts. Prints what came of it and writes `docs/every-method.md`. Exits with 1 when a gift was not
 * paid, was booked twice, or left books that do not balance.
 */
const root = join(import.meta.dirname, "..");

async function run(
  house: MethodHouse,
): Promise<{ paid: PaidRow[]; lived: LifeRow[]; left: readonly Abandoned[] }> {
  const routes = [];
  for (const country of seedCountries) routes.push(...(await routesOf(house, country)));
  const paid: PaidRow[] = [];
  for (const route of routes.filter((each) => !takesWeeks(each))) paid.push(await payBy(house, route));
  const lived: LifeRow[] = [];
  const some = distinct(routes);
  for (const [index, route] of some.entries()) {
    process.stderr.write(`\r${index + 1} of ${some.length} methods lived through `);
    lived.push(...(await liveThrough(house, route)));
  }
  process.stderr.write("\n");
  const left = await abandon(house, some);
  // What had to be claimed first is known by now.
  const settled: LifeRow[] = [];
  for (const row of lived) settled.push({ ...row, ending: await seenAgain(house, row) });
  for (const route of routes.filter(takesWeeks)) paid.push(await payBy(house, route));
  return { paid, lived: settled, left };
}

const seenAgain = async (house: MethodHouse, { route, gift, ending }: LifeRow): Promise<Ending> =>
  ending.refunds.includes("action_required") ? endingOf(house, route, gift) : ending;

const table = (heading: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heading, heading.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const paidCells = (row: PaidRow): readonly string[] => [
  row.country,
  `\`${row.method}\``,
  row.gateway,
  row.presentation,
  row.choice,
  row.states.join(" → "),
  row.status,
  String(row.captures),
  String(row.difference),
];

const ended = ({ ended: text, captures, refusedThere }: Ending): string =>
  [
    refusedThere === undefined ? text : `the gateway refuses: ${text}`,
    ...(captures > 1 ? [`BOOKED ${captures} TIMES`] : []),
  ].join("; ");

function lifeTable(lived: readonly LifeRow[], left: readonly Abandoned[]): string {
  const keyOf = ({ offered }: LifeRow["route"]) => `\`${offered.type}\` by ${offered.gateway}`;
  const keys = [
    ...new Set([...lived.map(({ route }) => keyOf(route)), ...left.map(({ route }) => keyOf(route))]),
  ];
  const rows = keys.sort().map((key) => {
    const cells = variants.map((variant) => {
      const found = lived.find((row) => row.variant === variant && keyOf(row.route) === key);
      return found ? ended(found.ending) : "";
    });
    const walked = left.find(({ route }) => keyOf(route) === key);
    return [key, ...cells, walked ? ended(walked.expired) : "", walked?.late ? ended(walked.late) : ""];
  });
  return table(["method", ...variants, "never paid", "paid after that"], rows);
}

function page(paid: readonly PaidRow[], lived: readonly LifeRow[], left: readonly Abandoned[]): string {
  const cells = paid.map(paidCells);
  const heading = [
    "country",
    "method",
    "gateway",
    "presented",
    "choice",
    "attempt",
    "gift",
    "booked",
    "books differ by",
  ];
  return `# One gift through every method

Made by \`npm run try:methods\` on ${new Date().toISOString().slice(0, 10)}, in the sandbox: the demo church of each country gives by every
method it is offered, through every gateway that carries it (\`first\`: what a church with all accounts gets;
\`further\`: where another gateway is its only one), in every presentation, and donor and bank are played until the money
has come. \`tests/flows/every-method.test.ts\` does the same and fails on any other end.

${paid.length} gifts; ${paid.filter(isSound).length} paid, booked once, with a trial balance that differs by nothing.

${table(heading, cells)}

## What life does to gifts

Each cell is a gift of its own: its public status in the end, and what qualifies it. Empty: this cannot happen to the
method. *The gateway refuses*: a till takes nothing but the amount of its number, and takes it once. In
\`short\`, \`requires_action\` still waits for the rest; in \`over\`, \`succeeded\` leaves the surplus in the donor's balance at
the gateway; \`needs_review\` asks a person. *Never paid*: seven weeks in which nobody does anything.

${lifeTable(lived, left)}
`;
}

const isSound = ({ status, captures, difference }: PaidRow) =>
  status === "succeeded" && captures === 1 && difference === 0;
const isSoundEnding = ({ captures, difference }: Ending) => captures <= 1 && difference === 0;

const home = mkdtempSync(join(tmpdir(), "ofrenda-methods-"));
// Run by root, the database runs as another user, who must be able to reach its data.
chmodSync(home, 0o711);
const server = await startEmbeddedPostgres({ folder: home, database: "ofrenda", throwAway: true });
try {
  await migrate(server.url, join(root, "migrations"));
  const db = openDatabase({ url: server.url, maxConnections: 10, prepare: true });
  const { paid, lived, left } = await run(await openMethodHouse(db));
  await db.close();
  console.table(
    paid.map(({ states, ms, ...row }) => ({ ...row, states: states.join(" > "), ms: Math.round(ms) })),
  );
  console.table(
    lived.map(({ route, variant, ending }) => ({
      method: `${route.country} ${route.offered.type} by ${route.offered.gateway}`,
      variant,
      ended: ended(ending),
      states: ending.states.join(" > "),
    })),
  );
  writeFileSync(join(root, "docs", "every-method.md"), page(paid, lived, left));
  const endings = [
    ...lived.map(({ ending }) => ending),
    ...left.flatMap(({ expired, late }) => [expired, late ?? []]),
  ].flat();
  const unsound =
    paid.filter((row) => !isSound(row)).length + endings.filter((each) => !isSoundEnding(each)).length;
  console.log(
    `${paid.length} gifts paid, ${endings.length} lived through, ${unsound} unsound. docs/every-method.md is written.`,
  );
  process.exitCode = unsound === 0 ? 0 : 1;
} finally {
  await server.stop();
  rmSync(home, { recursive: true, force: true });
}
