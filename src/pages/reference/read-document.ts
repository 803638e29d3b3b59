import { z } from "zod";

/** What the reference page shows of an OpenAPI 3.1 document. */
export type Reference = {
  readonly about: string;
  readonly server: string;
  readonly groups: readonly Group[];
};
export type Group = { readonly tag: string; readonly operations: readonly Operation[] };
export type Operation = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly keyNeeded: boolean;
  readonly parameters: readonly Field[];
  readonly body: readonly Field[];
  readonly answers: readonly Answer[];
};
export type Answer = {
  readonly status: string;
  readonly description: string;
  readonly fields: readonly Field[];
};
/** One line of a table. `name` is a path: `donor.email`, `allocations[].fund`. */
export type Field = {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly about: string;
};

/** Deeper than this is left to the document itself. */
const deepest = 4;

const node = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  get properties() {
    return z.record(z.string(), node).optional();
  },
  get items() {
    return node.optional();
  },
  get anyOf() {
    return z.array(node).optional();
  },
  get oneOf() {
    return z.array(node).optional();
  },
  get allOf() {
    return z.array(node).optional();
  },
  required: z.array(z.string()).optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  format: z.string().optional(),
  description: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  default: z.unknown().optional(),
  example: z.unknown().optional(),
});
type Node = z.infer<typeof node>;
const content = z.record(z.string(), z.object({ schema: node.optional() }));
const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string().default(""),
  tags: z.array(z.string()).default([]),
  security: z.array(z.unknown()).optional(),
  parameters: z
    .array(
      z.looseObject({
        name: z.string(),
        in: z.string(),
        required: z.boolean().default(false),
        schema: node.default({}),
      }),
    )
    .default([]),
  requestBody: z.looseObject({ content }).optional(),
  responses: z.record(z.string(), z.looseObject({ description: z.string(), content: content.optional() })),
});
const document = z.looseObject({
  info: z.looseObject({ description: z.string().default("") }),
  servers: z.array(z.looseObject({ url: z.string() })).default([]),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), node).default({}) }),
});

/** Reads the document into what the page shows. Throws when it is not an OpenAPI 3.1 document of ours. */
export function readReference(given: unknown): Reference {
  const { info, servers, paths, components } = document.parse(given);
  const fieldsOf = (schema: Node | undefined): readonly Field[] =>
    schema ? walk(schema, components.schemas, "", 0) : [];
  const groups = new Map<string, Operation[]>();
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, found] of Object.entries(item)) {
      const tag = found.tags[0] ?? "other";
      const group = groups.get(tag) ?? [];
      groups.set(tag, group);
      group.push({
        id: found.operationId,
        method: method.toUpperCase(),
        path,
        summary: found.summary,
        keyNeeded: found.security === undefined || found.security.length > 0,
        parameters: found.parameters.map((each) => ({
          name: each.name,
          type: `${each.in}, ${typeOf(each.schema)}`,
          required: each.required,
          about: aboutOf(each.schema),
        })),
        body: fieldsOf(found.requestBody?.content["application/json"]?.schema),
        answers: Object.entries(found.responses)
          .filter(([status]) => status.startsWith("2"))
          .map(([status, answer]) => ({
            status,
            description: answer.description,
            fields: fieldsOf(answer.content?.["application/json"]?.schema),
          })),
      });
    }
  }
  return {
    about: info.description,
    server: servers[0]?.url ?? "",
    groups: [...groups].map(([tag, operations]) => ({ tag, operations })),
  };
}

type Schemas = Readonly<Record<string, Node>>;

function resolved(schema: Node, schemas: Schemas): Node {
  const found = schema.$ref === undefined ? undefined : schemas[schema.$ref.split("/").at(-1) ?? ""];
  // What stands beside a reference describes this use of it.
  return found ? { ...found, ...(schema.description && { description: schema.description }) } : schema;
}

/** The fields of a schema, each below its parent. */
function walk(given: Node, schemas: Schemas, prefix: string, depth: number): readonly Field[] {
  if (depth > deepest) return [];
  const schema = resolved(given, schemas);
  const variants = [...(schema.allOf ?? []), ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, child]) => {
    const field = resolved(child, schemas);
    const path = prefix === "" ? name : `${prefix}.${name}`;
    return [
      {
        name: path,
        type: typeOf(field),
        required: schema.required?.includes(name) ?? false,
        about: aboutOf(field),
      },
      ...walk(field, schemas, path, depth + 1),
    ];
  });
  const below = schema.items ? walk(schema.items, schemas, `${prefix}[]`, depth + 1) : [];
  const either = variants.flatMap((variant) => walk(variant, schemas, prefix, depth + 1));
  return unique([...own, ...below, ...either]);
}

/** Variants share fields: each is shown once. */
function unique(fields: readonly Field[]): readonly Field[] {
  const byName = new Map<string, Field>();
  for (const field of fields) if (!byName.has(field.name)) byName.set(field.name, field);
  return [...byName.values()];
}

function typeOf(schema: Node): string {
  if (schema.enum) return schema.enum.map(String).join(" | ");
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf || schema.oneOf) {
    const each = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].map(typeOf);
    return [...new Set(each)].join(" | ");
  }
  const type = Array.isArray(schema.type) ? schema.type.join(" | ") : (schema.type ?? "object");
  return schema.format ? `${type} (${schema.format})` : type;
}

function aboutOf(schema: Node): string {
  const { description, minimum, maximum, maxLength, example } = schema;
  const bounds = [
    minimum !== undefined && `at least ${minimum}`,
    maximum !== undefined && `at most ${maximum}`,
    maxLength !== undefined && `at most ${maxLength} characters`,
    schema.default !== undefined && `default ${JSON.stringify(schema.default)}`,
    example !== undefined && `such as ${JSON.stringify(example)}`,
  ].filter((part) => part !== false);
  return [description, bounds.join(", ")].filter(Boolean).join("; ");
}
