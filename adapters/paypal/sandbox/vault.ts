import { apiUrl } from "./addresses.ts";
import type { Order, PaymentToken, SetupToken } from "./documents.ts";
import { emit } from "./events.ts";
import { notFound, Refusal, unprocessable } from "./refusal.ts";
import { type Scene, stamp } from "./scene.ts";
import type { SetupBody } from "./schemas.ts";
import { paymentTokenView } from "./views.ts";

/** `POST /v3/vault/setup-tokens`: a permission the donor still has to approve. */
export async function createSetupToken(scene: Scene, body: SetupBody): Promise<SetupToken> {
  const { paypal, venmo } = body.payment_source;
  const asked = paypal ?? venmo;
  if (!asked || (paypal && venmo)) {
    throw new Refusal(400, { issue: "INVALID_PARAMETER_VALUE", field: "/payment_source" });
  }
  if (asked.usage_type === undefined) {
    throw new Refusal(400, {
      issue: "MISSING_REQUIRED_PARAMETER",
      field: `/payment_source/${paypal ? "paypal" : "venmo"}/usage_type`,
    });
  }
  const context = asked.experience_context;
  if (paypal && (context?.return_url === undefined || context.cancel_url === undefined)) {
    throw unprocessable("RETURN_URL_REQUIRED", "/payment_source/paypal/experience_context/return_url");
  }
  if (venmo && scene.account.country !== "us")
    throw unprocessable("PAYEE_COUNTRY_NOT_SUPPORTED_FOR_PAYMENT_SOURCE");
  const token: SetupToken = {
    id: scene.house.ids.payment(),
    account: scene.account.id,
    status: "PAYER_ACTION_REQUIRED",
    wallet: paypal ? "paypal" : "venmo",
    customerId: body.customer?.id ?? scene.house.ids.customer(),
    merchantCustomerId: body.customer?.merchant_customer_id ?? null,
    returnUrl: context?.return_url ?? null,
    cancelUrl: context?.cancel_url ?? null,
    createdAt: stamp(scene.now),
  };
  await scene.documents.put("setup_token", token);
  return token;
}

export async function setupTokenById(scene: Scene, id: string): Promise<SetupToken> {
  const found = await scene.documents.get("setup_token", id);
  if (!found) throw notFound();
  return found;
}

/** The donor says yes on PayPal's page. */
export async function approveSetupToken(scene: Scene, id: string): Promise<SetupToken> {
  const open = await setupTokenById(scene, id);
  if (open.status !== "PAYER_ACTION_REQUIRED") throw unprocessable("PAYMENT_ALREADY_APPROVED");
  const approved: SetupToken = { ...open, status: "APPROVED" };
  await scene.documents.put("setup_token", approved);
  return approved;
}

/** `POST /v3/vault/payment-tokens`: the lasting token of an approved permission. */
export async function keepToken(scene: Scene, setupId: string): Promise<PaymentToken> {
  const setup = await setupTokenById(scene, setupId);
  if (setup.status === "PAYER_ACTION_REQUIRED") throw unprocessable("ORDER_NOT_APPROVED");
  if (setup.status === "VAULTED") throw unprocessable("TOKEN_EXPIRED");
  await scene.documents.put("setup_token", { ...setup, status: "VAULTED" });
  const { wallet, customerId, merchantCustomerId } = setup;
  return makeToken(scene, { wallet, customerId, merchantCustomerId });
}

/** A donor who pays may leave the permission behind with the payment (`store_in_vault` `ON_SUCCESS`). */
export const keepFromOrder = (scene: Scene, order: Order): Promise<PaymentToken> =>
  makeToken(
    scene,
    {
      wallet: order.source === "venmo" ? "venmo" : "paypal",
      customerId: scene.house.ids.customer(),
      merchantCustomerId: null,
    },
    `order=${order.id}`,
  );

async function makeToken(
  scene: Scene,
  about: Pick<PaymentToken, "wallet" | "customerId" | "merchantCustomerId">,
  ...keys: string[]
): Promise<PaymentToken> {
  const token: PaymentToken = {
    ...about,
    id: scene.house.ids.vault(),
    account: scene.account.id,
    createdAt: stamp(scene.now),
  };
  await scene.documents.put("payment_token", token, `customer=${token.customerId}`, ...keys);
  await emit(scene, "VAULT.PAYMENT-TOKEN.CREATED", paymentTokenView(token));
  return token;
}

export async function paymentTokenById(scene: Scene, id: string): Promise<PaymentToken> {
  const found = await scene.documents.get("payment_token", id);
  if (!found) throw notFound();
  return found;
}

/**
 * By the church through the API, or by the donor in their PayPal settings. The specification knows no answer for a
 * token that is gone already: it is answered as the first time.
 */
export async function deleteToken(scene: Scene, id: string): Promise<void> {
  const token = await scene.documents.get("payment_token", id);
  if (!token) return;
  await scene.documents.remove("payment_token", id);
  await emit(scene, "VAULT.PAYMENT-TOKEN.DELETED", paymentTokenView(token));
}

export async function tokensOf(scene: Scene, customerId: string): Promise<object> {
  const href = apiUrl(`/v3/vault/payment-tokens?customer_id=${customerId}`);
  const self = { href, rel: "self", method: "GET" };
  const tokens = await scene.documents.list("payment_token", `customer=${customerId}`, {
    order: "newest_first",
  });
  return { customer: { id: customerId }, payment_tokens: tokens.map(paymentTokenView), links: [self] };
}
