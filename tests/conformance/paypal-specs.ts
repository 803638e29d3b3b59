import { Ajv, type ValidateFunction } from "ajv";
import { z } from "zod";
import { specJson } from "../support/specs.ts";
import type { Exchange } from "./paypal-world.ts";
import type { Recorded } from "./recording-transport.ts";

/**
 * PayPal's published specifications as judges of what we send and of what the simulator answers (facts:
 * conformance §1–3). They are of February 2024; where PayPal Server SDK 2.5.0 knows more, `newer` says so.
 */
const files = {
  orders: "checkout_orders_v2",
  payments: "payments_payment_v2",
  vault: "vault_payment_tokens_v3",
  disputes: "customer_disputes_v1",
  transactions: "reporting_transactions_v1",
  webhooks: "notifications_webhooks_v1",
} as const;

const parameter = z.object({
  name: z.string(),
  in: z.string(),
  required: z.boolean().optional(),
  schema: z.record(z.string(), z.unknown()).optional(),
});
const reference = z.object({ $ref: z.string() });
const content = z.object({ "application/json": z.object({ schema: z.unknown() }).optional() });
const response = z.union([reference, z.object({ content: content.optional() })]);
const operation = z.object({
  parameters: z.array(z.union([reference, parameter])).default([]),
  requestBody: z.union([reference, z.object({ content })]).optional(),
  responses: z.record(z.string(), response),
});
const spec = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.object({
    parameters: z.record(z.string(), parameter).default({}),
    responses: z.record(z.string(), z.object({ content: content.optional() })).default({}),
  }),
});

/** Complaints that a newer version of the same API answers: `operation`, then a part of the complaint. */
const newer: readonly (readonly [string, string])[] = [
  // The vault takes setup tokens since before the specification's enum did (SDK 2.5.0, `VaultTokenRequestType`).
  ["POST /v3/vault/payment-tokens", "/payment_source/token/type must be equal to one of the allowed values"],
  // The specification contradicts itself: its own word GUEST_CHECKOUT has 14 letters.
  ["POST /v2/checkout/orders", "/landing_page must NOT have more than 13 characters"],
];

const lastPart = (ref: string): string => ref.split("/").at(-1) ?? "";

type Found = { readonly file: string; readonly path: string; readonly name: string };
export type Judgement = { readonly operation: string; readonly faults: readonly string[] };

