import type { SimulatedGateway, SimulatorPorts } from "../../../src/gateway/gateway-module.ts";
import { ok, type Result } from "../../../src/kernel/result.ts";
import { openAccount } from "./accounts.ts";
import { carrier, type Route, setRoute } from "./confirmations.ts";
import { epaycoDesk } from "./desk.ts";
import { type House, type State, type Transaction, transactionsOf } from "./documents.ts";
import { type Fault, planBreakdown } from "./faults.ts";
import { answer } from "./http.ts";
import { move } from "./transactions.ts";

/** What tests play the till by, beyond the desk. */
export type EpaycoControl = {
  /** Brings a voucher into a state, if it can get there. */
  move(reference: string, state: State): Promise<Result<Transaction, string>>;
  /** Breaks the next call that has `at` in its `METHOD host/path`. */
  nextCall(fault: Fault, at?: string): Promise<void>;
  send(route: Route): Promise<void>;
  flush(): Promise<void>;
};

/** ePayco's cash vouchers in TEST MODE: sealed bodies opened and checked, confirmations signed as ePayco signs. */
export function simulateEpayco(
  ports: SimulatorPorts,
): SimulatedGateway & { readonly control: EpaycoControl } {
  const house: House = { ...ports, flush: carrier(() => house) };
  return {
    fetch: (request) => answer(house, request),
    desk: epaycoDesk(house),
    openAccount: ({ name }) => openAccount(name),
    // Every transaction says where its own confirmation goes.
    listen: async () => ok(undefined),
    tick: async (now) => {
      for (const one of await transactionsOf(house.store, "all", 500)) {
        if (one.state === "Pendiente" && now.getTime() > one.expiresAt) {
          await move(house, String(one.reference), "Expirada");
        }
      }
      await house.flush();
    },
    control: {
      move: (reference, state) => move(house, reference, state),
      nextCall: (fault, at = "") => planBreakdown(house.store, fault, at),
      send: (route) => setRoute(house.store, route),
      flush: house.flush,
    },
  };
}
