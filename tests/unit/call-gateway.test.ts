import { afterEach, describe, expect, test, vi } from "vitest";
import { callGateway } from "../../src/gateway/call-gateway.ts";
import type { Evidence } from "../../src/gateway/payment.ts";
import { transportFailure } from "../../src/gateway/transport-cause.ts";
import { fixedClock } from "../../src/kernel/clock.ts";
import { type Log, silentLog } from "../../src/kernel/log.ts";
import type { Metrics } from "../../src/kernel/metrics.ts";

afterEach(() => {
  vi.useRealTimers();
});

const names = {
  gateway: "stripe",
  operation: "collect",
  idempotencyKey: "key-1",
  traceId: "trace-1",
} as const;
type Answer = { readonly kind: "captured"; readonly evidence: Evidence };

/** What is counted and logged beside the answer. */
function context() {
  const counted: string[] = [];
  const logged: unknown[] = [];
  const metrics: Metrics = {
    count: (name, labels) => counted.push(`${name} ${Object.values(labels).join(" ")}`),
    observe: (name) => counted.push(name),
  };
  const keep: Log["info"] = (fields, sentence) => logged.push({ sentence, ...fields });
  const log: Log = { ...silentLog, info: keep, warn: keep, error: keep };
  return { clock: fixedClock("2026-11-20T12:00:00Z"), log, metrics, counted, logged };
}

describe("a call to a gateway", () => {
  test("passes its fixed key, our clock and its deadline, and is measured by its answer", async () => {
    const seen = context();
    const answer = await callGateway<Answer>(seen, names, async (call) => {
      expect(call).toEqual({
        idempotencyKey: "key-1",
        now: new Date("2026-11-20T12:00:00Z"),
        timeoutMs: 25_000,
        traceId: "trace-1",
      });
      return { kind: "captured", evidence: { gatewayRequestId: "req_1" } };
    });
    expect(answer.kind).toBe("captured");
    expect(seen.counted).toEqual([
      "ofrenda_gateway_call_seconds",
      "ofrenda_gateway_calls_total stripe collect captured",
    ]);
    expect(seen.logged).toMatchObject([{ answer: "captured", trace: "trace-1", gateway_request: "req_1" }]);
  });

  test.each([
    ["throws", () => Promise.reject(new Error("a bug in the mapper"))],
    [
      "throws before its first await",
      () => {
        throw new TypeError("undefined is not a function");
      },
    ],
    ["throws what is no error", () => Promise.reject("nothing")],
  ])("whose adapter %s is in doubt, never failed and never a crash", async (_, call) => {
    const seen = context();
    expect(await callGateway<Answer>(seen, names, call)).toEqual({
      kind: "in_doubt",
      cause: "adapter_fault",
      evidence: {},
    });
    expect(seen.counted).toContain("ofrenda_gateway_calls_total stripe collect in_doubt");
  });

  test("that is never answered is in doubt after its deadline", async () => {
    vi.useFakeTimers();
    const pending = callGateway<Answer>(context(), names, () => new Promise(() => {}));
    await vi.advanceTimersByTimeAsync(27_000);
    expect(await pending).toMatchObject({ kind: "in_doubt", cause: "timeout" });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("that holds a word we do not know raises an alert with the word", async () => {
    const seen = context();
    await callGateway<Answer>(seen, names, async () => ({
      kind: "captured",
      evidence: { unrecognized: "levitating" },
    }));
    expect(seen.counted).toContain("ofrenda_gateway_unrecognized_total stripe");
    expect(seen.logged).toContainEqual(expect.objectContaining({ word: "levitating" }));
  });
});

describe("a transport that failed", () => {
  const coded = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });
  test.each([
    ["refused", coded("ECONNREFUSED"), "not_sent", "connection_refused"],
    ["without such a host", coded("ENOTFOUND"), "not_sent", "dns"],
    ["whose name server is busy", coded("EAI_AGAIN"), "not_sent", "dns"],
    ["never connected", coded("UND_ERR_CONNECT_TIMEOUT"), "not_sent", "connection_refused"],
    ["timed out", coded("ETIMEDOUT"), "in_doubt", "timeout"],
    ["aborted", Object.assign(new Error("x"), { name: "AbortError" }), "in_doubt", "timeout"],
    ["cut", coded("ECONNRESET"), "in_doubt", "connection_lost"],
    ["closed by the other side", coded("UND_ERR_SOCKET"), "in_doubt", "connection_lost"],
    [
      "refused, told two causes down",
      new TypeError("fetch failed", { cause: new Error("x", { cause: coded("ECONNREFUSED") }) }),
      "not_sent",
      "connection_refused",
    ],
    [
      "refused, told in an SDK's detail",
      Object.assign(new Error("x"), { detail: coded("ECONNREFUSED") }),
      "not_sent",
      "connection_refused",
    ],
    ["like nothing we know", coded("EWEIRD"), "in_doubt", "connection_lost"],
    ["with a text", "boom", "in_doubt", "connection_lost"],
    ["with nothing", undefined, "in_doubt", "connection_lost"],
  ] as const)("%s is %3$s", (_, error, kind, cause) => {
    expect(transportFailure(error)).toEqual({ kind, cause });
  });

  test("in a circle of causes is still answered", () => {
    const error = new Error("round");
    error.cause = error;
    expect(transportFailure(error)).toEqual({ kind: "in_doubt", cause: "connection_lost" });
  });
});
