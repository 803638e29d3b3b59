import { randomBytes } from "node:crypto";
import type { Deps } from "../deps.ts";
import type { AccountTakes, GatewayCredentials } from "../gateway/adapter.ts";
import { type ChurchId, type GatewayAccountId, type LegalEntityId, newId } from "../kernel/ids.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { Secret } from "../kernel/secret.ts";
import { checkCredentials } from "./check-credentials.ts";
import {
  addGatewayAccount,
  type ListedAccount,
  listedAccount,
  replaceCredentials,
  setAccountStatus,
} from "./gateway-accounts.ts";

type Parts = Pick<Deps, "db" | "vault" | "clock" | "log" | "metrics" | "config" | "payments">;

export type ConnectOrder = {
  readonly churchId: ChurchId;
  readonly legalEntityId: LegalEntityId;
  readonly gateway: string;
  /** Where the gateway keeps the account: mostly the legal entity's own country. */
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
 * Connects a legal entity's account at a gateway: only credentials that pass every check are sealed and stored. The
 * answer holds the address to give to the gateway for its webhooks.
 */
export async function connectGateway(deps: Parts, order: ConnectOrder): Promise<Result<Connected, Problem>> {
  const checked = await checkCredentials(deps, deps.payments, { ...order, reference: order.churchId });
  if (!checked.ok) return checked;
  const takes = takenBy(deps, order, checked.value);
  const endpointToken = randomBytes(24).toString("base64url");
  const accountId = await deps.db.inChurch(order.churchId, (tx) =>
    addGatewayAccount(
      tx,
      deps.vault,
      order.churchId,
      { ...order, credentials: checked.value, takes, endpointToken },
      deps.clock.now(),
    ),
  );
  return ok({ accountId, webhookUrl: webhookUrl(deps.config, order.gateway, endpointToken) });
}

/** What the account can take, where its gateway leaves that to the credentials. */
const takenBy = (
  { payments }: Pick<Parts, "payments">,
  { gateway, country }: Pick<ConnectOrder, "gateway" | "country">,
  credentials: GatewayCredentials,
): AccountTakes | undefined => payments.factory(gateway)?.takes?.(credentials, country);

/**
 * Puts new credentials in the place of an account's old ones, after the same checks: they must be of the same mode
 * and country. Webhook secrets stay. Other processes use them within half a minute.
 */
export async function rotateCredentials(
  deps: Parts,
  churchId: ChurchId,
  id: GatewayAccountId,
  credentials: GatewayCredentials,
): Promise<Result<ListedAccount, Problem>> {
  const account = await deps.db.inChurch(churchId, (tx) => listedAccount(tx, churchId, id));
  if (!account) return err(unknownAccount);
  const reference = newId("event");
  const checked = await checkCredentials(deps, deps.payments, { ...account, credentials, reference });
  if (!checked.ok) return checked;
  const done = await deps.db.inChurch(churchId, (tx) =>
    replaceCredentials(
      tx,
      deps.vault,
      { churchId, id },
      { credentials: checked.value, takes: takenBy(deps, account, checked.value) },
    ),
  );
  deps.payments.forget(id);
  return done ? ok(account) : err(unknownAccount);
}

/** Takes an account out of use, or back into it: nothing new is routed to it, and what it has begun goes on to be heard of once it is back. */
export async function changeAccountStatus(
  deps: Parts,
  churchId: ChurchId,
  id: GatewayAccountId,
  status: "active" | "disabled",
): Promise<Result<ListedAccount, Problem>> {
  const account = await deps.db.inChurch(churchId, async (tx) => {
    await setAccountStatus(tx, churchId, id, status);
    return listedAccount(tx, churchId, id);
  });
  deps.payments.forget(id);
  return account ? ok(account) : err(unknownAccount);
}

export const unknownAccount: Problem = {
  code: "not_found",
  detail: "the church has no such gateway account",
};
