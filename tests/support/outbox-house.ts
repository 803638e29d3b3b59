import { randomBytes } from "node:crypto";
import type { Sql as Superuser } from "postgres";
import { type FixedClock, fixedClock } from "../../src/kernel/clock.ts";
import { type ChurchId, newId, uuidOf } from "../../src/kernel/ids.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { noMetrics } from "../../src/kernel/metrics.ts";
import { secret } from "../../src/kernel/secret.ts";
import { announce } from "../../src/outbox/announce.ts";
import type { DeliverDeps } from "../../src/outbox/deliver.ts";
import { createEndpoint, type EndpointDeps } from "../../src/outbox/endpoints.ts";
import type { EventType } from "../../src/outbox/event-types.ts";
import { addressFault } from "../../src/outbox/ssrf-guard.ts";
import { pinnedTransport } from "../../src/platform/pinned-transport.ts";
import { createVault } from "../../src/privacy/create-vault.ts";
import { testDatabase } from "./database.ts";

/** Outbound webhooks as the service composes them, on a real database, with a clock the test moves. */
export async function outboxHouse() {
  const { db, superuser } = await testDatabase();
  const clock: FixedClock = fixedClock(new Date());
  const vault = createVault({ masterKey: secret(randomBytes(32).toString("base64")), clock });
  const targets = { allowPrivateTargets: true };
  const { transport } = pinnedTransport({ addressFault: (address) => addressFault(address, targets) });
  const deps: DeliverDeps & EndpointDeps = {
    db,
    vault,
    clock,
    log: silentLog,
    metrics: noMetrics,
    transport,
    targets,
    random: () => 0.5,
  };
  const sequences = new Map<string, number>();
  return {
    deps,
    db,
    clock,
    superuser,
    newChurch: () => newChurch(superuser, clock),
    /** An endpoint at `url`; empty `eventTypes` means all. */
    async endpoint(church: ChurchId, url: string, eventTypes: EventType[] = []) {
      const made = await db.inChurch(church, (tx) => createEndpoint(deps, tx, church, { url, eventTypes }));
      if (!made.ok) throw new Error(made.error.detail);
      return made.value;
    },
    /** Announces as giving does: in a transaction of the church, with the object's next number. */
    async announce(church: ChurchId, type: EventType = "donation.succeeded", objectId = "don_1") {
      const sequence = (sequences.get(church + objectId) ?? 0) + 1;
      sequences.set(church + objectId, sequence);
      const data = { id: objectId, status: "succeeded", amount: { amount: 50_000, currency: "MXN" } };
      return db.inChurch(church, (tx) =>
        announce(tx, church, { type, objectId, sequence, data }, clock.now()),
      );
    },
  };
}

async function newChurch(superuser: Superuser<{ bigint: bigint }>, clock: FixedClock): Promise<ChurchId> {
  const church = newId("church");
  const uuid = uuidOf(church);
  await superuser`
    insert into churches (church_id, slug, name, country, time_zone, locale, created_at)
    values (${uuid}, ${`c-${uuid}`}, 'Iglesia de prueba', 'mx', 'America/Mexico_City', 'es-MX', ${clock.now()})`;
  return church;
}
