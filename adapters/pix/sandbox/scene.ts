import type { DeliverWebhook, SandboxDocuments, SandboxStore } from "../../../src/gateway/sandbox.ts";
import type { Clock } from "../../../src/kernel/clock.ts";
import { type Account, ispb } from "./accounts.ts";
import { type Documents, documentsOf } from "./documents.ts";

export type PixSandboxOptions = {
  readonly store: SandboxStore;
  readonly clock: Clock;
  readonly deliver: DeliverWebhook;
  /** Runs the delivery of notices after an answer; absent: nothing leaves before `control.flush()`. */
  readonly background?: (work: () => Promise<void>) => void;
};

export type House = PixSandboxOptions & { readonly flush: () => Promise<void> };

/** One call, or one thing played by the bank, on one account. */
export type Scene = {
  readonly account: Account;
  readonly now: Date;
  /** The host that was called: payloads lie there. */
  readonly host: string;
  readonly documents: Documents;
  /** Set when a notice was queued. */
  readonly marks: { queued: boolean };
};

/** Runs one call alone on its account, all of it or nothing; then its notices are offered for delivery. */
export async function run<T>(
  house: House,
  account: Account,
  host: string,
  work: (scene: Scene) => Promise<T>,
): Promise<T> {
  const marks = { queued: false };
  const done = await house.store.atomically(`pix.${account.id}`, (raw: SandboxDocuments) =>
    work({ account, now: house.clock.now(), host, documents: documentsOf(account, raw), marks }),
  );
  if (marks.queued) house.background?.(house.flush);
  return done;
}

export const textOf = (at: Date): string => at.toISOString();

/** `E` or `D`, the provider, the minute and eleven characters: 32 in all, as the payment system wants. */
export async function paymentSystemId(scene: Scene, letter: "E" | "D"): Promise<string> {
  const minute = textOf(scene.now).replaceAll(/[-T:]/g, "").slice(0, 12);
  return `${letter}${ispb}${minute}${await serial(scene)}`;
}

/** Eleven characters that no other object of the account has. */
export async function serial(scene: Scene): Promise<string> {
  return (await scene.documents.next()).toString(36).padStart(11, "0");
}
