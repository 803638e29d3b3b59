import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fixedClock } from "../../src/kernel/clock.ts";
import type { Log } from "../../src/kernel/log.ts";
import { consoleLog } from "../../src/platform/console-log.ts";
import { pinoLog } from "../../src/platform/pino-log.ts";
import { hiddenFields } from "../../src/platform/redaction.ts";

const clock = fixedClock("2026-11-20T12:00:00Z");

/** What each of the two writes, without the time, which is each one's own. */
function written(tell: (log: Log) => void): { pino: unknown[]; workers: unknown[] } {
  const pino: unknown[] = [];
  const workers: unknown[] = [];
  const keep = (lines: unknown[]) => (text: string) => {
    const { time: _, ...line } = JSON.parse(text);
    lines.push(line);
  };
  tell(pinoLog("info", { write: keep(pino) }));
  const write = keep(workers);
  tell(consoleLog("info", clock, { ...console, debug: write, info: write, warn: write, error: write }));
  return { pino, workers };
}

const names = fc.constantFrom(...hiddenFields, "donation", "gateway", "a", "deep");
const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
const recordOf = <T>(value: fc.Arbitrary<T>) => fc.dictionary(names, value, { noNullPrototype: true });
const fields = recordOf(fc.oneof(leaf, recordOf(fc.oneof(leaf, recordOf(leaf)))));

describe("a Worker's log", () => {
  test("writes the line Node would have written, whatever the fields and their depth", () => {
    fc.assert(
      fc.property(fields, fields, (bound, given) => {
        const { pino, workers } = written((log) => log.child(bound).warn(given, "something happened"));
        expect(workers).toEqual(pino);
      }),
    );
  });

  test.each(hiddenFields)("never shows the value of %s", (name) => {
    const secret = "s3cret-value";
    const { workers } = written((log) => {
      log
        .child({ [name]: secret })
        .info({ [name]: secret, a: { [name]: secret, b: { [name]: secret } } }, "told");
      log.error({ list: [{ [name]: secret }] }, "told");
    });
    expect(workers).toHaveLength(2);
    expect(JSON.stringify(workers)).not.toContain(secret);
  });

  test("is silent below its level", () => {
    expect(written((log) => log.debug({}, "detail")).workers).toEqual([]);
  });

  test("survives fields that JSON has no word for", () => {
    const ring: Record<string, unknown> = {};
    ring.again = { ring };
    const lines: unknown[] = [];
    const log = consoleLog("info", clock, {
      ...console,
      info: (text: string) => lines.push(JSON.parse(text)),
    });
    log.info({ amount: 12n }, "counted");
    log.info({ ring }, "circled");
    expect(lines).toMatchObject([{ amount: "12", msg: "counted" }, { msg: "circled" }]);
  });
});
