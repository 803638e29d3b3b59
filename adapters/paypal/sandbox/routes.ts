import { captureById } from "./captures.ts";
import { disputeById, listDisputes } from "./disputes.ts";
import { captureOrder, createOrder, orderById, patchOrder, shown } from "./orders.ts";
import { refundById, refundCapture } from "./refunds.ts";
import { Refusal, refusalOf } from "./refusal.ts";
import type { Scene } from "./scene.ts";
import { keepBody, orderBody, patchBody, refundBody, setupBody, validated } from "./schemas.ts";
import { searchTransactions } from "./transactions.ts";
import {
  createSetupToken,
  deleteToken,
  keepToken,
  paymentTokenById,
  setupTokenById,
  tokensOf,
} from "./vault.ts";
import { verifyDelivery } from "./verify.ts";
import { captureView, disputeView, paymentTokenView, refundView, setupTokenView } from "./views.ts";

/** One API call, authenticated. */
export type Call = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly text: string;
  readonly requestId: string | null;
  /** Whether the whole resource is wanted (`Prefer: return=representation`). */
  readonly full: boolean;
};

/** What a call is answered with; no body with 204. */
export type Answer = { readonly status: number; readonly body?: object };

type Handler = (scene: Scene, call: Call, id: string) => Promise<Answer>;

const ok = (body: object): Answer => ({ status: 200, body });
const created = (body: object): Answer => ({ status: 201, body });
const none: Answer = { status: 204 };

const handlers: Readonly<Record<string, Handler>> = {
  "POST /v2/checkout/orders": async (scene, call) => {
    const order = await createOrder(scene, validated(orderBody, call.text), call.requestId);
    return created(await shown(scene, order, call.full));
  },
  "GET /v2/checkout/orders/:id": async (scene, _call, id) =>
    ok(await shown(scene, await orderById(scene, id), true)),
  "PATCH /v2/checkout/orders/:id": async (scene, call, id) => {
    await patchOrder(scene, id, validated(patchBody, call.text));
    return none;
  },
  "POST /v2/checkout/orders/:id/capture": async (scene, call, id) =>
    created(await shown(scene, await captureOrder(scene, id), call.full)),
  "GET /v2/payments/captures/:id": async (scene, _call, id) =>
    ok(captureView(await captureById(scene, id), true)),
  "POST /v2/payments/captures/:id/refund": async (scene, call, id) =>
    created(refundView(await refundCapture(scene, id, validated(refundBody, call.text)))),
  "GET /v2/payments/refunds/:id": async (scene, _call, id) => ok(refundView(await refundById(scene, id))),
  "POST /v3/vault/setup-tokens": async (scene, call) =>
    created(setupTokenView(scene, await createSetupToken(scene, validated(setupBody, call.text)))),
  "GET /v3/vault/setup-tokens/:id": async (scene, _call, id) =>
    ok(setupTokenView(scene, await setupTokenById(scene, id))),
  "POST /v3/vault/payment-tokens": async (scene, call) => {
    const { token } = validated(keepBody, call.text).payment_source;
    return created(paymentTokenView(await keepToken(scene, token.id)));
  },
  "GET /v3/vault/payment-tokens": async (scene, call) => {
    const customer = call.query.get("customer_id");
    if (customer === null) {
      throw new Refusal(400, { issue: "MISSING_REQUIRED_PARAMETER", field: "customer_id" });
    }
    return ok(await tokensOf(scene, customer));
  },
  "GET /v3/vault/payment-tokens/:id": async (scene, _call, id) =>
    ok(paymentTokenView(await paymentTokenById(scene, id))),
  "DELETE /v3/vault/payment-tokens/:id": async (scene, _call, id) => {
    await deleteToken(scene, id);
    return none;
  },
  "GET /v1/reporting/transactions": async (scene, call) => ok(await searchTransactions(scene, call.query)),
  "GET /v1/customer/disputes": async (scene, call) => ok(await listDisputes(scene, call.query)),
  "GET /v1/customer/disputes/:id": async (scene, _call, id) =>
    ok(disputeView(await disputeById(scene, id), true)),
  "POST /v1/notifications/verify-webhook-signature": async (scene, call) =>
    ok(await verifyDelivery(scene, call.text)),
};

/** The handler of a call and the id in its path; PayPal answers an address it does not know with 404. */
export function handlerOf(call: Call): { readonly handle: Handler; readonly id: string } | undefined {
  const direct = handlers[`${call.method} ${call.path}`];
  if (direct) return { handle: direct, id: "" };
  const parts = call.path.split("/");
  for (const at of [3, 4]) {
    const general = parts.map((part, i) => (i === at ? ":id" : part)).join("/");
    const handle = handlers[`${call.method} ${general}`];
    if (handle) return { handle, id: decodeURIComponent(parts[at] ?? "") };
  }
  return undefined;
}

const asked = /"mock_application_codes"\s*:\s*\[?\s*"([A-Z0-9_]+)"/;

/** `PayPal-Mock-Response`: the sandbox answers with the issue that was asked for, and does nothing. */
export function mocked(header: string | null): void {
  const issue = header === null ? undefined : asked.exec(header)?.[1];
  if (issue !== undefined) throw refusalOf(issue);
}
