import type { GatewayModule } from "../src/gateway/gateway-module.ts";
import { achFile } from "./ach-file/index.ts";
import { btcpay } from "./btcpay/index.ts";
import { epayco } from "./epayco/index.ts";
import { mercadopago } from "./mercadopago/index.ts";
import { offline } from "./offline/index.ts";
import { paypal } from "./paypal/index.ts";
import { pix } from "./pix/index.ts";
import { stripe } from "./stripe/index.ts";
import { transfer } from "./transfer/index.ts";

/** Every gateway we can use, by the id of its manifest. Adding one is a folder and a line here. */
export const gateways: ReadonlyMap<string, GatewayModule> = new Map(
  [stripe, mercadopago, paypal, pix, transfer, btcpay, epayco, achFile, offline].map((gateway) => [
    gateway.factory.manifest.id,
    gateway,
  ]),
);
