import type { z } from "zod";
import { type Answer, ok } from "./answer.ts";
import { cashAccount, cashBalanceOf, receiveTransfer } from "./cash.ts";
import { emit } from "./events.ts";
import { mergedMetadata } from "./payment-intents.ts";
import { missing } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type * as around from "./schemas-around.ts";
import type { Customer } from "./wire.ts";

type Asked = z.output<typeof around.createCustomer>;

export async function customerById(scene: Scene, id: string): Promise<Customer> {
  const customer = await scene.documents.get("customer", id);
  if (!customer) throw missing("customer", id);
  return customer;
}

export async function createCustomer(scene: Scene, asked: Asked): Promise<Answer> {
  const blank: Customer = {
    id: scene.house.ids.id("cus"),
    object: "customer",
    address: null,
    balance: 0,
    created: scene.now,
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: scene.house.ids.text(8).toUpperCase(),
    invoice_settings: {
      custom_fields: null,
      default_payment_method: null,
      footer: null,
      rendering_options: null,
    },
    livemode: false,
    metadata: {},
    name: null,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: "none",
  };
  const customer = changed(blank, asked);
  await scene.documents.put("customer", customer);
  await setMode(scene, customer.id, asked);
  await emit(scene, "customer.created", customer);
  return ok(customer);
}

export async function updateCustomer(scene: Scene, id: string, asked: Asked): Promise<Answer> {
  const customer = changed(await customerById(scene, id), asked);
  await scene.documents.put("customer", customer);
  await setMode(scene, id, asked);
  await emit(scene, "customer.updated", customer);
  return ok(customer);
}

async function setMode(scene: Scene, id: string, asked: Asked): Promise<void> {
  const mode = asked.cash_balance?.settings?.reconciliation_mode;
  if (!mode) return;
  const account = await cashAccount(scene, id);
  await scene.documents.put("cash_account", { ...account, mode: mode === "manual" ? "manual" : "automatic" });
}

const set = (given: string | undefined, before: string | null | undefined): string | null =>
  given === undefined ? (before ?? null) : given || null;

function changed(before: Customer, asked: Asked): Customer {
  const address = asked.address;
  return {
    ...before,
    address:
      address === undefined
        ? (before.address ?? null)
        : address === ""
          ? null
          : {
              city: address.city || null,
              country: address.country || null,
              line1: address.line1 || null,
              line2: address.line2 || null,
              postal_code: address.postal_code || null,
              state: address.state || null,
            },
    description: set(asked.description, before.description),
    email: set(asked.email, before.email),
    metadata: mergedMetadata(before.metadata, asked.metadata),
    name: set(asked.name, before.name),
    phone: set(asked.phone, before.phone),
    preferred_locales: asked.preferred_locales ?? before.preferred_locales ?? [],
  };
}

export async function getCashBalance(scene: Scene, id: string): Promise<Answer> {
  await customerById(scene, id);
  return ok(cashBalanceOf(await cashAccount(scene, id)));
}

/** Stripe's own test helper: a transfer arrives at the customer's CLABE. */
export async function fundCashBalance(
  scene: Scene,
  id: string,
  asked: z.output<typeof around.fundCash>,
): Promise<Answer> {
  const currency = asked.currency.toLowerCase();
  return ok(await receiveTransfer(scene, id, asked.amount, currency, asked.reference ?? null));
}
