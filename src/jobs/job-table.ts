import { everyChurch } from "../churches/churches.ts";
import { settleDebits } from "../debits/settle-debits.ts";
import type { Bell, Deps } from "../deps.ts";
import { sweepAttempts } from "../giving/resolve-in-doubt.ts";
import { sweepDisputes } from "../giving/sweep-disputes.ts";
import { sweepRefunds } from "../giving/sweep-refunds.ts";
import { clearExpired } from "../idempotency/claim.ts";
import type { ChurchId } from "../kernel/ids.ts";
import { sealDue } from "../ledger/seal-chain.ts";
import { type SendDeps, sendDue } from "../messages/send-due.ts";
import { tellOfEvent } from "../messages/tell-of-events.ts";
import { bookCounted } from "../offline/book-batch.ts";
import { type DeliverDeps, deliverDue } from "../outbox/deliver.ts";
import { followDue } from "../outbox/follow.ts";
import { nextDateAfter } from "../recurring/next-date.ts";
import { resumeDue } from "../recurring/pause-recurring-gift.ts";
import { sweepMandates } from "../recurring/sweep-mandates.ts";
import { sweepOwnCodes } from "../recurring/sweep-own-codes.ts";
import { drainInbox } from "../webhooks/process.ts";
import { recurringJobs } from "./recurring-jobs.ts";

/** A bounded piece of background work, safe to run twice and in two processes at once. */
export type Job = {
  readonly name: string;
  /** When it runs by itself (cron, UTC, minutes). */
  readonly cron: string;
  /** Which doorbell also starts it. */
  readonly bell?: Bell;
  /** One turn. `more` when there was as much work as a turn takes. */
  run(signal: AbortSignal): Promise<{ readonly done: number; readonly more: boolean }>;
};

const turn = {
  inbox: 200,
  outbox: 100,
  sweep: 100,
  follow: 200,
  messages: 100,
  seal: { churches: 100, entriesEach: 1000 },
  clear: 1000,
} as const;

/** Every job of the house. Truth is in the tables: a lost ring or a missed minute only costs time. */
export function jobTable(
  deps: Deps,
  delivering: DeliverDeps,
  post: Pick<SendDeps, "mailer" | "texts">,
): readonly Job[] {
  return [
    {
      name: "drain-inbox",
      cron: "* * * * *",
      bell: "inbox",
      run: async (signal) => {
        const { applied, parked, dead } = await drainInbox(deps, { limit: turn.inbox, lanes: 4, signal });
        return { done: applied + parked + dead, more: applied > 0 };
      },
    },
    {
      name: "deliver-outbox",
      cron: "* * * * *",
      bell: "outbox",
      run: async (signal) => {
        const { delivered, failed } = await deliverDue(delivering, { limit: turn.outbox, signal });
        return { done: delivered + failed, more: delivered + failed >= turn.outbox };
      },
    },
    {
      name: "sweep-attempts",
      cron: "* * * * *",
      bell: "attempts",
      run: async (signal) => {
        const { asked } = await sweepAttempts(deps, turn.sweep, signal);
        return { done: asked, more: asked >= turn.sweep };
      },
    },
    {
      name: "sweep-refunds",
      cron: "* * * * *",
      run: async (signal) => {
        const { asked } = await sweepRefunds(deps, turn.sweep, signal);
        return { done: asked, more: asked >= turn.sweep };
      },
    },
    ...recurringJobs(deps),
    ...keepingJobs(deps),
    {
      name: "write-messages",
      cron: "* * * * *",
      bell: "outbox",
      run: async (signal) => {
        const order = { limit: turn.follow, signal };
        const { acted, failed } = await followDue(deps, "messages", order, (tx, event) =>
          tellOfEvent({ ...deps, nextDateAfter }, tx, event),
        );
        if (acted > 0) deps.doorbell.ring("messages");
        return { done: acted + failed, more: acted + failed >= turn.follow };
      },
    },
    {
      name: "send-messages",
      cron: "* * * * *",
      bell: "messages",
      run: async (signal) => {
        const { sent, other } = await sendDue({ ...deps, ...post }, { limit: turn.messages, signal });
        return { done: sent + other, more: sent + other >= turn.messages };
      },
    },
    {
      name: "book-offline-batches",
      cron: "* * * * *",
      run: (signal) => forEachChurch(deps, signal, (church) => bookCounted(deps, church)),
    },
    {
      name: "seal-ledger",
      cron: "*/5 * * * *",
      run: async () => {
        const done = await sealDue(deps.db, deps.clock.now(), turn.seal);
        return { done, more: done >= turn.seal.entriesEach };
      },
    },
    {
      name: "sweep-disputes",
      cron: "41 14 * * *",
      run: (signal) => forEachChurch(deps, signal, (church) => sweepDisputes(deps, church, signal)),
    },
    {
      name: "settle-debit-files",
      cron: "7 * * * *",
      run: (signal) => forEachChurch(deps, signal, (church) => settleDebits(deps, church)),
    },
    {
      name: "clear-idempotency-keys",
      cron: "17 * * * *",
      run: (signal) =>
        forEachChurch(deps, signal, (church) =>
          deps.db.inChurch(church, (tx) => clearExpired(tx, church, deps.clock.now(), turn.clear)),
        ),
    },
  ];
}

/** What keeps recurring gifts true to what happens elsewhere: at gateways, in donors' banks, in the calendar. */
function keepingJobs(deps: Deps): readonly Job[] {
  return [
    {
      name: "sweep-mandates",
      cron: "* * * * *",
      bell: "recurring",
      run: async (signal) => {
        const done = await sweepMandates(deps, { limit: turn.sweep, signal });
        return { done, more: done >= turn.sweep };
      },
    },
    {
      name: "sweep-own-codes",
      // Early and late in the mornings of reminders, so that nobody is reminded of what they have given.
      cron: "37 */3 * * *",
      run: (signal) => forEachChurch(deps, signal, (church) => sweepOwnCodes(deps, church)),
    },
    {
      name: "resume-recurring-gifts",
      cron: "23 * * * *",
      run: async (signal) => {
        const done = await resumeDue(deps, { limit: turn.sweep, signal });
        return { done, more: done >= turn.sweep };
      },
    },
  ];
}

async function forEachChurch(
  deps: Pick<Deps, "db">,
  signal: AbortSignal,
  work: (church: ChurchId) => Promise<number>,
): Promise<{ done: number; more: boolean }> {
  let done = 0;
  for (const { id } of await everyChurch(deps.db)) {
    if (signal.aborted) break;
    done += await work(id);
  }
  return { done, more: false };
}
