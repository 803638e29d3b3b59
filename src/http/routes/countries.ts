import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { CountryProfile } from "../../gateway/country-profile.ts";
import { methodTypes } from "../../gateway/methods.ts";
import { money } from "../../kernel/money.ts";
import { type OfferedMethod, offeredMethods } from "../../routing/offered-methods.ts";
import { type HonoEnv, refuse } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import {
  amountSchema,
  currencySchema,
  json,
  moneyOrNull,
  moneySchema,
  newRouter,
  problemAnswers,
  renderMoney,
} from "../router.ts";

const localized = z.object({ es: z.string(), en: z.string(), pt: z.string().optional() });
const fieldSchema = z.object({
  field: z.enum(["name", "email", "phone", "tax_id"]),
  required: z.boolean(),
  why: localized,
});
const methodSchema = z
  .object({
    type: z.enum(methodTypes),
    kind: z.string(),
    label: localized,
    hint: localized,
    presentations: z.array(z.string()),
    minimum: moneyOrNull,
    maximum: moneyOrNull,
    donor_fields: z.array(fieldSchema),
    recurs: z.string(),
    confirms: z.string(),
  })
  .openapi("CountryMethod");

const countrySchema = z
  .object({
    code: z.string(),
    name: localized,
    currency: z.string(),
    time_zone: z.string(),
    locales: z.array(z.string()),
    suggested_amounts: z.array(moneySchema),
    methods: z.array(methodSchema),
  })
  .openapi("Country");

const offeredSchema = methodSchema
  .extend({ gateway: z.string(), fee_cover: moneyOrNull })
  .openapi("PaymentMethod");

const list = createRoute({
  method: "get",
  path: "/v1/countries",
  security: [],
  tags: ["countries"],
  summary: "Every country and what can be offered there",
  responses: { 200: json(z.object({ data: z.array(countrySchema) }), "Countries"), ...problemAnswers },
});
const read = createRoute({
  method: "get",
  path: "/v1/countries/{cc}",
  security: [],
  tags: ["countries"],
  summary: "One country",
  request: { params: z.object({ cc: z.string().max(2) }) },
  responses: { 200: json(countrySchema, "The country"), ...problemAnswers },
});
const offered = createRoute({
  method: "get",
  path: "/v1/payment-methods",
  tags: ["countries"],
  summary: "What this church's donors may use now, in order",
  middleware: [requires("donations:start")] as const,
  request: {
    query: z.object({
      country: z.string().max(2),
      currency: currencySchema.optional(),
      amount: z
        .preprocess((text) => (typeof text === "string" ? Number(text) : text), amountSchema)
        .optional(),
      frequency: z.enum(["once", "weekly", "biweekly", "monthly", "quarterly", "yearly"]).optional(),
    }),
  },
  responses: { 200: json(z.object({ data: z.array(offeredSchema) }), "Methods"), ...problemAnswers },
});

export function countryRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, (c) => c.json({ data: [...c.get("deps").countries.values()].map(renderCountry) }, 200));
  app.openapi(read, (c) => {
    const profile = c.get("deps").countries.get(c.req.valid("param").cc.toLowerCase());
    if (!profile) return refuse({ code: "not_found", detail: "we do not serve this country yet" });
    return c.json(renderCountry(profile), 200);
  });
  app.openapi(offered, async (c) => {
    const deps = c.get("deps");
    const { country, amount, currency, frequency } = c.req.valid("query");
    const profile = deps.countries.get(country.toLowerCase());
    if (!profile) return refuse({ code: "not_found", detail: "we do not serve this country yet" });
    if (currency !== undefined && currency !== profile.currency) return c.json({ data: [] }, 200);
    const { churchId, mode } = c.get("principal");
    const methods = await offeredMethods(deps, {
      churchId,
      country: profile,
      mode,
      ...(amount === undefined ? {} : { amount: money(amount, profile.currency) }),
      recurring: frequency !== undefined && frequency !== "once",
    });
    return c.json({ data: methods.map(renderOffered) }, 200);
  });
  return app;
}

function renderCountry(profile: CountryProfile): z.infer<typeof countrySchema> {
  return {
    code: profile.code,
    name: profile.name,
    currency: profile.currency,
    time_zone: profile.timeZone,
    locales: [...profile.locales],
    suggested_amounts: profile.suggestedAmounts.map((minor) => renderMoney(money(minor, profile.currency))),
    methods: profile.methods.map(renderMethod),
  };
}

type Shown = Pick<
  OfferedMethod,
  "type" | "kind" | "label" | "hint" | "presentations" | "donorFields" | "recurs" | "confirms"
> & { readonly minimum?: OfferedMethod["minimum"]; readonly maximum?: OfferedMethod["maximum"] };

function renderMethod(method: Shown): z.infer<typeof methodSchema> {
  return {
    type: method.type,
    kind: method.kind,
    label: method.label,
    hint: method.hint,
    presentations: [...method.presentations],
    minimum: method.minimum ? renderMoney(method.minimum) : null,
    maximum: method.maximum ? renderMoney(method.maximum) : null,
    donor_fields: method.donorFields.map(({ field, required, why }) => ({ field, required, why })),
    recurs: method.recurs,
    confirms: method.confirms,
  };
}

const renderOffered = (method: OfferedMethod): z.infer<typeof offeredSchema> => ({
  ...renderMethod(method),
  gateway: method.gateway,
  fee_cover: method.feeCover ? renderMoney(method.feeCover) : null,
});
