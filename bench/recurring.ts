import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createApiKey } from "../src/access/api-keys.ts";
import { readConfig } from "../src/config.ts";
import { memorySandboxStore } from "../src/gateway/memory-sandbox-store.ts";
import { present } from "../src/kernel/assert.ts";
import { fixedClock } from "../src/kernel/clock.ts";
import { seedDemo } from "../src/platform/demo.ts";
import { openNodeApp } from "../src/platform/node-app.ts";
import { stripeControl } from "../tests/support/stripe-control.ts";
import { processorMeter } from "./processor.ts";

const help = `npm run bench:recurring -- [--occurrences 100000]

One morning on which so many recurring gifts fall due: opened, charged at the simulated Stripe (in this process, its
state in memory) and settled, on a durable database. Prints how long each takes and writes bench/recurring.json.`;

const { values } = parseArgs({
  options: { occurrences: { type: "string", default: "100000" }, help: { type: "boolean", default: false } },
});
if (values.help) {
  console.log(help);
  process.exit(0);
}
const due = Number(values.occurrences);
const home = mkdtempSync(join(tmpdir(), "ofrenda-recurring-"));
chmodSync(home, 0o711);
const clock = fixedClock("2026-12-31T18:00:00Z");
const config = readConfig({ OFRENDA_HOME: home, SANDBOX: "on", LOG_LEVEL: "silent", PORT: "0" });
const node = await openNodeApp(config, {
  clock,
  sandboxStore: () => memorySandboxStore({ keepPerKind: 5_000 }),
  // Jobs are run here by hand, one after another, so that each is timed alone.
  doorbell: { ring: () => {} },
});

type Row = {
  readonly what: string;
  readonly seconds: number;
  readonly perSecond: number;
  /** Processor time of each, in microseconds: ours with the simulated gateway's in it, and PostgreSQL's. */
  readonly serviceUs: number;
  readonly postgresUs: number;
  readonly rssMb: number;
};
const rows: Row[] = [];
let rssMost = 0;
const postmaster = readFileSync(join(home, "postgres", "postmaster.pid"), "utf8").split("\n")[0];
const meter = processorMeter({ service: process.pid, postmaster: Number(postmaster) });
const watch = setInterval(() => {
  rssMost = Math.max(rssMost, process.memoryUsage.rss());
}, 250);

async function timed(what: string, name: string): Promise<void> {
  const job = present(
    node.app.jobs.find((one) => one.name === name),
    `there is a job ${name}`,
  );
  const started = performance.now();
  const before = meter?.();
  let done = 0;
  for (;;) {
    const turn = await job.run(new AbortController().signal);
    done += turn.done;
    process.stderr.write(`\r${what}: ${done} of ${due} `);
    if (turn.done === 0) break;
  }
  const seconds = (performance.now() - started) / 1000;
  const used = meter?.();
  rows.push({
    what,
    seconds,
    perSecond: done / seconds,
    serviceUs: Math.round(((used?.serviceUs ?? 0) - (before?.serviceUs ?? 0)) / done),
    postgresUs: Math.round(((used?.postgresUs ?? 0) - (before?.postgresUs ?? 0)) / done),
    rssMb: Math.round(rssMost / 2 ** 20),
  });
  process.stderr.write("\n");
}

try {
  const demo = await seedDemo(node.app);
  await stripeControl(node.app).deliverWebhooks({ mode: "lost" });
  const church = present(demo.churches[0], "a demo church").churchId;
  const given = { kind: "secret", mode: "test", label: "bench", scopes: ["*"] } as const;
  const key = await createApiKey(node.db, church, given, clock.now());
  const made = await node.app.fetch(
    new Request(`${config.publicUrl}/v1/recurring-gifts`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${key.text.reveal()}`,
        "content-type": "application/json",
        "idempotency-key": "bench",
      },
      body: JSON.stringify({
        amount: 20_000,
        currency: "MXN",
        country: "mx",
        payment_method: { type: "card", token: "pm_card_visa" },
        donor: { name: "Ana P", email: "ana@example.org" },
        frequency: "monthly",
        starts_on: "2027-01-04",
      }),
    }),
  );
  if (made.status !== 201) throw new Error(await made.text());
  // The rest are copies of it: a promise and a permission each, and one saved card.
  await node.db.inChurch(church, async ({ sql }) => {
    await sql`
      create temporary table copies on commit drop as
      select gen_random_uuid() as id, gen_random_uuid() as mandate_id from generate_series(2, ${due}::int)`;
    await sql`
      insert into mandates
      select (jsonb_populate_record(m, jsonb_build_object('id', c.mandate_id))).*
      from mandates m cross join copies c`;
    await sql`
      insert into recurring_gifts
      select (jsonb_populate_record(g, jsonb_build_object('id', c.id, 'mandate_id', c.mandate_id, 'given', null))).*
      from recurring_gifts g cross join copies c`;
    await sql`
      insert into recurring_allocations
      select (jsonb_populate_record(a, jsonb_build_object('recurring_gift_id', c.id))).*
      from recurring_allocations a cross join copies c`;
  });
  clock.set("2027-01-04T16:30:00Z"); // half past ten in Mexico City: the whole morning is due
  await timed("opened", "open-occurrences");
  await timed("charged", "collect-occurrences");
  await timed("settled", "settle-occurrences");
  const [end] = await node.db.inChurch(
    church,
    ({ sql }) => sql<{ succeeded: number; captured: number }[]>`
      select (select count(*)::int from occurrences where state = 'succeeded') as succeeded,
             (select count(*)::int from payment_attempts where captured_minor > 0) as captured`,
  );
  console.table(
    rows.map((row) => ({
      what: row.what,
      seconds: row.seconds.toFixed(1),
      "per second": Math.round(row.perSecond),
      "service µs": row.serviceUs,
      "PostgreSQL µs": row.postgresUs,
      "memory of the process, MB": row.rssMb,
    })),
  );
  console.log(`${due} due, ${end?.succeeded} succeeded, ${end?.captured} charges`);
  writeFileSync(
    join(import.meta.dirname, "recurring.json"),
    `${JSON.stringify({ due, ...end, rows }, null, 2)}\n`,
  );
  if (end?.succeeded !== due || end.captured !== due) process.exitCode = 1;
} finally {
  clearInterval(watch);
  await node.close();
  rmSync(home, { recursive: true, force: true });
}
