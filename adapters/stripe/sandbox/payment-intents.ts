import type { z } from "zod";
import { type Answer, answerFor, answerOf, ok } from "./answer.ts";
import { mismatch, stillUnverified, verify } from "./bank-debits.ts";
import { capture } from "./charges.ts";
import { confirm, leaveOpenAttempt } from "./confirm.ts";
import { emit } from "./events.ts";
import { optionsFor } from "./method-options.ts";
import { checkAmount, typesFor } from "./methods-on-offer.ts";
import { tenderById, tenderFrom } from "./payment-methods.ts";
import { invalid, missing } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type * as schemas from "./schemas.ts";
import type { ConfirmIntent, CreateIntent } from "./schemas.ts";
import type { PaymentIntent } from "./wire.ts";

/** The intent of this id, for whom may see it: a browser needs its client secret too. */
export async function intentById(scene: Scene, id: string, clientSecret?: string): Promise<PaymentIntent> {
  const intent = await scene.documents.get("payment_intent", id);
  const hidden = scene.caller === "publishable" && intent?.client_secret !== clientSecret;
  if (!intent || hidden) throw missing("payment_intent", id, undefined);
  return intent;
}

const onlyWithConfirm = [
  "confirmation_token",
  "error_on_requires_action",
  "mandate_data",
  "off_session",
  "return_url",
] as const;

export async function createIntent(scene: Scene, asked: CreateIntent): Promise<Answer> {
  const currency = asked.currency.toLowerCase();
  checkAmount(scene, asked.amount, currency);
  if (asked.allowed_payment_method_types && asked.automatic_payment_methods?.enabled) {
    throw invalid(
      "You may only specify one of these parameters: automatic_payment_methods, allowed_payment_method_types.",
      { param: "automatic_payment_methods" },
    );
  }
  const stray = asked.confirm ? undefined : onlyWithConfirm.find((name) => asked[name] !== undefined);
  if (stray) {
    throw invalid(`You can only specify \`${stray}\` when \`confirm\` is true.`, { param: stray });
  }
  if (asked.customer && !(await scene.documents.get("customer", asked.customer))) {
    throw missing("customer", asked.customer, "customer");
  }
  const draft = newIntent(scene, asked, currency);
  const intent = asked.confirm ? draft : await withMethod(scene, draft, asked);
  await scene.documents.put("payment_intent", intent);
  await emit(scene, "payment_intent.created", intent);
  if (!asked.confirm) return ok(intent);
  return answerFor(await confirm(scene, intent, asked), scene.request.id);
}

type Blank = Pick<PaymentIntent, "amount" | "currency" | "payment_method_types" | "payment_method_options">;

/** A PaymentIntent as it begins: nothing chosen, nothing tried. */
export function blankIntent(scene: Scene, terms: Blank): PaymentIntent {
  const id = `pi_3${scene.house.ids.text(23)}`;
  return {
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: `${id}_secret_${scene.house.ids.text(25)}`,
    confirmation_method: "automatic",
    created: scene.now,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: "requires_payment_method",
    transfer_data: null,
    transfer_group: null,
    ...terms,
  };
}

function newIntent(scene: Scene, asked: CreateIntent, currency: string): PaymentIntent {
  const types = typesFor(scene, {
    allowed_payment_method_types: asked.allowed_payment_method_types,
    excluded_payment_method_types: asked.excluded_payment_method_types,
    capture_method: asked.capture_method,
    redirects: asked.automatic_payment_methods?.allow_redirects,
    amount: asked.amount,
    currency,
    customer: asked.customer,
  });
  const automatic = asked.allowed_payment_method_types === undefined;
  return {
    ...blankIntent(scene, {
      amount: asked.amount,
      currency,
      payment_method_types: types,
      payment_method_options: optionsFor(types, asked.payment_method_options),
    }),
    allowed_payment_method_types: asked.allowed_payment_method_types ?? null,
    automatic_payment_methods: automatic
      ? { allow_redirects: asked.automatic_payment_methods?.allow_redirects ?? "always", enabled: true }
      : null,
    capture_method: asked.capture_method ?? "automatic_async",
    confirmation_method: asked.confirmation_method ?? "automatic",
    customer: asked.customer ?? null,
    description: asked.description || null,
    metadata: withoutEmpty(asked.metadata ?? {}),
    receipt_email: asked.receipt_email ?? null,
    setup_future_usage: asked.setup_future_usage ?? null,
    statement_descriptor: asked.statement_descriptor || null,
    statement_descriptor_suffix: asked.statement_descriptor_suffix || null,
    transfer_group: asked.transfer_group || null,
  };
}

async function withMethod(
  scene: Scene,
  intent: PaymentIntent,
  asked: Pick<CreateIntent, "payment_method" | "payment_method_data">,
): Promise<PaymentIntent> {
  if (!asked.payment_method && !asked.payment_method_data) return intent;
  const tender = asked.payment_method_data
    ? await tenderFrom(scene, asked.payment_method_data, "payment_method_data")
    : await tenderById(scene, asked.payment_method ?? "", "payment_method");
  return { ...intent, payment_method: tender.method.id, status: "requires_confirmation" };
}

