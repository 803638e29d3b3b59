import type { GatewaySandbox } from "../../../src/gateway/sandbox.ts";
import { makeControl, type SandboxControl } from "./control.ts";
import { courier } from "./deliveries.ts";
import { answer } from "./http.ts";
import { makeIds } from "./ids.ts";
import type { House, StripeSandboxOptions } from "./scene.ts";

export type { SandboxControl } from "./control.ts";
export type { StripeSandboxOptions } from "./scene.ts";

export type StripeSandbox = GatewaySandbox<SandboxControl>;

/**
 * A stateful simulator of the part of Stripe that Ofrenda uses, API version 2026-10-28.endive: several accounts,
 * told apart by their keys, all of their state in the store given. It refuses what Stripe refuses.
 */
export function createStripeSandbox(options: StripeSandboxOptions): StripeSandbox {
  const { flush } = courier(() => house);
  const house: House = {
    balanceTransactions: "at_once",
    deliveryConcurrency: 1,
    hostedPages: "https://checkout.stripe.com/c",
    searchDelay: 0,
    vouchersPayThemselves: false,
    ...options,
    background: options.background,
    flush,
    ids: makeIds(options.random ?? ((target) => crypto.getRandomValues(target))),
  };
  return { fetch: (request) => answer(house, request), control: makeControl(house) };
}
