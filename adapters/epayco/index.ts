import type { GatewayModule } from "../../src/gateway/gateway-module.ts";
import { epaycoFactory } from "./factory.ts";
import { simulateEpayco } from "./sandbox/simulate.ts";

/** ePayco: the Colombian cash networks Baloto, Gana and SuRed. */
export const epayco: GatewayModule = { factory: epaycoFactory, simulate: simulateEpayco };