export function paypalJudge() {
  const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false, validateFormats: false });
  const coercing = new Ajv({
    strict: false,
    unicodeRegExp: false,
    validateFormats: false,
    coerceTypes: true,
  });
  const specs: ReadonlyMap<string, z.infer<typeof spec>> = new Map(
    Object.values(files).map((file) => {
      const json = specJson(`paypal/openapi/${file}.json`);
      ajv.addSchema(z.record(z.string(), z.unknown()).parse(json), file);
      return [file, spec.parse(json)] as const;
    }),
  );
  const compiled = new Map<string, ValidateFunction>();
  const at = (file: string, ...parts: string[]): ValidateFunction => {
    const pointer = parts
      .map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1")))
      .join("/");
    const ref = `${file}#/${pointer}`;
    const known = compiled.get(ref) ?? ajv.compile({ $ref: ref });
    compiled.set(ref, known);
    return known;
  };
  const find = (request: Pick<Recorded, "method" | "url">): Found | undefined => {
    for (const [file, { paths }] of specs) {
      for (const path of Object.keys(paths)) {
        const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`);
        if (pattern.test(request.url.pathname) && paths[path]?.[request.method.toLowerCase()]) {
          return { file, path, name: `${request.method} ${path}` };
        }
      }
    }
    return undefined;
  };
  const complaints = (validate: ValidateFunction, value: unknown, found: Found): string[] => {
    if (validate(value)) return [];
    return (validate.errors ?? [])
      .map((error) => `${error.instancePath} ${error.message}`)
      .filter((text) => !newer.some(([name, part]) => name === found.name && text.includes(part)));
  };
  const operationOf = (found: Found, method: string) =>
    operation.parse(specs.get(found.file)?.paths[found.path]?.[method.toLowerCase()]);

  const parametersOf = (request: Recorded, found: Found): z.infer<typeof parameter>[] =>
    operationOf(found, request.method).parameters.flatMap((one) => {
      if (!("$ref" in one)) return [one];
      const named = specs.get(found.file)?.components.parameters[lastPart(one.$ref)];
      return named ? [named] : [];
    });
  const parameterFaults = (request: Recorded, found: Found): string[] => {
    const all = parametersOf(request, found);
    const known = new Set(all.filter((one) => one.in === "query").map((one) => one.name));
    const strange = [...request.url.searchParams.keys()].filter((name) => !known.has(name));
    const wrong = all.flatMap(({ name, in: place, required, schema }) => {
      const value = place === "query" ? request.url.searchParams.get(name) : request.headers.get(name);
      if (place === "path") return [];
      if (value === null) return required ? [`${place} ${name} is missing`] : [];
      return schema && !coercing.validate(schema, value) ? [`${place} ${name} ${coercing.errorsText()}`] : [];
    });
    return [...strange.map((name) => `query ${name} is unknown`), ...wrong];
  };
  const bodyParts = (found: Found, method: string): string[] | undefined => {
    const { requestBody } = operationOf(found, method);
    if (!requestBody) return undefined;
    return "$ref" in requestBody
      ? ["components", "requestBodies", lastPart(requestBody.$ref)]
      : ["paths", found.path, method.toLowerCase(), "requestBody"];
  };

  return {
    /** What is wrong with a request of ours. */
    request(request: Recorded): Judgement {
      const found = find(request);
      if (!found)
        return {
          operation: "none",
          faults: [`${request.method} ${request.url.pathname} is in no specification`],
        };
      const faults = parameterFaults(request, found);
      const parts = bodyParts(found, request.method);
      if (parts && request.body !== "") {
        const schema = at(found.file, ...parts, "content", "application/json", "schema");
        faults.push(...complaints(schema, JSON.parse(request.body), found));
      }
      return { operation: found.name, faults };
    },
    /** What is wrong with an answer of the simulator's. */
    response({ request, status, body }: Exchange): Judgement {
      const found = find(request);
      if (!found) return { operation: "none", faults: ["no such operation"] };
      const { responses } = operationOf(found, request.method);
      const key = responses[String(status)] ? String(status) : "default";
      const described = responses[key];
      if (!described) return { operation: found.name, faults: [`status ${status} is not documented`] };
      if (body === "") return { operation: found.name, faults: [] };
      const name = "$ref" in described ? lastPart(described.$ref) : undefined;
      const parts =
        name === undefined
          ? ["paths", found.path, request.method.toLowerCase(), "responses", key]
          : ["components", "responses", name];
      const has =
        name === undefined
          ? "content" in described && described.content?.["application/json"]
          : specs.get(found.file)?.components.responses[name]?.content;
      if (!has) return { operation: found.name, faults: [] };
      const validate = at(found.file, ...parts, "content", "application/json", "schema");
      return { operation: found.name, faults: complaints(validate, JSON.parse(body), found) };
    },
  };
}

/** Every `issue` the two payment specifications name, for the tables. */
export function issuesInSpecs(): ReadonlySet<string> {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, inner] of Object.entries(value)) {
      const issue = name === "issue" ? z.object({ enum: z.array(z.string()) }).safeParse(inner) : undefined;
      if (issue?.success) for (const word of issue.data.enum) found.add(word);
      walk(inner);
    }
  };
  for (const file of [files.orders, files.payments]) walk(specJson(`paypal/openapi/${file}.json`));
  return found;
}

/** A closed list of words somewhere in a specification. */
export function wordsAt(file: keyof typeof files, ...path: string[]): readonly string[] {
  let value: unknown = specJson(`paypal/openapi/${files[file]}.json`);
  for (const part of path) value = z.record(z.string(), z.unknown()).parse(value)[part];
  return z.array(z.string()).parse(value);
}
