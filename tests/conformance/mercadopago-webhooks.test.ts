import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { mercadopago } from "../../adapters/mercadopago/index.ts";
import * as bank from "../../adapters/mercadopago/sandbox/bank-side.ts";
import { signature } from "../../adapters/mercadopago/sandbox/notices.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { secret } from "../../src/kernel/secret.ts";
import { specJson, specsAbsent } from "../support/specs.ts";
import { credentials } from "./mercadopago-under-test.ts";
import { orderIn, received, world } from "./mercadopago-world.ts";
import { recording } from "./recording-transport.ts";

const { transport } = recording(() => ({ fails: "before_send" }));
const { webhooks } = mercadopago.factory.create({ credentials, transport });
const at = new Date("2026-11-20T12:00:00Z");
const userId = credentials.access_token.split("-").at(-1);

const notice = (fields: object = {}): string =>
  JSON.stringify({
    id: 1,
    type: "payment",
    action: "payment.updated",
    date_created: at.toISOString(),
    user_id: Number(userId),
    data: { id: "123456789" },
    ...fields,
  });

const delivery = (
  fields: { signature?: string; target?: string; body?: string; requestId?: string } = {},
): RawDelivery => ({
  headers: { "x-signature": fields.signature ?? "", "x-request-id": fields.requestId ?? "req-7" },
  body: new TextEncoder().encode(fields.body ?? notice()),
  target: fields.target ?? "?data.id=123456789&type=payment",
});

const vectorsSchema = z.object({
  vectors: z.array(
    z.object({
      secret: z.string(),
      headers: z.object({ "x-signature": z.string(), "x-request-id": z.string() }),
      dataIdQuery: z.string().nullable(),
      ok: z.boolean(),
      note: z.string(),
      ambiguous: z.boolean().optional(),
    }),
  ),
});

describe.skipIf(specsAbsent)("verdicts of the SDK's own validator", () => {
  const { vectors } = specsAbsent
    ? { vectors: [] }
    : vectorsSchema.parse(specJson("mercadopago/webhook-signature-vectors.json"));

  test.each(vectors)("$note", async ({ secret: key, headers, dataIdQuery, ok, ambiguous }) => {
    const signedAt = new Date(1_704_908_010_000);
    const target = dataIdQuery === null ? "" : `?data.id=${dataIdQuery}`;
    const verdict = await webhooks.verify(
      { headers, body: new Uint8Array(), target },
      [secret(key)],
      signedAt,
    );
    // Signed in upper case the SDK passes it as given; the gateway's documents say lower case, and so do we.
    expect(verdict === "genuine").toBe(ambiguous ? false : ok);
  });
});

describe("the signature", () => {
  const key = secret("mp_secret");

  test("the vector of the facts: an order's id is signed in lower case, the time in milliseconds", async () => {
    const signed = "ts=1760000000000,v1=d10b8091ac9368d4351228214db36ba65a42d046a883658da74f44565650cd26";
    const one = delivery({ signature: signed, target: "?data.id=ORD01ABC&type=order" });
    expect(await webhooks.verify(one, [key], new Date(1_760_000_000_000))).toBe("genuine");
    expect(await webhooks.verify(one, [key], new Date(1_760_000_000_000 + minutes(6)))).toBe("stale");
    expect(await webhooks.verify(one, [key], new Date(1_760_000_000_000 - minutes(6)))).toBe("stale");
  });

  test("another id in the address, another request id, another time: forged", async () => {
    const signed = await signature("123456789", "req-7", at, "mp_secret");
    expect(await webhooks.verify(delivery({ signature: signed }), [key], at)).toBe("genuine");
    for (const changed of [
      delivery({ signature: signed, target: "?data.id=987654321&type=payment" }),
      delivery({ signature: signed, requestId: "req-8" }),
      delivery({ signature: signed.replace(/ts=\d+/, `ts=${at.getTime() + 1}`) }),
    ]) {
      expect(await webhooks.verify(changed, [key], at)).toBe("forged");
    }
  });

  test("no text in its place is ever genuine, and none throws", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (header, target) => {
        expect(await webhooks.verify(delivery({ signature: header, target }), [key], at)).not.toBe("genuine");
      }),
    );
  });
});

