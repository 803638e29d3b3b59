import type { SandboxControl } from "../../adapters/stripe/sandbox/control.ts";
import type { App } from "../../src/app.ts";
import { present } from "../../src/kernel/assert.ts";

/** The donor's and the bank's side of the simulated Stripe. The registry does not say whose control it is: we do. */
export const stripeControl = (app: Pick<App, "simulators">): SandboxControl =>
  present(app.simulators.get("stripe"), "the sandbox is on").control as SandboxControl;
