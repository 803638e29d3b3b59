import { createHmac } from "node:crypto";
import { z } from "zod";
import { sameText } from "../../kernel/same-text.ts";
import type { Secret } from "../../kernel/secret.ts";
import { meaningOf } from "./sender.ts";

/** What became of a text after it was accepted. */
export type TextStatus = {
  readonly providerId: string;
  readonly result: "on_its_way" | "delivered" | "bounced" | "opted_out" | "failed";
};

/**
 * The signature of Twilio's callbacks: HMAC-SHA1, base64, over the full address followed by every form field's name and
 * value, sorted by name (Twilio docs, "Security: validating requests").
 */
export function twilioSignature(token: Secret, url: string, form: URLSearchParams): string {
  const sorted = [...form].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const signed = url + sorted.map(([name, value]) => name + value).join("");
  return createHmac("sha1", token.reveal()).update(signed, "utf8").digest("base64");
}

/** Constant time; a missing signature is forged. */
export function isGenuine(
  token: Secret,
  callback: { readonly url: string; readonly form: URLSearchParams; readonly signature: string | undefined },
): boolean {
  return sameText(twilioSignature(token, callback.url, callback.form), callback.signature);
}

const fields = z.object({
  MessageSid: z.string().min(1),
  MessageStatus: z.string(),
  ErrorCode: z.coerce.number().optional(),
});

/** `undefined` when it is no status callback. A status we do not know changes nothing. */
export function readStatus(form: URLSearchParams): TextStatus | undefined {
  const parsed = fields.safeParse(Object.fromEntries(form));
  if (!parsed.success) return undefined;
  const { MessageSid: providerId, MessageStatus: status, ErrorCode: code } = parsed.data;
  if (status === "delivered" || status === "read") return { providerId, result: "delivered" };
  if (status !== "failed" && status !== "undelivered") return { providerId, result: "on_its_way" };
  const meaning = meaningOf(code);
  return { providerId, result: meaning === "retry" ? "failed" : meaning };
}
