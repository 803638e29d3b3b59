import { z } from "zod";
import { deadJobs } from "../../jobs/dead-jobs.ts";
import { ok } from "../../kernel/result.ts";
import { type Group, performed } from "../perform.ts";

/** `jobs dead`: turns of background work that failed every retry. Their work is still in the tables. */
export function jobsDead(group: Group): void {
  performed(group, {
    name: "dead",
    about: "List background jobs that failed every retry, with why",
    options: z.object({}),
    example: "--json",
    async perform({ db }) {
      const dead = await deadJobs(db);
      return ok({
        json: {
          data: dead.map(({ id, job, failedAt, fault }) => ({
            id,
            job,
            failed_at: failedAt.toISOString(),
            fault,
          })),
        },
        lines:
          dead.length === 0
            ? ["None."]
            : [
                ...dead.map(
                  ({ id, job, failedAt, fault }) => `${id}  ${job}  ${failedAt.toISOString()}  ${fault}`,
                ),
                "",
                "No work is lost: a job's next turn takes everything that is due.",
              ],
      });
    },
  });
}
