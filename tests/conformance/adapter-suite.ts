import { describe, expect, test } from "vitest";
import { declineReasons, type RefundOrder } from "../../src/gateway/payment.ts";
import { newId } from "../../src/kernel/ids.ts";
import type { Money } from "../../src/kernel/money.ts";
import { describeEvents, describeManifest } from "./adapter-suite-edges.ts";
import { call, type GatewayUnderTest, now } from "./gateway-under-test.ts";
import { type HttpAnswer, type Recorded, recording } from "./recording-transport.ts";

/** The promises every adapter keeps, whatever its gateway. */
export function describeAdapter(gateway: GatewayUnderTest): void {
  const tools = toolsFor(gateway);
  describeAnswers(gateway, tools);
  describeStatuses(gateway, tools);
  describeDeclines(gateway, tools);
  describeRepeats(gateway, tools);
  describeAmounts(gateway, tools);
  describeEvidence(gateway, tools);
  describeEvents(gateway);
  describeManifest(gateway);
}

type Tools = ReturnType<typeof toolsFor>;

/** The adapter over a handmade gateway. */
function toolsFor(gateway: GatewayUnderTest) {
  const adapterOn = (answer: (request: Recorded) => HttpAnswer) => {
    const requests: Recorded[] = [];
    const { transport } = recording((request) => {
      const around = gateway.around?.(request);
      if (around === undefined) requests.push(request);
      return around ?? answer(request);
    });
    return { adapter: gateway.factory.create({ credentials: gateway.credentials, transport }), requests };
  };
  const collect = (answer: HttpAnswer, order = gateway.order(), with_ = call()) =>
    adapterOn(() => answer).adapter.payments.collect(order, with_);
  const lookup = (body: unknown) =>
    adapterOn(() => ({ status: 200, body })).adapter.payments.lookup(gateway.handle(), call());
  return { adapterOn, collect, lookup };
}

function describeAnswers(gateway: GatewayUnderTest, { adapterOn, collect }: Tools): void {
  describe(`${gateway.factory.manifest.name}: the eight answers`, () => {
    test.each(Object.entries(gateway.answers))("%s is reached", async (kind, answer) => {
      expect((await collect(answer)).kind).toBe(kind);
    });

    test("a connection that was never made is not_sent", async () => {
      expect(await collect({ fails: "before_send" })).toMatchObject({
        kind: "not_sent",
        cause: "connection_refused",
      });
    });

    test("a connection lost after sending is in_doubt, sent once and never repeated by the SDK", async () => {
      const { adapter, requests } = adapterOn(() => ({ fails: "after_send" }));
      const outcome = await adapter.payments.collect(gateway.order(), call());
      expect(outcome).toMatchObject({ kind: "in_doubt", cause: "connection_lost" });
      expect(requests).toHaveLength(1);
    });

    test("no answer within the deadline is in_doubt, close to the deadline", async () => {
      const started = performance.now();
      const outcome = await collect({ fails: "never_answers" }, gateway.order(), call({ timeoutMs: 60 }));
      expect(outcome).toMatchObject({ kind: "in_doubt", cause: "timeout" });
      expect(performance.now() - started).toBeLessThan(1_500);
    });

    test.each(gateway.doubtful.map((answer, i) => [i, answer] as const))(
      "an answer that settles nothing is in_doubt, never a refusal (%i)",
      async (_, answer) => {
        expect((await collect(answer)).kind).toBe("in_doubt");
      },
    );
  });
}

function describeStatuses(gateway: GatewayUnderTest, { adapterOn, lookup }: Tools): void {
  describe(`${gateway.factory.manifest.name}: status words`, () => {
    test.each(gateway.statuses)("$status becomes $becomes", async ({ body, becomes }) => {
      const outcome = await lookup(body);
      expect(outcome.kind).toBe(becomes);
      expect(outcome.evidence.unrecognized).toBeUndefined();
    });

    test("a status nobody has documented waits as processing and raises an alert", async () => {
      const outcome = await lookup(gateway.unknownStatus);
      expect(outcome.kind).toBe("processing");
      expect(outcome.evidence.unrecognized).toBeTruthy();
    });

    test("a look-up that is refused leaves the attempt in doubt", async () => {
      const proof = gateway.notFoundProves === undefined ? [404] : [];
      for (const status of [400, 401, 403, ...proof, 429, 500]) {
        const { adapter } = adapterOn(() => ({ status, body: { error: { type: "x", message: "no" } } }));
        expect((await adapter.payments.lookup(gateway.handle(), call())).kind).toBe("in_doubt");
      }
    });
  });
}

