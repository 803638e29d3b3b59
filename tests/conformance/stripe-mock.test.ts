import { describe, expect, test } from "vitest";
import { stripeFactory } from "../../adapters/stripe/factory.ts";
import type { Transport } from "../../src/gateway/adapter.ts";
import { everyOrder, everyOther } from "./stripe-every-request.ts";
import { callAt, credentials, orderOf } from "./stripe-under-test.ts";

/**
 * The same requests against stripe-mock, which validates them by Stripe's own OpenAPI of its release and answers
 * with Stripe's own fixtures. It is stateless: what is proven is that it takes every request and that the
 * adapter can read every body, not what becomes of a payment. `STRIPE_MOCK_URL` says where it listens.
 */
const mock = process.env.STRIPE_MOCK_URL;
/**
 * The drift that is allowed, all of it: the OpenAPI inside stripe-mock v0.203.0 has `allowed_payment_method_types`
 * on intents already but on Checkout Sessions still under its older name.
 */
const olderName: Readonly<Record<string, readonly [string, string]>> = {
  "/v1/checkout/sessions": ["allowed_payment_method_types", "payment_method_types"],
};

test.skipIf(mock)("stripe-mock is tried only where STRIPE_MOCK_URL says where it listens", ({ skip }) => {
  skip("STRIPE_MOCK_URL is not set");
});

describe.skipIf(!mock)(
  "stripe-mock takes what the adapter sends and the adapter reads what it answers",
  () => {
    const seen: { line: string; status: number; body: string }[] = [];
    const transport: Transport = async (input, init) => {
      const request = new Request(input, init);
      const url = new URL(request.url);
      const [today, older] = olderName[url.pathname] ?? ["", ""];
      const headers = new Headers(request.headers);
      headers.delete("content-length");
      const response = await fetch(new URL(`${url.pathname}${url.search}`, mock), {
        method: request.method,
        headers,
        ...(request.method === "POST" ? { body: (await request.text()).replaceAll(today, older) } : {}),
      });
      const body = await response.clone().text();
      seen.push({ line: `${request.method} ${url.pathname}`, status: response.status, body });
      return response;
    };
    const adapter = stripeFactory.create({ credentials, transport });

    const accepted = () => {
      const refused = seen.splice(0).filter((one) => one.status !== 200);
      expect(refused).toEqual([]);
    };

    test.each(Object.entries(everyOrder))("%s", async (_, order) => {
      const outcome = await adapter.payments.collect(order, callAt({ timeoutMs: 10_000 }));
      accepted();
      // The fixtures' intents carry an error of their own, so a decline is an honest reading of them.
      expect(["refused", "not_sent", "in_doubt"]).not.toContain(outcome.kind);
      expect(outcome.evidence.httpStatus).toBe(200);
    });

    test.each(Object.entries(everyOther))("%s", async (_, act) => {
      expect(await act(adapter)).not.toMatchObject({ cause: "unreadable_answer" });
      accepted();
    });

    test("negative control: it refuses a key that Stripe does not know", async () => {
      const response = await fetch(new URL("/v1/payment_intents", mock), {
        method: "POST",
        headers: {
          authorization: `Bearer ${credentials.secret_key}`,
          "content-type": "application/x-www-form-urlencoded",
        },
        body: "amount=5000&currency=mxn&bogus=1",
      });
      expect(response.status).toBe(400);
    });

    test("a key in the wrong form is refused as an authentication problem", async () => {
      const wrong = stripeFactory.create({
        credentials: { secret_key: "sk_live_x", publishable_key: "pk_live_x" },
        transport,
      });
      const outcome = await wrong.payments.collect(orderOf(), callAt());
      expect(outcome).toMatchObject({ kind: "refused", problem: { reason: "authentication" } });
      seen.splice(0);
    });
  },
);
