import { describe, expect, test } from "vitest";
import type { Transport } from "../../src/gateway/adapter.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { asked, handleOf, idIn, openSimulated, orderFor, simulatedMethods } from "./simulated-gateways.ts";

/**
 * What an adapter never sends, somebody else's client does: every request with one thing in it spoilt is answered by
 * the simulator as the gateway would answer, with a refusal or a result, and never with a fault of its own.
 */
type Sent = {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
};
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const spoilt: readonly (Json | undefined)[] = [undefined, "", "zz", "-1", 0, "9".repeat(30), null, {}, ["x"]];

/** The value with the leaf at each of its paths in turn replaced by each of the spoilt ones. */
function* eachSpoilt(value: Json): Generator<Json> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    const withThe = (other: Json | undefined): Json => {
      if (Array.isArray(value)) return value.map((each, n) => (String(n) === key ? (other ?? null) : each));
      const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      return other === undefined ? rest : { ...rest, [key]: other };
    };
    for (const other of spoilt) yield withThe(other);
    for (const deeper of eachSpoilt(child)) yield withThe(deeper);
  }
}

function* variants({ url, body, headers }: Sent): Generator<{ readonly url: string; readonly body: string }> {
  const address = new URL(url);
  for (const name of [...address.searchParams.keys()]) {
    for (const other of ["", "zz", "-1"]) {
      const changed = new URL(url);
      changed.searchParams.set(name, other);
      yield { url: changed.href, body };
    }
  }
  const rooms = address.pathname.split("/");
  for (const at of rooms.keys()) {
    if (at < 2) continue;
    yield { url: new URL(rooms.map((room, n) => (n === at ? "nobody" : room)).join("/"), url).href, body };
  }
  if (body === "") return;
  if (headers.get("content-type")?.includes("json")) {
    yield { url, body: "{" };
    yield { url, body: "[]" };
    const whole: Json = JSON.parse(body);
    for (const changed of eachSpoilt(whole)) yield { url, body: JSON.stringify(changed) };
    return;
  }
  const fields = [...new URLSearchParams(body)];
  for (const at of fields.keys()) {
    yield { url, body: new URLSearchParams(fields.filter((_, n) => n !== at)).toString() };
    for (const other of ["", "zz", "-1", "0", "9".repeat(30)]) {
      const changed = fields.map(([name, value], n): [string, string] => [name, n === at ? other : value]);
      yield { url, body: new URLSearchParams(changed).toString() };
    }
  }
}

describe.each(simulatedMethods)("%s, %s of an account in %s", (id, _type, home, from, method) => {
  test("no spoilt request brings the simulator down", async () => {
    const { simulator, over } = openSimulated(id, home);
    const sent = new Map<string, Sent>();
    const recording: Transport = async (input, init) => {
      const request = new Request(input, init);
      const { url, headers } = request;
      const room = `${request.method} ${new URL(url).pathname.replace(/[\w-]*\d[\w-]*/g, "…")}`;
      if (!sent.has(room))
        sent.set(room, { url, method: request.method, headers, body: await request.clone().text() });
      return simulator.fetch(request);
    };
    const adapter = over(recording);
    const order = orderFor(method, from);
    const paymentId = idIn(await adapter.payments.collect(order, asked())) ?? "none";
    const handle = handleOf(order, paymentId);
    await adapter.payments.lookup(handle, asked());
    await adapter.payments.lookup(handleOf(order), asked());
    await adapter.payments.checkCredentials(asked());
    const refund = { refundId: newId("refund"), gatewayPaymentId: paymentId, method: method.type };
    const part = money(1n, order.amount.currency);
    await adapter.payments.refund(
      { ...refund, amount: part, refundable: order.amount, reason: "requested_by_donor" },
      asked(),
    );
    await adapter.payments.lookupRefund({ ...refund, amount: part }, asked());
    await adapter.payments.cancel(handle, asked());
    for (const each of sent.values()) {
      for (const { url, body } of variants(each)) {
        const headers = new Headers(each.headers);
        headers.delete("content-length");
        for (const name of ["idempotency-key", "x-idempotency-key", "paypal-request-id"]) {
          if (headers.has(name)) headers.set(name, crypto.randomUUID());
        }
        const bodied = each.method === "GET" ? {} : { body };
        const answer = await simulator.fetch(new Request(url, { method: each.method, headers, ...bodied }));
        expect(answer.status, `${each.method} ${url} ${body}`).toBeLessThan(500);
      }
    }
  }, 60_000);
});