function describeDeclines(gateway: GatewayUnderTest, { collect }: Tools): void {
  const { declined } = gateway;
  if (!declined) return;
  describe(`${gateway.factory.manifest.name}: declines`, () => {
    test.each(gateway.declineCodes)("%s has a reason of the closed set", async (code) => {
      const outcome = await collect(declined(code));
      expect(outcome.kind).toBe("declined");
      if (outcome.kind !== "declined") return;
      expect(declineReasons).toContain(outcome.decline.reason);
      expect(outcome.decline.rawCode).toBe(code);
      expect(outcome.evidence.unrecognized).toBeUndefined();
    });

    test("an unknown code is a generic decline, kept and reported", async () => {
      const outcome = await collect(declined("a_word_of_tomorrow"));
      expect(outcome).toMatchObject({
        kind: "declined",
        decline: { reason: "declined_generic", rawCode: "a_word_of_tomorrow" },
        evidence: { unrecognized: "a_word_of_tomorrow" },
      });
    });
  });
}

function describeRepeats(gateway: GatewayUnderTest, { adapterOn }: Tools): void {
  describe(`${gateway.factory.manifest.name}: repeats`, () => {
    test("every request that writes carries a key, and a repeat carries the same key and the same bytes", async () => {
      const { adapter, requests } = adapterOn(() => ({ fails: "after_send" }));
      const order = gateway.order();
      await adapter.payments.collect(order, call());
      await adapter.payments.collect(
        order,
        call({ now: new Date(now.getTime() + 3_600_000), traceId: "trace-2" }),
      );
      const [first, second] = requests.filter((request) => request.method !== "GET");
      expect(first && gateway.keyIn(first)).toContain("key-1");
      expect(second && gateway.keyIn(second)).toBe(first && gateway.keyIn(first));
      expect(second?.body).toBe(first?.body);
    });

    test("a refund carries a key of its own, the same when it is repeated", async () => {
      const { adapter, requests } = adapterOn(() => ({ fails: "after_send" }));
      const order = refundOf(gateway, gateway.order().amount);
      await adapter.payments.refund(order, call({ idempotencyKey: "refund-key" }));
      await adapter.payments.refund(order, call({ idempotencyKey: "refund-key" }));
      const keys = requests.filter((request) => request.method !== "GET").map(gateway.keyIn);
      expect(keys.every((key) => key !== undefined && !key.includes("key-1"))).toBe(true);
      expect(new Set(keys).size).toBeLessThanOrEqual(1);
    });
  });
}

const refundOf = (gateway: GatewayUnderTest, amount: Money): RefundOrder => ({
  refundId: newId("refund"),
  gatewayPaymentId: gateway.handle().gatewayPaymentId ?? "",
  amount,
  refundable: amount,
  method: gateway.order().method.type,
  reason: "requested_by_donor",
});

function describeAmounts(gateway: GatewayUnderTest, { adapterOn }: Tools): void {
  describe(`${gateway.factory.manifest.name}: amounts`, () => {
    test.each(gateway.amounts)("$amount.minor $amount.currency is written $written", async (sample) => {
      const { adapter, requests } = adapterOn(() => gateway.answers.action_required);
      const outcome = await adapter.payments.refund(refundOf(gateway, sample.amount), call());
      if (sample.written === undefined) {
        expect(outcome.kind).toBe("refused");
        expect(requests).toHaveLength(0);
      } else {
        expect(requests.map(gateway.amountIn)).toContain(sample.written);
      }
    });
  });
}

function describeEvidence(gateway: GatewayUnderTest, { collect }: Tools): void {
  describe(`${gateway.factory.manifest.name}: evidence`, () => {
    test("holds no secret and nothing of the donor, even when the gateway echoes both", async () => {
      const outcome = await collect(gateway.indiscreet.answer);
      const kept = JSON.stringify(outcome, (_, value) => (typeof value === "bigint" ? `${value}` : value));
      for (const word of gateway.indiscreet.words) expect(kept).not.toContain(word);
      for (const credential of Object.values(gateway.credentials)) expect(kept).not.toContain(credential);
      expect(outcome.evidence.excerpt).toBeTruthy();
    });
  });
}
