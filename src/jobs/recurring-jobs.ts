import type { Deps } from "../deps.ts";
import { followDue } from "../outbox/follow.ts";
import { type Bulkhead, bulkhead } from "../recurring/bulkhead.ts";
import { collectDue } from "../recurring/collect-due.ts";
import { sendNotices } from "../recurring/notices.ts";
import { openDue } from "../recurring/open-occurrences.ts";
import { settle } from "../recurring/settle-occurrence.ts";
import type { Job } from "./job-table.ts";

const turn = {
  open: 500,
  collect: { limit: 400, lanes: 32, eachChurch: 24 },
  settle: 200,
  notices: 500,
} as const;

/** So many requests of recurring gifts at one gateway account at once. */
const perAccount = 16;

/** The collection of recurring gifts, in the order in which work passes through it. */
export function recurringJobs(deps: Deps): readonly Job[] {
  const accounts: Bulkhead = bulkhead(deps.clock, perAccount);
  return [
    {
      name: "open-occurrences",
      cron: "* * * * *",
      run: async (signal) => {
        const { opened, looked } = await openDue(deps, { limit: turn.open, signal });
        if (opened > 0) deps.doorbell.ring("recurring");
        return { done: opened, more: looked >= turn.open };
      },
    },
    {
      name: "collect-occurrences",
      cron: "* * * * *",
      bell: "recurring",
      run: async (signal) => {
        const done = await collectDue(deps, accounts, { ...turn.collect, signal });
        return { done, more: done >= turn.collect.limit };
      },
    },
    {
      name: "settle-occurrences",
      cron: "* * * * *",
      bell: "recurring",
      run: async (signal) => {
        const { acted, failed } = await followDue(
          deps,
          "recurring",
          { limit: turn.settle, signal },
          (tx, event) => settle(deps, tx, event),
        );
        if (acted > 0) for (const bell of ["messages", "outbox"] as const) deps.doorbell.ring(bell);
        return { done: acted + failed, more: acted + failed >= turn.settle };
      },
    },
    {
      name: "tell-ahead",
      // Once a day: morning in the Americas, afternoon in Europe.
      cron: "41 14 * * *",
      run: async (signal) => ({
        done: await sendNotices(deps, { limit: turn.notices, signal }),
        more: false,
      }),
    },
  ];
}
