import { z } from "zod";
import { getLegalEntity, type LegalEntity, listLegalEntities } from "../../churches/legal-entities.ts";
import type { AdapterFactory } from "../../gateway/adapter.ts";
import { parseId } from "../../kernel/ids.ts";
import type { Problem } from "../../kernel/problem.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import { connectSimulated } from "../../platform/connect-simulated.ts";
import type { NodeApp } from "../../platform/node-app.ts";
import { type Connected, connectGateway } from "../../routing/connect-gateway.ts";
import { addWebhookSecret } from "../../routing/gateway-accounts.ts";
import { secretReader } from "../ask-secret.ts";
import { gatherCredentials } from "../gather-credentials.ts";
import { type Group, performed, type Told } from "../perform.ts";
import type { Terminal } from "../terminal.ts";
import { type Named, whichChurch } from "../which-church.ts";

const options = z.object({
  church: z.string(),
  gateway: z.string(),
  legalEntity: z.string().optional(),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/, "is an ISO 3166-1 code such as us")
    .transform((code) => code.toLowerCase())
    .optional(),
  mode: z.enum(["test", "live"]),
  label: z.string().trim().min(1).max(100).optional(),
  credential: z.array(z.string().regex(/^[a-z_]+=.+$/, "must be field=value")).default([]),
  sandbox: z.boolean().default(false),
});
type Options = z.output<typeof options>;

/** `gateway connect`: opens a legal entity's account at a gateway and prints the address for its webhooks. */
export function gatewayConnect(group: Group): void {
  performed(group, {
    name: "connect",
    about: "Connect a church's account at a gateway (or a simulated one) and print its webhook address",
    options,
    example: [
      "--church luz --mode live",
      "",
      "Credentials are asked for and not shown while typed. For scripts: STRIPE_SECRET_KEY,",
      "STRIPE_PUBLISHABLE_KEY and STRIPE_WEBHOOK_SECRET in the environment, or one per line on stdin in that order.",
    ].join("\n"),
    async perform(service, given, terminal) {
      const factory = service.app.adapters.get(given.gateway);
      if (!factory) {
        const known = [...service.app.adapters.keys()].join(", ");
        return err({ code: "invalid_request", detail: `no such gateway: there are ${known}` });
      }
      const church = await whichChurch(service.db, given.church);
      if (!church.ok) return church;
      const entity = await whichEntity(service, church.value, given.legalEntity);
      if (!entity.ok) return entity;
      return given.sandbox
        ? connectSandbox(service, church.value, entity.value, given)
        : connectReal(service, terminal, factory, church.value, entity.value, given);
    },
  })
    .requiredOption("--church <church>", "slug or ch_ id")
    .option("--gateway <id>", "which gateway", "stripe")
    .option("--legal-entity <id>", "whose account it is; needed when the church has several")
    .option("--country <cc>", "where the gateway keeps the account, when not in the owner's country")
    .option("--mode <mode>", "test or live credentials", "test")
    .option("--label <text>", "what the church calls it")
    .option("--credential <field=value...>", "a credential; others can see the flags of a running command")
    .option("--sandbox", "a simulated account: no credentials, no money");
}

async function whichEntity(
  { db }: NodeApp,
  church: Named,
  named: string | undefined,
): Promise<Result<LegalEntity, Problem>> {
  if (named !== undefined) {
    const id = parseId("legalEntity", named);
    const found = id && (await getLegalEntity(db, church.id, id));
    return found ? ok(found) : err({ code: "not_found", detail: `the church has no legal entity ${named}` });
  }
  const [only, ...others] = await listLegalEntities(db, church.id, { limit: 20 });
  if (only && others.length === 0) return ok(only);
  const ids = [only, ...others].flatMap((each) => (each ? [`${each.id} (${each.name})`] : []));
  return err({
    code: "invalid_request",
    detail: `name the account's owner with --legal-entity: ${ids.join(", ")}`,
  });
}

async function connectSandbox(
  { app }: NodeApp,
  church: Named,
  entity: LegalEntity,
  given: Options,
): Promise<Result<Told, Problem>> {
  const connected = await connectSimulated(app, {
    gateway: given.gateway,
    churchId: church.id,
    legalEntityId: entity.id,
    country: given.country ?? entity.country,
  });
  if (!connected.ok) return connected;
  return ok(
    told(connected.value, ["A simulated account: it already knows the address, and no money moves."]),
  );
}

async function connectReal(
  { app, db }: NodeApp,
  terminal: Terminal,
  factory: AdapterFactory,
  church: Named,
  entity: LegalEntity,
  given: Options,
): Promise<Result<Told, Problem>> {
  const reader = secretReader(terminal);
  try {
    const gathered = await gatherCredentials(factory, given.credential, terminal.environment, reader);
    if (!gathered.ok) return gathered;
    const { credentials, webhookSecret } = gathered.value;
    const connected = await connectGateway(app.deps, {
      gateway: factory.manifest.id,
      churchId: church.id,
      legalEntityId: entity.id,
      country: given.country ?? entity.country,
      mode: given.mode,
      label: given.label ?? factory.manifest.name,
      sandbox: false,
      credentials,
      webhookSecret,
    });
    if (!connected.ok) return connected;
    const { accountId, webhookUrl } = connected.value;
    if (webhookSecret) return ok(told(connected.value, ["Give the gateway that address for its webhooks."]));
    // Gateways tell the secret once they know the address.
    terminal.errors.write(`Give the gateway this address for its webhooks:\n  ${webhookUrl}\n`);
    const later = reader.terminal
      ? await reader.ask("The signing secret it shows for it (Enter: later)")
      : undefined;
    if (!later) {
      return ok(
        told(connected.value, [
          "Until its signing secret is set, its webhooks are refused:",
          `  npm run ofrenda -- gateway webhook-secret --church ${church.slug} --account ${accountId}`,
        ]),
      );
    }
    const account = { churchId: church.id, id: accountId };
    await db.inChurch(church.id, (tx) =>
      addWebhookSecret(tx, app.vault, account, later, app.deps.clock.now()),
    );
    return ok(told(connected.value, ["Its signing secret is set."]));
  } finally {
    reader.close();
  }
}

const told = ({ accountId, webhookUrl }: Connected, next: readonly string[]): Told => ({
  json: { account: accountId, webhook_url: webhookUrl },
  lines: [`Account          ${accountId}`, `Webhook address  ${webhookUrl}`, "", ...next],
});
