import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { gateways } from "../../adapters/index.ts";
import { eachBroken, eachBrokenAnswer, formOf } from "./broken-answers.ts";
import { type CallName, callNames, liveAt } from "./lives-at-gateways.ts";
import { type Answered, denied, factsOf, madeUp, madeUpFacts, outsideTheContract } from "./promises.ts";
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
    if (about) await breakEach(call, errorBody, { id, name, about, seen });
  });
  return found;
}

type Trial = {
  readonly id: string;
  readonly name: CallName;
  readonly about: Found;
  /** The same thing in the same answer is broken once for each outcome; whether anything became of it. */
  readonly seen: Map<string, boolean>;
};

async function breakEach(call: RecordedCall, errorBody: string, trial: Trial): Promise<void> {
  const { truth, told } = call;
  const { about, name } = trial;
  about.truths.add(truth.kind);
  const own = outsideTheContract(truth);
  if (own) about.faults.push(`unbroken: ${own}`);
  if (told) await breakDelivery(call, told, trial);
  for (const [at, exchange] of call.exchanges.entries()) {
    const place = `${truth.kind} at ${at}: ${routeOf(exchange)} answers`;
    const form = `${name} ${place} ${formOf(exchange.body)}`;
    if (trial.seen.has(form)) continue;
    trial.seen.set(form, true);
    await tryEach(
      eachBrokenAnswer(exchange, errorBody),
      { ...trial, place, truth },
      {
        ask: (broken) => replay(call, at, broken),
        judge: (answer, { what, how }) => madeUp(answer, truth, what) ?? denied(answer, truth, { what, how }),
      },
    );
  }
}

/** What was posted to us, broken likewise: it may be refused or say less, and never that money moved. */
async function breakDelivery(
  { world, truth }: RecordedCall,
  { body, tell }: Told,
  trial: Trial,
): Promise<void> {
  const facts = factsOf(truth).map(({ kind }) => kind);
  const place = `${facts.join(" ")} told with`;
  const form = `${trial.name} ${place} ${formOf(body)}`;
  if (trial.seen.has(form)) return;
  trial.seen.set(form, true);
  const isJson = /^\s*[{[]/.test(body);
  const ways = eachBroken(isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body)));
  const written = (value: unknown) =>
    isJson ? JSON.stringify(value) : new URLSearchParams(Object(value)).toString();
  await tryEach(
    ways,
    { ...trial, place, truth },
    {
      ask: ({ value }) => tell(world.sound, written(value())),
      judge: (answer) => madeUpFacts(answer, truth),
    },
  );
}

/** Tries each way something can be broken, tells it whether anything became of it, and keeps what must not be. */
async function tryEach<Way extends { readonly how: string }>(
  ways: Generator<Way, void, boolean>,
  { id, name, about, seen, place, truth }: Trial & { readonly place: string; readonly truth: Answered },
  {
    ask,
    judge,
  }: {
    readonly ask: (way: Way) => Promise<Answered>;
    readonly judge: (answer: Answered, way: Way) => string | undefined;
  },
): Promise<void> {
  for (let next = ways.next(); !next.done; ) {
    const way = next.value;
    const where = `${place} ${way.how}`;
    const before = seen.get(`${name} ${where}`);
    if (before !== undefined) {
      next = ways.next(before);
      continue;
    }
    about.tried += 1;
    const answer = await ask(way).catch((error: unknown) => String(error));
    const fault = typeof answer === "string" ? answer : (outsideTheContract(answer) ?? judge(answer, way));
    if (fault && !isMeant(id, name, where)) about.faults.push(`${where}: ${fault}`);
    const matters = textOf(answer) !== textOf(truth);
    seen.set(`${name} ${where}`, matters);
    next = ways.next(matters);
  }
}

const textOf = (told: unknown): string =>
  JSON.stringify(told, (_, value) => (typeof value === "bigint" ? `${value}n` : value));

// Thousands of refusals are made here, and nobody reads where from.
const depth = Error.stackTraceLimit;
beforeAll(() => {
  Error.stackTraceLimit = 0;
});
afterAll(() => {
  Error.stackTraceLimit = depth;
});

describe.each(simulated)("%s", (id) => {
  test.each(callNames)(
    "%s: no broken answer makes it throw, or claim what is not so",
    async (name) => {
      const { faults } = (await foundAt(id)).get(name) ?? { faults: ["never looked at"] };
      if (faults.length > 0) expect.fail(`${faults.length} promises broken:\n${faults.join("\n")}`);
    },
    180_000,
  );

  test("every call it has was lived through", async () => {
    const found = await foundAt(id);
    const untried = callNames.filter((name) => found.get(name)?.tried === 0);
    expect(untried).toEqual(without[id]);
    expect([...(found.get("lookup")?.truths ?? [])]).toContain("captured");
  });
});
