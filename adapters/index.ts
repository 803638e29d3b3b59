import type { AdapterFactory } from "../src/gateway/adapter.ts";
import { stripe } from "./stripe/index.ts";

/** Every gateway we can use, by the id of its manifest. Adding one is a folder and a line here. */
export const adapters: ReadonlyMap<string, AdapterFactory> = new Map(
  [stripe].map((factory) => [factory.manifest.id, factory]),
);
