import { existsSync, readdirSync, readFileSync } from "node:fs";

/** Microseconds of processor time; unlike rates they hardly depend on who else uses the machine. */
export type ProcessorTime = {
  readonly serviceUs: number;
  readonly postgresUs: number;
  /** Of the simulated gateway in its own process. */
  readonly gatewayUs: number;
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

/** The processes of a run, by their numbers; the gateway may be simulated in the service's own. */
type Processes = { readonly service: number; readonly gateway?: number; readonly postmaster: number };

/**
 * Reads what each has used so far with all its threads; PostgreSQL is its postmaster, backends living and ended, and its
 * housekeepers. `undefined` where the system has no `/proc`.
 */
export function processorMeter(processes: Processes): (() => ProcessorTime) | undefined {
  const { service, gateway, postmaster } = processes;
  if (!existsSync("/proc/self/stat")) return undefined;
  return () => {
    const main = timesOf(postmaster);
    let postgresUs = (main?.own ?? 0) + (main?.ended ?? 0);
    for (const name of readdirSync("/proc")) {
      const times = /^\d+$/.test(name) ? timesOf(Number(name)) : undefined;
      if (times?.parent === postmaster) postgresUs += times.own;
    }
    const { user, system } = process.cpuUsage();
    return {
      serviceUs: timesOf(service)?.own ?? 0,
      postgresUs,
      gatewayUs: gateway === undefined ? 0 : (timesOf(gateway)?.own ?? 0),
      askerUs: user + system,
    };
  };
}
