import { describe, expect, test } from "vitest";
import { specsAbsent } from "../support/specs.ts";
import { answers, type HttpAnswer, type Recorded } from "./recording-transport.ts";
import * as bodies from "./stripe-bodies.ts";
import { everyOrder, everyOther } from "./stripe-every-request.ts";
import { stripeJudge } from "./stripe-specs.ts";
import { callAt, routes, stripeOn } from "./stripe-under-test.ts";

const ok = (body: unknown): HttpAnswer => answers(200, body);
const hostedIntent = bodies.intent({ metadata: { presentation: "hosted" } });
const stripeAnswers = routes({
  "POST /v1/payment_intents": ok(bodies.intent({ metadata: { presentation: "embedded" } })),
  "POST /v1/payment_intents/pi_1/cancel": ok(bodies.intent({ status: "canceled" })),
  "GET /v1/payment_intents/pi_1": ok(hostedIntent),
  "GET /v1/payment_intents/search": ok(bodies.found([])),
  "GET /v1/checkout/sessions": ok(bodies.list([])),
  "GET /v1/checkout/sessions/cs_test_1": ok(bodies.session()),
  "POST /v1/checkout/sessions": ok(bodies.session()),
  "GET /v1/checkout/sessions/cs_test_setup": ok(bodies.setupSession()),
  "POST /v1/setup_intents": ok(bodies.setupIntent()),
  "GET /v1/setup_intents": ok(bodies.list([bodies.setupIntent()])),
  "GET /v1/setup_intents/seti_1": ok(bodies.setupIntent({ status: "requires_action" })),
  "GET /v1/payment_methods/pm_1": ok(bodies.paymentMethod()),
  "POST /v1/payment_methods/pm_1/detach": ok(bodies.paymentMethod({ customer: null })),
  "POST /v1/customers": ok({ id: "cus_1", object: "customer" }),
  "POST /v1/refunds": ok(bodies.refund()),
  "GET /v1/refunds": ok(bodies.list([])),
  "GET /v1/refunds/re_1": ok(bodies.refund()),
  "GET /v1/balance_transactions": ok(bodies.list([bodies.balanceTransaction()])),
  "GET /v1/account": ok({ id: "acct_1", object: "account", country: "MX" }),
});

describe.skipIf(specsAbsent)("every request is one that Stripe's published schemas accept", () => {
  const judge = specsAbsent ? () => ({ operation: "", faults: ["absent"] }) : stripeJudge();
  const reached = new Set<string>();
  const judged = (requests: readonly Recorded[]) => {
    expect(requests.length).toBeGreaterThan(0);
    for (const request of requests) {
      const verdict = judge(request);
      reached.add(verdict.operation);
      expect(verdict.faults, `${verdict.operation}: ${request.body}`).toEqual([]);
    }
  };

  test.each(Object.entries(everyOrder))("%s", async (_, order) => {
    const { adapter, requests } = stripeOn(stripeAnswers);
    expect((await adapter.payments.collect(order, callAt())).kind).toBe("action_required");
    judged(requests);
  });

  test.each(Object.entries(everyOther))("%s", async (_, act) => {
    const { adapter, requests } = stripeOn(stripeAnswers);
    await act(adapter);
    judged(requests);
  });

  test("the operations reached are all the adapter has", () => {
    expect([...reached].sort()).toEqual([
      "GET /v1/account",
      "GET /v1/balance_transactions",
      "GET /v1/checkout/sessions",
      "GET /v1/checkout/sessions/{session}",
      "GET /v1/payment_intents/search",
      "GET /v1/payment_intents/{intent}",
      "GET /v1/payment_methods/{payment_method}",
      "GET /v1/refunds",
      "GET /v1/refunds/{refund}",
      "GET /v1/setup_intents",
      "GET /v1/setup_intents/{intent}",
      "POST /v1/checkout/sessions",
      "POST /v1/checkout/sessions/{session}/expire",
      "POST /v1/customers",
      "POST /v1/payment_intents",
      "POST /v1/payment_intents/{intent}/cancel",
      "POST /v1/payment_methods/{payment_method}/detach",
      "POST /v1/refunds",
      "POST /v1/setup_intents",
      "POST /v1/setup_intents/{intent}/cancel",
    ]);
  });

  describe("negative control: the judge refuses what Stripe would", () => {
    const request = (line: string, body: string): Recorded => {
      const [method = "", path = ""] = line.split(" ");
      return { method, url: new URL(path, "https://api.stripe.com"), headers: new Headers(), body };
    };
    test.each([
      ["a missing amount", "POST /v1/payment_intents", "currency=mxn"],
      ["an amount with a fraction", "POST /v1/payment_intents", "amount=50.00&currency=mxn"],
      ["an amount that is a word", "POST /v1/payment_intents", "amount=much&currency=mxn"],
      ["a key nobody knows", "POST /v1/payment_intents", "amount=5000&currency=mxn&bogus=1"],
      [
        "the key that 23.0.0 removed",
        "POST /v1/payment_intents",
        "amount=5000&currency=mxn&payment_method_types[0]=card",
      ],
      [
        "a voucher that lives half a day",
        "POST /v1/payment_intents",
        "amount=5000&currency=mxn&payment_method_options[oxxo][expires_after_days]=0.5",
      ],
      ["a refund for no known reason", "POST /v1/refunds", "payment_intent=pi_1&reason=because"],
      [
        "a boleto for ever",
        "POST /v1/payment_intents",
        "amount=5000&currency=brl&payment_method_options[boleto][expires_after_days]=x",
      ],
      [
        "a Canadian mandate for no known rhythm",
        "POST /v1/setup_intents",
        "payment_method_options[acss_debit][mandate_options][payment_schedule]=often",
      ],
      ["a permission for no known use", "POST /v1/setup_intents", "usage=whenever"],
      ["a page size that is a word", "GET /v1/refunds?limit=x", ""],
      ["a path that does not exist", "POST /v1/gifts", "amount=5000"],
      ["a session key nobody knows", "GET /v1/checkout/sessions?bogus=1", ""],
    ])("%s", (_, line, body) => {
      expect(judge(request(line, body)).faults).not.toEqual([]);
    });
  });
});
