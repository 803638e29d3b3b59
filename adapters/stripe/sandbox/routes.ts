import { ok } from "./answer.ts";
import * as checkout from "./checkout-sessions.ts";
import { createToken } from "./confirmation-tokens.ts";
import * as customers from "./customers.ts";
import { answerDispute, decideDispute } from "./disputes.ts";
import type { Kind } from "./documents.ts";
import * as endpoints from "./endpoints.ts";
import { page, search } from "./lists.ts";
import * as intents from "./payment-intents.ts";
import { attach, detach, tenderById, tenderFrom } from "./payment-methods.ts";
import { createRefund } from "./refunds.ts";
import { invalid, missing } from "./refusal.ts";
import { type Route, route } from "./route.ts";
import { savingRoutes } from "./saving-routes.ts";
import type { Scene } from "./scene.ts";
import * as schemas from "./schemas.ts";
import * as around from "./schemas-around.ts";
import { validated } from "./validate.ts";

/** Confirming takes other parameters from a browser (card details, client secret) than from a server. */
const confirmRoute: Route = {
  browser: true,
  prepare: (form, caller) => {
    const asked =
      caller === "publishable"
        ? validated(schemas.confirmInBrowser, form)
        : validated(schemas.confirmIntent, form);
    return { expand: asked.expand, perform: (scene, id) => intents.confirmIntent(scene, id, asked) };
  },
};

function getOne(kind: Kind, name: string): Route {
  return route(around.getOne, async (scene, _asked, id) => {
    const found = await scene.documents.get(kind, id);
    if (!found) throw missing(name, id);
    return ok(found);
  });
}

/** The list of what belongs to a payment, by its intent or its charge. */
function listByPayment(kind: "refund" | "dispute", url: string): Route {
  return route(around.byPayment, async (scene, asked) => {
    const key = asked.payment_intent
      ? `payment_intent=${asked.payment_intent}`
      : asked.charge
        ? `charge=${asked.charge}`
        : "all";
    return ok(await page(scene, { kind, key, url }, asked));
  });
}

async function disputeById(scene: Scene, id: string) {
  const dispute = await scene.documents.get("dispute", id);
  if (!dispute) throw missing("dispute", id);
  return dispute;
}

