/** A structured log line: a short constant sentence and its fields. Never put a secret or donor's data in it. */
export type Log = {
  debug(fields: LogFields, sentence: string): void;
  info(fields: LogFields, sentence: string): void;
  warn(fields: LogFields, sentence: string): void;
  error(fields: LogFields, sentence: string): void;
  child(fields: LogFields): Log;
};

export type LogFields = Readonly<Record<string, unknown>>;

export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
};
