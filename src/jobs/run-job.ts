import type { Deps } from "../deps.ts";
import type { Job } from "./job-table.ts";

type Parts = Pick<Deps, "log" | "metrics">;

/** Runs under way or waiting in this process: two of one job at once would look at the same work twice. */
const underWay = new WeakMap<Job, Promise<unknown>>();

/** Whether this process is at the job: it goes on until nothing is left, or nearly so. */
export const isUnderWay = (job: Job): boolean => underWay.has(job);

/**
 * Runs one job to the end of its work, bounded by `turnsMost`, counting and logging what came of it; after what is under
 * way of it in this process.
 */
export async function runJob(deps: Parts, job: Job, signal: AbortSignal, turnsMost = 100): Promise<number> {
  const before = underWay.get(job);
  const turns = () => takeTurns(deps, job, signal, turnsMost);
  const run = before ? before.then(turns, turns) : turns();
  underWay.set(job, run);
  try {
    return await run;
  } finally {
    if (underWay.get(job) === run) underWay.delete(job);
  }
}

async function takeTurns(deps: Parts, job: Job, signal: AbortSignal, turnsMost: number): Promise<number> {
  let done = 0;
  try {
    for (let turns = 0; turns < turnsMost && !signal.aborted; turns++) {
      const result = await job.run(signal);
      done += result.done;
      if (!result.more) break;
    }
    deps.metrics.count("ofrenda_jobs_total", { job: job.name, result: "done" });
    return done;
  } catch (error) {
    deps.metrics.count("ofrenda_jobs_total", { job: job.name, result: "failed" });
    deps.log.error(
      { job: job.name, fault: error instanceof Error ? error.message : "unknown" },
      "job failed",
    );
    throw error;
  }
}
