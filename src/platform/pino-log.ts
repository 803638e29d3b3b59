import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "../config.ts";
import type { Log } from "../kernel/log.ts";
import { censored, hiddenDepth, hiddenFields } from "./redaction.ts";

/** JSON lines through pino, secrets and donors' data cut out. `to` is for tests; Workers have `console-log.ts`. */
export function pinoLog(level: Config["logLevel"], to?: DestinationStream): Log {
  const depths = Array.from({ length: hiddenDepth }, (_, depth) => "*.".repeat(depth));
  const paths = hiddenFields.flatMap((name) => depths.map((above) => `${above}${name}`));
  const options = { level, base: null, redact: { paths, censor: censored } } as const;
  return wrap(to ? pino(options, to) : pino(options));
}

function wrap(logger: Logger): Log {
  return {
    debug: (fields, sentence) => logger.debug(fields, sentence),
    info: (fields, sentence) => logger.info(fields, sentence),
    warn: (fields, sentence) => logger.warn(fields, sentence),
    error: (fields, sentence) => logger.error(fields, sentence),
    child: (fields) => wrap(logger.child(fields)),
  };
}
