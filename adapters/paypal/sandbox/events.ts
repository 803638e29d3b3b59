import type { Scene } from "./scene.ts";
import { stamp } from "./scene.ts";

/** What an event is about, in PayPal's words, by its type. */
const kinds = {
  "CHECKOUT.ORDER.APPROVED": ["checkout-order", "An order has been approved by buyer"],
  "CHECKOUT.ORDER.COMPLETED": ["checkout-order", "Checkout Order Completed"],
  "CHECKOUT.PAYMENT-APPROVAL.REVERSED": ["checkout-order", "A payment has been reversed after approval."],
  "PAYMENT.CAPTURE.COMPLETED": ["capture", "Payment completed"],
  "PAYMENT.CAPTURE.PENDING": ["capture", "Payment pending"],
  "PAYMENT.CAPTURE.DENIED": ["capture", "Payment denied"],
  "PAYMENT.CAPTURE.DECLINED": ["capture", "Payment declined"],
  "PAYMENT.CAPTURE.REFUNDED": ["refund", "A capture was refunded"],
  "PAYMENT.CAPTURE.REVERSED": ["refund", "A capture was reversed"],
  "PAYMENT.REFUND.FAILED": ["refund", "A refund failed"],
  "CUSTOMER.DISPUTE.CREATED": ["dispute", "A new dispute opened"],
  "CUSTOMER.DISPUTE.UPDATED": ["dispute", "A dispute was updated"],
  "CUSTOMER.DISPUTE.RESOLVED": ["dispute", "A dispute was resolved"],
  "VAULT.PAYMENT-TOKEN.CREATED": ["payment_token", "A payment token has been created."],
  "VAULT.PAYMENT-TOKEN.DELETED": ["payment_token", "A payment token has been deleted."],
} as const;
export type EventType = keyof typeof kinds;

/** Keeps the event and queues one delivery for each of the account's webhooks. */
export async function emit(scene: Scene, type: EventType, resource: object): Promise<void> {
  const { account, documents, house, marks, now } = scene;
  const [resource_type, summary] = kinds[type];
  const id = house.ids.event();
  const body = JSON.stringify({
    id,
    event_version: "1.0",
    create_time: now.toISOString(),
    resource_type,
    resource_version: "2.0",
    event_type: type,
    summary,
    resource,
    links: [],
  });
  await documents.put("event", { id, account: account.id, type, body });
  for (const webhook of await documents.list("webhook", `account=${account.id}`)) {
    const delivery = `${id} ${webhook.id}`;
    await documents.put("delivery", {
      id: delivery,
      account: account.id,
      eventId: id,
      webhookId: webhook.id,
      tries: 0,
      dueAt: stamp(now),
    });
    marks.queued += 1;
  }
}
