import type { Simulators } from "../app.ts";
import type { Log } from "../kernel/log.ts";

/** Lets time pass for every simulator; one that stumbles does not hold up the others. */
export async function passSandboxTime(simulators: Simulators, now: Date, log: Log): Promise<void> {
  for (const [gateway, simulator] of simulators) {
    try {
      await simulator.tick?.(now);
    } catch (error) {
      log.warn({ gateway, fault: String(error) }, "the sandbox clock stumbled");
    }
  }
}

/** The same every few seconds: vouchers lapse, debits settle, undelivered webhooks are sent again. */
export function startSandboxClock(simulators: Simulators, log: Log): { stop(): void } {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    void passSandboxTime(simulators, new Date(), log).finally(() => {
      busy = false;
    });
  }, 5_000);
  return { stop: () => clearInterval(timer) };
}
