import type { Tx } from "../db/client.ts";
import { type ChurchId, type EventId, toId, uuidOf, type WebhookEndpointId } from "../kernel/ids.ts";

export type ReplayRange = {
  readonly endpointId: WebhookEndpointId;
  readonly eventTypes: readonly string[];
  readonly from: Date;
  readonly to: Date;
  readonly onlyMissed: boolean;
  readonly after: EventId | undefined;
};

/**
 * One pending delivery for each of the first `most` events in the range. `last` is the last event taken when the
 * bound cut the range short, else `undefined`.
 */
export async function insertReplay(
  tx: Tx,
  church: ChurchId,
  range: ReplayRange,
  at: Date,
  most: number,
): Promise<{ deliveries: number; last: EventId | undefined }> {
  const after = range.after === undefined ? null : uuidOf(range.after);
  const endpoint = uuidOf(range.endpointId);
  const [row] = await tx.sql<[{ deliveries: number; last: string | null }]>`
    with chosen as (
      select e.id from events e
      where e.church_id = ${uuidOf(church)} and e.created_at >= ${range.from} and e.created_at < ${range.to}
        and (${after}::uuid is null or e.id > ${after}::uuid)
        and (cardinality(${[...range.eventTypes]}::text[]) = 0 or e.type = any (${[...range.eventTypes]}::text[]))
        and (not ${range.onlyMissed}::boolean or not exists (
          select 1 from deliveries d
          where d.church_id = e.church_id and d.event_id = e.id and d.endpoint_id = ${endpoint}
            and d.state in ('succeeded', 'pending')))
      order by e.id limit ${most}
    ), made as (
      insert into deliveries (church_id, id, event_id, endpoint_id, state, tries, next_at, created_at)
      select ${uuidOf(church)}::uuid, (left(c.id::text, 15) || substr(gen_random_uuid()::text, 16))::uuid, c.id,
             ${endpoint}::uuid, 'pending', 0, ${at}::timestamptz, ${at}::timestamptz
      from chosen c
    )
    select count(*)::int as deliveries, max(id::text) as last from chosen`;
  const cutAt = row.deliveries === most ? row.last : null;
  return { deliveries: row.deliveries, last: cutAt === null ? undefined : toId("event", cutAt) };
}
