import type { z } from "zod";
import { type Answer, ok } from "./answer.ts";
import { tenderById, tenderFrom } from "./payment-methods.ts";
import { invalid, missing } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import type * as schemas from "./schemas.ts";
import type { Tender } from "./tenders.ts";
import type { ConfirmationToken } from "./wire.ts";

const validFor = 12 * 3600;

/** What the donor's browser made of the form they filled in, to be confirmed once by the server. */
export async function createToken(
  scene: Scene,
  asked: z.output<typeof schemas.createToken>,
): Promise<Answer> {
  const tender = asked.payment_method_data
    ? await tenderFrom(scene, asked.payment_method_data, "payment_method_data")
    : await tenderById(scene, asked.payment_method ?? "", "payment_method");
  const { id: _own, object: _kind, ...preview } = tender.method;
  const token: ConfirmationToken = {
    id: scene.house.ids.id("ctoken"),
    object: "confirmation_token",
    created: scene.now,
    expires_at: scene.now + validFor,
    livemode: false,
    mandate_data:
      tender.instrument.type === "us_bank_account"
        ? {
            customer_acceptance: {
              online: { ip_address: "203.0.113.1", user_agent: "sandbox" },
              type: "online",
            },
          }
        : null,
    metadata: null,
    payment_intent: null,
    payment_method_options: null,
    payment_method_preview: preview,
    return_url: asked.return_url ?? null,
    setup_future_usage: asked.setup_future_usage ?? null,
    setup_intent: null,
    shipping: null,
    use_stripe_sdk: true,
  };
  await scene.documents.put("confirmation_token", token);
  await scene.documents.put("token_tender", { id: token.id, methodId: tender.method.id });
  return ok(token);
}

/** The token with its payment method; refused when unknown, used or past its twelve hours. */
export async function redeem(
  scene: Scene,
  id: string,
  intentId: string,
): Promise<{ readonly tender: Tender; readonly token: ConfirmationToken }> {
  const token = await scene.documents.get("confirmation_token", id);
  const made = await scene.documents.get("token_tender", id);
  if (!token || !made) throw missing("confirmation_token", id, "confirmation_token");
  if (token.payment_intent !== null || (token.expires_at ?? 0) <= scene.now) {
    throw invalid("The provided ConfirmationToken has already been used or has expired.", {
      code: "confirmation_token_already_used",
      param: "confirmation_token",
    });
  }
  await scene.documents.put("confirmation_token", { ...token, payment_intent: intentId });
  return { tender: await tenderById(scene, made.methodId, "confirmation_token"), token };
}
