import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { present } from "../../src/kernel/assert.ts";
import { parseId } from "../../src/kernel/ids.ts";
import { giftToken } from "../../src/pages/checkout/gift-link.ts";
import { stripeControl } from "../support/stripe-control.ts";
import { type WebhookReceiver, webhookReceiver } from "../support/webhook-receiver.ts";
import {
  booksOf,
  card,
  give,
  openWorkerHouse,
  oxxo,
  readGift,
  sumOf,
  type WorkerHouse,
} from "../support/worker.ts";

let house: WorkerHouse;
let chms: WebhookReceiver;
let chmsSecret: string;

beforeAll(async () => {
  house = await openWorkerHouse();
  chms = await webhookReceiver();
  const made = await house.ask("POST", "/v1/webhook-endpoints", { url: `${chms.url}/chms` });
  expect(made.status).toBe(201);
  chmsSecret = String(JSON.parse(made.body.toString()).secret);
});

afterAll(() => house.close());

/** The types announced of one donation, each signature checked by the official library. */
const announced = (donation: string): string[] =>
  chms.received
    .map(({ body, headers }) => ({ event: new Webhook(chmsSecret).verify(body, headers), text: body }))
    .filter(({ text }) => text.includes(donation))
    .map(({ text }) => String(JSON.parse(text).type));

const patiently = { timeout: 15_000, interval: 200 };

describe("the service in workerd", () => {
  test("the minute's trigger applies and announces what no ring told of", async () => {
    const gift = await give(house.onNode, oxxo);
    const control = stripeControl(house.node.app);
    const paid = await control.payVoucher(present(gift.gateway_payment_id, "the voucher has a payment"));
    expect(paid).toMatchObject({ ok: true });
    await control.flush();
    // First of the file: no earlier ring is on its way that could do the trigger's work.
    expect(await readGift(house.onNode, gift.id)).toMatchObject({ status: "requires_action" });
    expect(announced(gift.id)).toEqual([]);

    await house.cron("* * * * *");

    expect(await readGift(house.ask, gift.id)).toMatchObject({ status: "succeeded" });
    expect(announced(gift.id)).toContain("donation.succeeded");
  });

  test("captures a card gift, and refunds it: the books balance after each", async () => {
    const gift = await give(house.ask, card);
    expect(gift).toMatchObject({ status: "succeeded", next_action: { type: "none" } });
    expect(present(gift.fee, "a captured gift has its fee").amount).toBeGreaterThan(0);
    expect(sumOf(await booksOf(house.ask))).toBe(0);

    const refund = await house.ask("POST", `/v1/donations/${gift.id}/refunds`, {
      reason: "requested_by_donor",
    });
    expect(refund.status).toBe(201);
    await vi.waitFor(async () => {
      expect(await readGift(house.ask, gift.id)).toMatchObject({ refunded_amount: 50_000 });
    }, patiently);
    expect(sumOf(await booksOf(house.ask))).toBe(0);
  });

  test("a voucher paid at the till is applied by the Queue's ring, booked, and announced to the ChMS", async () => {
    const before = (await booksOf(house.ask)).get("4100") ?? 0;
    const gift = await give(house.ask, oxxo);
    expect(gift).toMatchObject({ status: "requires_action", next_action: { type: "display_voucher" } });

    const till = { payment: present(gift.gateway_payment_id, "the voucher has a payment"), action: "pay" };
    expect((await house.submit("/sandbox/stripe/play", till)).status).toBe(303);

    await vi.waitFor(async () => {
      expect(await readGift(house.ask, gift.id)).toMatchObject({ status: "succeeded" });
      expect(announced(gift.id)).toContain("donation.succeeded");
    }, patiently);
    const books = await booksOf(house.ask);
    expect(books.get("4100")).toBe(before - 50_000);
    expect(sumOf(books)).toBe(0);
  });

  test("requests at once in one isolate never share a connection, a page or a document", async () => {
    const gift = await give(house.ask, card);
    const id = present(parseId("donation", gift.id), "an id");
    const token = await giftToken(house.node.app.deps, house.church.id, id);
    const page = `/give/${house.church.slug}`;
    const pdf = `${page}/gifts/${gift.id}/acknowledgment.pdf?t=${token}&lang=en`;

    const [pages, documents, gifts] = await Promise.all([
      Promise.all(Array.from({ length: 4 }, () => house.ask("GET", page))),
      Promise.all(Array.from({ length: 4 }, () => house.ask("GET", pdf))),
      Promise.all(Array.from({ length: 4 }, () => give(house.ask, card))),
    ]);

    for (const { status, body } of pages) {
      expect(status).toBe(200);
      expect(body.toString()).toContain("Iglesia Camino de Luz");
    }
    for (const { status, body } of documents) {
      expect(status).toBe(200);
      expect(body.subarray(0, 8).toString()).toMatch(/^%PDF-1\./);
    }
    expect(gifts.map(({ status }) => status)).toEqual(Array(4).fill("succeeded"));
    expect(sumOf(await booksOf(house.ask))).toBe(0);
  });

  test("nothing of all this was warned of or failed", () => {
    expect(house.complaints()).toEqual([]);
  });
});
