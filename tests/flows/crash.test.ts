import type postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { uuid } from "../support/gifts.ts";
import { type ServiceHome, type ServiceProcess, serviceHome, until } from "../support/service-process.ts";

/*
 * The real process, killed without warning at the three places where money could be lost or doubled. Where it is
 * killed is decided from outside, by locks on its own database that make it stand still there.
 */
let home: ServiceHome;
let service: ServiceProcess;
let sql: postgres.Sql<{ bigint: bigint }>;
let key: string;

beforeAll(async () => {
  home = await serviceHome();
  service = await home.start();
  key = /ofr_test_\w+/.exec(service.printed())?.[0] ?? "";
  sql = home.database();
}, 60_000);

const donationShape = z.looseObject({
  id: z.string(),
  status: z.string(),
  gateway_payment_id: z.string().nullable(),
});

async function ask(method: string, path: string, body?: object, idempotencyKey?: string) {
  const answer = await fetch(`${home.url}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: (await answer.json()) as Record<string, unknown>,
  };
}

const card = {
  amount: 50_000,
  currency: "MXN",
  country: "mx",
  payment_method: { type: "card", token: "pm_card_visa" },
  donor: { name: "Ana Pérez", email: "ana@example.org" },
};
const give = (idempotencyKey: string, body: object = card) =>
  ask("POST", "/v1/donations", body, idempotencyKey);
const read = async (id: string) => donationShape.parse((await ask("GET", `/v1/donations/${id}`)).body);

/** Makes the service stand still where it next needs the table; gives the way to let it go on. */
async function standStill(table: string, mode: "share" | "access exclusive"): Promise<() => Promise<void>> {
  const holder = await sql.reserve();
  await holder.unsafe(`begin; lock table ${table} in ${mode} mode`);
  return async () => {
    await holder.unsafe("rollback");
    holder.release();
  };
}

const waitsFor = (table: string) =>
  until(`somebody waiting for ${table}`, async () => {
    const [row] = await sql`
      select count(*)::int as n from pg_locks where not granted and relation = ${table}::regclass`;
    return Number(row?.n) > 0;
  });

const donationOfKey = async (idempotencyKey: string): Promise<string | undefined> => {
  const [row] = await sql`select resource_id from idempotency_keys where key = ${idempotencyKey}`;
  return row ? String(row.resource_id) : undefined;
};

/** Payments the gateway has for a donation, and journal entries we have for it. */
async function counted(donation: string) {
  const [payments] = await sql`
    select count(*)::int as n from sandbox.documents
    where kind = 'payment_intent' and document->'metadata' @> ${sql.json({ ofrenda_donation: donation })}
       or kind = 'payment_intent' and document::text like ${`%${donation}%`}`;
  const entries = await sql`
    select e.purpose from journal_entries e join payment_attempts a on e.source_id = 'att_' || replace(a.id::text, '-', '')
    where a.donation_id = ${uuid(donation)} order by e.purpose`;
  const [donations] = await sql`select count(*)::int as n from donations where id = ${uuid(donation)}`;
  return {
    payments: Number(payments?.n),
    entries: entries.map((row) => row.purpose),
    donations: Number(donations?.n),
  };
}
const onceOnly = { payments: 1, entries: ["capture", "fee"], donations: 1 };

async function booksBalance(): Promise<void> {
  const { body } = await ask("GET", "/v1/ledger/trial-balance");
  const { totals } = z
    .object({ totals: z.array(z.object({ difference: z.object({ amount: z.number() }) })) })
    .parse(body);
  for (const { difference } of totals) expect(difference.amount).toBe(0);
}

/** Sends a gift, and kills the service while it stands still at the table. */
async function killedAt(
  table: string,
  mode: "share" | "access exclusive",
  idempotencyKey: string,
): Promise<string> {
  const goOn = await standStill(table, mode);
  const lost = give(idempotencyKey).then(
    () => "answered",
    () => "lost",
  );
  await waitsFor(table);
  const donation = await donationOfKey(idempotencyKey);
  await service.kill();
  expect(await lost).toBe("lost");
  await goOn();
  if (donation === undefined) throw new Error("nothing was claimed before the kill");
  return donation;
}

/** The lease of the dead process runs out: a minute passes. */
const leaseEnds = (idempotencyKey: string) =>
  sql`update idempotency_keys set locked_until = now() - interval '1 second' where key = ${idempotencyKey}`;

describe("kill -9", () => {
  test("between our first transaction and the gateway: the same request, repeated, is carried out once", async () => {
    const idempotencyKey = "killed-before-the-gateway";
    const database = home.databasePid();
    const donation = await killedAt("sandbox.documents", "access exclusive", idempotencyKey);
    expect(await counted(donation)).toEqual({ payments: 0, entries: [], donations: 1 });

    service = await home.start();
    // The database lived on and was taken over as it was.
    expect(home.databasePid()).toBe(database);
    expect((await read(donation)).status).toBe("processing");
    const tooSoon = await give(idempotencyKey);
    expect(tooSoon).toMatchObject({ status: 409, body: { code: "idempotency_in_flight" } });
    expect(Number(tooSoon.headers.get("retry-after"))).toBeGreaterThan(0);
    await leaseEnds(idempotencyKey);
    expect(await give(idempotencyKey)).toMatchObject({
      status: 201,
      body: { id: donation, status: "succeeded" },
    });
    expect(await give(idempotencyKey)).toMatchObject({
      status: 201,
      body: { id: donation, status: "succeeded" },
    });
    expect(await counted(donation)).toEqual(onceOnly);
    await booksBalance();
  }, 60_000);

  test("after the gateway charged and before we wrote it: the sweeper finds the money, and a repeat is not a second gift", async () => {
    const idempotencyKey = "killed-after-the-gateway";
    const donation = await killedAt("journal_entries", "share", idempotencyKey);
    expect(await counted(donation)).toEqual({ payments: 1, entries: [], donations: 1 });

    await sql`update payment_attempts set next_check_at = now() where donation_id = ${uuid(donation)}`;
    service = await home.start();
    await until("the money", async () => (await read(donation)).status === "succeeded");
    await leaseEnds(idempotencyKey);
    expect(await give(idempotencyKey)).toMatchObject({
      status: 201,
      body: { id: donation, status: "succeeded" },
    });
    expect(await counted(donation)).toEqual(onceOnly);
    await booksBalance();
  }, 60_000);

  test("after the gateway charged and before we wrote it: a repeat alone is enough, with the same payment", async () => {
    const idempotencyKey = "killed-and-repeated";
    const donation = await killedAt("journal_entries", "share", idempotencyKey);
    service = await home.start();
    await leaseEnds(idempotencyKey);
    expect(await give(idempotencyKey)).toMatchObject({
      status: 201,
      body: { id: donation, status: "succeeded" },
    });
    expect(await counted(donation)).toEqual(onceOnly);
  }, 60_000);

  test("after a webhook was accepted and before it was applied: it is applied after the restart, once", async () => {
    const given = await give("voucher", { ...card, payment_method: { type: "oxxo" } });
    const gift = donationShape.parse(given.body);
    const goOn = await standStill("attempt_changes", "share");
    const form = new URLSearchParams({ payment: gift.gateway_payment_id ?? "", action: "pay" });
    // The bank's page waits for the webhook to be accepted, not for what becomes of it.
    await fetch(`${home.url}/sandbox/stripe/play`, { method: "POST", body: form, redirect: "manual" });
    await waitsFor("attempt_changes");
    const waiting = await sql`select id, type from inbox where state = 'received'`;
    expect(waiting.map((row) => row.type)).toContain("payment_intent.succeeded");
    await service.kill();
    await goOn();
    expect(await counted(gift.id)).toMatchObject({ entries: [] });

    // The dead process's hold on the event ends after two minutes.
    await sql`update inbox set next_at = now() where state = 'received'`;
    service = await home.start();
    await until("the payment", async () => (await read(gift.id)).status === "succeeded");
    expect(await counted(gift.id)).toEqual(onceOnly);
    await booksBalance();
  }, 60_000);
});

describe("an orderly stop", () => {
  test("answers what is under way, takes nothing new, and stops the database last", async () => {
    const goOn = await standStill("sandbox.documents", "access exclusive");
    const answer = give("under-way");
    await waitsFor("sandbox.documents");
    const ended = service.terminate();
    await until("the door closed", () =>
      fetch(`${home.url}/healthz`).then(
        () => false,
        () => true,
      ),
    );
    await goOn();
    expect(await answer).toMatchObject({ status: 201, body: { status: "succeeded" } });
    expect(await ended).toBe(0);
    expect(home.databasePid()).toBeUndefined();
  }, 60_000);
});
