import { z } from "zod";
import type { AdapterFactory, GatewayCredentials } from "../gateway/adapter.ts";
import type { Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import { type Secret, secret } from "../kernel/secret.ts";
import type { SecretReader } from "./ask-secret.ts";

export type Gathered = {
  readonly credentials: GatewayCredentials;
  /** Only where it was given: at a terminal it is asked for later, once the address is known. */
  readonly webhookSecret: Secret | undefined;
};

const jsonSchema = z.object({
  properties: z.record(z.string(), z.looseObject({ default: z.unknown().optional() })),
});
const webhookSecretField = "webhook_secret";

/**
 * The fields of the adapter's own credentials schema, each from its flag, else the environment
 * (`STRIPE_SECRET_KEY`), else stdin; a field that has a default is not asked for. Refuses with the fields nobody gave; their shapes are the adapter's to check.
 */
export async function gatherCredentials(
  factory: AdapterFactory,
  flags: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
  reader: SecretReader,
): Promise<Result<Gathered, Problem>> {
  const { properties } = jsonSchema.parse(z.toJSONSchema(factory.credentials));
  const fields = Object.keys(properties);
  const needed = new Set(fields.filter((field) => properties[field]?.default === undefined));
  const given = new Map(
    flags.map((flag) => [flag.slice(0, flag.indexOf("=")), flag.slice(flag.indexOf("=") + 1)] as const),
  );
  const unknown = [...given.keys()].filter((field) => ![...fields, webhookSecretField].includes(field));
  if (unknown.length > 0) {
    return err({
      code: "invalid_request",
      detail: `${factory.manifest.name} has no credential ${unknown.join(", ")}: there are ${fields.join(", ")}`,
    });
  }
  const variable = (field: string) => `${factory.manifest.id}_${field}`.toUpperCase();
  const find = async (field: string, ask: boolean): Promise<Secret | undefined> => {
    const known = given.get(field) ?? environment[variable(field)];
    if (known) return secret(known);
    return ask ? reader.ask(`${factory.manifest.name} ${field.replaceAll("_", " ")}`) : undefined;
  };
  const credentials: Record<string, string> = {};
  const missing: string[] = [];
  for (const field of fields) {
    const found = await find(field, needed.has(field));
    if (found) credentials[field] = found.reveal();
    else if (needed.has(field)) missing.push(field);
  }
  if (missing.length > 0) {
    return err({
      code: "invalid_request",
      detail: `missing: ${missing.map((field) => `${field} (${variable(field)})`).join(", ")}`,
    });
  }
  return ok({ credentials, webhookSecret: await find(webhookSecretField, !reader.terminal) });
}
