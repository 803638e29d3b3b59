import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { days, hours, minutes, seconds } from "../../src/kernel/clock.ts";
import { jitter, nextTryAt, readRetryAfter, retryDelays } from "../../src/outbox/retry-schedule.ts";
import { type Answer, judge } from "../../src/outbox/verdict.ts";

const now = new Date("2026-03-01T12:00:00Z");
const later = (ms: number): Date => new Date(now.getTime() + ms);
const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const answered = (status: number, retryAfter: string | null = null): Answer => ({
  kind: "answered",
  status,
  retryAfter,
  excerpt: null,
});

describe("the retry schedule", () => {
  test("is the standard's: ten tries, the last a little over three days after the first", () => {
    expect(retryDelays).toHaveLength(10);
    const total = retryDelays.reduce((sum, delay) => sum + delay, 0);
    expect(total).toBe(hours(75) + minutes(35) + seconds(5));
  });

  test("each next try lies within the jitter of its delay, and after the tenth failure there is none", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), anyRandom, (tries, random) => {
        const at = nextTryAt(tries, now, random, undefined);
        const delay = retryDelays[tries] ?? Number.NaN;
        const waited = (at?.getTime() ?? Number.NaN) - now.getTime();
        expect(waited).toBeGreaterThanOrEqual(Math.floor(delay * (1 - jitter)));
        expect(waited).toBeLessThanOrEqual(Math.ceil(delay * (1 + jitter)));
      }),
    );
    expect(nextTryAt(10, now, 0.5, undefined)).toBeUndefined();
  });

  test("followed to the end under any luck it takes three days, give or take the jitter", () => {
    fc.assert(
      fc.property(fc.array(anyRandom, { minLength: 10, maxLength: 10 }), (luck) => {
        let at: Date | undefined = now;
        let last = now;
        let tries = 0;
        while (at !== undefined) {
          last = at;
          tries += 1;
          at = nextTryAt(tries, at, luck[tries - 1] ?? 0, undefined);
        }
        expect(tries).toBe(10);
        const took = last.getTime() - now.getTime();
        expect(took).toBeGreaterThan(days(2.8));
        expect(took).toBeLessThan(days(3.5));
      }),
    );
  });

  test("different luck spreads the same failure over different times", () => {
    const times = [0, 0.3, 0.6, 0.9].map((random) => nextTryAt(3, now, random, undefined)?.getTime());
    expect(new Set(times).size).toBe(4);
  });
});

describe("Retry-After", () => {
  test.each([
    ["seconds", "120", later(seconds(120))],
    ["an HTTP date", "Sun, 01 Mar 2026 13:00:00 GMT", later(hours(1))],
    ["more than a day, cut to a day", "999999", later(hours(24))],
    ["a date years ahead, cut to a day", "Fri, 01 Mar 2030 13:00:00 GMT", later(hours(24))],
    ["zero", "0", undefined],
    ["a date gone by", "Sun, 01 Mar 2026 11:00:00 GMT", undefined],
    ["nonsense", "soon", undefined],
    ["a negative number", "-5", undefined],
    ["a date that does not exist", "Sun, 99 Mar 2026 11:00:00 GMT", undefined],
    ["a fraction", "1.5", undefined],
    ["a number beyond time", "99999999999999999999", undefined],
  ])("%s", (_, header, expected) => {
    expect(readRetryAfter(header, now)).toEqual(expected);
  });

  test("absent is nothing", () => expect(readRetryAfter(null, now)).toBeUndefined());

  test("only ever postpones: a shorter wait than the schedule's is not taken up", () => {
    const scheduled = nextTryAt(5, now, 0.5, undefined);
    expect(nextTryAt(5, now, 0.5, later(1000))).toEqual(scheduled);
    expect(nextTryAt(5, now, 0.5, later(hours(20)))).toEqual(later(hours(20)));
  });
});

describe("what an answer means", () => {
  const early = { tries: 1, now, failingSince: now, random: 0.5 };

  test("200 to 299 is delivered and nothing else is", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), (status) => {
        const delivered = judge(answered(status), early).kind === "delivered";
        expect(delivered).toBe(status >= 200 && status <= 299);
      }),
    );
  });

  test.each([301, 302, 307, 308, 0])("a redirect (%i) is a failure that says so", (status) => {
    expect(judge(answered(status), early)).toMatchObject({
      kind: "failed",
      error: expect.stringContaining("redirect"),
      disable: undefined,
    });
  });

  test("410 disables at the first try and ends the delivery", () => {
    expect(judge(answered(410), early)).toMatchObject({
      kind: "failed",
      nextAt: undefined,
      disable: expect.stringContaining("410"),
    });
  });

  test.each([429, 502, 503, 504])("%i with Retry-After holds the whole endpoint until then", (status) => {
    const until = later(minutes(10));
    expect(judge(answered(status, "600"), early)).toMatchObject({ nextAt: until, holdUntil: until });
  });

  test("Retry-After on an ordinary refusal is not an overload", () => {
    expect(judge(answered(400, "600"), early)).toMatchObject({ holdUntil: undefined });
  });

  test("the tenth failure is the end, but does not end an endpoint that answered yesterday", () => {
    const verdict = judge(answered(500), { ...early, tries: 10, failingSince: later(-days(1)) });
    expect(verdict).toMatchObject({ nextAt: undefined, disable: undefined });
  });

  test("a dead delivery with nothing delivered for three days disables the endpoint", () => {
    const verdict = judge(answered(500), { ...early, tries: 10, failingSince: later(-days(3.2)) });
    expect(verdict).toMatchObject({ nextAt: undefined, disable: expect.stringContaining("three days") });
  });

  test("failing for five days disables the endpoint before the tries run out", () => {
    const unreachable: Answer = { kind: "unreachable", error: "connection refused" };
    const verdict = judge(unreachable, { ...early, tries: 6, failingSince: later(-days(5)) });
    expect(verdict).toMatchObject({
      error: "connection refused",
      disable: expect.stringContaining("five days"),
    });
  });

  test("a blip never disables, even when the failure before it was last month's", () => {
    const verdict = judge(answered(500), { ...early, tries: 1, failingSince: later(-days(30)) });
    expect(verdict).toMatchObject({ disable: undefined, nextAt: expect.any(Date) });
  });
});
