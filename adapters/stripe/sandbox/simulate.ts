import type {
  SimulatedAccount,
  SimulatedGateway,
  SimulatorPorts,
} from "../../../src/gateway/gateway-module.ts";
import { err, ok } from "../../../src/kernel/result.ts";
import { stripeManifest } from "../manifest.ts";
import { readEventTypes } from "../translate-event.ts";
import type { SandboxControl } from "./control.ts";
import { stripeDesk } from "./desk.ts";
import { createStripeSandbox } from "./index.ts";
import { stripeSandboxPages } from "./pages.tsx";

/** The Stripe simulator as the service runs it: its bank, its hosted pages, accounts on demand. */
export function simulateStripe(
  ports: SimulatorPorts,
): SimulatedGateway & { readonly control: SandboxControl } {
  const sandbox = createStripeSandbox({
    store: ports.store,
    clock: ports.clock,
    deliver: ports.deliver,
    background: ports.background,
    hostedPages: ports.pagesUrl,
    fees: stripeManifest.fees,
  });
  const pages = stripeSandboxPages(sandbox, { publicUrl: new URL(ports.pagesUrl).origin });
  return {
    fetch: sandbox.fetch,
    control: sandbox.control,
    desk: stripeDesk(sandbox.control),
    pages: (request) => pages.fetch(request),
    openAccount: ({ country, name }) => accountNamed(country, name),
    listen: async (account, url) => {
      const { credentials, webhookSecret } = account;
      if (!credentials.secret_key || !webhookSecret) return err("This is no account of this simulator.");
      const told = await sandbox.control.registerWebhookEndpoint(credentials.secret_key, {
        url,
        secret: webhookSecret,
        // What a church is told to subscribe to, and no more.
        events: readEventTypes,
      });
      return told.ok ? ok(undefined) : told;
    },
    tick: async (now) => {
      await sandbox.control.tick(now);
      await sandbox.control.flush();
    },
  };
}

/** Keys that are always the same for the same name; their text tells the simulator the account's country. */
function accountNamed(country: string, name: string): SimulatedAccount {
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "_");
  const named = plain.startsWith(`${country}_`) ? plain : `${country}_${plain}`;
  const random = crypto.getRandomValues(new Uint8Array(24));
  const secret = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return {
    credentials: { secret_key: `sk_test_${named}`, publishable_key: `pk_test_${named}` },
    webhookSecret: `whsec_${secret}`,
  };
}
