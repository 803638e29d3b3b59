import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import Stripe from "stripe";
import { gateways } from "../adapters/index.ts";
import { countries } from "../countries/index.ts";
import { present } from "../src/kernel/assert.ts";
import { newId } from "../src/kernel/ids.ts";
import { money } from "../src/kernel/money.ts";
import { chooseRoute } from "../src/routing/choose-route.ts";
import { bareSql } from "./bare.ts";
import type { GatewayReady } from "./gateway.ts";
import { ledgerBench } from "./ledger.ts";
import { closedLoop, type Figures, pacedLoop, type Shot, shooter, type Work } from "./load.ts";
import { type ProcessorTime, processorMeter } from "./processor.ts";
import type { DeskOrder, Ready } from "./server.ts";
import { translateBench } from "./translate.ts";

/**
 * `npm run bench`: every hot path, each beside the bare limit of its own statements, in one run on one machine.
 * Of gifts the milliseconds are our own part: the answer's, less what the gateway says it took.
 * `npm run bench -- gifts webhooks` measures those parts alone.
 */
const parts = ["router", "translation", "gifts", "replay", "methods", "webhooks", "ledger"] as const;
const asked: readonly string[] = process.argv.slice(2);
const wanted = (part: (typeof parts)[number]): boolean => asked.length === 0 || asked.includes(part);
if (!asked.every((one) => parts.some((part) => part === one)))
  throw new Error(`parts are ${parts.join(", ")}`);

type Row = {
  readonly name: string;
  readonly perSecond: number;
  readonly bare: number | undefined;
  readonly target: string;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** Of one operation. */
  readonly cost?: ProcessorTime | undefined;
};

const seconds = Number(process.env.BENCH_SECONDS ?? 6);
/** As many as a busy service has open; what arrives together goes to the database together. */
const clients = 64;
/** Of the bare limit to the database. */
const connections = 16;
const rows: Row[] = [];

const say = (text: string) => process.stderr.write(`${text}\n`);
function row(name: string, target: string, figures: Costed, bare?: Figures): void {
  if (figures.failed > 0) throw new Error(`${name}: ${figures.failed} failed`);
  const { perSecond, p50, p95, p99 } = figures;
  rows.push({ name, target, perSecond, bare: bare?.perSecond, p50, p95, p99, cost: figures.cost });
  say(`  ${name}: ${perSecond.toFixed(0)}/s`);
}

type Costed = Figures & { readonly cost: ProcessorTime | undefined };
let meter: ReturnType<typeof processorMeter>;

/** What the service and its database spent on each operation meanwhile. */
async function costed(work: () => Promise<Figures>): Promise<Costed> {
  const before = meter?.();
  const figures = await work();
  const after = meter?.();
  const each = (from: number, to: number) => (to - from) / (figures.done + figures.failed);
  const cost = before &&
    after && {
      serviceUs: each(before.serviceUs, after.serviceUs),
      postgresUs: each(before.postgresUs, after.postgresUs),
      gatewayUs: each(before.gatewayUs, after.gatewayUs),
      askerUs: each(before.askerUs, after.askerUs),
    };
  return { ...figures, cost };
}

/** Warm first, then measure: what is compiled on the way is not what is measured. */
async function measured(work: Work): Promise<Costed> {
  await closedLoop(work, clients, Math.min(3, seconds));
  return costed(() => closedLoop(work, clients, seconds));
}

say("in process, before anything else runs: route decisions, and each adapter over a transport of memory …");
const router = wanted("router") ? [routerRow()] : [];
const translation = wanted("translation") ? await translateBench(Math.min(1.5, seconds / 4)) : [];

const home = mkdtempSync(join(tmpdir(), "ofrenda-bench-"));
chmodSync(home, 0o711);
const started = (file: string, env: Readonly<Record<string, string>>) =>
  fork(join(import.meta.dirname, file), [], {
    execArgv: ["--import", "tsx"],
    env: { ...process.env, ...env },
  });