describe("the envelope", () => {
  const told = (fields: Parameters<typeof delivery>[0]) => webhooks.envelope(delivery(fields));

  test("another seller's event is refused", () => {
    expect(told({ body: notice({ user_id: 42 }) }).ok).toBe(false);
  });

  test("a body that names another payment than the signed address is refused", () => {
    expect(told({ body: notice({ data: { id: "42" } }) }).ok).toBe(false);
  });

  test("an address that names nothing is refused", () => {
    expect(told({ target: "" }).ok).toBe(false);
    expect(told({ target: "?type=payment" }).ok).toBe(false);
  });

  test("a chargeback stands in its payment's queue, though its own id is too long for a number", () => {
    const body = notice({ type: "topic_chargebacks_wh" }).replace(
      '{"id":"123456789"}',
      '{"id":233000061680860001,"payment_id":81968653106}',
    );
    const envelope = told({ body, target: "?data.id=233000061680860001&type=topic_chargebacks_wh" });
    expect(envelope).toMatchObject({ ok: true, value: { orderKey: "81968653106" } });
  });

  test("a topic nobody here reads is ignored", () => {
    const body = notice({ type: "merchant_order" });
    expect(webhooks.read(delivery({ body }))).toMatchObject({ ok: true, value: [{ kind: "ignored" }] });
  });

  test("no body and no address make it throw", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.json(), (target, text, json) => {
        for (const body of [text, json]) {
          webhooks.envelope(delivery({ target: `?${target}`, body }));
          webhooks.read(delivery({ target, body }));
        }
      }),
    );
  });
});

describe("how notifications travel from the simulator", () => {
  const paid = async (mode: Parameters<ReturnType<typeof world>["control"]["travel"]>[0]) => {
    const w = world();
    await w.control.travel(mode);
    const opened = await w.adapter("mx").payments.collect(orderIn("mx", "oxxo"), w.call());
    if (opened.kind !== "action_required") throw new Error(opened.kind);
    await w.control.play(opened.gatewayPaymentId, (play) => bank.pay(play));
    await w.control.flush();
    return w;
  };
  const actions = (w: ReturnType<typeof world>) => w.inbox.map(({ body }) => JSON.parse(body).action);

  test("in order, each once", async () => {
    expect(actions(await paid("normal"))).toEqual(["payment.created", "payment.updated"]);
  });
  test("newest first", async () => {
    expect(actions(await paid("out_of_order"))).toEqual(["payment.updated", "payment.created"]);
  });
  test("each three times, under one event key", async () => {
    const w = await paid("duplicated");
    expect(w.inbox).toHaveLength(6);
    const keys = w.inbox.map((webhook) => {
      const envelope = w.adapter("mx").webhooks.envelope(received(webhook));
      return envelope.ok && envelope.value.eventKey;
    });
    expect(new Set(keys).size).toBe(2);
  });
  test("held until released", async () => {
    const w = await paid("late");
    expect(w.inbox).toHaveLength(0);
    await w.sandbox.desk.delivery?.deliverNow();
    expect(w.inbox).toHaveLength(2);
  });
  test("lost for good", async () => {
    const w = await paid("lost");
    await w.control.travel("normal");
    await w.control.flush();
    expect(w.inbox).toHaveLength(0);
  });
  test("refused by the endpoint, it comes again a quarter of an hour later, signed anew", async () => {
    const w = world();
    w.statuses.push(500);
    await w.adapter("mx").payments.collect(orderIn("mx", "oxxo"), w.call());
    await w.control.flush();
    expect(w.inbox).toHaveLength(0);
    w.clock.advance(minutes(15));
    await w.control.tick(w.clock.now());
    const [webhook] = w.inbox;
    const { webhookSecret = "" } = w.account("mx");
    expect(
      webhook &&
        (await w.adapter("mx").webhooks.verify(received(webhook), [secret(webhookSecret)], w.clock.now())),
    ).toBe("genuine");
  });
});
