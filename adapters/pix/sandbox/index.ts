import type { SimulatedGateway, SimulatorPorts } from "../../../src/gateway/gateway-module.ts";
import type { GatewaySandbox } from "../../../src/gateway/sandbox.ts";
import { present } from "../../../src/kernel/assert.ts";
import { seconds } from "../../../src/kernel/clock.ts";
import { registerWebhook } from "../register-webhook.ts";
import { accountOf, clientIdFor, credentialsOf } from "./accounts.ts";
import { makeControl, type SandboxControl } from "./control.ts";
import { courier } from "./deliveries.ts";
import { pixDesk } from "./desk.ts";
import { answer } from "./http.ts";
import type { House, PixSandboxOptions } from "./scene.ts";

export type { SandboxControl } from "./control.ts";
export type { PixSandboxOptions } from "./scene.ts";

/**
 * A stateful simulator of a Pix provider (API Pix 2.9.0): OAuth, claims, devoluções, Pix Automático, webhooks. It
 * answers any host it is asked at, tells accounts apart by their client ids, and refuses what the document says a
 * provider refuses.
 */
export function createPixSandbox(options: PixSandboxOptions): GatewaySandbox<SandboxControl> {
  const { flush, release } = courier(() => house);
  const house: House = { ...options, flush };
  return { fetch: (request) => answer(house, request), control: makeControl(house, release) };
}

/** The simulator as the house runs it. */
export function simulatePix(ports: SimulatorPorts): SimulatedGateway {
  const { store, clock, deliver, background } = ports;
  const sandbox = createPixSandbox({ store, clock, deliver, background });
  return {
    fetch: sandbox.fetch,
    desk: pixDesk({ store, clock, control: sandbox.control }),
    control: sandbox.control,
    // Nothing happens here by time alone but the repeating of notices that were not taken.
    tick: () => sandbox.control.flush(),
    openAccount: ({ name }) => {
      const account = present(accountOf(clientIdFor(name)), "a name makes an account");
      return { credentials: credentialsOf(account), webhookSecret: account.fingerprint };
    },
    listen: ({ credentials }, url) =>
      registerWebhook(
        { credentials, transport: (input, init) => sandbox.fetch(new Request(input, init)) },
        url,
        { now: clock.now(), timeoutMs: seconds(10) },
      ),
  };
}
