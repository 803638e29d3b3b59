import { check } from "k6";
import crypto from "k6/crypto";
import exec from "k6/execution";
import http from "k6/http";
import { service, steady } from "./service.js";

/** Signed deliveries of distinct events: verified and durable before each answer. */
export const options = steady(500, 50);

export function setup() {
  return { run: `${Date.now()}` };
}

export default function webhook({ run }) {
  const id = `${run}${exec.scenario.iterationInTest}`;
  const at = Math.floor(Date.now() / 1000);
  const body = JSON.stringify({
    id: `evt_${id}`,
    object: "event",
    api_version: "2026-10-28.endive",
    created: at,
    type: "payment_intent.created",
    livemode: false,
    pending_webhooks: 1,
    request: { id: null, idempotency_key: null },
    data: {
      object: { id: `pi_${id}`, object: "payment_intent", amount: 50000, currency: "mxn", metadata: {} },
    },
  });
  const signature = crypto.hmac("sha256", service.webhookSecret, `${at}.${body}`, "hex");
  const answer = http.post(service.webhookUrl, body, {
    headers: { "content-type": "application/json", "stripe-signature": `t=${at},v1=${signature}` },
  });
  check(answer, { accepted: ({ status }) => status === 200 });
}
