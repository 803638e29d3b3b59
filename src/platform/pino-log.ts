import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "../config.ts";
import type { Log, LogFields } from "../kernel/log.ts";
import { censored, hiddenDepth, hiddenFields } from "./redaction.ts";

/** JSON lines through pino, secrets and donors' data cut out. `to` is for tests; Workers have `console-log.ts`. */
export function pinoLog(level: Config["logLevel"], to?: DestinationStream): Log {
  const depths = Array.from({ length: hiddenDepth }, (_, depth) => "*.".repeat(depth));
  const paths = hiddenFields.flatMap((name) => depths.map((above) => `${above}${name}`));
  const options = { level, base: null, redact: { paths, censor: censored } } as const;
  const root = to ? pino(options, to) : pino(options);
  return wrap(root, () => root);
}

type Level = "debug" | "info" | "warn" | "error";

/** A child is made with its first line: most requests write none, and binding fields costs more than skipping a line. */
function wrap(root: Logger, make: () => Logger): Log {
  let made: Logger | undefined;
  const logger = (): Logger => {
    made ??= make();
    return made;
  };
  const write = (level: Level) => (fields: LogFields, sentence: string) => {
    if (root.isLevelEnabled(level)) logger()[level](fields, sentence);
  };
  return {
    debug: write("debug"),
    info: write("info"),
    warn: write("warn"),
    error: write("error"),
    child: (fields) => wrap(root, () => logger().child(fields)),
  };
}
