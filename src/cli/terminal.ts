import type { Readable, Writable } from "node:stream";

/** Where the operator's commands run: the process's own settings and streams, or those a test brings. */
export type Terminal = {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Secrets are read from it; nothing is echoed when it is a terminal. */
  readonly input: Readable & { readonly isTTY?: boolean };
  /** Answers and nothing else, so that scripts can read them. */
  readonly output: Writable;
  /** Refusals, questions, progress and the log. */
  readonly errors: Writable & { readonly isTTY?: boolean; readonly columns?: number };
};
