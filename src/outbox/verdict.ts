import { days } from "../kernel/clock.ts";
import { nextTryAt, readRetryAfter } from "./retry-schedule.ts";

/** What came back from one try. */
export type Answer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly retryAfter: string | null;
      /** The beginning of what a refusing receiver said, as plain text. */
      readonly excerpt: string | null;
    }
  /** No answer: the sentence says why. */
  | { readonly kind: "unreachable"; readonly error: string };

export type Verdict =
  | { readonly kind: "delivered" }
  | {
      readonly kind: "failed";
      /** Shown in the delivery log; `null` where the HTTP status says it all. */
      readonly error: string | null;
      /** `undefined`: no try is left, the delivery is dead. */
      readonly nextAt: Date | undefined;
      /** The receiver is overloaded and named a time: leave the whole endpoint alone until then. */
      readonly holdUntil: Date | undefined;
      /** Why the endpoint must be disabled, if it must. */
      readonly disable: string | undefined;
    };

export type Circumstances = {
  /** Tries made, this one included. */
  readonly tries: number;
  readonly now: Date;
  /** Since when no delivery to this endpoint has succeeded, this failure included. */
  readonly failingSince: Date;
  /** Uniform in [0, 1). */
  readonly random: number;
};

/** Statuses with which a server says that it is overloaded (Standard Webhooks 1.0.0, delivery success and failure). */
const overloaded: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export const isDelivered = (answer: Answer): boolean =>
  answer.kind === "answered" && answer.status >= 200 && answer.status <= 299;

/** Decides what a try's answer means: only 2xx is delivered, 410 ends the endpoint, everything else is a failure. */
export function judge(answer: Answer, circumstances: Circumstances): Verdict {
  if (isDelivered(answer)) return { kind: "delivered" };
  const { tries, now, random } = circumstances;
  const throttled = answer.kind === "answered" && overloaded.has(answer.status);
  const retryAfter = throttled ? readRetryAfter(answer.retryAfter, now) : undefined;
  const nextAt = nextTryAt(tries, now, random, retryAfter);
  const disable = disableReason(answer, nextAt === undefined, circumstances);
  return {
    kind: "failed",
    error: errorOf(answer),
    nextAt: disable === undefined ? nextAt : undefined,
    holdUntil: retryAfter,
    disable,
  };
}

function errorOf(answer: Answer): string | null {
  if (answer.kind === "unreachable") return answer.error;
  if (answer.status < 200 || (answer.status >= 300 && answer.status <= 399)) {
    return "redirected: redirects are not followed, set the endpoint's address to where it leads";
  }
  return answer.status === 410 ? "gone: the endpoint asked us to stop" : null;
}

/** A try that fails early in its schedule may be a blip, so it never ends an endpoint by itself. */
const blipTries = 4;

function disableReason(answer: Answer, dead: boolean, c: Circumstances): string | undefined {
  if (answer.kind === "answered" && answer.status === 410) return "the endpoint answered 410 Gone";
  const failingMs = c.now.getTime() - c.failingSince.getTime();
  if (failingMs >= days(5) && (dead || c.tries > blipTries)) return "no delivery succeeded for five days";
  if (failingMs >= days(3) && dead) return "no delivery succeeded for three days, and one ran out of tries";
  return undefined;
}
