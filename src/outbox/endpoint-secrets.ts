import { z } from "zod";
import type { Tx } from "../db/client.ts";
import { after, hours } from "../kernel/clock.ts";
import type { ChurchId, WebhookEndpointId } from "../kernel/ids.ts";
import { type Secret, secret } from "../kernel/secret.ts";
import type { ChurchVault, SealContext, Sealed } from "../privacy/vault.ts";

/** How long the old secret still signs after a rotation: time enough to install the new one everywhere. */
const rotationOverlap = hours(24);
/** Rotating again and again keeps every secret its promised day, up to this many signatures in the header. */
const secretsMost = 4;

/** A signing secret; `expiresAt` is set once a newer one has taken its place. */
export type EndpointSecret = { readonly secret: Secret; readonly expiresAt: Date | undefined };

const stored = z.array(z.object({ secret: z.string(), expires_at: z.iso.datetime().nullable() })).min(1);

const contextOf = (endpoint: WebhookEndpointId): SealContext => ({
  table: "webhook_endpoints",
  column: "secrets",
  row: endpoint,
});

/** Newest first. */
export async function sealSecrets(
  vault: ChurchVault,
  tx: Tx,
  church: ChurchId,
  endpoint: WebhookEndpointId,
  secrets: readonly EndpointSecret[],
): Promise<Sealed> {
  const plain: z.infer<typeof stored> = secrets.map((s) => ({
    secret: s.secret.reveal(),
    expires_at: s.expiresAt?.toISOString() ?? null,
  }));
  return vault.seal(tx, church, contextOf(endpoint), JSON.stringify(plain));
}

/** Newest first, those past their time left out. Throws when the row's bytes are not this endpoint's. */
export async function openSecrets(
  vault: ChurchVault,
  tx: Tx,
  church: ChurchId,
  endpoint: { readonly id: WebhookEndpointId; readonly secrets: Uint8Array; readonly keyVersion: number },
  now: Date,
): Promise<EndpointSecret[]> {
  const plain = await vault.open(tx, church, contextOf(endpoint.id), endpoint.secrets, endpoint.keyVersion);
  return stored
    .parse(JSON.parse(plain))
    .map((s) => ({
      secret: secret(s.secret),
      expiresAt: s.expires_at === null ? undefined : new Date(s.expires_at),
    }))
    .filter((s) => s.expiresAt === undefined || s.expiresAt > now);
}

/** Puts `fresh` first and gives the secret it replaces its last 24 hours. */
export function rotated(live: readonly EndpointSecret[], fresh: Secret, now: Date): EndpointSecret[] {
  const retiring = live.map((s) => ({ ...s, expiresAt: s.expiresAt ?? after(now, rotationOverlap) }));
  return [{ secret: fresh, expiresAt: undefined }, ...retiring].slice(0, secretsMost);
}
