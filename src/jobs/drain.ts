import type { Deps } from "../deps.ts";
import type { Job } from "./job-table.ts";
import { runJob } from "./run-job.ts";

/** Most turns of one job in one pass; the next minute, or the next ring, takes what is left. */
const turnsMost = 5;

/**
 * One bounded pass over `jobs`, for Workers' `scheduled` and `queue`: nothing keeps running afterwards. A job that
 * fails is logged and counted and does not hold up the others; its work is still in the tables. Answers how much
 * was done.
 */
export async function drainJobs(
  deps: Pick<Deps, "log" | "metrics">,
  jobs: readonly Job[],
  signal: AbortSignal,
): Promise<number> {
  let done = 0;
  for (const job of jobs) {
    if (signal.aborted) break;
    done += await runJob(deps, job, signal, turnsMost).catch(() => 0);
  }
  return done;
}
