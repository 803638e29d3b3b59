import { randomBytes } from "node:crypto";
import type { Deps } from "../deps.ts";
import type { AdapterFactory, GatewayCredentials, Transport } from "../gateway/adapter.ts";
import { callGateway } from "../gateway/call-gateway.ts";
import type { ChurchId, GatewayAccountId, LegalEntityId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { Secret } from "../kernel/secret.ts";
import { addGatewayAccount } from "./gateway-accounts.ts";

export type ConnectOrder = {
  readonly churchId: ChurchId;
  readonly legalEntityId: LegalEntityId;
  /** Of the legal entity: an account serves the rails of its own country. */
  readonly country: string;
  readonly mode: "test" | "live";
  readonly label: string;
  readonly sandbox: boolean;
  readonly credentials: GatewayCredentials;
  /** What the gateway will sign with. Some tell it only once they know our address: then it follows, and until it does every webhook is refused. */
  readonly webhookSecret: Secret | undefined;
};

export type Connected = { readonly accountId: GatewayAccountId; readonly webhookUrl: string };

/** The address a gateway sends its webhooks to. */
export const webhookUrl = (
  config: Pick<Deps["config"], "publicUrl">,
  gateway: string,
  endpointToken: string,
): string => `${config.publicUrl}/webhooks/${gateway}/${endpointToken}`;

/**
 * Connects a legal entity's account at a gateway: the credentials have the adapter's shape, are of the mode asked
 * for, and pass a harmless call; only then are they sealed and stored. The answer holds the address to give to
 * the gateway for its webhooks.
 */
export async function connectGateway(
  deps: Pick<Deps, "db" | "vault" | "clock" | "log" | "metrics" | "config">,
  factory: AdapterFactory,
  transport: Transport,
  order: ConnectOrder,
): Promise<Result<Connected, Problem>> {
  const shape = factory.credentials.safeParse(order.credentials);
  if (!shape.success) {
    const errors = shape.error.issues.map((issue) => ({
      pointer: `/credentials/${issue.path.join("/")}`,
      detail: issue.message,
    }));
    return err({
      code: "invalid_request",
      detail: "the credentials do not have the gateway's shape",
      errors,
    });
  }
  if (!Object.values(shape.data).every((value) => value.includes(`_${order.mode}_`))) {
    return err({
      code: "invalid_request",
      detail: `these are not ${order.mode} credentials: test and live are never mixed`,
    });
  }
  const adapter = factory.create({ credentials: shape.data, transport });
  const names = {
    gateway: factory.manifest.id,
    operation: "check",
    idempotencyKey: `check-${order.churchId}`,
    traceId: order.churchId.slice(3),
  } as const;
  const checked = await callGateway(deps, names, async (call) => {
    const answer = await adapter.payments.checkCredentials(call);
    return { kind: answer.ok ? "accepted" : "denied", answer, evidence: {} } as const;
  });
  if (checked.kind === "in_doubt" || !checked.answer.ok) {
    const said = checked.kind === "in_doubt" ? "no answer" : checked.answer.ok ? "" : checked.answer.error;
    return err({ code: "gateway_refused", detail: `the gateway did not accept the credentials: ${said}` });
  }
  const endpointToken = randomBytes(24).toString("base64url");
  const accountId = await deps.db.inChurch(order.churchId, (tx) =>
    addGatewayAccount(
      tx,
      deps.vault,
      order.churchId,
      { ...order, gateway: factory.manifest.id, credentials: shape.data, endpointToken },
      deps.clock.now(),
    ),
  );
  return ok({ accountId, webhookUrl: webhookUrl(deps.config, factory.manifest.id, endpointToken) });
}
