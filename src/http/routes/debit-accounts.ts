import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { keepAccount } from "../../debits/keep-account.ts";
import { type HonoEnv, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { json, jsonBody, newRouter, problemAnswers } from "../router.ts";

const debitAccountSchema = z
  .object({
    id: z.string().openapi({ example: "dba_0193f2a4b5c67d8e9f00112233445566" }),
    display: z.string().openapi({ example: "••••••••789" }),
  })
  .openapi("DebitAccount", {
    description: "A donor's bank account, sealed: give with its id as the payment method's token",
  });

const create = createRoute({
  method: "post",
  path: "/v1/debit-accounts",
  summary: "Seal a donor's bank account, to be debited by file at the church's own bank",
  middleware: [requires("donations:start")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        routing_number: z.string().max(20).openapi({ example: "110000000" }),
        account_number: z.string().max(40).openapi({ example: "000123456789" }),
        account_type: z.enum(["checking", "savings"]),
        holder: z.string().max(100).openapi({ example: "Ana Núñez" }),
        authorization: z
          .enum(["online", "written"])
          .default("online")
          .openapi({ description: "How the holder agrees to be debited; `written` is kept by the church" }),
      }),
    ),
  },
  responses: { 201: json(debitAccountSchema, "Its name; the number is told to nobody"), ...problemAnswers },
});

/** `/v1/debit-accounts` */
export function debitAccountRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(create, async (c) => {
    const { clock, ...deps } = c.get("deps");
    const given = c.req.valid("json");
    const order = {
      routing: given.routing_number,
      number: given.account_number,
      kind: given.account_type,
      holder: given.holder,
      authorization: given.authorization,
    };
    const kept = unwrap(await keepAccount(deps, c.get("principal").churchId, order, clock.now()));
    return c.json({ id: kept.id, display: kept.display }, 201);
  });
  return app;
}
