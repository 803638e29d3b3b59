import type { Context } from "hono";
import type { Principal } from "../access/principal.ts";
import type { Deps } from "../deps.ts";
import type { Log } from "../kernel/log.ts";
import type { Problem } from "../kernel/problem.ts";
import type { Result } from "../kernel/result.ts";

/** What the middleware puts on a request. Nothing below `http/` sees it. */
export type HonoEnv = {
  Variables: {
    requestId: string;
    traceId: string;
    log: Log;
    deps: Deps;
    /** Set by `requires(scope)`. */
    principal: Principal;
  };
};

export type Ctx = Context<HonoEnv>;

/** Carries a problem from a handler to `onError`, the one place that renders it. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** The value, or the problem thrown to the edge. */
export function unwrap<T>(result: Result<T, Problem>): T {
  if (result.ok) return result.value;
  throw new ProblemError(result.error);
}

/** Refuses with a problem. */
export function refuse(problem: Problem): never {
  throw new ProblemError(problem);
}
