import { type DestinationStream, type Logger, pino } from "pino";
import type { Config } from "../config.ts";
import type { Log } from "../kernel/log.ts";

/** Names whose values never reach a log line, at any of the first three depths. */
const hidden = [
  "authorization",
  "cookie",
  "password",
  "secret",
  "secret_key",
  "credentials",
  "token",
  "client_token",
  "clientToken",
  "email",
  "phone",
  "tax_id",
  "taxId",
  "note",
  "donor",
];

/** JSON lines through pino, secrets and donors' data cut out. `to` is for tests and for Workers. */
export function pinoLog(level: Config["logLevel"], to?: DestinationStream): Log {
  const paths = hidden.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
  const options = { level, base: null, redact: { paths, censor: "[redacted]" } } as const;
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
