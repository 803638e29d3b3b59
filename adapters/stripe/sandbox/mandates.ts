import { emit } from "./events.ts";
import type { Scene } from "./scene.ts";
import type { Tender } from "./tenders.ts";
import { type DebitType, isDebitType } from "./test-accounts.ts";
import type { Mandate } from "./wire.ts";

/** The newest mandate a payment method stands under, if any. */
export async function mandateFor(scene: Scene, methodId: string): Promise<Mandate | undefined> {
  const [newest] = await scene.documents.list("mandate", `payment_method=${methodId}`, {
    order: "newest_first",
    limit: 1,
  });
  return newest;
}

/** What a mandate may be told about how it was accepted, and in Canada what it is for. */
export type Acceptance = {
  readonly type?: "offline" | "online" | undefined;
  readonly online?: { readonly ip_address: string; readonly user_agent: string } | undefined;
};
type Terms = {
  readonly payment_schedule?: string | undefined;
  readonly interval_description?: string | undefined;
};

/** A debit's standing mandate; a card has none, the customer's agreement being with us. */
export async function grant(
  scene: Scene,
  tender: Tender,
  acceptance: Acceptance,
  terms: Terms = {},
): Promise<Mandate | undefined> {
  const { type } = tender.instrument;
  if (!isDebitType(type)) return undefined;
  const mandate: Mandate = {
    id: scene.house.ids.id("mandate"),
    object: "mandate",
    customer_acceptance: {
      accepted_at: scene.now,
      ...(acceptance.online ? { online: acceptance.online } : { offline: {} }),
      type: acceptance.online ? "online" : "offline",
    },
    livemode: false,
    multi_use: {},
    payment_method: tender.method.id,
    payment_method_details: { ...detailsOf(scene, type, terms), type },
    // Bacs confirms a mandate by the next business day; debits may begin before.
    status: type === "bacs_debit" ? "pending" : "active",
    type: "multi_use",
  };
  await scene.documents.put("mandate", mandate);
  return mandate;
}

function detailsOf(
  scene: Scene,
  type: DebitType,
  terms: Terms,
): Omit<Mandate["payment_method_details"], "type"> {
  const reference = scene.house.ids.text(16).toUpperCase();
  const url = `${scene.house.hostedPages}/mandates/${reference}`;
  switch (type) {
    case "us_bank_account":
      return { us_bank_account: {} };
    case "sepa_debit":
      return { sepa_debit: { reference, url } };
    case "bacs_debit":
      return {
        bacs_debit: {
          display_name: "OFRENDA SANDBOX",
          network_status: "pending",
          reference,
          revocation_reason: null,
          service_user_number: "123456",
          url,
        },
      };
    case "acss_debit":
      return {
        acss_debit: {
          interval_description: terms.interval_description ?? null,
          payment_schedule: terms.payment_schedule ?? "sporadic",
          transaction_type: "personal",
        },
      };
  }
}

/** The donor's bank ends a mandate: `mandate.updated`, and no debit under it is taken any more. */
export async function revoke(scene: Scene, mandate: Mandate): Promise<Mandate> {
  const over: Mandate = { ...mandate, status: "inactive" };
  await scene.documents.put("mandate", over);
  await emit(scene, "mandate.updated", over, { status: mandate.status });
  return over;
}
