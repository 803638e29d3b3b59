import { resources } from "./resources.ts";
import { newRouter } from "./router.ts";

type Document = ReturnType<ReturnType<typeof newRouter>["getOpenAPI31Document"]>;
type PathItem = NonNullable<Document["paths"]>[string];
type Operation = NonNullable<PathItem["get"]>;

const methods = ["get", "post", "put", "patch", "delete"] as const;

const about = [
  "Payment orchestration for giving. Money is whole minor units with its currency; instants are RFC 3339 in UTC;",
  "lists answer `{data, next_cursor}`. Errors are problem documents (RFC 9457) that name the field and the mend.",
  "Commands that move money need an `Idempotency-Key`: a repeat answers as the first did, with",
  "`Idempotency-Replayed: true`. A key of a platform names the church in `Ofrenda-Church: ch_…`.",
].join(" ");

/**
 * The OpenAPI 3.1 document of everything under `/v1`, made from the schemas that guard the routes. `publicUrl` is
 * the server it names. The same for every request: callers may keep it.
 */
export function openApiDocument(publicUrl: string): Document {
  const api = newRouter();
  for (const routes of resources) api.route("/", routes());
  api.openAPIRegistry.registerComponent("securitySchemes", "api_key", {
    type: "http",
    scheme: "bearer",
    description: "ofr_test_… or ofr_live_… on servers; ofr_pk_… may only start a gift",
  });
  const document = api.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Ofrenda", version: "1", description: about, license: { name: "Apache-2.0" } },
    servers: [{ url: publicUrl }],
    security: [{ api_key: [] }],
  });
  for (const [path, item] of Object.entries(document.paths ?? {})) {
    for (const method of methods) {
      const operation = item[method];
      if (operation) complete(operation, method, path);
    }
  }
  return document;
}

/** What follows from the address: whose resource it is and a name for code generators. */
function complete(operation: Operation, method: string, path: string): void {
  const steps = path.split("/").slice(2);
  operation.tags = [steps[0] ?? "other"];
  operation.operationId = [method, ...steps]
    .map((step) => step.replaceAll(/[{}]/g, "").replaceAll("-", "_"))
    .join("_");
  for (const parameter of operation.parameters ?? []) {
    // The route lets a missing one through to give it a problem of its own; for callers it is required.
    if ("name" in parameter && parameter.name === "idempotency-key") parameter.required = true;
  }
}
