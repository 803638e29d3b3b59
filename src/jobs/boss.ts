import { PgBoss } from "pg-boss";
import type { Database } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import type { Job } from "./job-table.ts";
import { isUnderWay, runJob } from "./run-job.ts";

/** Where jobs go that failed every retry: kept until a person has looked. */
export const deadQueue = "dead-jobs";

/** Made on our own connection, so that it needs nothing a pooler cannot carry. `clockwork`: it also keeps the cron. */
export function createBoss(db: Database, clockwork: boolean): PgBoss {
  return new PgBoss({
    db: { executeSql: async (text, values) => ({ rows: [...(await db.statement(text, values ?? []))] }) },
    schedule: clockwork,
    supervise: clockwork,
    cronMonitorIntervalSeconds: 30,
  });
}

/** Makes the queues; safe to repeat. */
async function prepareQueues(boss: PgBoss, jobs: readonly Job[]): Promise<void> {
  await boss.createQueue(deadQueue);
  for (const job of jobs) {
    // `short`: at most one waiting; a turn takes everything due, so a second would find nothing.
    await boss.createQueue(job.name, {
      policy: "short",
      retryLimit: 3,
      retryDelay: 5,
      retryBackoff: true,
      expireInSeconds: 300,
      deleteAfterSeconds: 24 * 3600,
      deadLetter: deadQueue,
    });
  }
}

export type JobLoop = { stop(): Promise<void> };

/** The Node loop: pg-boss starts each job by its cron, retries it, and keeps what never succeeded. */
export async function startJobLoop(
  deps: Pick<Deps, "db" | "log" | "metrics">,
  jobs: readonly Job[],
): Promise<JobLoop> {
  const boss = createBoss(deps.db, true);
  const stopping = new AbortController();
  boss.on("error", (error) => deps.log.error({ fault: error.message }, "the job library reported an error"));
  await boss.start();
  await prepareQueues(boss, jobs);
  for (const job of jobs) {
    await boss.schedule(job.name, job.cron);
    await boss.work(job.name, { pollingIntervalSeconds: 2 }, async () => {
      // What a ring has started takes this minute's work too; waiting for it would only run out of the job's time.
      if (!isUnderWay(job)) await runJob(deps, job, stopping.signal);
    });
  }
  return {
    stop: async () => {
      stopping.abort();
      await boss.stop({ graceful: true, timeout: 5_000 });
    },
  };
}
