import type { z } from "zod";
import { mergedMetadata } from "./payment-intents.ts";
import { missing } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type * as around from "./schemas-around.ts";
import { apiVersion, type WebhookEndpoint } from "./wire.ts";

type Asked = Omit<z.output<typeof around.createEndpoint>, "expand">;

/** Registers where the account's events go; the secret that signs them is told in this answer only. */
export async function createEndpoint(scene: Scene, asked: Asked, secret?: string): Promise<WebhookEndpoint> {
  const endpoint: WebhookEndpoint = {
    id: scene.house.ids.id("we"),
    object: "webhook_endpoint",
    api_version: asked.api_version ?? apiVersion,
    application: null,
    created: scene.now,
    description: asked.description || null,
    enabled_events: asked.enabled_events,
    livemode: false,
    metadata: mergedMetadata({}, asked.metadata),
    secret: secret ?? `whsec_${scene.house.ids.text(32)}`,
    status: "enabled",
    url: asked.url,
  };
  await scene.documents.put("webhook_endpoint", endpoint);
  return endpoint;
}

export async function endpointById(scene: Scene, id: string): Promise<object> {
  const endpoint = await scene.documents.get("webhook_endpoint", id);
  if (!endpoint) throw missing("webhook endpoint", id);
  return withoutSecret(endpoint);
}

export async function deleteEndpoint(scene: Scene, id: string): Promise<object> {
  await endpointById(scene, id);
  await scene.documents.remove("webhook_endpoint", id);
  return { id, object: "webhook_endpoint", deleted: true };
}

function withoutSecret(endpoint: object): object {
  return Object.fromEntries(Object.entries(endpoint).filter(([name]) => name !== "secret"));
}

export function withoutSecrets(list: object): object {
  return "data" in list && Array.isArray(list.data) ? { ...list, data: list.data.map(withoutSecret) } : list;
}

/** `GET /v1/account`: who the key belongs to. */
export function accountObject(scene: Scene): object {
  const active = "active";
  const capabilities =
    scene.account.country === "mx"
      ? {
          card_payments: active,
          link_payments: active,
          oxxo_payments: active,
          mx_bank_transfer_payments: active,
          transfers: active,
        }
      : {
          card_payments: active,
          link_payments: active,
          us_bank_account_ach_payments: active,
          transfers: active,
        };
  return {
    id: scene.account.id,
    object: "account",
    business_profile: {
      mcc: "8661",
      name: "Ofrenda Sandbox",
      support_email: null,
      support_phone: null,
      support_url: null,
      url: null,
    },
    business_type: "non_profit",
    capabilities,
    charges_enabled: true,
    controller: { type: "account" },
    country: scene.account.country.toUpperCase(),
    created: 1_700_000_000,
    default_currency: scene.account.currency,
    details_submitted: true,
    email: "sandbox@example.com",
    metadata: {},
    payouts_enabled: true,
    settings: { dashboard: { display_name: "Ofrenda Sandbox" } },
    type: "standard",
  };
}
