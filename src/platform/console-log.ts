import type { Config } from "../config.ts";
import type { Clock } from "../kernel/clock.ts";
import type { Log, LogFields } from "../kernel/log.ts";
import { censored, hiddenDepth, hiddenFields } from "./redaction.ts";

/** pino's numbers, so that lines from Node and from Workers are read by the same tools. */
const ranks = { debug: 20, info: 30, warn: 40, error: 50, silent: 100 } as const;
type Level = Exclude<keyof typeof ranks, "silent">;

const hidden: ReadonlySet<string> = new Set(hiddenFields);

/** JSON lines in the shape of pino's, written with the console, which is all a Worker has. Same redaction. */
export function consoleLog(level: Config["logLevel"], clock: Clock, to: Console = console): Log {
  return lines({ least: ranks[level], clock, to }, {});
}

type Where = { readonly least: number; readonly clock: Clock; readonly to: Console };

function lines(where: Where, bound: LogFields): Log {
  const write = (level: Level) => (fields: LogFields, sentence: string) => {
    if (ranks[level] < where.least) return;
    where.to[level](
      lineOf({
        level: ranks[level],
        time: where.clock.now().getTime(),
        ...bound,
        ...redacted(fields, 1),
        msg: sentence,
      }),
    );
  };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (fields) => lines(where, { ...bound, ...redacted(fields, 1) }),
  };
}

function redacted(fields: LogFields, depth: number): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      hidden.has(name) ? censored : inside(value, depth + 1),
    ]),
  );
}

function inside(value: unknown, depth: number): unknown {
  if (depth > hiddenDepth || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => inside(item, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null ? redacted({ ...value }, depth) : value;
}

/** A line that cannot be written must not fail the work it tells of. */
function lineOf(line: LogFields): string {
  try {
    return JSON.stringify(line, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value));
  } catch {
    return JSON.stringify({ level: line.level, time: line.time, msg: line.msg, fault: "unwritable fields" });
  }
}
