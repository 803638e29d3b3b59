import { Ajv, type ValidateFunction } from "ajv";
import qs from "qs";
import { z } from "zod";
import { specJson } from "../support/specs.ts";
import type { Recorded } from "./recording-transport.ts";

/**
 * Stripe's published request schemas as judges of what we send (facts: conformance §1–3): the OpenAPI of
 * 2022-11-15, which is strict about types, and the parameters of stripe 23.1.0, which are of today. A key that
 * only the older one does not know is no fault when the newer one accepts the request.
 */
const schemaObject = z.record(z.string(), z.unknown());
const operation = z.object({
  parameters: z
    .array(
      z.object({ name: z.string(), in: z.string(), required: z.boolean().optional(), schema: schemaObject }),
    )
    .default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: schemaObject })) }).optional(),
});
const openApi = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
const sdkParams = z.object({
  definitions: z.intersection(
    z.object({ P: z.object({ properties: z.record(z.string(), z.unknown()) }) }),
    schemaObject,
  ),
});

type Schema = Record<string, unknown>;
const options = { allErrors: true, strict: false, unicodeRegExp: false, validateFormats: false } as const;

export type Judge = (request: Recorded) => { readonly operation: string; readonly faults: readonly string[] };

/** Keys newer than 2022-11-15 on operations whose parameters the newer schema does not list. */
const typedBySdkOnly: Readonly<Record<string, readonly string[]>> = {
  "GET /v1/checkout/sessions": ["created"],
};
/** Words for a `type` that the older schema has never heard of, each with an older one that stands in for it. */
const olderWords: ReadonlyMap<unknown, string> = new Map([
  ...["multibanco", "mb_way", "pay_by_bank", "revolut_pay", "amazon_pay", "crypto"].map(
    (word) => [word, "link"] as const,
  ),
  ["us_bank_transfer", "mx_bank_transfer"],
]);

/** Not in the published cut; has no parameters of ours. */
const withoutParameters = ["GET /v1/account"];

export function stripeJudge(): Judge {
  const ajv = new Ajv({ ...options, coerceTypes: true });
  const older = openApi.parse(specJson("stripe/openapi-2022-11-15.requests.json"));
  const newer = sdkParams.parse(specJson("stripe/sdk-23.1.0-params.schema.json"));
  ajv.addSchema({ $id: "sdk", definitions: newer.definitions });
  const compiled = new Map<string, ValidateFunction>();
  const compile = (key: string, schema: Schema) => {
    const known = compiled.get(key) ?? ajv.compile(schema);
    compiled.set(key, known);
    return known;
  };

  return (request) => {
    const { name, schema } = operationOf(request, older.paths);
    const raw = parametersOf(request);
    if (withoutParameters.includes(name)) {
      return { operation: name, faults: Object.keys(raw).map((key) => `${key}: no parameter expected`) };
    }
    const faults: string[] = [];
    const inSdk = name in newer.definitions.P.properties;
    if (inSdk) {
      const pointer = `sdk#/definitions/P/properties/${encodeURIComponent(escapedPointer(name))}`;
      faults.push(...complaints(compile(`new ${name}`, { $ref: pointer }), raw, () => true));
    }
    const tolerated = typedBySdkOnly[name] ?? [];
    faults.push(
      ...complaints(compile(`old ${name}`, schema), schemaObject.parse(inOlderWords(raw)), (keyword, key) =>
        keyword === "additionalProperties" ? !inSdk && !tolerated.includes(key) : true,
      ),
      ...fractions(schema, raw, ""),
    );
    return { operation: name, faults };
  };
}

/** The request as the older schema can judge the rest of it. */
function inOlderWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOlderWords);
  const object = schemaObject.safeParse(value);
  if (!object.success) return value;
  return Object.fromEntries(
    Object.entries(object.data).map(([key, one]) => [
      key,
      (key === "type" && olderWords.get(one)) || inOlderWords(one),
    ]),
  );
}

const escapedPointer = (name: string): string => name.replaceAll("~", "~0").replaceAll("/", "~1");

function parametersOf(request: Recorded): Schema {
  const text = request.method === "GET" ? request.url.search.slice(1) : request.body;
  return schemaObject.parse(qs.parse(text, { depth: 20, arrayLimit: 200, parameterLimit: 5000 }));
}

function complaints(
  validate: ValidateFunction,
  raw: Schema,
  counts: (keyword: string, key: string) => boolean,
): string[] {
  if (validate(structuredClone(raw))) return [];
  return (validate.errors ?? [])
    .filter((error) => counts(error.keyword, String(error.params.additionalProperty ?? "")))
    .map((error) => `${error.instancePath || "/"} ${error.message} ${JSON.stringify(error.params)}`);
}

/** Coercion would take `50.00` for the integer 50: Stripe would not. */
function fractions(schema: unknown, value: unknown, path: string): string[] {
  const read = schemaObject.safeParse(schema);
  if (!read.success) return [];
  if (read.data.type === "integer" && typeof value === "string") {
    return /^-?\d+$/.test(value) ? [] : [`${path}: ${value} is not an integer`];
  }
  const object = schemaObject.safeParse(value);
  const properties = schemaObject.safeParse(read.data.properties);
  const below =
    object.success && properties.success
      ? Object.entries(object.data).flatMap(([key, one]) =>
          fractions(properties.data[key], one, `${path}/${key}`),
        )
      : [];
  const items = Array.isArray(value)
    ? value.flatMap((one, i) => fractions(read.data.items, one, `${path}/${i}`))
    : [];
  const branches = z.array(schemaObject).safeParse(read.data.anyOf);
  const either = branches.success ? branches.data.flatMap((branch) => fractions(branch, value, path)) : [];
  return [...below, ...items, ...either];
}

function operationOf(
  request: Recorded,
  paths: Readonly<Record<string, Record<string, unknown>>>,
): { name: string; schema: Schema } {
  const templates = Object.keys(paths)
    .filter((template) => matches(template, request.url.pathname))
    .sort((a, b) => a.split("{").length - b.split("{").length);
  const template = templates[0] ?? request.url.pathname;
  const name = `${request.method} ${template}`;
  const found = operation.safeParse(paths[template]?.[request.method.toLowerCase()]);
  if (!found.success) return { name, schema: { not: {} } };
  const body = Object.values(found.data.requestBody?.content ?? {})[0]?.schema;
  return { name, schema: request.method === "GET" || !body ? querySchema(found.data.parameters) : body };
}

function matches(template: string, path: string): boolean {
  const pattern = template.replace(/[.*+?^$()|[\]\\]/g, "\\$&").replace(/\{[^}]+\}/g, "[^/]+");
  return new RegExp(`^${pattern}$`).test(path);
}

function querySchema(parameters: z.infer<typeof operation>["parameters"]): Schema {
  const query = parameters.filter((parameter) => parameter.in === "query");
  return {
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries(query.map((parameter) => [parameter.name, parameter.schema])),
    required: query.filter((parameter) => parameter.required).map((parameter) => parameter.name),
  };
}
