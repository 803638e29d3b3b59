import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { moneyJson } from "../../kernel/money.ts";
import { type Expectation, forecast } from "../../recurring/forecast.ts";
import type { HonoEnv } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import { json, newRouter, problemAnswers } from "../router.ts";

const expectation = z.object({
  promised: z.int().openapi({ description: "What falls due, in minor units" }),
  expected: z.int().openapi({ description: "What of it will likely come, from how it was kept so far" }),
});
const adherence = z.object({
  due: z.int(),
  given: z.int(),
  share: z.number().min(0).max(1),
});
const forecastSchema = z
  .object({
    object: z.literal("recurring_forecast"),
    data: z.array(
      z.object({
        month: z.string().openapi({ example: "2026-12" }),
        currency: z.string(),
        promised: z.int(),
        expected: z.int(),
        automatic: expectation,
        reminder: expectation,
      }),
    ),
    adherence: z
      .object({ automatic: adherence, reminder: adherence })
      .openapi({ description: "Of what fell due in the last twelve months, how much came in" }),
  })
  .openapi("RecurringForecast");

const read = createRoute({
  method: "get",
  path: "/v1/recurring-gifts/forecast",
  tags: ["recurring gifts"],
  summary: "Expected recurring income by month and currency, with how promises are kept",
  middleware: [requires("recurring:read")] as const,
  request: { query: z.object({ months: z.coerce.number().int().min(1).max(24).default(12) }) },
  responses: { 200: json(forecastSchema, "The months ahead"), ...problemAnswers },
});

/** Before `/v1/recurring-gifts/{id}`, which would take the word for an id. */
export function recurringForecastRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(read, async (c) => {
    const { churchId, mode } = c.get("principal");
    const { months, adherence: kept } = await forecast(
      c.get("deps"),
      churchId,
      mode,
      c.req.valid("query").months,
    );
    const data = months.map(({ month, currency, automatic, reminder }) => {
      const [pulled, asked] = [shown(automatic), shown(reminder)];
      const promised = pulled.promised + asked.promised;
      const expected = pulled.expected + asked.expected;
      return { month, currency, promised, expected, automatic: pulled, reminder: asked };
    });
    const share = ({ due, given, partsPerMillion }: (typeof kept)["automatic"]) => ({
      due,
      given,
      share: Number(partsPerMillion) / 1e6,
    });
    const object = "recurring_forecast" as const;
    return c.json(
      { object, data, adherence: { automatic: share(kept.automatic), reminder: share(kept.reminder) } },
      200,
    );
  });
  return app;
}

const shown = ({ promised, expected }: Expectation) => ({
  promised: moneyJson(promised).amount,
  expected: moneyJson(expected).amount,
});
