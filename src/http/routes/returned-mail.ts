import type { OpenAPIHono } from "@hono/zod-openapi";
import { sameText } from "../../kernel/same-text.ts";
import type { Secret } from "../../kernel/secret.ts";
import { returnedMost } from "../../messages/returned/read-returned.ts";
import { takeInReturned } from "../../messages/returned/take-in.ts";
import { type Ctx, type HonoEnv, refuse, unwrap } from "../context.ts";
import { boundedBody } from "../middleware/bounded-body.ts";
import { newRouter } from "../router.ts";

/**
 * `POST /webhooks/mail`: a mail service brings a mail that came back, as it is (`message/rfc822`) or in the form field
 * that service puts it in. 200 once what it says is written, also when it says nothing to us: none of these is worth
 * bringing again.
 */
export function returnedMailRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.post("/webhooks/mail", boundedBody(returnedMost, "a returned mail is"), async (c) => {
    const { secret } = c.get("deps").config.returned;
    if (!secret) refuse({ code: "not_found", detail: "no mail is taken here: set BOUNCE_SECRET" });
    if (!knows(secret, c.req.header("authorization"))) {
      refuse({ code: "unauthenticated", detail: "send BOUNCE_SECRET as a bearer token or a password" });
    }
    return c.json(unwrap(await takeInReturned(c.get("deps"), await mailIn(c))));
  });
  return app;
}

/** `Bearer <secret>`, or `Basic` with any name and the secret as the password: some services know only addresses. */
function knows(secret: Secret, authorization = ""): boolean {
  const [scheme = "", given = ""] = authorization.split(" ");
  const named = Buffer.from(given, "base64").toString("utf8");
  const shown = scheme.toLowerCase() === "basic" ? named.slice(named.indexOf(":") + 1) : given;
  return sameText(secret.reveal(), shown);
}

/** Where services put the mail as it came: Twilio's Inbound Parse `email`, Mailgun's routes `body-mime`. */
const formFields = ["email", "body-mime"] as const;

async function mailIn(c: Ctx): Promise<Uint8Array> {
  const type = c.req.header("content-type") ?? "";
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\b/i.test(type)) {
    return new Uint8Array(await c.req.arrayBuffer());
  }
  const form = await c.req.formData().catch(() => undefined);
  const mail = formFields.flatMap((name) => form?.get(name) ?? [])[0];
  if (mail === undefined) {
    const detail = `the form has no field ${formFields.join(" or ")} with the mail as it came`;
    refuse({ code: "invalid_request", detail });
  }
  return new Uint8Array(await new Blob([mail]).arrayBuffer());
}
