import { describe, expect, test } from "vitest";
import { localBell } from "../../src/jobs/bell.ts";
import { drainJobs } from "../../src/jobs/drain.ts";
import type { Job } from "../../src/jobs/job-table.ts";
import { isUnderWay, runJob } from "../../src/jobs/run-job.ts";
import { type LogFields, silentLog } from "../../src/kernel/log.ts";

/** What is told of jobs while they run. */
function watched() {
  const counted: string[] = [];
  const faults: unknown[] = [];
  return {
    counted,
    faults,
    deps: {
      log: { ...silentLog, error: (fields: LogFields) => void faults.push(fields) },
      metrics: {
        count: (_name: string, labels: Readonly<Record<string, string>>) =>
          void counted.push(`${labels.job} ${labels.result}`),
        observe: () => {},
      },
    },
  };
}

function jobOf(name: string, turns: readonly (boolean | "fails" | "throws text")[], bell?: Job["bell"]) {
  let taken = 0;
  const job: Job = {
    name,
    cron: "* * * * *",
    ...(bell ? { bell } : {}),
    run: async () => {
      const turn = turns[Math.min(taken, turns.length - 1)];
      taken += 1;
      if (turn === "fails") throw new Error("disk full");
      // Libraries do throw what is no error.
      if (turn === "throws text") throw "disk full";
      return { done: 1, more: turn === true };
    },
  };
  return { job, taken: () => taken };
}
const going = () => new AbortController().signal;

describe("a job", () => {
  test.each<readonly [string, readonly boolean[], number, AbortSignal, number]>([
    ["goes on while there is more", [true, true, false], 100, going(), 3],
    ["ends when its turns are used up, whatever is left", [true], 5, going(), 5],
    ["does not begin once the process is told to stop", [true], 100, AbortSignal.abort(), 0],
  ])("%s", async (_, turns, most, signal, taken) => {
    const { deps, counted } = watched();
    const { job, taken: turned } = jobOf("sweep", turns);
    expect(await runJob(deps, job, signal, most)).toBe(taken);
    expect(turned()).toBe(taken);
    expect(counted).toEqual(["sweep done"]);
  });

  test.each([["fails", "disk full"] as const, ["throws text", "unknown"] as const])(
    "that %s is counted, told of and handed on",
    async (how, fault) => {
      const { deps, counted, faults } = watched();
      await expect(runJob(deps, jobOf("sweep", [how]).job, going())).rejects.toBeDefined();
      expect([counted, faults]).toEqual([["sweep failed"], [{ job: "sweep", fault }]]);
    },
  );
});

test("a job is never at work twice in one process: the second begins when the first has ended, even badly", async () => {
  const { deps } = watched();
  let busy = 0;
  let turns = 0;
  const job: Job = {
    name: "sweep",
    cron: "* * * * *",
    run: async () => {
      busy += 1;
      turns += 1;
      const fails = turns === 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(busy).toBe(1);
      busy -= 1;
      if (fails) throw new Error("disk full");
      return { done: 1, more: false };
    },
  };
  const runs = [1, 2, 3].map(() => runJob(deps, job, going()));
  expect(isUnderWay(job)).toBe(true);
  expect((await Promise.allSettled(runs)).map(({ status }) => status)).toEqual([
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(turns).toBe(3);
  expect(isUnderWay(job)).toBe(false);
});

describe("one bounded pass", () => {
  test("does what it can of each job; one that fails holds up no other", async () => {
    const { deps, counted } = watched();
    const jobs = [jobOf("first", ["fails"]).job, jobOf("endless", [true]).job, jobOf("last", [false]).job];
    expect(await drainJobs(deps, jobs, going())).toBe(6);
    expect(counted).toEqual(["first failed", "endless done", "last done"]);
  });

  test("of no time does nothing", async () => {
    const { deps, counted } = watched();
    expect(await drainJobs(deps, [jobOf("first", [false]).job], AbortSignal.abort())).toBe(0);
    expect(counted).toEqual([]);
  });
});

describe("a doorbell", () => {
  test("before it is bound rings for nobody; then only for the jobs that listen to it", async () => {
    const { deps } = watched();
    const bell = localBell();
    bell.ring("inbox");
    const [inbox, outbox, none] = [
      jobOf("i", [false], "inbox"),
      jobOf("o", [false], "outbox"),
      jobOf("n", [false]),
    ];
    bell.bind(deps, [inbox.job, outbox.job, none.job]);
    bell.ring("inbox");
    await bell.quiet();
    expect([inbox.taken(), outbox.taken(), none.taken()]).toEqual([1, 0, 0]);
  });

  test("rung many times while the work is under way, has it done once more; a failure is nobody's", async () => {
    const { deps } = watched();
    const bell = localBell();
    const inbox = jobOf("i", ["fails", false], "inbox");
    bell.bind(deps, [inbox.job]);
    for (let rings = 0; rings < 5; rings++) bell.ring("inbox");
    await bell.quiet();
    expect(inbox.taken()).toBe(2);
  });

  test("is deaf once stopped: neither a ring nor one that came before starts anything more", async () => {
    const { deps } = watched();
    const bell = localBell();
    const inbox = jobOf("i", [false], "inbox");
    bell.bind(deps, [inbox.job]);
    bell.ring("inbox");
    bell.ring("inbox");
    await bell.stop();
    bell.ring("inbox");
    await bell.quiet();
    expect(inbox.taken()).toBe(1);
  });
});
