import { createHmac, randomBytes } from "node:crypto";
import { assert } from "../kernel/assert.ts";
import { type Secret, secret } from "../kernel/secret.ts";

/** Standard Webhooks 1.0.0, signature scheme: symmetric secrets are 24 to 64 random bytes. */
const secretBytes = { least: 24, made: 32, most: 64 } as const;
const prefix = "whsec_";
const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** A fresh signing secret, `whsec_` and the base64 of 32 random bytes. One per endpoint, never shared. */
export function newWebhookSecret(): Secret {
  return secret(prefix + randomBytes(secretBytes.made).toString("base64"));
}

export type WebhookMessage = {
  /** The same on every try, so a receiver can drop what it has seen. Never holds a full stop. */
  readonly id: string;
  /** When this try is made; sent in whole seconds. */
  readonly at: Date;
  /** Exactly the bytes that are sent. */
  readonly body: string;
};

/**
 * The three headers of Standard Webhooks 1.0.0. One `v1` signature (HMAC-SHA256 over `id.timestamp.body`) per
 * secret, separated by spaces: two while a secret is being rotated. Throws on a secret of the wrong length.
 */
export function webhookHeaders(
  message: WebhookMessage,
  secrets: readonly Secret[],
): {
  "webhook-id": string;
  "webhook-timestamp": string;
  "webhook-signature": string;
} {
  assert(secrets.length > 0, "a webhook is signed with at least one secret");
  assert(!message.id.includes("."), "a webhook's id holds no full stop");
  const timestamp = String(Math.floor(message.at.getTime() / 1000));
  const signed = `${message.id}.${timestamp}.${message.body}`;
  const signatures = secrets.map((key) => {
    const mac = createHmac("sha256", keyOf(key)).update(signed, "utf8").digest("base64");
    return `v1,${mac}`;
  });
  return {
    "webhook-id": message.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}

function keyOf(serialized: Secret): Buffer {
  const text = serialized.reveal();
  const encoded = text.startsWith(prefix) ? text.slice(prefix.length) : text;
  assert(base64.test(encoded), "a webhook secret is base64 after its prefix");
  const key = Buffer.from(encoded, "base64");
  assert(
    key.length >= secretBytes.least && key.length <= secretBytes.most,
    "a webhook secret holds 24 to 64 bytes",
  );
  return key;
}
