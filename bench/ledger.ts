import postgres from "postgres";
import { openDatabase } from "../src/db/client.ts";
import {
  type ChurchId,
  type EntryId,
  type FundId,
  type GatewayAccountId,
  type LegalEntityId,
  newId,
  uuidOf,
} from "../src/kernel/ids.ts";
import { money } from "../src/kernel/money.ts";
import { chart } from "../src/ledger/chart.ts";
import { credit, debit, type EntryDraft } from "../src/ledger/entry-draft.ts";
import { laneOf, postEntries } from "../src/ledger/post-entry.ts";

/** Ledger postings per second, and how long one call of `entriesPerCall` entries (two postings each) took. */
export type LedgerFigure = {
  readonly name: string;
  readonly accounts: number;
  readonly entriesPerCall: number;
  readonly clients: number;
  readonly postingsPerSecond: number;
  /** Postings per second of the lean SQL with no layer of ours, same database, same batches and clients. */
  readonly barePerSecond: number;
  readonly callMs: { readonly p50: number; readonly p95: number; readonly p99: number };
};

export type LedgerBenchOptions = {
  /** A migrated, durable database (fsync on), as the owner the service runs as. */
  readonly url: string;
  readonly clients?: number;
  readonly entriesPerCall?: number;
  /** Measured time of each of the four runs, after half a second of warming up. */
  readonly seconds?: number;
};

type Scene = {
  readonly church: ChurchId;
  readonly legalEntityId: LegalEntityId;
  readonly funds: readonly FundId[];
  readonly gatewayAccounts: readonly GatewayAccountId[];
};

/**
 * Books gifts (Dr 1100, Cr 4100) over 1,000 accounts and over ten, through `postEntries` with its transaction,
 * tenancy and every rule of the ledger, and the same movement of balances through a lean SQL function without
 * any of that. Leaves a church and the schema `bench_bare` behind; checks afterwards that nothing was lost.
 */
export async function ledgerBench(options: LedgerBenchOptions): Promise<readonly LedgerFigure[]> {
  const figures: LedgerFigure[] = [];
  for (const accounts of [1000, 10]) {
    const bare = await runBare(options, accounts);
    const ours = await runOurs(options, accounts);
    figures.push({
      name: `ledger postings, ${accounts} accounts`,
      accounts,
      entriesPerCall: options.entriesPerCall ?? 8,
      clients: options.clients ?? 16,
      postingsPerSecond: ours.perSecond,
      barePerSecond: bare.perSecond,
      callMs: ours.callMs,
    });
  }
  return figures;
}

async function runOurs(options: LedgerBenchOptions, accounts: number): Promise<Rate> {
  const clients = options.clients ?? 16;
  const size = options.entriesPerCall ?? 8;
  const db = openDatabase({ url: options.url, maxConnections: clients, prepare: true });
  try {
    const scene = await setScene(db, accounts / 2);
    const book = (entries: readonly EntryDraft[]) =>
      db.inChurch(scene.church, (tx) => postEntries(tx, scene.church, entries, new Date()));
    // Every account is opened, in every shard, before the clock runs: as in a ledger that is in use.
    for (let lane = 0; lane < chart["1100"].shards; lane += 1) {
      for (let from = 0; from < accounts / 2; from += 100) {
        const size = Math.min(100, accounts / 2 - from);
        await book(
          Array.from({ length: size }, (_, i) => gift(scene, from + i, from + i, entryInLane(lane))),
        );
      }
    }
    return await measure(options, clients, size * 2, () =>
      book(
        Array.from({ length: size }, () =>
          gift(scene, pick(accounts / 2), pick(accounts / 2), newId("entry")),
        ),
      ),
    );
  } finally {
    await db.close();
  }
}

async function setScene(db: ReturnType<typeof openDatabase>, pairs: number): Promise<Scene> {
  const scene: Scene = {
    church: newId("church"),
    legalEntityId: newId("legalEntity"),
    funds: Array.from({ length: pairs }, () => newId("fund")),
    gatewayAccounts: Array.from({ length: pairs }, () => newId("gatewayAccount")),
  };
  const church = uuidOf(scene.church);
  const entity = uuidOf(scene.legalEntityId);
  await db.inChurch(scene.church, async ({ sql }) => {
    await sql`insert into churches (church_id, slug, name, country, time_zone, locale, created_at)
      values (${church}, ${scene.church}, 'Bench', 'mx', 'America/Mexico_City', 'es-MX', now())`;
    await sql`insert into legal_entities (church_id, id, name, country, currency, created_at)
      values (${church}, ${entity}, 'Bench', 'mx', 'MXN', now())`;
    await sql`insert into funds (church_id, id, code, name, created_at)
      select ${church}::uuid, f.id, 'fund-' || f.n, 'Fund', now()
      from unnest(${scene.funds.map(uuidOf)}::uuid[]) with ordinality f(id, n)`;
    await sql`insert into gateway_accounts (church_id, id, legal_entity_id, gateway, mode, country, label, status,
        key_version, credentials, endpoint_token, webhook_secrets, sandbox, created_at)
      select ${church}::uuid, g.id, ${entity}::uuid, 'stripe', 'test', 'mx', 'Bench', 'active', 1, '', g.id::text,
             '', true, now()
      from unnest(${scene.gatewayAccounts.map(uuidOf)}::uuid[]) g(id)`;
  });
  return scene;
}

