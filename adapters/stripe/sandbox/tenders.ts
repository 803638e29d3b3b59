import type { Instrument } from "./documents.ts";
import { invalid } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type { MethodData, SimulatedType } from "./schemas.ts";
import type { PaymentMethod } from "./wire.ts";

/** A payment method with the test number behind it. */
export type Tender = { readonly method: PaymentMethod; readonly instrument: Instrument };

export type Billing = NonNullable<MethodData["billing_details"]>;

export function bare(scene: Scene, type: SimulatedType, billing: Billing): PaymentMethod {
  const given = billing.address;
  return {
    id: scene.house.ids.id("pm"),
    object: "payment_method",
    allow_redisplay: "unspecified",
    billing_details: {
      address: {
        city: given?.city || null,
        country: given?.country || null,
        line1: given?.line1 || null,
        line2: given?.line2 || null,
        postal_code: given?.postal_code || null,
        state: given?.state || null,
      },
      email: billing.email ?? null,
      name: billing.name || null,
      phone: billing.phone || null,
      tax_id: null,
    },
    created: scene.now,
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type,
  };
}

export async function keep(scene: Scene, method: PaymentMethod, instrument: Instrument): Promise<Tender> {
  await scene.documents.put("payment_method", method);
  await scene.documents.put("instrument", instrument);
  return { method, instrument };
}

/** Refuses data without what the type insists on, naming the first field that is missing. */
export function requireBilling(
  data: MethodData,
  fields: readonly ("name" | "email" | "phone")[],
  at: string,
): void {
  for (const field of fields) {
    if (data.billing_details?.[field]) continue;
    throw missingField(at, `billing_details[${field}]`);
  }
}

/** `billing_details[email]`, or below `payment_method_data`. */
export function missingField(at: string, field: string) {
  const [first = "", ...rest] = field.split("[");
  const param = at === "" ? field : `${at}[${[`${first}]`, ...rest].join("[")}`;
  return invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
}
