import type { z } from "zod";
import { type Answer, ok } from "./answer.ts";
import { mismatch, provenBy } from "./bank-debits.ts";
import { testCard } from "./charge-shapes.ts";
import { redeem } from "./confirmation-tokens.ts";
import { emit } from "./events.ts";
import { type Acceptance, grant } from "./mandates.ts";
import { mergedMetadata, withoutEmpty } from "./payment-intents.ts";
import { attach, tenderById, tenderFrom } from "./payment-methods.ts";
import { invalid, missing, Refusal } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { unschedule } from "./schedule.ts";
import type * as setups from "./schemas-setup.ts";
import type { Tender } from "./tenders.ts";
import { isDebitType } from "./test-accounts.ts";
import type { CardDecline } from "./test-values.ts";
import { type CheckoutSession, idIn, type SetupIntent } from "./wire.ts";

type Create = z.output<typeof setups.createSetup>;
export type ConfirmSetup = Omit<z.output<typeof setups.confirmSetupInBrowser>, "client_secret" | "expand">;

/** What can be saved for later; vouchers, transfers and coins cannot. */
const saveable: ReadonlySet<string> = new Set([
  "card",
  "link",
  "us_bank_account",
  "sepa_debit",
  "bacs_debit",
  "acss_debit",
]);

export async function setupById(scene: Scene, id: string, clientSecret?: string): Promise<SetupIntent> {
  const intent = await scene.documents.get("setup_intent", id);
  const hidden = scene.caller === "publishable" && intent?.client_secret !== clientSecret;
  if (!intent || hidden) throw missing("setupintent", id);
  return intent;
}

export async function createSetup(scene: Scene, asked: Create): Promise<Answer> {
  const types = asked.allowed_payment_method_types ?? ["card"];
  const wrong = types.find((type) => !saveable.has(type));
  if (wrong) {
    throw invalid(`The payment method type "${wrong}" cannot be used with SetupIntents.`, {
      param: "allowed_payment_method_types",
    });
  }
  if (asked.customer && !(await scene.documents.get("customer", asked.customer))) {
    throw missing("customer", asked.customer, "customer");
  }
  const intent = blankSetup(scene, { ...asked, types });
  await scene.documents.put("setup_intent", intent);
  await emit(scene, "setup_intent.created", intent);
  return asked.confirm ? setupAnswer(scene, await confirmSetup(scene, intent, asked)) : ok(intent);
}

type Blank = Pick<Create, "customer" | "description" | "metadata" | "payment_method_options"> & {
  readonly types: readonly string[];
};

export function blankSetup(scene: Scene, asked: Blank): SetupIntent {
  const id = `seti_1${scene.house.ids.text(23)}`;
  const canadian = asked.payment_method_options?.acss_debit;
  const mandate = canadian?.mandate_options;
  return {
    id,
    object: "setup_intent",
    allowed_payment_method_types: [...asked.types],
    application: null,
    automatic_payment_methods: null,
    cancellation_reason: null,
    client_secret: `${id}_secret_${scene.house.ids.text(30)}`,
    created: scene.now,
    customer: asked.customer ?? null,
    description: asked.description || null,
    excluded_payment_method_types: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: withoutEmpty(mergedMetadata({}, asked.metadata)),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: mandate
      ? {
          acss_debit: {
            currency: canadian.currency ?? "cad",
            mandate_options: {
              interval_description: mandate.interval_description ?? null,
              payment_schedule: mandate.payment_schedule ?? null,
              transaction_type: mandate.transaction_type ?? null,
            },
          },
        }
      : {},
    payment_method_types: [...asked.types],
    single_use_mandate: null,
    status: "requires_payment_method",
    usage: "off_session",
  };
}

/** A decline of saving is a 402 that carries the SetupIntent, as with payments. */
export function setupAnswer(scene: Scene, intent: SetupIntent): Answer {
  const failure = intent.last_setup_error;
  if (intent.status !== "requires_payment_method" || !failure) return ok(intent);
  const error = { ...failure, setup_intent: intent, request_log_url: scene.request.id };
  return { status: 402, body: { error } };
}