export async function confirmIntent(
  scene: Scene,
  id: string,
  asked: ConfirmIntent & { readonly client_secret?: string },
): Promise<Answer> {
  const found = await intentById(scene, id, asked.client_secret);
  const intent: PaymentIntent = {
    ...found,
    receipt_email: asked.receipt_email ?? found.receipt_email,
    setup_future_usage: asked.setup_future_usage ?? found.setup_future_usage,
    capture_method: asked.capture_method ?? found.capture_method,
  };
  return answerFor(await confirm(scene, intent, asked), scene.request.id);
}

const changeable = new Set(["requires_payment_method", "requires_confirmation", "requires_action"]);

export async function updateIntent(
  scene: Scene,
  id: string,
  asked: z.output<typeof schemas.updateIntent>,
): Promise<Answer> {
  const intent = await intentById(scene, id);
  const money = asked.amount !== undefined || asked.currency !== undefined;
  if (money && !changeable.has(intent.status)) {
    throw invalid(
      `This PaymentIntent's amount could not be updated because it has a status of ${intent.status}. You may only update the amount of a PaymentIntent with one of the following statuses: requires_payment_method, requires_confirmation, requires_action.`,
      { code: "payment_intent_unexpected_state", param: "amount", payment_intent: intent },
    );
  }
  const amount = asked.amount ?? intent.amount;
  const currency = asked.currency?.toLowerCase() ?? intent.currency;
  if (money) checkAmount(scene, amount, currency);
  if (asked.customer && !(await scene.documents.get("customer", asked.customer))) {
    throw missing("customer", asked.customer, "customer");
  }
  const changed: PaymentIntent = {
    ...intent,
    amount,
    currency,
    customer: asked.customer ?? intent.customer,
    description: asked.description === undefined ? intent.description : asked.description || null,
    metadata: mergedMetadata(intent.metadata, asked.metadata),
    payment_method_options: optionsFor(
      intent.payment_method_types,
      asked.payment_method_options,
      intent.payment_method_options,
    ),
    receipt_email: asked.receipt_email === undefined ? intent.receipt_email : asked.receipt_email || null,
    setup_future_usage: asked.setup_future_usage || intent.setup_future_usage,
    statement_descriptor_suffix: asked.statement_descriptor_suffix ?? intent.statement_descriptor_suffix,
  };
  const ready = await withMethod(scene, changed, { payment_method: asked.payment_method });
  await scene.documents.put("payment_intent", ready);
  return ok(ready);
}

const cancellable = new Set([
  "requires_payment_method",
  "requires_capture",
  "requires_confirmation",
  "requires_action",
]);

export async function cancelIntent(
  scene: Scene,
  id: string,
  asked: z.output<typeof schemas.cancelIntent>,
): Promise<Answer> {
  return ok(await cancel(scene, await intentById(scene, id), asked.cancellation_reason ?? null));
}

/** Cancels what has not been paid; a hold is let go. Refused once the money is under way or here. */
export async function cancel(
  scene: Scene,
  intent: PaymentIntent,
  reason: PaymentIntent["cancellation_reason"],
): Promise<PaymentIntent> {
  if (!cancellable.has(intent.status)) {
    throw invalid(
      `You cannot cancel this PaymentIntent because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture, requires_reauthorization, requires_confirmation, requires_action.`,
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  }
  await leaveOpenAttempt(scene, intent);
  const charge = await scene.documents.named("charge", intent.latest_charge);
  if (intent.status === "requires_capture" && charge) {
    await scene.documents.put("charge", { ...charge, amount_refunded: charge.amount, refunded: true });
  }
  const cancelled: PaymentIntent = {
    ...intent,
    amount_capturable: 0,
    canceled_at: scene.now,
    cancellation_reason: reason,
    next_action: null,
    status: "canceled",
  };
  await scene.documents.put("payment_intent", cancelled);
  await emit(scene, "payment_intent.canceled", cancelled);
  return cancelled;
}

export async function captureIntent(
  scene: Scene,
  id: string,
  asked: z.output<typeof schemas.captureIntent>,
): Promise<Answer> {
  const intent = await intentById(scene, id);
  const charge = await scene.documents.named("charge", intent.latest_charge);
  if (intent.status !== "requires_capture" || !charge) {
    throw invalid(
      `This PaymentIntent could not be captured because it has a status of ${intent.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
      { code: "payment_intent_unexpected_state", payment_intent: intent },
    );
  }
  const amount = asked.amount_to_capture ?? intent.amount_capturable;
  if (amount < 1 || amount > intent.amount_capturable) {
    throw invalid("The amount to capture must be between 1 and the amount capturable.", {
      code: "amount_too_large",
      param: "amount_to_capture",
    });
  }
  return ok(await capture(scene, intent, charge, amount));
}

export async function verifyIntent(
  scene: Scene,
  id: string,
  asked: z.output<typeof schemas.verifyMicrodeposits>,
): Promise<Answer> {
  if ((asked.amounts === undefined) === (asked.descriptor_code === undefined)) {
    throw invalid("You must specify exactly one of these parameters: amounts, descriptor_code.");
  }
  const intent = await intentById(scene, id, asked.client_secret);
  const after = await verify(scene, intent, asked);
  if (after.status === "processing") return ok(after);
  if (stillUnverified(after))
    return answerOf(mismatch(asked.descriptor_code !== undefined), scene.request.id);
  return answerFor(after, scene.request.id);
}

export const withoutEmpty = (given: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));

/** Names given are set, empty values remove, an empty text clears all. */
export function mergedMetadata(
  before: Readonly<Record<string, string>> | null,
  given: "" | Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  if (given === "") return {};
  return withoutEmpty({ ...before, ...given });
}
