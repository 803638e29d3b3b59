import { expect, test } from "vitest";
import { readReference } from "../../src/pages/reference/read-document.ts";

const document = (paths: object, schemas: object = {}) => ({ info: {}, paths, components: { schemas } });
const answering = (schema: object) => ({
  "/v1/x": {
    get: {
      operationId: "x",
      responses: {
        "200": { description: "It", content: { "application/json": { schema } } },
        "404": { description: "Not it" },
        "204": { description: "Nothing" },
      },
    },
  },
});

test("what an operation leaves out is shown as empty, never as an error", () => {
  const { about, server, groups } = readReference(document(answering({ type: "object" })));
  expect({ about, server }).toEqual({ about: "", server: "" });
  expect(groups).toMatchObject([
    { tag: "other", operations: [{ id: "x", keyNeeded: true, parameters: [], body: [] }] },
  ]);
  const [operation] = groups[0]?.operations ?? [];
  expect(operation?.answers.map(({ status }) => status)).toEqual(["200", "204"]);
});

test("fields are told with type, bounds and examples, and one of ours stands where it is referred to", () => {
  const schemas = {
    Money: {
      type: "object",
      description: "Money",
      required: ["amount"],
      properties: { amount: { type: "integer", minimum: 1, maximum: 9 } },
    },
    Kind: { const: "gift" },
  };
  const properties = {
    paid: { $ref: "#/components/schemas/Money", description: "What was paid" },
    kind: { $ref: "#/components/schemas/Kind" },
    gone: { $ref: "#/components/schemas/Gone" },
    either: { anyOf: [{ type: "string", format: "date" }, { type: "null" }] },
    many: {
      type: ["array", "null"],
      items: { properties: { name: { type: "string", maxLength: 5, example: "Ana", default: "" } } },
    },
  };
  const { groups } = readReference(document(answering({ properties }), schemas));
  const fields = groups[0]?.operations[0]?.answers[0]?.fields ?? [];
  const told = Object.fromEntries(fields.map(({ name, type, about }) => [name, `${type}|${about}`]));
  expect(told).toMatchObject({
    paid: "object|What was paid",
    "paid.amount": "integer|at least 1, at most 9",
    kind: "gift|",
    gone: "object|",
    either: "string (date) | null|",
    "many[].name": 'string|at most 5 characters, default "", such as "Ana"',
  });
  expect(fields.find(({ name }) => name === "paid.amount")?.required).toBe(true);
});

test("a schema that holds itself ends", () => {
  const schemas = { Loop: { properties: { next: { $ref: "#/components/schemas/Loop" } } } };
  const { groups } = readReference(document(answering({ $ref: "#/components/schemas/Loop" }), schemas));
  expect(groups[0]?.operations[0]?.answers[0]?.fields.length).toBeLessThan(20);
});