const payments: Readonly<Record<string, Route>> = {
  "POST payment_intents": route(schemas.createIntent, (scene, asked) => intents.createIntent(scene, asked)),
  "GET payment_intents": route(around.listIntents, async (scene, asked) => {
    const key = asked.customer ? `customer=${asked.customer}` : "all";
    return ok(await page(scene, { kind: "payment_intent", key, url: "/v1/payment_intents" }, asked));
  }),
  "GET payment_intents/search": route(around.searchQuery, async (scene, asked) => {
    const fields = ["amount", "currency", "customer", "status"];
    return ok(
      await search(scene, { kind: "payment_intent", url: "/v1/payment_intents/search", fields }, asked),
    );
  }),
  "GET payment_intents/:id": route(
    around.getIntent,
    async (scene, asked, id) => ok(await intents.intentById(scene, id, asked.client_secret)),
    true,
  ),
  "POST payment_intents/:id": route(schemas.updateIntent, (scene, asked, id) =>
    intents.updateIntent(scene, id, asked),
  ),
  "POST payment_intents/:id/confirm": confirmRoute,
  "POST payment_intents/:id/cancel": route(schemas.cancelIntent, (scene, asked, id) =>
    intents.cancelIntent(scene, id, asked),
  ),
  "POST payment_intents/:id/capture": route(schemas.captureIntent, (scene, asked, id) =>
    intents.captureIntent(scene, id, asked),
  ),
  "POST payment_intents/:id/verify_microdeposits": route(
    schemas.verifyMicrodeposits,
    (scene, asked, id) => intents.verifyIntent(scene, id, asked),
    true,
  ),
  "POST payment_methods": route(
    schemas.createMethod,
    async (scene, asked) => {
      if (asked.card && scene.caller === "secret") throw cardNumberFromServer();
      return ok((await tenderFrom(scene, asked, "")).method);
    },
    true,
  ),
  "POST confirmation_tokens": route(schemas.createToken, (scene, asked) => createToken(scene, asked), true),
  "POST test_helpers/confirmation_tokens": route(schemas.createToken, (scene, asked) => {
    if (asked.payment_method_data?.card) throw cardNumberFromServer();
    return createToken(scene, asked);
  }),
  "GET confirmation_tokens/:id": getOne("confirmation_token", "confirmation_token"),
  "GET payment_methods/:id": getOne("payment_method", "PaymentMethod"),
  "POST payment_methods/:id/attach": route(schemas.attachMethod, async (scene, asked, id) => {
    const { method } = await tenderById(scene, id, undefined);
    return ok(await attach(scene, method, asked.customer));
  }),
  "POST payment_methods/:id/detach": route(around.getOne, async (scene, _asked, id) =>
    ok(await detach(scene, id)),
  ),
  "GET charges": route(around.listCharges, async (scene, asked) => {
    const key = asked.payment_intent
      ? `payment_intent=${asked.payment_intent}`
      : asked.customer
        ? `customer=${asked.customer}`
        : "all";
    return ok(await page(scene, { kind: "charge", key, url: "/v1/charges" }, asked));
  }),
  "GET charges/:id": getOne("charge", "charge"),
  "POST refunds": route(around.createRefund, async (scene, asked) => ok(await createRefund(scene, asked))),
  "GET refunds": listByPayment("refund", "/v1/refunds"),
  "GET refunds/:id": getOne("refund", "refund"),
  "GET disputes": listByPayment("dispute", "/v1/disputes"),
  "GET disputes/:id": getOne("dispute", "dispute"),
  "POST disputes/:id": route(around.updateDispute, async (scene, asked, id) => {
    const dispute = await disputeById(scene, id);
    return ok(await answerDispute(scene, dispute, asked.evidence, asked.submit ?? true));
  }),
  "POST disputes/:id/close": route(around.getOne, async (scene, _asked, id) =>
    ok(await decideDispute(scene, await disputeById(scene, id), "lost")),
  ),
};

