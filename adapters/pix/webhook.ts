import type { RawDelivery, Webhooks } from "../../src/gateway/webhook.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Secret } from "../../src/kernel/secret.ts";
import { isKnownCertificate } from "./certificate-proof.ts";
import type { PixAccount } from "./claims.ts";
import { isKnownToProvider } from "./confirm.ts";
import { envelopeOf } from "./envelope.ts";
import { inquire } from "./inquire.ts";
import { type Notice, readNotice } from "./notice.ts";
import { hintsIn } from "./translate-event.ts";

/**
 * API Pix signs nothing: a provider shows a client certificate, which ends where TLS ends, before us. So no notice is
 * ever taken at its word: {@link verify} decides whether it is listened to at all, and `inquire` asks the provider
 * what is the case.
 */
export function pixWebhooks(account: PixAccount): Webhooks {
  return {
    verify: (delivery, secrets, now) => verify(account, delivery, secrets, now),
    envelope: (delivery) => {
      const notice = ownNotice(account, delivery);
      return notice.ok ? ok(envelopeOf(notice.value)) : notice;
    },
    read: (delivery) => {
      const notice = ownNotice(account, delivery);
      return notice.ok ? ok(hintsIn(notice.value)) : notice;
    },
    inquire: async (delivery, call) => {
      const notice = ownNotice(account, delivery);
      return notice.ok ? inquire(account, notice.value, call) : notice;
    },
  };
}

/**
 * `forged` unless something speaks for it. The address cannot be guessed, but addresses leak. With fingerprints (the
 * account's webhook secrets) the caller must have shown one of those certificates. Without any, the provider itself
 * must know everything the notice names.
 */
async function verify(
  account: PixAccount,
  delivery: RawDelivery,
  secrets: readonly Secret[],
  now: Date,
): Promise<"genuine" | "forged"> {
  const notice = ownNotice(account, delivery);
  if (!notice.ok) return "forged";
  const spoken =
    secrets.length > 0
      ? await isKnownCertificate(delivery.headers, secrets)
      : await isKnownToProvider(account, notice.value, now);
  return spoken ? "genuine" : "forged";
}

/** A Pix on another key is not this account's: the webhook was set for ours alone. */
function ownNotice(account: PixAccount, delivery: RawDelivery): Result<Notice, string> {
  const notice = readNotice(delivery);
  if (!notice.ok || notice.value.kind !== "pix") return notice;
  const stranger = notice.value.pix.some(({ chave }) => chave !== undefined && chave !== account.key);
  return stranger ? err("a Pix to another key than this account's") : notice;
}
