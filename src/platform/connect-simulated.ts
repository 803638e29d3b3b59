import { randomBytes } from "node:crypto";
import type { App } from "../app.ts";
import type { SimulatedAccount } from "../gateway/gateway-module.ts";
import { present } from "../kernel/assert.ts";
import type { ChurchId, LegalEntityId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { secret } from "../kernel/secret.ts";
import { type Connected, connectGateway } from "../routing/connect-gateway.ts";

export type SimulatedOrder = {
  readonly gateway: string;
  readonly churchId: ChurchId;
  readonly legalEntityId: LegalEntityId;
  readonly country: string;
};
export type ConnectedSimulated = Connected & { readonly account: SimulatedAccount };

/** Opens an account for a legal entity at a simulated gateway and tells the simulator where its events go. */
export async function connectSimulated(
  app: App,
  order: SimulatedOrder,
): Promise<Result<ConnectedSimulated, Problem>> {
  const simulator = app.simulators.get(order.gateway);
  if (!simulator) {
    const known = [...app.simulators.keys()].join(", ") || "none: SANDBOX is off";
    return err({
      code: "invalid_request",
      detail: `there is no simulator of ${order.gateway}; there are: ${known}`,
    });
  }
  const factory = present(app.adapters.get(order.gateway), "what is simulated is registered");
  const account = simulator.openAccount({
    country: order.country,
    name: `${order.country}_${randomBytes(8).toString("hex")}`,
  });
  const connected = await connectGateway(app.deps, {
    ...order,
    mode: "test",
    label: `${factory.manifest.name} (simulated)`,
    sandbox: true,
    credentials: account.credentials,
    webhookSecret: account.webhookSecret === undefined ? undefined : secret(account.webhookSecret),
  });
  if (!connected.ok) return connected;
  const listening = await simulator.listen(account, connected.value.webhookUrl);
  if (!listening.ok) {
    return err({
      code: "gateway_refused",
      detail: `the simulator did not take the webhook address: ${listening.error}`,
    });
  }
  return ok({ ...connected.value, account });
}
