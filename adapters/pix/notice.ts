import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import { cobrNoticeSchema, pixNoticeSchema, type RecNotice, recNoticeSchema, type WirePix } from "./wire.ts";

/** What a provider posts, by the word it adds to the address it was given. */
export type Notice =
  | { readonly kind: "pix"; readonly pix: readonly WirePix[] }
  | { readonly kind: "rec"; readonly recs: readonly RecNotice[] }
  | { readonly kind: "cobr"; readonly cobsr: readonly CobrNotice[] };
export type CobrNotice = ReturnType<typeof cobrNoticeSchema.parse>["cobsr"][number];

/** Our address as it was given, or with the word the API adds; some providers can be told to add a query instead. */
const target = /^\/?(pix|rec|cobr)?\/?(?:\?.*)?$/;

/** Reads a delivery's body by its shape; the address, where it says anything, must agree. */
export function readNotice(delivery: RawDelivery): Result<Notice, string> {
  const word = target.exec(delivery.target);
  if (!word) return err("nothing of API Pix is posted to this address");
  const body = json(delivery.body);
  const notice = shapeOf(body);
  if (!notice) return err("the body is no notice of API Pix");
  const told = word[1];
  return told === undefined || told === notice.kind
    ? ok(notice)
    : err(`a notice of ${notice.kind} came to /${told}`);
}

function shapeOf(body: unknown): Notice | undefined {
  const pix = pixNoticeSchema.safeParse(body);
  if (pix.success) return { kind: "pix", pix: pix.data.pix };
  const recs = recNoticeSchema.safeParse(body);
  if (recs.success) return { kind: "rec", recs: recs.data.recs };
  const cobsr = cobrNoticeSchema.safeParse(body);
  return cobsr.success ? { kind: "cobr", cobsr: cobsr.data.cobsr } : undefined;
}

function json(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    return undefined;
  }
}
