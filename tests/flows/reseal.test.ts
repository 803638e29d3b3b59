import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { sealedTables } from "../../src/db/sealed-tables.ts";
import { claimsOf } from "../../src/giving/refund-claim.ts";
import { present } from "../../src/kernel/assert.ts";
import { parseId, uuidOf } from "../../src/kernel/ids.ts";
import { rotateChurchKey } from "../../src/privacy/church-keys.ts";
import { resealTable } from "../../src/privacy/reseal.ts";
import { type TestDatabase, testDatabase } from "../support/database.ts";
import { type Donation, give, offeredTo } from "../support/every-method.ts";
import { churchOf, type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { keptAccount, playThrough } from "../support/play-method.ts";
import { readStanding, type Standing, saved, startStanding } from "../support/recurring.ts";

let database: TestDatabase;
let house: MethodHouse;
let mx: MethodChurch;
let us: MethodChurch;
let gift: Standing;
let line: string;
let batch: string;
let approval: string;
let coins: Donation;
let claim: string;

const asked = async (church: MethodChurch, method: string, path: string, body?: object | string) => {
  const reply = await house.ask(church, method, path, body);
  expect(reply.status, JSON.stringify(reply.body)).toBeLessThan(300);
  return reply.body;
};

const bitcoin = async () => {
  const offered = await offeredTo(house, mx);
  return present(
    offered.find(({ type }) => type === "bitcoin"),
    "coins are taken",
  );
};

/** Two churches with something sealed in every table that seals. */
beforeAll(async () => {
  database = await testDatabase();
  house = await openMethodHouse(database.db);
  mx = churchOf(house, "mx");
  us = churchOf(house, "us");
  gift = await startStanding(house, us, saved, { note: "for the roof" });
  await startStanding(house, us, {
    type: "ach_debit",
    token: "pm_usBankAccount_success",
    mandate_acceptance: { ip_address: "203.0.113.7", user_agent: "a phone" },
  });
  await house.pass(0);
  await keptAccount(house, us);
  await asked(us, "POST", "/v1/webhook-endpoints", {
    url: "https://hooks.example.org/ofrenda",
    event_types: ["donation.succeeded"],
  });
  await asked(us, "POST", "/v1/donations", {
    amount: 5_000,
    currency: "USD",
    country: "us",
    payment_method: { type: "card", token: "pm_card_visa" },
    donor: { name: "Ana Pérez", email: "ana@example.org" },
    note: "with thanks",
  });
  const lines = [1, 2].map((each) => ({
    payment_method: { type: "cheque" },
    amount: each * 10_000,
    donor: { name: `Giver ${each}` },
    reference: `cheque ${each}`,
  }));
  const entered = { label: "Sunday", received_on: "2026-11-15", currency: "MXN", lines };
  batch = String((await asked(mx, "POST", "/v1/offline-donations", entered)).id);
  const file = "fecha,monto,concepto,folio,ordenante\n2026-11-20,123.45,ABONO SIN NOMBRE,m-1,María";
  await asked(mx, "POST", `/v1/bank-statements?account=${mx.bankAccount}`, file);
  const unplaced = await asked(mx, "GET", "/v1/bank-statements/lines?limit=10");
  const rows = z.array(z.looseObject({ id: z.string() })).parse(unplaced.data);
  line = rows[0]?.id ?? "";
  const wanted = await asked(mx, "POST", "/v1/approvals", {
    kind: "return_unmatched_line",
    bank_line: line,
    payee: { name: "María José", account: { kind: "clabe", number: "646180157000000004" } },
  });
  approval = String(wanted.id);
  await house.settle();
  coins = await playThrough(house, mx, await give(house, mx, await bitcoin(), { presentation: "hosted" }));
  claim = String((await asked(mx, "POST", `/v1/donations/${coins.id}/refunds`, {})).claim_url);
}, 60_000);

test("every column of bytes is sealed and sealed again, or is a digest, or a key: no other kind is known", async () => {
  const found = await database.superuser`
    select table_name || '.' || column_name as name from information_schema.columns
    where table_schema = 'public' and data_type = 'bytea' order by 1`;
  const known = new Set(
    sealedTables.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column}`)),
  );
  const others = found.map((row) => String(row.name)).filter((name) => !known.has(name));
  expect(others).toEqual([
    "api_keys.hash",
    "bank_lines.fingerprint",
    "bank_statements.sha256",
    "church_keys.wrapped",
    "dead_addresses.address_index",
    "debit_files.sha256",
    "donors.email_index",
    "donors.tax_id_index",
    "idempotency_keys.fingerprint",
    "ledger_seals.hash",
    "platform_keys.hash",
    "portal_asks.address",
    "portal_links.hash",
    "portal_sessions.hash",
  ]);
  const versioned = await database.superuser`
    select table_name as name from information_schema.columns
    where table_schema = 'public' and column_name = 'key_version' order by 1`;
  expect(versioned.map((row) => row.name)).toEqual(sealedTables.map(({ name }) => name).sort());
});

test("after a rotation everything of a church is under the new key, in every table, and reads as before", async () => {
  const { deps, vault } = house.app;
  const resealed = new Map<string, number>();
  for (const church of [mx, us]) {
    const version = await rotateChurchKey(deps.db, vault.keyring, church.churchId);
    for (const table of sealedTables) {
      const done = await resealTable(deps.db, vault, church.churchId, table);
      expect(done.remaining, table.name).toBe(0);
      resealed.set(table.name, (resealed.get(table.name) ?? 0) + done.resealed);
      const left = await database.superuser`
        select distinct key_version as version from ${database.superuser(table.name)}
        where church_id = ${uuidOf(church.churchId)} and key_version is not null`;
      expect([[], [version]], table.name).toContainEqual(left.map((row) => row.version));
    }
  }
  expect([...resealed].filter(([, rows]) => rows === 0)).toEqual([]);
  expect(await readStanding(house, us, gift.id)).toMatchObject({ status: "active" });
  expect((await asked(us, "GET", `/v1/donors/${gift.donor}`)).name).toBe("María José");
  expect(JSON.stringify(await asked(mx, "GET", `/v1/offline-donations/${batch}`))).toContain("Giver 2");
  expect(JSON.stringify(await asked(mx, "GET", "/v1/bank-statements/lines?limit=10"))).toContain("María");
  expect(JSON.stringify(await asked(mx, "GET", `/v1/approvals/${approval}`))).toContain("María José");
  const donation = present(parseId("donation", coins.id), "an id");
  expect(await claimsOf(house.app.deps, mx.churchId, donation)).toMatchObject([{ url: claim }]);
});

test("what was counted or told by the bank is never changed under the same key", async () => {
  const change = house.db.inChurch(
    mx.churchId,
    ({ sql }) => sql`update bank_lines set details = 'x' where church_id = ${uuidOf(mx.churchId)}`,
  );
  await expect(change).rejects.toMatchObject({ code: "23001", constraint_name: "only_resealed" });
});
