import fc from "fast-check";
import { Webhook } from "standardwebhooks";
import { afterEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { secret } from "../../src/kernel/secret.ts";
import { newWebhookSecret, webhookHeaders } from "../../src/outbox/sign.ts";
import { specJson, specsAbsent } from "../support/specs.ts";

const vectorFile = z.object({
  vectors: z.array(
    z.object({
      id: z.string(),
      timestamp: z.int(),
      payload: z.string(),
      secret: z.string(),
      signature: z.string(),
      now: z.int(),
      valid: z.boolean(),
      note: z.string(),
    }),
  ),
});

afterEach(() => {
  vi.useRealTimers();
});

describe.skipIf(specsAbsent)("the published Standard Webhooks vectors", () => {
  const { vectors } = specsAbsent
    ? { vectors: [] }
    : vectorFile.parse(specJson("standard-webhooks/vectors.json"));

  test.each(vectors)("$note: ours is among its signatures exactly when the vector is valid", (vector) => {
    const ours = webhookHeaders(
      { id: vector.id, at: new Date(vector.timestamp * 1000), body: vector.payload },
      [secret(vector.secret)],
    );
    expect(ours["webhook-id"]).toBe(vector.id);
    expect(ours["webhook-timestamp"]).toBe(String(vector.timestamp));
    const inTolerance = Math.abs(vector.now - vector.timestamp) <= 300;
    const signed = vector.signature.split(" ").includes(ours["webhook-signature"]);
    expect(signed && inTolerance).toBe(vector.valid);
  });

  test.each(vectors)("$note: the official library agrees with the vector", (vector) => {
    vi.useFakeTimers({ now: vector.now * 1000, toFake: ["Date"] });
    const verify = () =>
      new Webhook(vector.secret).verify(vector.payload, {
        "webhook-id": vector.id,
        "webhook-timestamp": String(vector.timestamp),
        "webhook-signature": vector.signature,
      });
    if (vector.valid) expect(verify()).toEqual(JSON.parse(vector.payload));
    else expect(verify).toThrow();
  });
});

describe("signing a webhook", () => {
  const message = { id: "evt_0193b2c4", at: new Date(), body: '{"type":"donation.succeeded"}' };

  test("whatever the body, the official library accepts it with the endpoint's secret", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const key = newWebhookSecret();
        const body = JSON.stringify(value);
        const headers = webhookHeaders({ ...message, body }, [key]);
        expect(new Webhook(key.reveal()).verify(body, headers)).toEqual(JSON.parse(body));
      }),
    );
  });

  test("with two secrets both receivers, the one that has rotated and the one that has not, accept it", () => {
    const [fresh, old] = [newWebhookSecret(), newWebhookSecret()];
    const headers = webhookHeaders(message, [fresh, old]);
    expect(headers["webhook-signature"]).toMatch(/^v1,\S{44} v1,\S{44}$/);
    for (const key of [fresh, old]) {
      expect(new Webhook(key.reveal()).verify(message.body, headers)).toEqual({ type: "donation.succeeded" });
    }
  });

  test("a changed body, id, timestamp or secret is refused by the official library", () => {
    const key = newWebhookSecret();
    const headers = webhookHeaders(message, [key]);
    const webhook = new Webhook(key.reveal());
    expect(() => webhook.verify(`${message.body} `, headers)).toThrow();
    expect(() => webhook.verify(message.body, { ...headers, "webhook-id": "evt_other" })).toThrow();
    const later = String(Number(headers["webhook-timestamp"]) + 1);
    expect(() => webhook.verify(message.body, { ...headers, "webhook-timestamp": later })).toThrow();
    expect(() => new Webhook(newWebhookSecret().reveal()).verify(message.body, headers)).toThrow();
  });

  test("a fresh secret is whsec_ and 32 random bytes, never twice the same", () => {
    const made = Array.from({ length: 50 }, () => newWebhookSecret().reveal());
    expect(new Set(made).size).toBe(50);
    for (const text of made) {
      expect(text).toMatch(/^whsec_/);
      expect(Buffer.from(text.slice(6), "base64")).toHaveLength(32);
    }
  });

  test.each([
    ["23 bytes", `whsec_${Buffer.alloc(23, 1).toString("base64")}`],
    ["65 bytes", `whsec_${Buffer.alloc(65, 1).toString("base64")}`],
    ["not base64", "whsec_{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}{}"],
    ["nothing", "whsec_"],
  ])("a secret of %s is never signed with", (_, text) => {
    expect(() => webhookHeaders(message, [secret(text)])).toThrow(/webhook secret/);
  });

  test.each([24, 64])("a secret of %i bytes is within the standard", (length) => {
    const text = `whsec_${Buffer.alloc(length, 7).toString("base64")}`;
    const headers = webhookHeaders(message, [secret(text)]);
    expect(new Webhook(text).verify(message.body, headers)).toEqual({ type: "donation.succeeded" });
  });

  test("an id with a full stop, which would let parts of the signed text shift, is never signed", () => {
    expect(() => webhookHeaders({ ...message, id: "evt.1" }, [newWebhookSecret()])).toThrow(/full stop/);
  });
});