/** Saves what the donor gave, once they have proven it where it must be. */
export async function confirmSetup(
  scene: Scene,
  before: SetupIntent,
  asked: ConfirmSetup,
): Promise<SetupIntent> {
  if (before.status !== "requires_payment_method" && before.status !== "requires_confirmation") {
    throw invalid(`You cannot confirm this SetupIntent because it has a status of ${before.status}.`, {
      code: "setup_intent_unexpected_state",
    });
  }
  const { tender, acceptance } = await tenderFor(scene, before, asked);
  const { type, verified } = tender.instrument;
  if (!before.payment_method_types.includes(type)) {
    throw invalid(`The PaymentMethod provided (${type}) is not allowed for this SetupIntent.`, {
      param: "payment_method",
    });
  }
  if (
    type === "acss_debit" &&
    !before.payment_method_options?.acss_debit?.mandate_options?.payment_schedule
  ) {
    const param = "payment_method_options[acss_debit][mandate_options][payment_schedule]";
    throw invalid(`Missing required param: ${param}.`, { code: "parameter_missing", param });
  }
  if (isDebitType(type) && !acceptance && scene.caller === "secret") {
    throw invalid("This SetupIntent requires a mandate: provide acceptance data in `mandate_data`.", {
      code: "setup_intent_mandate_invalid",
      param: "mandate_data",
    });
  }
  const intent: SetupIntent = { ...before, last_setup_error: null, payment_method: tender.method.id };
  const card = testCard(tender);
  if (card?.challenge === "always" || card?.challenge === "unless_set_up") {
    return challenge(scene, intent, asked.return_url);
  }
  if (!verified) return microdeposits(scene, intent);
  return settleSetup(scene, intent, tender, acceptance ?? {});
}

async function tenderFor(
  scene: Scene,
  intent: SetupIntent,
  asked: ConfirmSetup,
): Promise<{ readonly tender: Tender; readonly acceptance: Acceptance | undefined }> {
  const given = asked.mandate_data?.customer_acceptance;
  if (asked.confirmation_token) {
    const { tender, token } = await redeem(scene, asked.confirmation_token, intent.id);
    return { tender, acceptance: given ?? (token.mandate_data ? { type: "online" } : undefined) };
  }
  const tender = asked.payment_method_data
    ? await tenderFrom(scene, asked.payment_method_data, "payment_method_data")
    : await tenderById(scene, asked.payment_method ?? idIn(intent.payment_method) ?? "", "payment_method");
  return { tender, acceptance: given };
}

/** The card that is saved without trouble and refused when it is charged (Stripe's `chargeCustomerFail`). */
const refusedLater = "4000000000000341";

async function settleSetup(
  scene: Scene,
  intent: SetupIntent,
  tender: Tender,
  acceptance: Acceptance,
): Promise<SetupIntent> {
  const decline = testCard(tender)?.decline;
  if (decline && tender.instrument.number !== refusedLater) return failSetup(scene, intent, decline);
  const customer = idIn(intent.customer);
  const method = customer ? await attach(scene, tender.method, customer) : tender.method;
  await scene.documents.put("instrument", { ...tender.instrument, setUp: true });
  const { payment_schedule, interval_description } =
    intent.payment_method_options?.acss_debit?.mandate_options ?? {};
  const mandate = await grant(scene, { ...tender, method }, acceptance, {
    payment_schedule: payment_schedule ?? undefined,
    interval_description: interval_description ?? undefined,
  });
  const done: SetupIntent = {
    ...intent,
    mandate: mandate?.id ?? null,
    next_action: null,
    payment_method: method.id,
    status: "succeeded",
  };
  await scene.documents.put("setup_intent", done);
  if (customer) await emit(scene, "payment_method.attached", method);
  await emit(scene, "setup_intent.succeeded", done);
  await completeSession(scene, done.id);
  return done;
}

/** Stripe's page, where it was saved on one, has done its work. */
async function completeSession(scene: Scene, setupId: string): Promise<void> {
  const [session] = await scene.documents.list("checkout_session", `setup_intent=${setupId}`, {
    order: "newest_first",
    limit: 1,
  });
  if (session?.status !== "open") return;
  await unschedule(scene, "session_expires", session.id);
  const complete: CheckoutSession = { ...session, status: "complete", url: null };
  await scene.documents.put("checkout_session", complete);
  await emit(scene, "checkout.session.completed", complete);
}

