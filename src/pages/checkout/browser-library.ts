import type { Deps } from "../../deps.ts";
import type { BrowserLibrary, BrowserSdk } from "../../gateway/browser-sdk.ts";
import type { ChurchId } from "../../kernel/ids.ts";

/** Browser libraries by gateway. */
export type Sdks = ReadonlyMap<string, BrowserSdk>;

type Used = {
  readonly churchId: ChurchId;
  readonly gateway: string;
  readonly mode: "test" | "live";
  readonly country: string;
};

/** A library with the island that knows it. */
export type UsedLibrary = BrowserLibrary & Pick<BrowserSdk, "island">;

/** The gateway's own library for a step of `use_sdk`, or our stand-in where the simulator serves the account. */
export async function libraryFor(deps: Deps, used: Used, sdks: Sdks): Promise<UsedLibrary | undefined> {
  const settings = await deps.settings.read(used.churchId);
  const account = settings?.accounts.find(
    (known) => known.gateway === used.gateway && known.mode === used.mode && known.country === used.country,
  );
  const sdk = sdks.get(used.gateway);
  return sdk && { ...(account?.sandbox ? sdk.sandbox : sdk.live), ...sdk.challenge, island: sdk.island };
}
