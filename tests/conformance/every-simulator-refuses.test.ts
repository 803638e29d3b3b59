import { describe, expect, test } from "vitest";
import { gateways } from "../../adapters/index.ts";
import type { Exchange } from "./broken-answers.ts";
import { liveAt } from "./lives-at-gateways.ts";
import { routeOf, type World } from "./recorded-calls.ts";

/**
 * What an adapter never sends, somebody else's client does: every request with one thing in it spoilt is answered by
 * the simulator as the gateway would answer, with a refusal or a result, and never with a fault of its own.
 */
type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Spoilt = { readonly where: string; readonly url: string; readonly body: string };

/** Every way a field is spoilt the first time it is met; the first few each time it is met in another call. */
const spoilt: readonly (Json | undefined)[] = [undefined, "zz", "-1", "", 0, "9".repeat(30), null, {}, ["x"]];
const again = 3;

/** The value with the leaf at each of its paths in turn replaced by each of the spoilt ones. */
function* eachSpoilt(value: Json, path = ""): Generator<{ readonly where: string; readonly value: Json }> {
  if (typeof value !== "object" || value === null) return;
  for (const [key, child] of Object.entries(value)) {
    const where = `${path}.${key}`;
    const withThe = (other: Json | undefined): Json => {
      if (Array.isArray(value)) return value.map((each, n) => (String(n) === key ? (other ?? null) : each));
      const rest = Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
      return other === undefined ? rest : { ...rest, [key]: other };
    };
    for (const other of spoilt) yield { where, value: withThe(other) };
    for (const deeper of eachSpoilt(child, where))
      yield { where: deeper.where, value: withThe(deeper.value) };
  }
}

function* variants({ url, sent: { body, headers } }: Exchange): Generator<Spoilt> {
  for (const name of [...url.searchParams.keys()]) {
    for (const other of ["", "zz", "-1"]) {
      const changed = new URL(url);
      changed.searchParams.set(name, other);
      yield { where: `?${name}`, url: changed.href, body };
    }
  }
  const rooms = url.pathname.split("/");
  for (const at of rooms.keys()) {
    if (at < 2) continue;
    const elsewhere = rooms.map((room, n) => (n === at ? "nobody" : room)).join("/");
    yield { where: `/${at}`, url: new URL(elsewhere, url).href, body };
  }
  if (body === "") return;
  if (headers.get("content-type")?.includes("json")) {
    yield { where: "cut", url: url.href, body: "{" };
    yield { where: "list", url: url.href, body: "[]" };
    for (const { where, value } of eachSpoilt(JSON.parse(body))) {
      yield { where, url: url.href, body: JSON.stringify(value) };
    }
    return;
  }
  const fields = [...new URLSearchParams(body)];
  for (const [at, [where]] of fields.entries()) {
    yield { where, url: url.href, body: new URLSearchParams(fields.filter((_, n) => n !== at)).toString() };
    for (const other of ["zz", "-1", "", "0", "9".repeat(30)]) {
      const changed = fields.map(([name, value], n): [string, string] => [name, n === at ? other : value]);
      yield { where, url: url.href, body: new URLSearchParams(changed).toString() };
    }
  }
}

const keys = ["idempotency-key", "x-idempotency-key", "paypal-request-id"];

/** Sends each spoilt form of the request, as often as its field has not been met yet; tells every fault. */
async function spoil(
  { simulator }: World,
  exchange: Exchange,
  met: Map<string, number>,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const here = new Map<string, number>();
  for (const { where, url, body } of variants(exchange)) {
    const field = `${routeOf(exchange)} ${where}`;
    const times = (here.get(field) ?? 0) + 1;
    here.set(field, times);
    const before = met.get(field) ?? 0;
    if (before > 12 || (before > 0 && times > again)) continue;
    const headers = new Headers(exchange.sent.headers);
    headers.delete("content-length");
    for (const name of keys) if (headers.has(name)) headers.set(name, crypto.randomUUID());
    const bodied = exchange.method === "GET" ? {} : { body };
    const asked = new Request(url, { method: exchange.method, headers, ...bodied });
    const status = await simulator.fetch(asked).then(
      (answer) => answer.status,
      (error: unknown) => String(error),
    );
    if (typeof status === "string" || status >= 500)
      faults.push(`${exchange.method} ${url} ${body}: ${status}`);
  }
  for (const field of here.keys()) met.set(field, (met.get(field) ?? 0) + 1);
  return faults;
}

/** What somebody may type into a field of the desk. */
const typed = ["", "0", "-1", "zz", "9".repeat(30)];

/** Presses every button the desk has ever had on a payment, sensibly or not. */
async function pressAll({ simulator }: World, actions: ReadonlySet<string>): Promise<readonly string[]> {
  const faults: string[] = [];
  const states = new Set<string>();
  const payments = (await simulator.desk.payments()).filter(({ method, status, actions: has }) => {
    const state = `${method} ${status} ${has.map(({ id }) => id).join(" ")}`;
    return !states.has(state) && states.add(state).size <= 40;
  });
  for (const payment of [...payments.map(({ id }) => id), "nobody"]) {
    for (const action of [...actions, "nothing"]) {
      for (const text of typed) {
        const fields = { amount: text, choice: text };
        const done = await simulator.desk
          .play({ payment, action, fields })
          .catch((error: unknown) => String(error));
        if (typeof done === "string") faults.push(`${action} of ${payment} with "${text}": ${done}`);
        else if (!done.ok && done.error.trim() === "")
          faults.push(`${action} of ${payment}: refused without a word`);
      }
    }
  }
  return faults;
}

const simulated = [...gateways].filter(([, { simulate }]) => simulate).map(([id]) => id);

describe.each(simulated)("%s", (id) => {
  test("no spoilt request brings the simulator down, and no button of its desk", async () => {
    const faults: string[] = [];
    const met = new Map<string, number>();
    const actions = new Set<string>();
    const worlds = new Set<World>();
    await liveAt(id, async (_, { world, exchanges }) => {
      for (const exchange of exchanges) faults.push(...(await spoil(world, exchange, met)));
      if (worlds.has(world)) return;
      worlds.add(world);
    });
    for (const { simulator } of worlds) {
      for (const payment of await simulator.desk.payments())
        for (const { id: button } of payment.actions) actions.add(button);
    }
    for (const world of worlds) faults.push(...(await pressAll(world, actions)));
    if (faults.length > 0) expect.fail(`${faults.length} faults:\n${faults.join("\n")}`);
  }, 120_000);
});