const gateway = started("gateway.ts", {});
const { port: gatewayPort } = await firstWord<GatewayReady>(gateway);
const child = started("server.ts", { OFRENDA_HOME: home, BENCH_GATEWAY_PORT: String(gatewayPort) });
try {
  say("starting the service with a durable database …");
  const ready = await firstWord<Ready>(child);
  const postmaster = readFileSync(join(home, "postgres", "postmaster.pid"), "utf8").split("\n")[0];
  meter = processorMeter({
    service: present(child.pid, "the service runs"),
    gateway: present(gateway.pid, "the gateway runs"),
    postmaster: Number(postmaster),
  });
  const { shot, shoot, get, close } = shooter(ready.port, clients);

  const give = (key: string = randomBytes(12).toString("hex")) =>
    shoot(
      shot({
        path: "/v1/donations",
        headers: {
          authorization: `Bearer ${ready.key}`,
          "content-type": "application/json",
          "idempotency-key": key,
        },
        body: JSON.stringify({
          amount: 50_000,
          currency: "MXN",
          country: "mx",
          payment_method: { type: "card", token: "pm_card_visa" },
          donor: { name: "Ana P", email: `${key}@example.org` },
        }),
      }),
      201,
    );
  say("the first gifts …");
  // As in any database in use: what was planned on empty tables is planned again once there are statistics.
  await closedLoop(() => give(), clients, 2);
  await analyze(ready.databaseUrl);
  const bare = await bareSql(ready.databaseUrl, connections);
  if (wanted("gifts")) {
    say("donations, created and captured over HTTP …");
    const gifts = await measured(() => give());
    row("donation create+capture", "≥ 1,000/s", gifts, await measured(bare.gift));
    const half = await costed(() => pacedLoop(() => give(), gifts.perSecond / 2, seconds));
    row("donation at half load, our part", "p99 < 10 ms", half);
    // What the machine itself needs for it: nothing of ours but the statements.
    const pace = gifts.perSecond / 2;
    row("the same statements at that pace", "", await costed(() => pacedLoop(bare.gift, pace, seconds)));
  }
  if (wanted("replay")) {
    say("idempotent replays …");
    const again = randomBytes(12).toString("hex");
    await give(again);
    await bare.gift();
    row("idempotent replay", "", await measured(() => give(again)), await measured(bare.replay));
  }
  if (wanted("methods")) {
    say("payment methods …");
    const list = "/v1/payment-methods?country=mx&amount=50000";
    const key = { authorization: `Bearer ${ready.key}` };
    row("list payment methods", "", await measured(() => get(list, key)));
  }
  if (wanted("webhooks")) {
    say("webhooks accepted …");
    const target = "≥ 5,000/s, p99 < 20 ms";
    const deliver = (shots: string[]) => () => shoot(present(shots.pop(), "enough were made"), 200);
    const accepting = async () => {
      const most = 9_000 * (seconds + 3);
      const shots = Array.from({ length: most }, () => shot(delivery(ready)));
      // That took longer than the service keeps an idle connection: hear of those it has closed.
      await new Promise((resolve) => setTimeout(resolve, 100));
      return measured(deliver(shots));
    };
    const desk = (order: DeskOrder) => child.send(order);
    desk({ desk: "rests" });
    const resting = await accepting();
    const desking = await costed(() => emptied(ready.databaseUrl, () => desk({ desk: "works" })));
    const working = await accepting();
    // What the bare limit writes no desk can open: it comes last, and stays.
    desk({ desk: "rests" });
    row("webhook accept, desk at rest", target, resting, await measured(bare.webhook));
    row("webhook accept, desk at work", target, working);
    row("webhook desk, door at rest", "", desking);
  }
  await bare.close();
  close();

  if (wanted("ledger")) {
    say("ledger …");
    const targets = ["≥ 8,000/s", "≥ 2,500/s"];
    for (const [index, figure] of (await ledgerBench({ url: ready.databaseUrl, seconds })).entries()) {
      rows.push({
        name: figure.name,
        target: targets[index] ?? "",
        perSecond: figure.postingsPerSecond,
        bare: figure.barePerSecond,
        ...figure.callMs,
      });
      say(`  ${figure.name}: ${figure.postingsPerSecond.toFixed(0)}/s`);
    }
  }
} finally {
  child.kill("SIGTERM");
  await new Promise((resolve) => child.once("exit", resolve));
  gateway.kill("SIGTERM");
  rmSync(home, { recursive: true, force: true });
}

