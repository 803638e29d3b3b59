import { expect, test } from "vitest";
import { z } from "zod";
import { openHouse } from "../support/house.ts";

const operation = z.looseObject({
  operationId: z.string(),
  summary: z.string().min(4),
  security: z.array(z.unknown()).optional(),
  parameters: z.array(z.looseObject({ name: z.string(), required: z.boolean().optional() })).default([]),
  responses: z.record(z.string(), z.unknown()),
});
const document = z.looseObject({
  openapi: z.literal("3.1.0"),
  servers: z.array(z.object({ url: z.string() })),
  security: z.array(z.object({ api_key: z.array(z.string()) })),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({
    schemas: z.record(z.string(), z.unknown()),
    securitySchemes: z.object({
      api_key: z.object({ type: z.literal("http"), scheme: z.literal("bearer") }),
    }),
  }),
});

const house = await openHouse();
const get = (path: string) => house.app.fetch(new Request(`http://ofrenda.test${path}`));
const api = document.parse(await (await get("/openapi.json")).json());
const operations = Object.entries(api.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, each]) => ({ path, method, ...each })),
);

test("every operation of the document is served: without a key it is refused with a problem, or needs none", async () => {
  expect(operations.length).toBeGreaterThan(40);
  for (const { path, method, security } of operations) {
    const url = `http://ofrenda.test${path.replaceAll(/\{\w+\}/g, "mx")}`;
    const answer = await house.app.fetch(new Request(url, { method: method.toUpperCase() }));
    expect([path, answer.status]).toEqual([path, security?.length === 0 ? 200 : 401]);
  }
});

test("names are unique, and every command that moves money says its idempotency key is required", () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const keyed = operations.filter(({ parameters }) =>
    parameters.some(({ name }) => name === "idempotency-key"),
  );
  expect(keyed.map(({ path }) => path)).toEqual([
    "/v1/donations",
    "/v1/donations/{id}/cancel",
    "/v1/donations/{id}/refunds",
    "/v1/recurring-gifts",
    "/v1/approvals",
    "/v1/approvals/{id}/approve",
    "/v1/approvals/{id}/reject",
    "/v1/approvals/{id}/paid",
  ]);
  for (const { parameters } of keyed) {
    expect(parameters.find(({ name }) => name === "idempotency-key")?.required).toBe(true);
  }
});

test("problems are described for every operation, in their own media type", () => {
  expect(Object.keys(api.components.schemas)).toContain("Problem");
  for (const { responses } of operations) {
    expect(JSON.stringify(responses["4XX"])).toContain("application/problem+json");
  }
});

test("/docs shows every operation with its fields, without script and from our own origin only", async () => {
  const answer = await get("/docs");
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
  const html = await answer.text();
  expect(html).not.toContain("<script");
  expect(html).not.toMatch(/(?:src|href)="https?:/);
  for (const { operationId, path, method } of operations) {
    expect(html).toContain(`id="${operationId}"`);
    expect(html).toContain(`${method.toUpperCase()} ${path}`);
  }
  expect(html).toContain("<code>donor.email</code>");
  expect(html).toContain("<code>allocations[].fund</code>");
});
