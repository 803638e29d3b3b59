import { declineReasons } from "../../src/gateway/payment.ts";
import type { Broken } from "./broken-answers.ts";

/** An answer of any call of the contract, as far as the promises look at it. */
export type Answered = { readonly kind: string; readonly [field: string]: unknown };

const reasons: ReadonlySet<string> = new Set(declineReasons);
const refusals = new Set([
  "invalid_request",
  "authentication",
  "account_problem",
  "rate_limited",
  "unsupported",
]);
const causes = new Set([
  "connection_refused",
  "dns",
  "timeout",
  "connection_lost",
  "gateway_error",
  "unreadable_answer",
]);

/** Where an answer says what no answer may say; `undefined`: nowhere. */
export function outsideTheContract(answer: Answered): string | undefined {
  const unfit = unfitValue(answer, "");
  if (unfit) return unfit;
  const { kind } = answer;
  if (kind === "declined" && !reasons.has(textIn(answer.decline, "reason")))
    return "a decline without a reason";
  if (kind === "refused" && !refusals.has(textIn(answer.problem, "reason")))
    return "a refusal without a reason";
  if ((kind === "in_doubt" || kind === "not_sent") && !causes.has(String(answer.cause))) {
    return `${kind} because of ${String(answer.cause)}`;
  }
  return kind === "captured" && minorOf(answer) <= 0n ? "captured, and no money" : undefined;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
const textIn = (value: unknown, name: string): string => String(fieldOf(value, name));

function minorOf(answer: Answered): bigint {
  const minor = fieldOf(answer.amount, "minor");
  return typeof minor === "bigint" ? minor : 0n;
}

/** A date that is none or a number that is none would fail later, in the database. */
function unfitValue(value: unknown, path: string): string | undefined {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? `${path} is no date` : undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${path} is no number`;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const unfit = unfitValue(child, `${path}.${key}`);
    if (unfit) return unfit;
  }
  return undefined;
}

/** What says that money is where it is, or that a thing is over for good; those of one line mean the same to a gift. */
const ends: readonly (readonly string[])[] = [
  ["captured"],
  ["succeeded"],
  ["declined", "voided"],
  ["ended"],
  ["failed"],
  ["active"],
];
const endOf = (kind: string): readonly string[] | undefined => ends.find((same) => same.includes(kind));

/**
 * Where the answer to something broken claims more than the truth: an end that has not come, money that is not there.
 * In doubt, waiting, or what it truly is may always be said.
 */
export function madeUp(told: Answered, truth: Answered, what: Broken["what"]): string | undefined {
  if (what === "fewer") return undefined;
  const end = endOf(told.kind);
  // After a refusal the thing itself is read, and a refund may be through by then.
  const moved = what === "fault" && told.kind === "succeeded" && truth.kind === "processing";
  if (end && !end.includes(truth.kind) && !moved) return `${told.kind}, and it is ${truth.kind}`;
  if (told.kind === "captured" && minorOf(told) !== minorOf(truth)) {
    return `${minorOf(told)} captured, and it is ${minorOf(truth)}`;
  }
  return undefined;
}

/** Where one of the facts read from a spoilt delivery claims more than any fact of the sound one. */
export function madeUpFacts(told: Answered, truth: Answered): string | undefined {
  const known = factsOf(truth);
  for (const fact of factsOf(told)) {
    const unfit = outsideTheContract(fact);
    if (unfit) return unfit;
    const isSo = known.some((each) => madeUp(fact, each, "field") === undefined);
    if (!isSo && endOf(fact.kind)) return `${fact.kind} ${minorOf(fact)}, of which nothing was said`;
  }
  return undefined;
}

/** What each event says became of something: an outcome, or its own status. */
export function factsOf(told: Answered): readonly Answered[] {
  const events: readonly unknown[] = Array.isArray(told.events) ? told.events : [];
  return events.map((event) => {
    const outcome = fieldOf(event, "outcome");
    const kind = outcome === undefined ? textIn(event, "status") : textIn(outcome, "kind");
    return { ...Object(outcome ?? event), kind };
  });
}

/** An answer that says nothing proves no absence, and that nothing has been sent least of all. */
export function denied(
  told: Answered,
  truth: Answered,
  { what, how }: Pick<Broken, "what" | "how">,
): string | undefined {
  const provesNothing = what === "nonsense" || (what === "fault" && !how.startsWith("404"));
  return provesNothing && told.kind === "never_seen" && truth.kind !== "never_seen"
    ? `never seen, and it is ${truth.kind}`
    : undefined;
}
