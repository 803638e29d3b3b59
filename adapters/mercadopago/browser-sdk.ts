import type { BrowserSdk } from "../../src/gateway/browser-sdk.ts";

/**
 * MercadoPago.js from Mercado Pago, as it demands. No document of theirs lists the origins: they are those that pages
 * with a content security policy have had to allow (the library fetches the frames' page before it opens them).
 */
export const mercadoPagoBrowserSdk: BrowserSdk = {
  island: "sdk-mercadopago",
  live: {
    script: "https://sdk.mercadopago.com/js/v2",
    scripts: ["https://sdk.mercadopago.com"],
    frames: ["https://secure-fields.mercadopago.com"],
    connections: [
      "https://secure-fields.mercadopago.com",
      "https://api-static.mercadopago.com",
      "https://api.mercadopago.com",
    ],
  },
  // 3-D Secure is asked at the card's own bank, wherever that is.
  challenge: { frames: ["https:"], forms: ["https:"] },
  sandbox: { script: "/sandbox/mercadopago/js/v2", scripts: [], frames: [], connections: [] },
};
