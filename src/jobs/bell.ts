import type { Deps, Doorbell } from "../deps.ts";
import type { Job } from "./job-table.ts";
import { runJob } from "./run-job.ts";

/** A doorbell that starts work in this process at once, and can be waited on to fall silent. */
export type LocalBell = Doorbell & {
  bind(deps: Pick<Deps, "log" | "metrics">, jobs: readonly Job[]): void;
  /** Resolves when no rung work is under way. */
  quiet(): Promise<void>;
  stop(): Promise<void>;
};

/**
 * Each job runs once at a time in a process; rings while it runs make it run once more. Failures are left to the
 * job loop's own clock: the work is still in the tables.
 */
export function localBell(): LocalBell {
  const stopping = new AbortController();
  const running = new Map<Job, Promise<void>>();
  const again = new Set<Job>();
  let bound: { deps: Pick<Deps, "log" | "metrics">; jobs: readonly Job[] } | undefined;

  const start = (job: Job, deps: Pick<Deps, "log" | "metrics">): void => {
    if (running.has(job)) {
      again.add(job);
      return;
    }
    const run = runJob(deps, job, stopping.signal)
      .catch(() => 0)
      .then(() => {
        running.delete(job);
        if (again.delete(job) && !stopping.signal.aborted) start(job, deps);
      });
    running.set(job, run);
  };

  return {
    bind: (deps, jobs) => {
      bound = { deps, jobs };
    },
    ring: (work) => {
      if (!bound || stopping.signal.aborted) return;
      for (const job of bound.jobs) if (job.bell === work) start(job, bound.deps);
    },
    quiet: async () => {
      while (running.size > 0) await Promise.all(running.values());
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running.values());
    },
  };
}
