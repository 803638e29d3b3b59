import { afterEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { mercadoPagoManifest } from "../../adapters/mercadopago/manifest.ts";
import * as bank from "../../adapters/mercadopago/sandbox/bank-side.ts";
import type { Transport } from "../../src/gateway/adapter.ts";
import { hours, minutes, seconds } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { specJson, specsAbsent } from "../support/specs.ts";
import { mercadoPagoJudge } from "./mercadopago-specs.ts";
import { countries, handleOf, orderIn, received, world } from "./mercadopago-world.ts";
import type { Recorded } from "./recording-transport.ts";

describe.skipIf(specsAbsent)(
  "every request and every answer against Mercado Pago's published document",
  () => {
    const judge = specsAbsent ? undefined : mercadoPagoJudge();
    const reached = new Set<string>();

    /** Faults are kept, not thrown: a throw in a transport is an answer that was lost. */
    const faults: string[] = [];
    afterEach(() => {
      expect(faults.splice(0)).toEqual([]);
    });

    /** Judges what passes, both ways. */
    const judged = (own: Transport): Transport => {
      return async (input, init) => {
        const request = new Request(input, init);
        const recorded: Recorded = {
          method: request.method,
          url: new URL(request.url),
          headers: request.headers,
          body: await request.clone().text(),
        };
        const verdict = judge?.request(recorded);
        reached.add(verdict?.operation ?? "");
        faults.push(...(verdict?.faults ?? []).map((fault) => `${verdict?.operation}: ${fault}`));
        const response = await own(request);
        // A downloaded report is a file: the document says no more of it than its media type.
        if (response.headers.get("content-type") === "text/csv") return response;
        const answered: unknown = await response.clone().json();
        const answerFaults = judge?.answer(recorded, response.status, answered) ?? [];
        faults.push(
          ...answerFaults.map((fault) => `${verdict?.operation} answered ${response.status}: ${fault}`),
        );
        return response;
      };
    };

    const rows = mercadoPagoManifest.methods.flatMap((method) =>
      countries
        .filter((country) => method.countries.includes(country))
        .flatMap((country) =>
          method.presentations.map((presentation) => ({ country, type: method.type, presentation })),
        ),
    );

    test.each(rows)(
      "$country $type, $presentation: from collect to cancel",
      async ({ country, type, presentation }) => {
        const { adapter, call } = world({ transport: judged });
        const gateway = adapter(country);
        const usual = orderIn(country, type);
        const order = { ...usual, method: { ...usual.method, presentation } };
        const opened = await gateway.payments.collect(order, call());
        expect(["action_required", "captured"]).toContain(opened.kind);
        const id = "gatewayPaymentId" in opened ? opened.gatewayPaymentId : undefined;
        expect((await gateway.payments.lookup(handleOf(order, id), call())).kind).toBe(opened.kind);
        expect((await gateway.payments.lookup(handleOf(order), call())).kind).toBe(opened.kind);
        const stopped = await gateway.payments.cancel(handleOf(order, id), call());
        expect(stopped.kind).toBe(opened.kind === "captured" ? "too_late" : "voided");
      },
    );

    test("refunds, banks, credentials, chargebacks and complaints", async () => {
      const { adapter, call, account, control, sandbox, inbox } = world({ transport: judged });
      const gateway = adapter("co");
      await sandbox.listen(account("co"), "https://give.example.org/webhooks/mercadopago/tok");
      const pay = async () => {
        const opened = await gateway.payments.collect(orderIn("co", "card"), call());
        if (opened.kind !== "captured") throw new Error(opened.kind);
        return opened;
      };
      const paid = await pay();
      const refund = {
        refundId: newId("refund"),
        gatewayPaymentId: paid.gatewayPaymentId,
        method: "card",
        amount: paid.amount,
      } as const;
      expect((await gateway.payments.lookupRefund(refund, call())).kind).toBe("never_seen");
      const order = { ...refund, refundable: paid.amount, reason: "duplicate" } as const;
      const made = await gateway.payments.refund(order, call());
      if (made.kind !== "succeeded") throw new Error(made.kind);
      const named = { ...refund, gatewayRefundId: made.gatewayRefundId };
      expect((await gateway.payments.lookupRefund(named, call())).kind).toBe("succeeded");
      expect((await gateway.payments.checkCredentials(call())).ok).toBe(true);
      expect(await gateway.banks?.list({ method: "pse", country: "co" }, call())).toMatchObject({ ok: true });
      await control.play((await pay()).gatewayPaymentId, bank.openChargeback);
      await control.play((await pay()).gatewayPaymentId, bank.openClaim);
      await control.flush();
      for (const webhook of inbox) {
        expect((await gateway.webhooks.inquire?.(received(webhook), call()))?.ok).toBe(true);
      }
    });

    test("reports, ordered, listed and downloaded", async () => {
      const { adapter, call, clock } = world({ transport: judged });
      const gateway = adapter("mx");
      await gateway.payments.collect(orderIn("mx", "card"), call());
      clock.advance(seconds(1));
      const window = { from: new Date(clock.now().getTime() - hours(1)), to: clock.now() };
      const read = async () => {
        for await (const _ of gateway.settlements?.lines(window, call()) ?? []);
      };
      await expect(read()).rejects.toMatchObject({ reason: "not_ready" });
      clock.advance(minutes(2));
      await read();
    });

    test("the operations reached are all the adapter has", () => {
      expect([...reached].sort()).toEqual([
        "GET /checkout/preferences/search",
        "GET /checkout/preferences/{id}",
        "GET /post-purchase/v1/claims/{claim_id}",
        "GET /users/me",
        "GET /v1/account/release_report/config",
        "GET /v1/account/release_report/list",
        "GET /v1/account/release_report/{file_name}",
        "GET /v1/account/settlement_report/list",
        "GET /v1/account/settlement_report/{file_name}",
        "GET /v1/chargebacks/{id}",
        "GET /v1/payment_methods",
        "GET /v1/payments/search",
        "GET /v1/payments/{id}",
        "GET /v1/payments/{id}/refunds",
        "GET /v1/payments/{id}/refunds/{refund_id}",
        "POST /checkout/preferences",
        "POST /v1/account/release_report",
        "POST /v1/account/settlement_report",
        "POST /v1/payments",
        "POST /v1/payments/{id}/refunds",
        "PUT /checkout/preferences/{id}",
        "PUT /v1/payments/{id}",
      ]);
    });

    const uuid = { "x-idempotency-key": "11111111-1111-4111-8111-111111111111" };
    const good = { transaction_amount: 100.5, payment_method_id: "pix", payer: { email: "a@example.org" } };
    const wrong: [name: string, line: string, body: object | undefined, headers?: Record<string, string>][] =
      [
        ["an amount that is text", "POST /v1/payments", { ...good, transaction_amount: "100.50" }],
        ["no amount above nothing", "POST /v1/payments", { ...good, transaction_amount: 0 }],
        ["a payer without e-mail", "POST /v1/payments", { ...good, payer: {} }],
        ["a key nobody knows", "POST /v1/payments", { ...good, bogus: 1 }],
        ["half an instalment", "POST /v1/payments", { ...good, installments: 0.5 }],
        ["a key that is no UUID", "POST /v1/payments", good, { "x-idempotency-key": "key-1" }],
        ["a status nobody may set", "PUT /v1/payments/1", { status: "approved" }],
        ["an item without a price", "POST /checkout/preferences", { items: [{ title: "x", quantity: 1 }] }],
        ["no items", "POST /checkout/preferences", { items: [] }],
        ["a refund of a word", "POST /v1/payments/1/refunds", { amount: "all" }],
        ["a search in no order", "GET /v1/payments/search?sort=date_created", undefined],
        ["a path that does not exist", "POST /v1/gifts", good],
      ];
    const recordedOf = (
      line: string,
      body: object | undefined,
      headers: Record<string, string> = uuid,
    ): Recorded => {
      const [method = "", path = ""] = line.split(" ");
      return {
        method,
        url: new URL(path, "https://api.mercadopago.com"),
        headers: new Headers(headers),
        body: JSON.stringify(body) ?? "",
      };
    };

    test.each([...wrong])("negative control: the judge refuses %s", (_name, line, body, headers) => {
      expect(judge?.request(recordedOf(line, body, headers)).faults).not.toEqual([]);
    });

    test("negative control: the judge refuses an answer of another shape", () => {
      const asked = recordedOf("POST /v1/payments", good);
      expect(judge?.answer(asked, 201, { id: "text", status: "pending" })).not.toEqual([]);
      expect(judge?.answer(asked, 201, { id: 1, status: "wondering" })).not.toEqual([]);
      expect(judge?.answer(asked, 400, { message: "x" })).not.toEqual([]);
    });

    // The gateway takes any text for a key, the document alone wants a UUID.
    const refusedByBoth = wrong.filter(
      ([, line, , headers]) => /^POST \/(v1\/payments|checkout)/.test(line) && !headers,
    );
    test.each(refusedByBoth)(
      "what the document refuses, the simulator refuses: %s",
      async (_name, line, body) => {
        const { sandbox, account } = world();
        const { credentials } = account("br");
        const [method = "", path = ""] = line.split(" ");
        const answer = await sandbox.fetch(
          new Request(`https://api.mercadopago.com${path}`, {
            method,
            headers: { ...uuid, authorization: `Bearer ${credentials.access_token}` },
            body: JSON.stringify(body),
          }),
        );
        expect([400, 404]).toContain(answer.status);
      },
    );

    test("the document's own examples of payments are good for the judge", () => {
      const examples = z
        .object({ value: z.object({}).loose() })
        .array()
        .parse(Object.values(requestExamples("/v1/payments")));
      expect(examples.length).toBeGreaterThan(3);
      for (const { value } of examples) {
        expect(judge?.request(recordedOf("POST /v1/payments", value)).faults).toEqual([]);
      }
    });
  },
);

const paths = z.record(z.string(), z.record(z.string(), z.unknown()));
const withExamples = z.object({
  requestBody: z.object({
    content: z.object({ "application/json": z.object({ examples: z.record(z.string(), z.unknown()) }) }),
  }),
});

function requestExamples(path: string): Record<string, unknown> {
  const document = z.object({ paths }).parse(specJson("mercadopago/openapi/spec3.json"));
  return withExamples.parse(document.paths[path]?.post).requestBody.content["application/json"].examples;
}