function entryInLane(lane: number): EntryId {
  for (;;) {
    const id = newId("entry");
    if (laneOf(id) % chart["1100"].shards === lane) return id;
  }
}

function gift(scene: Scene, gateway: number, fund: number, id: EntryId): EntryDraft {
  const fundId = scene.funds[fund];
  const gatewayAccountId = scene.gatewayAccounts[gateway];
  if (!fundId || !gatewayAccountId) throw new Error("the scene has no such account");
  return {
    id,
    legalEntityId: scene.legalEntityId,
    source: { kind: "attempt", id: newId("attempt") },
    purpose: "capture",
    occurredAt: new Date(),
    memo: "Gift captured",
    postings: [
      debit({ code: "1100", gatewayAccountId }, money(12550n, "MXN")),
      credit({ code: "4100", fundId }, money(12550n, "MXN")),
    ],
  };
}

const pick = (below: number): number => Math.floor(Math.random() * below);

/** The least that books idempotently in one statement: no rules, tenancy, chain or seal (facts: orchestration). */
const bareSql = `
  drop schema if exists bench_bare cascade;
  create schema bench_bare;
  create table bench_bare.accounts (id int primary key, version bigint not null, balance bigint not null)
    with (fillfactor = 40);
  create table bench_bare.entries (id uuid primary key, source text not null unique, at timestamptz not null);
  create table bench_bare.postings (entry uuid not null, account int not null, amount bigint not null,
    version bigint not null, balance bigint not null, primary key (account, version));
  create function bench_bare.post(ids uuid[], sources text[], debits int[], credits int[], amounts bigint[])
  returns int language plpgsql as $$
  declare booked uuid[];
  begin
    with fresh as (
      insert into bench_bare.entries select id, source, now() from unnest(ids, sources) as e(id, source)
      order by source on conflict (source) do nothing returning id
    ) select array_agg(id) into booked from fresh;
    perform from bench_bare.accounts where id = any (debits || credits) order by id for update;
    with lines as (
      select e.id, l.account, l.amount from unnest(ids, debits, credits, amounts) as e(id, dr, cr, amount)
      cross join lateral (values (e.dr, e.amount), (e.cr, -e.amount)) as l(account, amount)
      where e.id = any (booked)
    ), added as (
      insert into bench_bare.postings
      select l.id, l.account, l.amount, a.version + row_number() over w, a.balance + sum(l.amount) over w
      from lines l join bench_bare.accounts a on a.id = l.account
      window w as (partition by l.account order by l.id rows unbounded preceding)
      returning account, amount
    )
    update bench_bare.accounts a set version = a.version + d.n, balance = a.balance + d.amount
    from (select account, count(*) as n, sum(amount) as amount from added group by 1) d where a.id = d.account;
    return cardinality(booked);
  end $$`;

async function runBare(options: LedgerBenchOptions, accounts: number): Promise<Rate> {
  const clients = options.clients ?? 16;
  const size = options.entriesPerCall ?? 8;
  const sql = postgres(options.url, { max: clients, onnotice: () => {} });
  try {
    await sql.unsafe(bareSql);
    await sql`insert into bench_bare.accounts select n, 0, 0 from generate_series(1, ${accounts}) n`;
    return await measure(options, clients, size * 2, async () => {
      const entries = Array.from({ length: size }, () => uuidOf(newId("entry")));
      const half = accounts / 2;
      await sql`select bench_bare.post(${entries}::uuid[], ${entries.map((id) => `attempt ${id}`)}::text[],
        ${entries.map(() => 1 + pick(half))}::int[], ${entries.map(() => 1 + half + pick(half))}::int[],
        ${entries.map(() => 12550)}::bigint[])`;
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

type Rate = { readonly perSecond: number; readonly callMs: LedgerFigure["callMs"] };

/** `clients` loops, each with one call in flight, for the measured time. */
async function measure(
  options: LedgerBenchOptions,
  clients: number,
  postingsPerCall: number,
  call: () => Promise<unknown>,
): Promise<Rate> {
  const seconds = options.seconds ?? 3;
  const loops = (until: number, times: number[]) =>
    Promise.all(
      Array.from({ length: clients }, async () => {
        for (let start = performance.now(); start < until; start = performance.now()) {
          await call();
          times.push(performance.now() - start);
        }
      }),
    );
  await loops(performance.now() + 500, []);
  const times: number[] = [];
  const start = performance.now();
  await loops(start + seconds * 1000, times);
  const elapsed = (performance.now() - start) / 1000;
  times.sort((a, b) => a - b);
  const at = (part: number) => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return {
    perSecond: (times.length * postingsPerCall) / elapsed,
    callMs: { p50: at(0.5), p95: at(0.95), p99: at(0.99) },
  };
}
