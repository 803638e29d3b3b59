import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Microseconds of processor time; unlike rates they hardly depend on who else uses the machine. */
export type ProcessorTime = {
  readonly serviceUs: number;
  readonly postgresUs: number;
  /** Of this process, which asks. */
  readonly askerUs: number;
};

/** Linux counts in hundredths of a second, whatever its kernel ticks at. */
const tickUs = 10_000;

/** Times of one process from `/proc/<pid>/stat` (proc_pid_stat(5)); `undefined` when it has ended. */
function timesOf(pid: number) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // After the name, which may hold anything but ends with the last bracket: state, parent, …
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const at = (index: number) => Number(fields[index]) * tickUs;
    return { parent: Number(fields[1]), own: at(11) + at(12), ended: at(13) + at(14) };
  } catch {
    return undefined;
  }
}

/**
 * Reads what the service has used so far with all its threads, its simulators' share with it, and what PostgreSQL
 * has: postmaster, backends living and ended, and its housekeepers. `undefined` where the system has no `/proc`.
 */
export function processorMeter(service: number, postmaster: number): (() => ProcessorTime) | undefined {
  if (!existsSync("/proc/self/stat")) return undefined;
  return () => {
    const main = timesOf(postmaster);
    let postgresUs = (main?.own ?? 0) + (main?.ended ?? 0);
    for (const name of readdirSync("/proc")) {
      const times = /^\d+$/.test(name) ? timesOf(Number(name)) : undefined;
      if (times?.parent === postmaster) postgresUs += times.own;
    }
    const { user, system } = process.cpuUsage();
    return { serviceUs: timesOf(service)?.own ?? 0, postgresUs, askerUs: user + system };
  };
}
