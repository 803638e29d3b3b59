import type { BrowserSdk } from "../../src/gateway/browser-sdk.ts";

/** Stripe.js from Stripe, as it demands; origins from docs.stripe.com "Integration security guide". */
export const stripeBrowserSdk: BrowserSdk = {
  island: "sdk-stripe",
  live: {
    script: "https://js.stripe.com/v3/",
    scripts: ["https://js.stripe.com", "https://*.js.stripe.com"],
    frames: ["https://js.stripe.com", "https://*.js.stripe.com", "https://hooks.stripe.com"],
    connections: ["https://api.stripe.com"],
  },
  sandbox: { script: "/sandbox/stripe/v3.js", scripts: [], frames: [], connections: [] },
};
