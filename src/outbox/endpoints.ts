import type { Tx } from "../db/client.ts";
import type { Clock } from "../kernel/clock.ts";
import { type ChurchId, newId, type WebhookEndpointId } from "../kernel/ids.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { Secret } from "../kernel/secret.ts";
import type { ChurchVault } from "../privacy/vault.ts";
import { retireDeliveries } from "./delivery-store.ts";
import { openSecrets, rotated, sealSecrets } from "./endpoint-secrets.ts";
import type { EventType } from "./event-types.ts";
import { newWebhookSecret } from "./sign.ts";
import { checkTarget, type TargetPolicy } from "./ssrf-guard.ts";
import {
  countEndpoints,
  deleteEndpointRow,
  type EndpointChange,
  type EndpointRow,
  endpointById,
  insertEndpoint,
  lockEndpoint,
  replaceSecrets,
  updateEndpoint,
} from "./store.ts";

/** Each event is sent to every endpoint that wants it, so their number is bounded. */
export const endpointsMost = 16;

export type EndpointDeps = {
  readonly clock: Clock;
  readonly vault: ChurchVault;
  readonly targets: TargetPolicy;
};

/** `eventTypes` empty means all. */
export type EndpointOrder = { readonly url: string; readonly eventTypes: readonly EventType[] };

/** Makes an endpoint; the only time its secret leaves us, besides a rotation. */
export async function createEndpoint(
  deps: EndpointDeps,
  tx: Tx,
  church: ChurchId,
  order: EndpointOrder,
): Promise<Result<{ endpoint: EndpointRow; secret: Secret }, Problem>> {
  const target = targetOf(order.url, deps.targets);
  if (!target.ok) return target;
  if ((await countEndpoints(tx, church)) >= endpointsMost) {
    return err({
      code: "conflict",
      detail: `a church has at most ${endpointsMost} endpoints: delete one first`,
    });
  }
  const id = newId("webhookEndpoint");
  const secret = newWebhookSecret();
  const sealed = await sealSecrets(deps.vault, tx, church, id, [{ secret, expiresAt: undefined }]);
  const endpoint: EndpointRow = {
    churchId: church,
    id,
    url: target.value,
    eventTypes: [...new Set(order.eventTypes)],
    status: "enabled",
    disabledReason: null,
    keyVersion: sealed.keyVersion,
    secrets: sealed.bytes,
    failingSince: null,
    createdAt: deps.clock.now(),
  };
  await insertEndpoint(tx, endpoint);
  return ok({ endpoint, secret });
}

/** The endpoint, or `not_found`. */
export async function getEndpoint(
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
): Promise<Result<EndpointRow, Problem>> {
  const row = await endpointById(tx, church, id);
  return row ? ok(row) : err(noEndpoint(id));
}

export type EndpointEdit = {
  readonly url?: string | undefined;
  readonly eventTypes?: readonly EventType[] | undefined;
  readonly status?: "enabled" | "disabled" | undefined;
};

/**
 * Changes what is named. Disabling gives up what was still on its way (it stays listed as dead, and can be
 * redelivered); enabling starts with a clean record.
 */
export async function editEndpoint(
  deps: Pick<EndpointDeps, "targets">,
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
  edit: EndpointEdit,
): Promise<Result<EndpointRow, Problem>> {
  const before = await lockEndpoint(tx, church, id);
  if (!before) return err(noEndpoint(id));
  let url = before.url;
  if (edit.url !== undefined) {
    const target = targetOf(edit.url, deps.targets);
    if (!target.ok) return target;
    url = target.value;
  }
  const change: EndpointChange = {
    url,
    eventTypes: edit.eventTypes ? [...new Set(edit.eventTypes)] : before.eventTypes,
    ...statusChange(before, edit.status),
  };
  if (change.status === "disabled") await retireDeliveries(tx, church, id);
  const row = await updateEndpoint(tx, church, id, change);
  return row ? ok(row) : err(noEndpoint(id));
}

function statusChange(before: EndpointRow, wanted: EndpointEdit["status"]): EndpointChange {
  if (wanted === undefined || wanted === before.status) return {};
  return wanted === "enabled"
    ? { status: "enabled", disabledReason: null, failingSince: null }
    : { status: "disabled", disabledReason: "disabled by the church" };
}

/** Removes the endpoint and its delivery log; what was announced stays under events. */
export async function deleteEndpoint(
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
): Promise<Result<undefined, Problem>> {
  return (await deleteEndpointRow(tx, church, id)) ? ok(undefined) : err(noEndpoint(id));
}

/** A new secret, shown once. The old one signs beside it for 24 hours, so no delivery fails on the way. */
export async function rotateSecret(
  deps: Pick<EndpointDeps, "clock" | "vault">,
  tx: Tx,
  church: ChurchId,
  id: WebhookEndpointId,
): Promise<Result<{ endpoint: EndpointRow; secret: Secret }, Problem>> {
  const endpoint = await lockEndpoint(tx, church, id);
  if (!endpoint) return err(noEndpoint(id));
  const now = deps.clock.now();
  const secret = newWebhookSecret();
  const live = await openSecrets(deps.vault, tx, church, endpoint, now);
  const sealed = await sealSecrets(deps.vault, tx, church, id, rotated(live, secret, now));
  await replaceSecrets(tx, church, id, sealed);
  return ok({ endpoint, secret });
}

function targetOf(url: string, policy: TargetPolicy): Result<string, Problem> {
  const target = checkTarget(url, policy);
  return target.ok
    ? ok(target.value.href)
    : err(fieldProblem("invalid_request", "/url", `the address ${target.error}`));
}

const noEndpoint = (id: WebhookEndpointId): Problem => ({
  code: "not_found",
  detail: `this church has no webhook endpoint ${id}`,
});
