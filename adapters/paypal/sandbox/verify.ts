import { crc32 } from "../../../src/kernel/crc32.ts";
import { isCertificateUrl, signingKey } from "../certificate.ts";
import { signedText } from "../webhook.ts";
import type { Scene } from "./scene.ts";
import { validated, verifyBody } from "./schemas.ts";
import { certificateText } from "./signing.ts";

const eventMark = '"webhook_event":';

/**
 * `POST /v1/notifications/verify-webhook-signature`: the checksum is taken over the event's text exactly as it
 * stands in the request, which is why a client that writes the event anew is told `FAILURE`.
 */
export async function verifyDelivery(scene: Scene, text: string): Promise<object> {
  const asked = validated(verifyBody, text);
  const webhook = await scene.documents.get("webhook", asked.webhook_id);
  const at = text.indexOf(eventMark);
  const event = text.slice(at + eventMark.length, text.lastIndexOf("}")).trim();
  const failure = { verification_status: "FAILURE" };
  if (!webhook || at < 0 || !isCertificateUrl(asked.cert_url)) return failure;
  const id = new URL(asked.cert_url).pathname.split("/").at(-1) ?? "";
  const pem = await certificateText(scene.house.store, id, scene.now);
  const certificate = pem === undefined ? undefined : await signingKey(pem, scene.now);
  if (!certificate?.ok) return failure;
  const bytes = new TextEncoder();
  const transmission = { id: asked.transmission_id, time: asked.transmission_time };
  const signed = signedText(transmission, asked.webhook_id, crc32(bytes.encode(event)));
  const signature = Uint8Array.from(atob(asked.transmission_sig), (char) => char.charCodeAt(0));
  const { key } = certificate.value;
  const right = await crypto.subtle.verify("RSASSA-PKCS1-v1_5", key, signature, bytes.encode(signed));
  return right ? { verification_status: "SUCCESS" } : failure;
}
