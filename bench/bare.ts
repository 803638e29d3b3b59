import { createHash, randomBytes } from "node:crypto";
import { type Database, openDatabase } from "../src/db/client.ts";
import { insertOrFind } from "../src/donors/donor-for-gift.ts";
import { applyAtOnce } from "../src/giving/apply-outcome.ts";
import type { Gift } from "../src/giving/gift.ts";
import { loadGift } from "../src/giving/load-gift.ts";
import { insertGift } from "../src/giving/store.ts";
import { claim } from "../src/idempotency/claim.ts";
import { present } from "../src/kernel/assert.ts";
import { systemClock } from "../src/kernel/clock.ts";
import { type ChurchId, newId, toId, uuidOf } from "../src/kernel/ids.ts";
import { silentLog } from "../src/kernel/log.ts";
import { noMetrics } from "../src/kernel/metrics.ts";
import { announce } from "../src/outbox/announce.ts";
import { createInboxWriter } from "../src/webhooks/write-inbox.ts";
import type { Work } from "./load.ts";

const ours = { elsewhereMs: 0 };
const body1k = Buffer.alloc(1200, 32);

/** The statements of the hot paths with nothing around them: no HTTP, no gateway, no checks, no encryption. */
export type Bare = {
  readonly gift: Work;
  readonly replay: Work;
  readonly webhook: Work;
  close(): Promise<void>;
};

/** Repeats the statements of a gift that the service itself has made, on the same database. */
export async function bareSql(url: string, connections: number): Promise<Bare> {
  const db = openDatabase({ url, maxConnections: connections, prepare: true });
  const { church, model } = await modelGift(db);
  const sealed = Buffer.alloc(48);
  // Sealed once and for all: the bare limit is the database's, not the cipher's.
  const inbox = createInboxWriter(db, { seal: () => Promise.resolve({ keyVersion: 1, bytes: body1k }) });
  const name = { principal: "bare", route: "POST /v1/donations" };
  const body = { object: "donation", filler: "x".repeat(900) };
  let last = "";
  return {
    gift: async () => {
      const now = new Date();
      const gift = freshGift(model, now);
      const key = randomBytes(12).toString("hex");
      await db.sharing(church, async (tx) => {
        const command = { ...name, key };
        const fingerprint = createHash("sha256").update(key).digest();
        await claim(tx, {
          church,
          name: command,
          fingerprint,
          resourceId: gift.donation.id,
          now,
        });
        const donor = await insertOrFind(tx, church, freshDonor(now));
        const mine = { ...gift, donation: { ...gift.donation, donorId: donor.id } };
        const news = {
          type: "donation.created",
          objectId: gift.donation.id,
          sequence: 1,
          data: body,
        } as const;
        await Promise.all([
          announce(tx, church, news, now),
          insertGift(tx, { gift: mine, sealed: { keyVersion: 1, givenName: sealed, note: null } }),
        ]);
      });
      const outcome = {
        kind: "captured",
        gatewayPaymentId: `pi_${key}`,
        amount: gift.attempt.amount,
        fee: present(model.attempt.fee, "the model gift knows its fee"),
        capturedAt: now,
        funding: "direct",
        evidence: {},
      } as const;
      const parts = { db, clock: systemClock, log: silentLog, metrics: noMetrics };
      const answer = { name: { ...name, key }, status: 201, body };
      const done = await applyAtOnce(parts, gift, { kind: "outcome", outcome }, () => answer);
      last = key;
      return done !== undefined && ours;
    },
    replay: async () => {
      const found = await db.inChurch(
        church,
        ({ sql }) => sql`
          select response_body from idempotency_keys where church_id = ${uuidOf(church)} and principal = 'bare'
            and route = ${name.route} and key = ${last}`,
      );
      return found.length === 1 && ours;
    },
    webhook: async () => {
      const written = await inbox.write({
        churchId: church,
        id: newId("inboxEvent"),
        gatewayAccountId: model.attempt.gatewayAccountId,
        verdict: "genuine",
        eventKey: randomBytes(12).toString("hex"),
        orderKey: "bench",
        type: "ping",
        target: "",
        headers: {},
        body: body1k,
        occurredAt: new Date(),
        receivedAt: new Date(),
      });
      return written === "stored" && ours;
    },
    close: () => db.close(),
  };
}

async function modelGift(db: Database): Promise<{ church: ChurchId; model: Gift }> {
  const [row] = await db.sweeping(
    ({ sql }) => sql<{ church_id: string }[]>`select church_id from churches where slug = 'demo-mx'`,
  );
  const church = toId("church", present(row, "the demo church").church_id);
  const [made] = await db.inChurch(
    church,
    ({ sql }) => sql<{ id: string }[]>`select id from donations order by id desc limit 1`,
  );
  const key = { donationId: toId("donation", present(made, "a gift made before").id) };
  const model = await db.inChurch(church, (tx) => loadGift(tx, church, key, false));
  return { church, model: present(model, "the model gift") };
}

function freshDonor(now: Date) {
  const sealed = Buffer.alloc(48);
  return {
    id: newId("donor"),
    sealed: { keyVersion: 1, name: sealed, email: sealed, phone: null, taxId: null },
    indexes: { emailIndex: randomBytes(32), taxIdIndex: null },
    locale: "es-MX",
    now,
  };
}

function freshGift(model: Gift, now: Date): Gift {
  const nothing = { ...model.attempt.amount, minor: 0n };
  return {
    ...model,
    donation: { ...model.donation, id: newId("donation"), eventSequence: 1, createdAt: now },
    attempt: {
      ...model.attempt,
      id: newId("attempt"),
      state: "submitted",
      version: 1,
      gatewayPaymentId: undefined,
      captured: nothing,
      capturedAt: undefined,
      fee: undefined,
      evidence: undefined,
      createdAt: now,
    },
  };
}
