import { after, hours, minutes, seconds } from "../kernel/clock.ts";

/** How long after the try before it each try is made: Standard Webhooks 1.0.0, example retry schedule (75 h 35 min). */
export const retryDelays: readonly number[] = [
  0,
  seconds(5),
  minutes(5),
  minutes(30),
  hours(2),
  hours(5),
  hours(10),
  hours(14),
  hours(20),
  hours(24),
];

/** Each delay is stretched or shortened by up to this part of itself, so that failures do not return in step. */
export const jitter = 0.1;

/** However far ahead a receiver asks us to wait, we come back after this. */
const retryAfterMost = hours(24);

/**
 * When the next try is due after `tries` tries have failed, the last at `failedAt`; `undefined` when the schedule
 * is used up. `random` is uniform in [0, 1). A receiver's `Retry-After` can only postpone, and by 24 hours at most.
 */
export function nextTryAt(
  tries: number,
  failedAt: Date,
  random: number,
  retryAfter: Date | undefined,
): Date | undefined {
  const delay = retryDelays[tries];
  if (delay === undefined) return undefined;
  const scheduled = after(failedAt, Math.round(delay * (1 - jitter + 2 * jitter * random)));
  if (retryAfter === undefined) return scheduled;
  return retryAfter > scheduled ? retryAfter : scheduled;
}

/**
 * Reads `Retry-After` (RFC 9110 §10.2.3): whole seconds or an HTTP date, kept within 24 hours of `now`.
 * `undefined` when absent, unreadable or not in the future.
 */
export function readRetryAfter(header: string | null, now: Date): Date | undefined {
  if (header === null) return undefined;
  const text = header.trim();
  const at = /^\d{1,9}$/.test(text) ? now.getTime() + Number(text) * 1000 : httpDate(text);
  if (at === undefined || at <= now.getTime()) return undefined;
  return new Date(Math.min(at, now.getTime() + retryAfterMost));
}

function httpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}
