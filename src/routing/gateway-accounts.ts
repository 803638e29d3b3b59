import { and, asc, eq } from "drizzle-orm";
import { z } from "zod";
import type { Database, Tx } from "../db/client.ts";
import type { AccountTakes, GatewayCredentials } from "../gateway/adapter.ts";
import { present } from "../kernel/assert.ts";
import { type ChurchId, type GatewayAccountId, type LegalEntityId, newId } from "../kernel/ids.ts";
import { type Secret, secret } from "../kernel/secret.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { gatewayAccounts } from "./tables.ts";

/** An account with its secrets opened, for the payment factory and the webhook door. */
export type OpenedAccount = {
  readonly id: GatewayAccountId;
  readonly churchId: ChurchId;
  readonly legalEntityId: LegalEntityId;
  readonly gateway: string;
  readonly mode: "test" | "live";
  readonly country: string;
  readonly status: "active" | "disabled";
  readonly sandbox: boolean;
  /** The opaque last part of its webhook address. */
  readonly endpointToken: string;
  readonly credentials: GatewayCredentials;
  readonly webhookSecrets: readonly WebhookSecret[];
};

/** A secret the gateway signs with; one being rotated out ends at `expiresAt`. */
export type WebhookSecret = { readonly secret: Secret; readonly expiresAt: Date | undefined };

const credentialsJson = z.record(z.string(), z.string());
const secretsJson = z.array(z.object({ secret: z.string(), expires_at: z.iso.datetime().nullable() }));

const sealedAt = (id: GatewayAccountId, column: "credentials" | "webhook_secrets") => ({
  table: "gateway_accounts",
  column,
  row: id,
});

const secretsText = (secrets: readonly WebhookSecret[]): string =>
  JSON.stringify(
    secrets.map((each) => ({
      secret: each.secret.reveal(),
      expires_at: each.expiresAt?.toISOString() ?? null,
    })),
  );

export type NewGatewayAccount = {
  readonly legalEntityId: LegalEntityId;
  readonly gateway: string;
  readonly mode: "test" | "live";
  readonly country: string;
  readonly label: string;
  readonly sandbox: boolean;
  readonly credentials: GatewayCredentials;
  /** What it can take, where its credentials decide. */
  readonly takes: AccountTakes | undefined;
  /** Absent while the gateway has not told it: nothing is believed until it has. */
  readonly webhookSecret: Secret | undefined;
  /** The opaque last part of the webhook address: 32 unguessable characters. */
  readonly endpointToken: string;
};

/** Stores an account with its secrets sealed. Credentials must already have been checked by the adapter's schema. */
export async function addGatewayAccount(
  tx: Tx,
  vault: ChurchVault,
  churchId: ChurchId,
  account: NewGatewayAccount,
  now: Date,
): Promise<GatewayAccountId> {
  const id = newId("gatewayAccount");
  const credentials = await vault.seal(
    tx,
    churchId,
    sealedAt(id, "credentials"),
    JSON.stringify(account.credentials),
  );
  const secrets = await vault.seal(
    tx,
    churchId,
    sealedAt(id, "webhook_secrets"),
    secretsText(account.webhookSecret ? [{ secret: account.webhookSecret, expiresAt: undefined }] : []),
  );
  await tx.orm.insert(gatewayAccounts).values({
    churchId,
    id,
    legalEntityId: account.legalEntityId,
    gateway: account.gateway,
    mode: account.mode,
    country: account.country,
    label: account.label,
    status: "active",
    sandbox: account.sandbox,
    takes: account.takes ?? null,
    keyVersion: credentials.keyVersion,
    credentials: credentials.bytes,
    endpointToken: account.endpointToken,
    webhookSecrets: secrets.bytes,
    createdAt: now,
  });
  return id;
}

/** The account with its secrets, or `undefined` when the church has no such account. */
export async function openAccount(
  tx: Tx,
  vault: ChurchVault,
  churchId: ChurchId,
  id: GatewayAccountId,
): Promise<OpenedAccount | undefined> {
  const [row] = await tx.orm.select().from(gatewayAccounts).where(eq(gatewayAccounts.id, id));
  if (!row) return undefined;
  const open = (column: "credentials" | "webhook_secrets", bytes: Uint8Array) =>
    vault.open(tx, churchId, sealedAt(id, column), bytes, row.keyVersion);
  return {
    id: row.id,
    churchId: row.churchId,
    legalEntityId: row.legalEntityId,
    gateway: row.gateway,
    mode: row.mode,
    country: row.country,
    status: row.status,
    sandbox: row.sandbox,
    endpointToken: row.endpointToken,
    credentials: credentialsJson.parse(JSON.parse(await open("credentials", row.credentials))),
    webhookSecrets: secretsJson
      .parse(JSON.parse(await open("webhook_secrets", row.webhookSecrets)))
      .map((stored) => ({
        secret: secret(stored.secret),
        expiresAt: stored.expires_at === null ? undefined : new Date(stored.expires_at),
      })),
  };
}

/** An account as the operator sees it in a list: nothing of its secrets but how many sign now. */
export type ListedAccount = Pick<
  OpenedAccount,
  "id" | "legalEntityId" | "gateway" | "mode" | "country" | "status" | "sandbox"
