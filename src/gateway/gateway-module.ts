import type { Clock } from "../kernel/clock.ts";
import type { Result } from "../kernel/result.ts";
import type { AdapterFactory, GatewayCredentials } from "./adapter.ts";
import type { BrowserSdk } from "./browser-sdk.ts";
import type { DeliverWebhook, SandboxStore } from "./sandbox.ts";
import type { SandboxDesk } from "./sandbox-desk.ts";

/** All that one gateway's folder brings: a line in `adapters/index.ts` is enough to have it. */
export type GatewayModule = {
  readonly factory: AdapterFactory;
  /** How its hosted fields come into our page; absent where there are none. */
  readonly browserSdk?: BrowserSdk;
  /** Its simulator; absent where nothing is called (the church's own bank account). */
  readonly simulate?: (ports: SimulatorPorts) => SimulatedGateway;
};

export type SimulatorPorts = {
  readonly store: SandboxStore;
  readonly clock: Clock;
  /** Sends the simulator's webhooks to wherever they were asked to go. */
  readonly deliver: DeliverWebhook;
  /** Keeps work going after an answer was sent. */
  readonly background: (work: () => Promise<void>) => void;
  /** Where the pages a donor is sent to are served: `{origin}/sandbox/{gateway}`, no slash at the end. */
  readonly pagesUrl: string;
};

/** A gateway that runs in our own process, TEST MODE only. */
export type SimulatedGateway = {
  /** Answers as the gateway's real hosts do. */
  fetch(request: Request): Promise<Response>;
  /** The bank's side of it, for `/sandbox`. */
  readonly desk: SandboxDesk;
  /** Answers what is asked under `pagesUrl`: hosted pages, stand-ins for browser libraries. */
  pages?(request: Request): Response | Promise<Response>;
  /** A new account: what an operator would copy from the gateway's dashboard. `name` makes it unlike any other. */
  openAccount(account: { readonly country: string; readonly name: string }): SimulatedAccount;
  /** Tells the account where its webhooks go. */
  listen(account: SimulatedAccount, url: string): Promise<Result<void, string>>;
  /** Lets time pass: what the gateway does by itself, by its clock. */
  tick?(now: Date): Promise<void>;
  /** What tests play donor and bank by, beyond the desk; each simulator's own. */
  readonly control?: unknown;
};

export type SimulatedAccount = {
  readonly credentials: GatewayCredentials;
  /** What its webhooks are signed with; absent where the gateway signs nothing. */
  readonly webhookSecret: string | undefined;
};
