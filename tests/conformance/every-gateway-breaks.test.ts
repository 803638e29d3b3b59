import { describe, expect, test } from "vitest";
import { gateways } from "../../adapters/index.ts";
import { eachBroken, eachBrokenAnswer } from "./broken-answers.ts";
import { type CallName, callNames, liveAt } from "./lives-at-gateways.ts";
import { denied, factsOf, madeUp, madeUpFacts, outsideTheContract } from "./promises.ts";
import { type RecordedCall, replay, routeOf, type Told } from "./recorded-calls.ts";

/**
 * What every adapter promises of answers that are not what they should be. Gifts live through all that can happen to
 * them at a simulator, and after each call of the contract its answers are given once more with one thing in them
 * broken: never a throw, never money that is not there, never an end that has not come.
 */
type Found = {
  /** How many broken answers were given. */
  tried: number;
  /** Each kind of answer the sound calls had. */
  readonly truths: Set<string>;
  readonly faults: string[];
};

/** The calls that a gateway does not have. */
const without: Readonly<Record<string, readonly CallName[]>> = {
  stripe: ["capture", "withdrawal", "banks"],
  mercadopago: ["capture", "mandate", "lookup of a mandate", "charge", "withdrawal", "end of a mandate"],
  paypal: ["withdrawal", "banks"],
  pix: ["capture", "banks"],
  btcpay: [
    "capture",
    "mandate",
    "lookup of a mandate",
    "charge",
    "withdrawal",
    "end of a mandate",
    "settlements",
    "banks",
  ],
  epayco: [
    "capture",
    "refund",
    "lookup of a refund",
    "mandate",
    "lookup of a mandate",
    "charge",
    "withdrawal",
    "end of a mandate",
    "settlements",
    "banks",
  ],
};

/** What is no broken answer but one that says this very thing, by gateway, call and what was done. */
const meant: readonly (readonly [gateway: string, call: CallName, how: RegExp, why: string])[] = [
  [
    "stripe",
    "mandate",
    /payment_method\.customer/,
    "kept for nobody, it is detached: nobody can be charged by it",
  ],
  ["stripe", "lookup of a mandate", /payment_method(\.customer)? /, "detached, or told by its id alone"],
  ["stripe", "charge", /\.customer /, "the same of the instrument itself"],
  ["paypal", "lookup of a mandate", /vault\/setup-tokens.* 404/, "a setup token lives for three days"],
];

const isMeant = (id: string, name: CallName, place: string): boolean =>
  meant.some(([gateway, call, how]) => gateway === id && call === name && how.test(place));

const simulated = [...gateways].filter(([, { simulate }]) => simulate).map(([id]) => id);
const gone = new Map<string, Promise<ReadonlyMap<CallName, Found>>>();

/** Every broken answer of one gateway, tried once for all the tests that look at them. */
function foundAt(id: string): Promise<ReadonlyMap<CallName, Found>> {
  const found = gone.get(id) ?? breakAll(id);
  gone.set(id, found);
  return found;
}

async function breakAll(id: string): Promise<ReadonlyMap<CallName, Found>> {
  const found = new Map(
    callNames.map((name): [CallName, Found] => [name, { tried: 0, truths: new Set(), faults: [] }]),
  );
  const seen = new Map<string, boolean>();
  let errorBody = "{}";
  await liveAt(id, async (name, call) => {
    // Any refusal will do, but a bank's: that one is an answer, and means what it says.
    const refusal = call.exchanges.find(
      ({ status, body }) => status >= 400 && status !== 402 && body.startsWith("{"),
    );
    errorBody = refusal?.body ?? errorBody;
    const about = found.get(name);
    if (about) await breakEach(name, call, { id, about, seen, errorBody });
  });
  return found;
}

type Trial = {
  readonly id: string;
  readonly about: Found;
  /** The same thing in the same answer is broken once for each outcome; whether anything became of it. */
  readonly seen: Map<string, boolean>;
  readonly errorBody: string;
};

async function breakEach(
  name: CallName,
  call: RecordedCall,
  { id, about, seen, errorBody }: Trial,
): Promise<void> {
  const { truth } = call;
  about.truths.add(truth.kind);
  const own = outsideTheContract(truth);
  if (own) about.faults.push(`unbroken: ${own}`);
  if (call.told) await breakDelivery(name, call, call.told, { about, seen });
  for (const [at, exchange] of call.exchanges.entries()) {
    const ways = eachBrokenAnswer(exchange, errorBody);
    for (let next = ways.next(); !next.done; ) {
      const { how, what } = next.value;
      const place = `${truth.kind} at ${at}: ${routeOf(exchange)} answers ${how}`;
      const before = seen.get(`${name} ${place}`);
      if (before === undefined) {
        about.tried += 1;
        const told = await replay(call, at, next.value).catch((error: unknown) => String(error));
        const fault =
          typeof told === "string"
            ? told
            : (outsideTheContract(told) ?? madeUp(told, truth, what) ?? denied(told, truth, { what, how }));
        if (fault && !isMeant(id, name, place)) about.faults.push(`${place}: ${fault}`);
        seen.set(`${name} ${place}`, textOf(told) !== textOf(truth));
      }
      next = ways.next(before ?? seen.get(`${name} ${place}`) ?? true);
    }
  }
}

/** What was posted to us, broken likewise: it may be refused or say less, and never that money moved. */
async function breakDelivery(
  name: CallName,
  { world, truth }: RecordedCall,
  { body, tell }: Told,
  { about, seen }: Pick<Trial, "about" | "seen">,
): Promise<void> {
  const isJson = /^\s*[{[]/.test(body);
  const ways = eachBroken(isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body)));
  const what = factsOf(truth)
    .map(({ kind }) => kind)
    .join(" ");
  for (let next = ways.next(); !next.done; ) {
    const { how, value } = next.value;
    const place = `${what} told with ${how}`;
    const before = seen.get(`${name} ${place}`);
    if (before === undefined) {
      about.tried += 1;
      const text = isJson ? JSON.stringify(value) : new URLSearchParams(Object(value)).toString();
      const told = await tell(world.sound, text).catch((error: unknown) => String(error));
      const fault = typeof told === "string" ? told : (outsideTheContract(told) ?? madeUpFacts(told, truth));
      if (fault) about.faults.push(`${place}: ${fault}`);
      seen.set(`${name} ${place}`, textOf(told) !== textOf(truth));
    }
    next = ways.next(before ?? seen.get(`${name} ${place}`) ?? true);
  }
}

const textOf = (told: unknown): string =>
  JSON.stringify(told, (_, value) => (typeof value === "bigint" ? `${value}n` : value));

describe.each(simulated)("%s", (id) => {
  test.each(callNames)(
    "%s: no broken answer makes it throw, or claim what is not so",
    async (name) => {
      const { faults } = (await foundAt(id)).get(name) ?? { faults: ["never looked at"] };
      if (faults.length > 0) expect.fail(`${faults.length} promises broken:\n${faults.join("\n")}`);
    },
    60_000,
  );

  test("every call it has was lived through", async () => {
    const found = await foundAt(id);
    const untried = callNames.filter((name) => found.get(name)?.tried === 0);
    expect(untried).toEqual(without[id]);
    expect([...(found.get("lookup")?.truths ?? [])]).toContain("captured");
  });
});
