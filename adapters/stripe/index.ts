import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import { stripeBrowserSdk } from "./browser-sdk.ts";
import { stripeFactory } from "./factory.ts";
import { simulateStripe } from "./sandbox/simulate.ts";

/** Stripe: the adapter, its hosted fields on our page, and its simulator. */
export const stripe: GatewayModule = {
  factory: stripeFactory,
  browserSdk: stripeBrowserSdk,
  simulate: simulateStripe,
};
