import type { Sandboxes } from "../app.ts";
import type { Log } from "../kernel/log.ts";

/** Lets time pass for the simulators: vouchers lapse, debits settle, undelivered webhooks are sent again. */
export function startSandboxClock(sandboxes: Sandboxes, log: Log): { stop(): void } {
  let busy = false;
  const timer = setInterval(() => {
    if (busy) return;
    busy = true;
    sandboxes.stripe.control
      .tick(new Date())
      .catch((error: unknown) => log.warn({ fault: String(error) }, "the sandbox clock stumbled"))
      .finally(() => {
        busy = false;
      });
  }, 5_000);
  return { stop: () => clearInterval(timer) };
}
