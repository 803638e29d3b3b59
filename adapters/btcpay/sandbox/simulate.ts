import type { SimulatedGateway, SimulatorPorts } from "../../../src/gateway/gateway-module.ts";
import { err, ok } from "../../../src/kernel/result.ts";
import { openAccount } from "./accounts.ts";
import { type BtcpayControl, makeControl } from "./control.ts";
import { btcpayDesk } from "./desk.ts";
import { invoicesUnder } from "./documents.ts";
import { postman, setEndpoint } from "./events.ts";
import { type House, inTurn } from "./house.ts";
import { answer } from "./http.ts";
import { current } from "./invoices.ts";
import { donorPage } from "./pages.ts";

export type { BtcpayControl } from "./control.ts";

/**
 * A church's own BTCPay Server with as many stores as are opened, all state in the store given. It refuses what the
 * real one refuses; what it cannot know (a moving rate, real blocks) stands still.
 */
export function simulateBtcpay(
  ports: SimulatorPorts,
): SimulatedGateway & { readonly control: BtcpayControl } {
  const house: House = { ...ports, flush: postman(() => house) };
  const control = makeControl(house);
  return {
    fetch: (request) => answer(house, request),
    desk: btcpayDesk(house, control),
    pages: (request) =>
      /\/api\/v1\//.test(new URL(request.url).pathname)
        ? answer(house, request)
        : donorPage(house, control, request),
    openAccount: ({ name }) => openAccount(name, ports.pagesUrl),
    listen: async (account, url) => {
      const store = account.credentials.store_id;
      if (store === undefined) return err("The account names no store.");
      await setEndpoint(ports.store, store, url);
      return ok(undefined);
    },
    tick: async () => {
      await lapse(house);
      await house.flush();
    },
    control,
  };
}

/** Open invoices whose time is up expire without being looked at. */
async function lapse(house: House): Promise<void> {
  for (const invoice of await invoicesUnder(house.store, "all", 200)) {
    const late = invoice.status === "New" && house.clock.now().getTime() > invoice.expirationTime * 1000;
    if (late) await inTurn(house, invoice.storeId, (scene) => current(scene, invoice.id));
  }
}