const aroundPayments: Readonly<Record<string, Route>> = {
  "POST customers": route(around.createCustomer, (scene, asked) => customers.createCustomer(scene, asked)),
  "GET customers": route(around.listCustomers, async (scene, asked) => {
    const key = asked.email ? `email=${asked.email}` : "all";
    return ok(await page(scene, { kind: "customer", key, url: "/v1/customers" }, asked));
  }),
  "GET customers/search": route(around.searchQuery, async (scene, asked) => {
    const fields = ["email", "name", "phone"];
    return ok(await search(scene, { kind: "customer", url: "/v1/customers/search", fields }, asked));
  }),
  "GET customers/:id": route(around.getOne, async (scene, _asked, id) =>
    ok(await customers.customerById(scene, id)),
  ),
  "POST customers/:id": route(around.createCustomer, (scene, asked, id) =>
    customers.updateCustomer(scene, id, asked),
  ),
  "GET customers/:id/cash_balance": route(around.getOne, (scene, _asked, id) =>
    customers.getCashBalance(scene, id),
  ),
  "GET customers/:id/cash_balance_transactions": route(around.listIntents, async (scene, asked, id) => {
    await customers.customerById(scene, id);
    const url = `/v1/customers/${id}/cash_balance_transactions`;
    const kind = "customer_cash_balance_transaction";
    return ok(await page(scene, { kind, key: `customer=${id}`, url }, asked));
  }),
  "GET customers/:id/cash_balance_transactions/:sub": route(
    around.getOne,
    async (scene, _asked, _id, sub) => {
      const found = await scene.documents.get("customer_cash_balance_transaction", sub);
      if (!found) throw missing("customer cash balance transaction", sub);
      return ok(found);
    },
  ),
  "POST test_helpers/customers/:id/fund_cash_balance": route(around.fundCash, (scene, asked, id) =>
    customers.fundCashBalance(scene, id, asked),
  ),
  "POST checkout/sessions": route(around.createSession, (scene, asked) =>
    checkout.createSession(scene, asked),
  ),
  "GET checkout/sessions": route(around.listSessions, async (scene, asked) => {
    const key = asked.payment_intent
      ? `payment_intent=${asked.payment_intent}`
      : asked.customer
        ? `customer=${asked.customer}`
        : "all";
    const source = { kind: "checkout_session", key, url: "/v1/checkout/sessions" } as const;
    return ok(await page(scene, source, asked, checkout.sessionMatches(asked)));
  }),
  "GET checkout/sessions/:id": route(around.getOne, async (scene, _asked, id) =>
    ok(await checkout.sessionById(scene, id)),
  ),
  "POST checkout/sessions/:id/expire": route(around.getOne, (scene, _asked, id) =>
    checkout.expireSession(scene, id),
  ),
  "GET balance_transactions": route(around.listBalance, async (scene, asked) => {
    const key = asked.source ? `source=${asked.source}` : "all";
    const source = { kind: "balance_transaction", key, url: "/v1/balance_transactions" } as const;
    const listed = await page(
      scene,
      source,
      asked,
      (line) =>
        (!asked.type || line.type === asked.type) && (!asked.currency || line.currency === asked.currency),
    );
    return ok(listed);
  }),
  "GET balance_transactions/:id": getOne("balance_transaction", "balance_transaction"),
  "GET events": route(around.listEvents, async (scene, asked) => {
    const wanted = asked.type;
    const prefix = wanted?.endsWith("*") ? wanted.slice(0, -1) : undefined;
    const listed = await page(
      scene,
      { kind: "event", key: "all", url: "/v1/events" },
      asked,
      (event) =>
        (!asked.types || asked.types.includes(event.type)) &&
        (!wanted || (prefix === undefined ? event.type === wanted : event.type.startsWith(prefix))) &&
        (asked.delivery_success === undefined || asked.delivery_success === (event.pending_webhooks === 0)),
    );
    return ok(listed);
  }),
  "GET events/:id": getOne("event", "event"),
  "GET account": route(around.getOne, async (scene) => ok(endpoints.accountObject(scene))),
  "POST webhook_endpoints": route(around.createEndpoint, async (scene, asked) =>
    ok(await endpoints.createEndpoint(scene, asked)),
  ),
  "GET webhook_endpoints": route(around.listIntents, async (scene, asked) => {
    const source = { kind: "webhook_endpoint", key: "all", url: "/v1/webhook_endpoints" } as const;
    return ok(endpoints.withoutSecrets(await page(scene, source, asked)));
  }),
  "GET webhook_endpoints/:id": route(around.getOne, async (scene, _asked, id) =>
    ok(await endpoints.endpointById(scene, id)),
  ),
  "DELETE webhook_endpoints/:id": route(around.getOne, async (scene, _asked, id) =>
    ok(await endpoints.deleteEndpoint(scene, id)),
  ),
};

function cardNumberFromServer() {
  return invalid(
    "Sending credit card numbers directly to the Stripe API is generally unsafe. We suggest you use test tokens that map to the test card you are using, see https://stripe.com/docs/testing. To enable testing raw card data APIs, see https://support.stripe.com/questions/enabling-access-to-raw-card-data-apis.",
    { status: 402 },
  );
}

type Found = { readonly route: Route; readonly id: string; readonly sub: string };
const table: Readonly<Record<string, Route>> = { ...payments, ...aroundPayments, ...savingRoutes };

/** The route for `POST /v1/payment_intents/pi_…/confirm`, with what stood in for its ids. */
export function findRoute(method: string, path: string): Found | undefined {
  const parts = path.slice(4).split("/");
  const direct = table[`${method} ${path.slice(4)}`];
  if (direct) return { route: direct, id: "", sub: "" };
  const at = parts[0] === "test_helpers" || parts[0] === "checkout" ? 2 : 1;
  const id = parts[at];
  if (!id) return undefined;
  const general = parts.map((part, i) => (i === at ? ":id" : i === at + 2 ? ":sub" : part)).join("/");
  const found = table[`${method} ${general}`];
  return found && { route: found, id: decodeURIComponent(id), sub: parts[at + 2] ?? "" };
}
