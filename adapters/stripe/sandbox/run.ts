import type { Account } from "./accounts.ts";
import { followPayment } from "./checkout-sessions.ts";
import { documentsOf } from "./documents.ts";
import type { House, Scene } from "./scene.ts";

type Setting = {
  readonly account: Account;
  readonly caller: Scene["caller"];
  readonly request: Scene["request"];
  readonly now: Date;
};

/**
 * Runs one call or control action alone on its account, all or nothing; afterwards hosted sessions follow the
 * payments it touched, and its webhooks are offered for delivery.
 */
export async function run<T>(house: House, setting: Setting, work: (scene: Scene) => Promise<T>): Promise<T> {
  const marks: Scene["marks"] = { touched: new Set<string>(), queued: 0, endpoints: undefined };
  const result = await house.store.atomically(setting.account.id, async (raw) => {
    const documents = documentsOf(setting.account, raw);
    const scene: Scene = {
      account: setting.account,
      caller: setting.caller,
      documents,
      house,
      marks,
      now: Math.floor(setting.now.getTime() / 1000),
      raw,
      request: setting.request,
    };
    const done = await work(scene);
    for (const id of marks.touched) {
      const intent = await documents.get("payment_intent", id);
      if (intent) await followPayment(scene, intent);
    }
    return done;
  });
  if (marks.queued > 0) house.background?.(house.flush);
  return result;
}
