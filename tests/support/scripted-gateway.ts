import type { Deps } from "../../src/deps.ts";
import type { GatewayAdapter } from "../../src/gateway/adapter.ts";
import type { MethodCapability } from "../../src/gateway/manifest.ts";
import type { GatewayEvent } from "../../src/gateway/webhook.ts";
import { applyGatewayEvent, type EventResult, prepareEvent } from "../../src/giving/apply-gateway-event.ts";
import { present } from "../../src/kernel/assert.ts";
import { type IdKind, type IdOf, parseId } from "../../src/kernel/ids.ts";
import type { ReadyAccount } from "../../src/routing/payment-factory.ts";
import type { House, HouseChurch } from "./house.ts";

/** What is put in the place of a gateway's own answers. */
export type Script = {
  readonly payments?: Partial<GatewayAdapter["payments"]>;
  readonly holds?: GatewayAdapter["holds"];
  readonly webhooks?: Partial<GatewayAdapter["webhooks"]>;
  /** What the gateway says it can do with every method. */
  readonly can?: Partial<MethodCapability>;
};

/** The service's dependencies with a gateway that answers what the test says, and for the rest as the real one. */
export function depsWith(house: House, script: Script): Deps {
  const { deps } = house.app;
  const manifests = new Map(
    [...deps.payments.manifests].map(([id, manifest]) => [
      id,
      { ...manifest, methods: manifest.methods.map((method) => ({ ...method, ...script.can })) },
    ]),
  );
  return {
    ...deps,
    payments: {
      ...deps.payments,
      manifests,
      ready: async (church, account) => {
        const ready = await deps.payments.ready(church, account);
        return ready && { account: ready.account, adapter: scripted(ready.adapter, script) };
      },
    },
  };
}

const scripted = (adapter: GatewayAdapter, { payments, holds, webhooks }: Script): GatewayAdapter => ({
  ...adapter,
  payments: { ...adapter.payments, ...payments },
  webhooks: { ...adapter.webhooks, ...webhooks },
  ...(holds ? { holds } : {}),
});

/** The same service after the operator has switched the church's gateway account off. */
export const depsWithoutAccount = ({ app }: House): Deps => ({
  ...app.deps,
  payments: { ...app.deps.payments, ready: async () => undefined },
});

/** The church's first gateway account, opened. */
async function accountOf({ app }: House, { churchId }: HouseChurch): Promise<ReadyAccount> {
  const settings = present(await app.deps.settings.readFresh(churchId), "the church has settings");
  const { id } = present(settings.accounts[0], "the church has an account");
  return present(await app.deps.payments.ready(churchId, id), "the account is ready");
}

/** Applies an event as the inbox would, whatever gateway's words it came in. */
export async function tell(house: House, church: HouseChurch, event: GatewayEvent): Promise<EventResult> {
  const { deps } = house.app;
  const { account } = await accountOf(house, church);
  const ready = await prepareEvent(deps, account, event, "test");
  return deps.db.inChurch(church.churchId, (tx) => applyGatewayEvent(deps, tx, account, ready));
}

/** An id out of an answer. */
export const idOf = <K extends IdKind>(kind: K, text: string): IdOf<K> =>
  present(parseId(kind, text), `${text} is a ${kind}`);
