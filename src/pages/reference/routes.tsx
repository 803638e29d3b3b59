import { Hono } from "hono";
import type { HonoEnv } from "../../http/context.ts";
import { newNonce, noOutsideOrigins, pageHeaders } from "../design/page-security.ts";
import { readReference } from "./read-document.ts";
import { ReferencePage } from "./reference-page.tsx";

/** `/docs`: the reference, drawn from the same document that `/openapi.json` serves. */
export function referenceRoutes(document: (publicUrl: string) => object): Hono<HonoEnv> {
  const app = new Hono<HonoEnv>();
  app.get("/docs", (c) => {
    const nonce = newNonce();
    const reference = readReference(document(c.get("deps").config.publicUrl));
    return c.html(<ReferencePage reference={reference} nonce={nonce} />, 200, {
      ...pageHeaders(nonce, noOutsideOrigins),
    });
  });
  return app;
}
