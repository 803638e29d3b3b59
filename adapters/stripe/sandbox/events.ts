import type { Account } from "./accounts.ts";
import type { Scene } from "./scene.ts";
import { apiVersion, type EventType, type SandboxEvent } from "./wire.ts";

/** One event on its way to one endpoint. Lies in the store outside any account, under `pending` or `held`. */
export type Delivery = {
  readonly id: string;
  readonly account: Account;
  readonly endpointId: string;
  readonly eventId: string;
  readonly tries: number;
  /** Unix seconds. */
  readonly dueAt: number;
};

export const deliveryKey = { pending: "pending", held: "held" } as const;

/**
 * Writes the event with the object as it stands now (documents are never changed, so the object itself is the
 * snapshot) and queues a delivery for every endpoint of the account that asked for its type.
 */
export async function emit(scene: Scene, type: EventType, object: object, before?: object): Promise<void> {
  scene.marks.endpoints ??= await scene.documents.list("webhook_endpoint", "all", everyEndpoint);
  const wanted = scene.marks.endpoints.filter(
    (one) =>
      one.status === "enabled" && (one.enabled_events.includes("*") || one.enabled_events.includes(type)),
  );
  const event: SandboxEvent = {
    id: scene.house.ids.id("evt"),
    object: "event",
    api_version: apiVersion,
    created: scene.now,
    data: before ? { object, previous_attributes: before } : { object },
    livemode: false,
    pending_webhooks: wanted.length,
    request: { id: scene.request.id, idempotency_key: scene.request.idempotencyKey },
    type,
  };
  await scene.documents.put("event", event);
  if (type.startsWith("payment_intent.") && "id" in object) scene.marks.touched.add(String(object.id));
  scene.marks.queued += wanted.length;
  for (const endpoint of wanted) {
    const delivery: Delivery = {
      id: scene.house.ids.id("wdl"),
      account: scene.account,
      endpointId: endpoint.id,
      eventId: event.id,
      tries: 0,
      dueAt: scene.now,
    };
    await scene.raw.put("delivery", delivery.id, delivery, [deliveryKey.pending]);
  }
}

const everyEndpoint = { order: "oldest_first", limit: 16 } as const;
