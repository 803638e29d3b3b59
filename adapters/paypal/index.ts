import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import { paypalFactory } from "./factory.ts";
import { simulatePaypal } from "./sandbox/simulate.ts";

/** PayPal: the adapter and its simulator; its donors pay on pages of its own, so there is no browser library. */
export const paypal: GatewayModule = { factory: paypalFactory, simulate: simulatePaypal };
