import type { Database } from "../db/client.ts";
import { createBoss, deadQueue } from "./boss.ts";

export type DeadJob = {
  readonly id: string;
  /** The job that failed, by its name in the job table. */
  readonly job: string;
  readonly failedAt: Date;
  readonly fault: string;
};

/** Turns that failed every retry and nobody has looked at, oldest first. Makes the job library's tables when absent. */
export async function deadJobs(db: Database): Promise<readonly DeadJob[]> {
  const boss = createBoss(db, false);
  await boss.start();
  try {
    await boss.createQueue(deadQueue);
    const found = await boss.findJobs(deadQueue);
    return found
      .map((job) => ({
        id: job.id,
        job: job.sourceName ?? "unknown",
        failedAt: job.createdOn,
        fault: faultOf(job.output),
      }))
      .sort((a, b) => a.failedAt.getTime() - b.failedAt.getTime());
  } finally {
    await boss.stop({ graceful: false });
  }
}

/** The job library keeps what was thrown as JSON. */
function faultOf(output: unknown): string {
  if (typeof output === "object" && output !== null && "message" in output) return String(output.message);
  return output === null || output === undefined ? "no reason was kept" : JSON.stringify(output);
}
