import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { z } from "zod";
import { specJson } from "../support/specs.ts";
import type { Recorded } from "./recording-transport.ts";

/**
 * Mercado Pago's published OpenAPI as the judge of what we send and of what the simulator answers (facts:
 * conformance §1–3). The document forbids no unknown key, so that every key it does not name is a fault here unless
 * the official SDK's types have it.
 */
const anything = z.record(z.string(), z.unknown());
const content = z.object({ content: z.object({ "application/json": z.object({ schema: anything }) }) });
const operationSchema = z.object({
  parameters: z
    .array(
      z.object({ name: z.string(), in: z.string(), required: z.boolean().default(false), schema: anything }),
    )
    .default([]),
  requestBody: content.optional(),
  responses: z.record(z.string(), z.unknown()).default({}),
});
const documentSchema = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) });
type Operation = z.infer<typeof operationSchema>;

/** In mercadopago 3.6.1 (`PaymentCreateRequest`, `PreferenceRequest`, search options) and not in the document. */
const sdkOnly: Readonly<Record<string, readonly string[]>> = {
  "POST /v1/payments": [
    "transaction_details",
    "additional_info.ip_address",
    "payer.first_name",
    "payer.last_name",
    "payer.entity_type",
    "payer.phone",
    "payer.address",
  ],
  "POST /checkout/preferences": ["metadata", "purpose", "payment_methods.default_payment_method_id"],
  "GET /checkout/preferences/search": ["external_reference", "limit"],
};

/** Called by the SDK and not in the document at all. */
const undocumented = ["GET /users/me"];

/** Where the document and Mercado Pago's own SDK, examples or status pages disagree about an answer. */
const disagreements: readonly RegExp[] = [
  // The SDK's types and Mercado Pago's example have a number.
  /^(\/results\/\d+)?\/collector_id must be string$/,
  // Details of its status page that the document's list lacks.
  /^(\/results\/\d+)?\/status_detail must be equal to one of the allowed values$/,
  // A list is said to be one refund.
  /^ must be object$/,
];

export type Verdict = { readonly operation: string; readonly faults: readonly string[] };
export type Judge = {
  request(request: Recorded): Verdict;
  answer(request: Recorded, status: number, body: unknown): readonly string[];
};

export function mercadoPagoJudge(): Judge {
  const raw = anything.parse(specJson("mercadopago/openapi/spec3.json"));
  const { paths } = documentSchema.parse(raw);
  const ajv = new Ajv2020({ allErrors: true, strict: false, unicodeRegExp: false, validateFormats: false });
  ajv.addSchema({ ...raw, $id: "mp" });
  const compiled = new Map<string, ValidateFunction>();
  const check = (pointer: string, value: unknown): string[] => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `mp#${pointer}` });
    compiled.set(pointer, validate);
    return validate(value) ? [] : (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
  };
  const find = (request: Recorded) => {
    const path = request.url.pathname.replace(/\/$/, "");
    const template = Object.keys(paths)
      .sort((a, b) => a.split("{").length - b.split("{").length)
      .find(
        (known) =>
          new RegExp(`^${known.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path) &&
          paths[known]?.[request.method.toLowerCase()],
      );
    const operation = template && operationSchema.parse(paths[template]?.[request.method.toLowerCase()]);
    return { name: `${request.method} ${template ?? path}`, template, operation };
  };
  return {
    request: (request) => {
      const { name, template, operation } = find(request);
      if (undocumented.includes(name)) return { operation: name, faults: [] };
      if (!template || !operation) return { operation: name, faults: [`${name} is not in the document`] };
      const faults = parameterFaults(name, operation, request);
      if (operation.requestBody) {
        const body: unknown = JSON.parse(request.body || "null");
        faults.push(...check(bodyPointer(template, request.method, "requestBody"), body));
        const schema = operation.requestBody.content["application/json"].schema;
        faults.push(
          ...unknownKeys(raw, schema, body, "")
            .filter((key) => !sdkOnly[name]?.includes(key))
            .map((key) => `${key} is unknown`),
        );
      }
      return { operation: name, faults };
    },
    answer: (request, status, body) => {
      const { name, template, operation } = find(request);
      if (undocumented.includes(name)) return [];
      if (!template || !operation) return [`${name} is not in the document`];
      const response = content.safeParse(operation.responses[String(status)]);
      const found = response.success
        ? check(bodyPointer(template, request.method, `responses/${status}`), body)
        : check("/components/schemas/Error", body);
      return found.filter((fault) => !disagreements.some((known) => known.test(fault)));
    },
  };
}

const escaped = (part: string) => part.replaceAll("~", "~0").replaceAll("/", "~1");
const bodyPointer = (template: string, method: string, where: string) =>
  `/paths/${encodeURIComponent(escaped(template))}/${method.toLowerCase()}/${where}/content/application~1json/schema`;

function parameterFaults(name: string, operation: Operation, request: Recorded): string[] {
  const known = operation.parameters;
  const faults: string[] = [];
  for (const [key, value] of request.url.searchParams) {
    const parameter = known.find((one) => one.in === "query" && one.name === key);
    if (!parameter && !sdkOnly[name]?.includes(key)) faults.push(`?${key} is unknown`);
    const allowed = z.array(z.string()).safeParse(parameter?.schema.enum);
    if (allowed.success && !allowed.data.includes(value)) faults.push(`?${key}=${value}`);
    if (parameter?.schema.type === "integer" && !/^\d+$/.test(value)) faults.push(`?${key}=${value}`);
  }
  for (const one of known) {
    if (one.in === "query" && one.required && !request.url.searchParams.has(one.name))
      faults.push(`?${one.name} is missing`);
    const header = one.in === "header" ? request.headers.get(one.name) : undefined;
    if (
      one.schema.format === "uuid" &&
      header !== undefined &&
      !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(header ?? "")
    ) {
      faults.push(`${one.name} is no UUID`);
    }
  }
  return faults;
}

/** Keys of a body that the schema does not name, by path. */
function unknownKeys(
  document: Record<string, unknown>,
  schema: unknown,
  body: unknown,
  at: string,
): string[] {
  const resolved = resolve(document, schema);
  const properties = anything.safeParse(resolved.properties).data;
  if (Array.isArray(body)) return body.flatMap((one) => unknownKeys(document, resolved.items, one, at));
  const object = anything.safeParse(body).data;
  if (!object || !properties) return [];
  return Object.entries(object).flatMap(([key, value]) => {
    const path = at === "" ? key : `${at}.${key}`;
    return key in properties ? unknownKeys(document, properties[key], value, path) : [path];
  });
}

function resolve(document: Record<string, unknown>, schema: unknown): Record<string, unknown> {
  const found = anything.safeParse(schema).data ?? {};
  if (typeof found.$ref !== "string") return found;
  let target: unknown = document;
  for (const part of found.$ref.replace(/^#\//, "").split("/")) target = anything.parse(target)[part];
  return resolve(document, target);
}