rows.push(...router);
for (const one of translation) {
  const ms = { p50: one.p50Us / 1000, p95: one.p95Us / 1000, p99: one.p99Us / 1000 };
  const [perSecond, bare] = [1e6 / one.adapterUs, 1e6 / one.bareUs];
  rows.push({
    name: `collect by ${one.gateway}, no network`,
    perSecond,
    bare,
    target: "≤ 20 µs ours",
    ...ms,
  });
}
const table = rows.map((r) => ({
  what: r.name,
  "per second": Math.round(r.perSecond),
  bare: r.bare === undefined ? "" : Math.round(r.bare),
  "of bare": r.bare === undefined ? "" : `${Math.round((100 * r.perSecond) / r.bare)} %`,
  "p50 ms": r.p50.toFixed(2),
  "p95 ms": r.p95.toFixed(2),
  "p99 ms": r.p99.toFixed(2),
  "service µs": r.cost?.serviceUs.toFixed(0) ?? "",
  "PostgreSQL µs": r.cost?.postgresUs.toFixed(0) ?? "",
  "gateway µs": r.cost?.gatewayUs.toFixed(0) ?? "",
  "asker µs": r.cost?.askerUs.toFixed(0) ?? "",
  target: r.target,
}));
console.table(table);
console.table(
  translation.map((one) => ({
    gateway: one.gateway,
    "compared with": one.against,
    requests: one.requests,
    "adapter µs": one.adapterUs.toFixed(1),
    "bare µs": one.bareUs.toFixed(1),
    "ours µs": one.oursUs.toFixed(1),
    target: one.oursUs <= 20 ? "≤ 20 met" : "≤ 20 missed",
  })),
);
const machine = { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
writeFileSync(
  join(import.meta.dirname, "latest.json"),
  JSON.stringify({ at: new Date().toISOString(), machine, seconds, rows, translation }, null, 2),
);

/** What a process of ours says once it listens. */
function firstWord<T>(process: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    process.once("message", (message) => resolve(message as T));
    process.once("exit", () => reject(new Error("a process of the bench did not start")));
  });
}

async function analyze(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  await client`analyze`;
  await client.end();
}

/** How fast the desk gets through all that waits: events of a kind that says nothing to us, as most do. */
async function emptied(url: string, begin: () => void): Promise<Figures> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  const left = async () => {
    const [row] = await client.begin(async (sql) => {
      await sql`select set_config('role', 'ofrenda_sweeper', true)`;
      return sql<{ left: number }[]>`select count(*)::int as left from inbox where next_at is not null`;
    });
    return row?.left ?? 0;
  };
  const done = await left();
  const started = performance.now();
  // A job is bounded: what it leaves is for the next ring.
  for (; (await left()) > 0; await new Promise((resolve) => setTimeout(resolve, 100))) begin();
  const elapsed = (performance.now() - started) / 1000;
  await client.end();
  return { perSecond: done / elapsed, p50: Number.NaN, p95: Number.NaN, p99: Number.NaN, done, failed: 0 };
}

/** A signed delivery of an event of its own, made ahead: signing is the gateway's work, not ours. */
function delivery(ready: Ready): Shot {
  const id = `evt_${randomBytes(10).toString("hex")}`;
  const payload = JSON.stringify({
    id,
    object: "event",
    api_version: "2026-10-28.endive",
    created: Math.floor(Date.now() / 1000),
    type: "payment_intent.created",
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: {
      object: { id: `pi_${id}`, object: "payment_intent", amount: 50_000, currency: "mxn", metadata: {} },
    },
  });
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret: ready.webhookSecret });
  return {
    path: ready.webhookPath,
    headers: { "content-type": "application/json", "stripe-signature": signature },
    body: payload,
  };
}

function routerRow(): Row {
  const country = present(countries.get("mx"), "mx is served");
  const manifests = new Map([...gateways].map(([id, { factory }]) => [id, factory.manifest]));
  const accounts = Array.from({ length: 3 }, () => ({
    id: newId("gatewayAccount"),
    legalEntityId: newId("legalEntity"),
    gateway: "stripe",
    mode: "test" as const,
    country: "mx",
    status: "active" as const,
    sandbox: true,
  }));
  const query = { country, method: "oxxo" as const, amount: money(50_000n, "MXN"), mode: "test" as const };
  const decide = () => chooseRoute({ ...query, accounts, manifests });
  for (let i = 0; i < 20_000; i++) decide();
  const batches: number[] = [];
  const started = performance.now();
  let made = 0;
  while (performance.now() - started < 1000) {
    const from = performance.now();
    for (let i = 0; i < 1000; i++) decide();
    batches.push((performance.now() - from) / 1000);
    made += 1000;
  }
  const sorted = batches.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;
  const perSecond = made / ((performance.now() - started) / 1000);
  return {
    name: "route decision",
    perSecond,
    bare: undefined,
    target: "≥ 100,000/s",
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}
