import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import { btcpayFactory } from "./factory.ts";
import { simulateBtcpay } from "./sandbox/simulate.ts";

/** BTCPay Server: bitcoin and Lightning through the church's own server. */
export const btcpay: GatewayModule = { factory: btcpayFactory, simulate: simulateBtcpay };
