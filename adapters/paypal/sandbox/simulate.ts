import type {
  SimulatedAccount,
  SimulatedGateway,
  SimulatorPorts,
} from "../../../src/gateway/gateway-module.ts";
import { err } from "../../../src/kernel/result.ts";
import { paypalFees } from "../fees.ts";
import { clientIdFor, secretFor } from "./accounts.ts";
import { makeControl, type SandboxControl } from "./control.ts";
import { courier } from "./deliveries.ts";
import { paypalDesk } from "./desk.ts";
import { answer } from "./http.ts";
import { makeIds, type RandomBytes } from "./ids.ts";
import { paypalPages } from "./pages.tsx";
import type { House } from "./scene.ts";

/** What a test may set beyond what the service gives. */
export type SimulatorOptions = {
  /** How long a booking stays out of the transaction search; PayPal says up to three hours. */
  readonly searchDelayMs?: number;
  readonly random?: RandomBytes;
};

/**
 * A stateful simulator of the part of PayPal that Ofrenda uses: several accounts, told apart by their client ids,
 * all of their state in the store given. It answers as PayPal's API hosts do, refuses what they refuse, shows the
 * donor's pages and signs its webhooks with a certificate of its own.
 */
export function simulatePaypal(
  ports: SimulatorPorts,
  options: SimulatorOptions = {},
): SimulatedGateway & { readonly control: SandboxControl } {
  const random: RandomBytes = options.random ?? ((target) => fill(target));
  const flush = courier(() => house);
  const house: House = {
    store: ports.store,
    clock: ports.clock,
    deliver: ports.deliver,
    background: ports.background,
    pagesUrl: ports.pagesUrl,
    fees: paypalFees,
    searchDelayMs: options.searchDelayMs ?? 0,
    ids: makeIds(random),
    flush,
  };
  const control = makeControl(house);
  const pages = paypalPages(control, new URL(ports.pagesUrl).pathname);
  return {
    fetch: (request) => answer(house, request),
    control,
    desk: paypalDesk(control),
    pages: (request) => pages.fetch(request),
    openAccount: ({ country, name }) => accountNamed(house, country, name),
    listen: async ({ credentials, webhookSecret }, url) => {
      if (!credentials.client_id || !webhookSecret) return err("This is no account of this simulator.");
      return control.registerWebhook(credentials.client_id, { id: webhookSecret, url });
    },
    tick: async (now) => {
      await control.tick(now);
      await control.flush();
    },
  };
}

function fill(target: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(target.length);
  crypto.getRandomValues(bytes);
  target.set(bytes);
  return target;
}

/** Credentials that are always the same for the same name; the webhook's id is what its signatures are bound to. */
function accountNamed(house: House, country: string, name: string): SimulatedAccount {
  const id = clientIdFor(country, name);
  return {
    credentials: { client_id: id, client_secret: secretFor(id), environment: "sandbox", country },
    webhookSecret: house.ids.payment(),
  };
}