> & { readonly label: string; readonly endpointToken: string; readonly createdAt: Date };

const listed = {
  id: gatewayAccounts.id,
  legalEntityId: gatewayAccounts.legalEntityId,
  gateway: gatewayAccounts.gateway,
  mode: gatewayAccounts.mode,
  country: gatewayAccounts.country,
  status: gatewayAccounts.status,
  sandbox: gatewayAccounts.sandbox,
  label: gatewayAccounts.label,
  endpointToken: gatewayAccounts.endpointToken,
  createdAt: gatewayAccounts.createdAt,
};

/** Every account of the church, oldest first. */
export function listAccounts(tx: Tx, churchId: ChurchId): Promise<readonly ListedAccount[]> {
  return tx.orm
    .select(listed)
    .from(gatewayAccounts)
    .where(eq(gatewayAccounts.churchId, churchId))
    .orderBy(asc(gatewayAccounts.id));
}

/** One account as it is listed; `undefined` when the church has no such account. */
export async function listedAccount(
  tx: Tx,
  churchId: ChurchId,
  id: GatewayAccountId,
): Promise<ListedAccount | undefined> {
  const [row] = await tx.orm.select(listed).from(gatewayAccounts).where(its(churchId, id));
  return row;
}

const its = (churchId: ChurchId, id: GatewayAccountId) =>
  and(eq(gatewayAccounts.churchId, churchId), eq(gatewayAccounts.id, id));

export async function setAccountStatus(
  tx: Tx,
  churchId: ChurchId,
  id: GatewayAccountId,
  status: "active" | "disabled",
): Promise<void> {
  await tx.orm.update(gatewayAccounts).set({ status }).where(its(churchId, id));
}

/**
 * A new secret the gateway signs with. Those that were live go on until `oldUntil`, so that nothing signed during
 * the change is refused. `false` when the church has no such account. Other processes see it within half a minute.
 */
export async function addWebhookSecret(
  tx: Tx,
  vault: ChurchVault,
  account: { readonly churchId: ChurchId; readonly id: GatewayAccountId },
  added: Secret,
  oldUntil: Date,
): Promise<boolean> {
  const opened = await lockAccount(tx, vault, account);
  if (!opened) return false;
  const older = opened.webhookSecrets.map(({ secret: old, expiresAt }) => ({
    secret: old,
    expiresAt: expiresAt && expiresAt < oldUntil ? expiresAt : oldUntil,
  }));
  const webhookSecrets = [...older, { secret: added, expiresAt: undefined }];
  await sealAgain(tx, vault, { ...opened, webhookSecrets });
  return true;
}

/** New credentials in place of the old, already checked, and what they can take. `false` when the church has no such account. */
export async function replaceCredentials(
  tx: Tx,
  vault: ChurchVault,
  account: { readonly churchId: ChurchId; readonly id: GatewayAccountId },
  { credentials, takes }: Pick<NewGatewayAccount, "credentials" | "takes">,
): Promise<boolean> {
  const opened = await lockAccount(tx, vault, account);
  if (!opened) return false;
  await sealAgain(tx, vault, { ...opened, credentials });
  await tx.orm
    .update(gatewayAccounts)
    .set({ takes: takes ?? null })
    .where(its(account.churchId, account.id));
  return true;
}

async function lockAccount(
  tx: Tx,
  vault: ChurchVault,
  { churchId, id }: { readonly churchId: ChurchId; readonly id: GatewayAccountId },
): Promise<OpenedAccount | undefined> {
  await tx.orm
    .select({ id: gatewayAccounts.id })
    .from(gatewayAccounts)
    .where(its(churchId, id))
    .for("update");
  return openAccount(tx, vault, churchId, id);
}

/** One key version for the whole row: both sealed columns are written again. */
async function sealAgain(tx: Tx, vault: ChurchVault, account: OpenedAccount): Promise<void> {
  const { churchId, id } = account;
  const plain = new Map([
    ["credentials", JSON.stringify(account.credentials)],
    ["webhook_secrets", secretsText(account.webhookSecrets)],
  ] as const);
  const at = { table: "gateway_accounts", row: id };
  const { keyVersion, bytes } = await vault.sealRow(tx, churchId, at, plain);
  const credentials = present(bytes.get("credentials"), "sealed above");
  const webhookSecrets = present(bytes.get("webhook_secrets"), "sealed above");
  await tx.orm
    .update(gatewayAccounts)
    .set({ keyVersion, credentials, webhookSecrets })
    .where(its(churchId, id));
}

/** Which church and account an opaque webhook address belongs to; `undefined` when nobody's. */
export function findEndpoint(
  db: Database,
  token: string,
): Promise<{ churchId: ChurchId; accountId: GatewayAccountId; gateway: string } | undefined> {
  return db.byProof(token, async ({ orm }) => {
    const [row] = await orm
      .select({
        churchId: gatewayAccounts.churchId,
        accountId: gatewayAccounts.id,
        gateway: gatewayAccounts.gateway,
      })
      .from(gatewayAccounts)
      .where(eq(gatewayAccounts.endpointToken, token));
    return row;
  });
}