async function failSetup(scene: Scene, intent: SetupIntent, decline: CardDecline): Promise<SetupIntent> {
  const open: SetupIntent = {
    ...intent,
    last_setup_error: {
      code: decline.code,
      ...(decline.declineCode ? { decline_code: decline.declineCode } : {}),
      message: decline.message,
      type: "card_error",
    },
    next_action: null,
    payment_method: null,
    status: "requires_payment_method",
  };
  await scene.documents.put("setup_intent", open);
  await emit(scene, "setup_intent.setup_failed", open);
  return open;
}

async function challenge(
  scene: Scene,
  intent: SetupIntent,
  returnUrl: string | undefined,
): Promise<SetupIntent> {
  const url = `${scene.house.hostedPages}/3d_secure/${intent.id}`;
  return ask(scene, {
    ...intent,
    next_action:
      returnUrl && scene.caller === "secret"
        ? { redirect_to_url: { return_url: returnUrl, url }, type: "redirect_to_url" }
        : { type: "use_stripe_sdk", use_stripe_sdk: { type: "three_d_secure_redirect", stripe_js: url } },
  });
}

const microdeposits = (scene: Scene, intent: SetupIntent): Promise<SetupIntent> =>
  ask(scene, {
    ...intent,
    next_action: {
      type: "verify_with_microdeposits",
      verify_with_microdeposits: {
        arrival_date: scene.now + 2 * 86_400,
        hosted_verification_url: `${scene.house.hostedPages}/microdeposits/${intent.id}`,
        microdeposit_type: "descriptor_code",
      },
    },
  });

async function ask(scene: Scene, intent: SetupIntent): Promise<SetupIntent> {
  const waiting: SetupIntent = { ...intent, status: "requires_action" };
  await scene.documents.put("setup_intent", waiting);
  await emit(scene, "setup_intent.requires_action", waiting);
  return waiting;
}

/** The donor passed the bank's question, or not. */
export async function setupAnswered(scene: Scene, intent: SetupIntent, yes: boolean): Promise<SetupIntent> {
  const methodId = idIn(intent.payment_method);
  if (intent.status !== "requires_action" || intent.next_action?.verify_with_microdeposits || !methodId) {
    throw new Refusal(400, { type: "invalid_request_error", message: "No challenge is waiting here." });
  }
  const tender = await tenderById(scene, methodId, undefined);
  return yes ? settleSetup(scene, intent, tender, {}) : failSetup(scene, intent, notProven);
}

const notProven: CardDecline = {
  code: "setup_intent_authentication_failure",
  message: "We are unable to authenticate your payment method.",
};

/** The code of the small deposit, or its amounts. */
export async function verifySetup(
  scene: Scene,
  intent: SetupIntent,
  given: { readonly amounts?: readonly number[] | undefined; readonly descriptor_code?: string | undefined },
): Promise<SetupIntent> {
  const methodId = idIn(intent.payment_method);
  if (!intent.next_action?.verify_with_microdeposits || !methodId) {
    throw invalid("This SetupIntent is not awaiting verification with microdeposits.", {
      code: "setup_intent_unexpected_state",
    });
  }
  if (!provenBy(given)) throw mismatch(given.descriptor_code !== undefined);
  const tender = await tenderById(scene, methodId, undefined);
  const proven = { ...tender, instrument: { ...tender.instrument, verified: true } };
  return settleSetup(scene, intent, proven, { type: "online" });
}

const cancellable = new Set(["requires_payment_method", "requires_confirmation", "requires_action"]);

export async function cancelSetup(
  scene: Scene,
  id: string,
  reason: SetupIntent["cancellation_reason"],
): Promise<Answer> {
  const intent = await setupById(scene, id);
  if (!cancellable.has(intent.status)) {
    throw invalid(`You cannot cancel this SetupIntent because it has a status of ${intent.status}.`, {
      code: "setup_intent_unexpected_state",
    });
  }
  const over: SetupIntent = { ...intent, cancellation_reason: reason, next_action: null, status: "canceled" };
  await scene.documents.put("setup_intent", over);
  await emit(scene, "setup_intent.canceled", over);
  return ok(over);
}
