import type {
  SimulatedAccount,
  SimulatedGateway,
  SimulatorPorts,
} from "../../../src/gateway/gateway-module.ts";
import { err, ok } from "../../../src/kernel/result.ts";
import { openSeller, sellerOf } from "./accounts.ts";
import { type Control, type Fault, makeControl } from "./control.ts";
import { deskOf } from "./desk.ts";
import { courier } from "./notices.ts";
import { pageRoutes } from "./pages.ts";
import { apiRoutes } from "./routes.ts";
import { saveEndpoint } from "./state.ts";

export type MercadoPagoSandbox = SimulatedGateway & { readonly control: Control };

/**
 * A stateful simulator of the part of Mercado Pago that Ofrenda uses: any number of sellers, told apart by their
 * tokens, all of their state in the store given. It refuses what the gateway refuses, and signs what it sends.
 */
export function simulateMercadoPago(ports: SimulatorPorts): MercadoPagoSandbox {
  const { store, clock, pagesUrl } = ports;
  const post = courier(store, clock, ports.deliver);
  const control = makeControl(ports, post);
  const api = apiRoutes({ store, clock, pagesUrl, wake: () => ports.background(() => post.flush()) });
  const pages = pageRoutes(control, clock, pagesUrl, api);
  return {
    control,
    desk: deskOf(control),
    fetch: async (request) => {
      const fault = control.takeFault(`${request.method} ${new URL(request.url).pathname}`);
      return fault ? faulty(fault, request, () => api.fetch(request)) : api.fetch(request);
    },
    pages: (request) => pages.fetch(request),
    openAccount: (account) => {
      const { accessToken, publicKey, site, webhookSecret } = openSeller(account);
      const credentials = { access_token: accessToken, public_key: publicKey, country: site.country };
      return { credentials, webhookSecret };
    },
    listen: async (account: SimulatedAccount, url) => {
      const seller = sellerOf(account.credentials.access_token ?? "");
      if (!seller) return err("there is no such account");
      await saveEndpoint(store, seller.userId, url);
      return ok(undefined);
    },
    tick: (now) => control.tick(now),
  };
}

/** A failed `fetch`, with the code where Node and workerd leave it. */
const broken = (code: string): TypeError =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });

async function faulty(
  fault: Fault,
  request: Request,
  perform: () => Response | Promise<Response>,
): Promise<Response> {
  switch (fault) {
    case "connection_refused":
      throw broken("ECONNREFUSED");
    case "answer_lost":
      await perform();
      throw broken("ECONNRESET");
    case "silence":
      await perform();
      return new Promise((_, reject) => {
        const { signal } = request;
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    case "server_error":
      return Response.json(
        { message: "internal error", error: "internal_error", status: 500, cause: [] },
        { status: 500 },
      );
    case "rate_limited":
      return Response.json(
        { message: "too many requests", error: "too_many_requests", status: 429 },
        { status: 429 },
      );
    case "unreadable":
      await perform();
      return new Response("<html>Bad Gateway</html>", { headers: { "content-type": "text/html" } });
  }
}
