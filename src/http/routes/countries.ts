import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { CountryMethod, CountryProfile, IdentityDocument } from "../../gateway/country-profile.ts";
import type { GatewayManifest } from "../../gateway/manifest.ts";
import { methodTypes } from "../../gateway/methods.ts";
import { money } from "../../kernel/money.ts";
import { frequencyWords, mandateCadenceOf, ruleOfWord } from "../../recurring/rule.ts";
import { barredIn, type Carrier, carriedBy } from "../../routing/carried-by.ts";
import { limitsOf } from "../../routing/choose-route.ts";
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

const localized = z.object({ es: z.string(), en: z.string(), pt: z.string() });
const fieldSchema = z.object({
  field: z.enum(["name", "email", "phone", "tax_id", "address", "bank"]),
  required: z.boolean(),
  why: localized,
});
const methodSchema = z.object({
  type: z.enum(methodTypes),
  kind: z.string(),
  label: localized,
  hint: localized,
  currency: z.string().openapi({ description: "what the gift itself is in" }),
  presentations: z.array(z.string()),
  minimum: moneyOrNull,
  maximum: moneyOrNull,
  donor_fields: z.array(fieldSchema),
  recurs: z.string(),
  confirms: z.string(),
});

const gatewaySchema = z
  .object({
    gateway: z.string(),
    name: z.string(),
    minimum: moneyOrNull,
    maximum: moneyOrNull,
    refunds: z.enum(["partial", "full", "none"]),
    refund_window_days: z.int().nullable(),
    refunds_to: z.enum(["donor", "gateway_balance"]),
    account_countries: z.array(z.string()).openapi({ description: "where the church's account must be" }),
    churches: z.enum(["allowed", "approval_needed", "not_stated"]),
    confidence: z.enum(["high", "medium", "low"]),
  })
  .openapi("CountryMethodGateway");

const countryMethodSchema = methodSchema
  .extend({
    gateways: z.array(gatewaySchema).openapi({ description: "in the order they are tried" }),
  })
  .openapi("CountryMethod");

const documentSchema = z
  .object({ type: z.string(), label: localized, why: localized, example: z.string() })
  .openapi("IdentityDocument");

const barredSchema = z
  .object({ name: z.string(), gateway: z.string(), why: localized, source: z.string() })
  .openapi("BarredMethod");

const countrySchema = z
  .object({
    code: z.string(),
    name: localized,
    currency: z.string(),
    time_zone: z.string(),
    locales: z.array(z.string()),
    words: z.object({ gift: localized, tithe: localized }),
    suggested_amounts: z.array(moneySchema),
    methods: z.array(countryMethodSchema),
    barred_methods: z.array(barredSchema).openapi({
      description: "what gateways have here and a church may not use: never offered",
    }),
    donor_documents: z.array(documentSchema),
    entity_document: documentSchema,
    acknowledgment: z.object({ title: localized, statement: localized }),
  })
  .openapi("Country");

const countryInFullSchema = countrySchema
  .extend({
    bank_holidays: z
      .array(z.iso.date())
      .openapi({ description: "working days on which the country's bank rails rest" }),
  })
  .openapi("CountryInFull");

const offeredSchema = methodSchema
  .extend({
    gateway: z.string(),
    recurring: z.enum(["automatic", "reminder"]).nullable().openapi({
      description: "how a recurring gift of the frequency asked about is collected; null for a single gift",
    }),
    fee_cover: moneyOrNull,
    banks: z.array(z.object({ code: z.string(), name: z.string() })),
  })
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
  responses: { 200: json(countryInFullSchema, "The country"), ...problemAnswers },
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
      frequency: z.enum(["once", ...frequencyWords]).optional(),
    }),
  },
  responses: { 200: json(z.object({ data: z.array(offeredSchema) }), "Methods"), ...problemAnswers },
});

export function countryRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(list, (c) => {
    const { countries, payments } = c.get("deps");
    const data = [...countries.values()].map((profile) => renderCountry(profile, payments.manifests));
    return c.json({ data }, 200);
  });
  app.openapi(read, (c) => {
    const { countries, payments } = c.get("deps");
    const profile = countries.get(c.req.valid("param").cc.toLowerCase());
    if (!profile) return refuse({ code: "not_found", detail: "we do not serve this country yet" });
    const country = renderCountry(profile, payments.manifests);
    return c.json({ ...country, bank_holidays: [...profile.bankHolidays] }, 200);
  });
  app.openapi(offered, async (c) => {
    const deps = c.get("deps");
    const { country, amount, currency, frequency } = c.req.valid("query");
    const profile = deps.countries.get(country.toLowerCase());
    if (!profile) return refuse({ code: "not_found", detail: "we do not serve this country yet" });
    const { churchId, mode } = c.get("principal");
    const methods = await offeredMethods(deps, {
      churchId,
      country: profile,
      mode,
      ...(currency === undefined ? {} : { currency }),
      ...(amount === undefined ? {} : { amount: money(amount, currency ?? profile.currency) }),
      ...(frequency === undefined || frequency === "once"
        ? {}
        : { recurring: mandateCadenceOf[ruleOfWord[frequency].cadence] }),
    });
    return c.json({ data: methods.map(renderOffered) }, 200);
  });
  return app;
}

type Manifests = ReadonlyMap<string, GatewayManifest>;

function renderCountry(profile: CountryProfile, manifests: Manifests): z.infer<typeof countrySchema> {
  return {
    code: profile.code,
    name: profile.name,
    currency: profile.currency,
    time_zone: profile.timeZone,
    locales: [...profile.locales],
    words: profile.words,
    suggested_amounts: profile.suggestedAmounts.map((minor) => renderMoney(money(minor, profile.currency))),
    methods: profile.methods.map((method) => renderCountryMethod(profile, method, manifests)),
    barred_methods: barredIn(profile.code, manifests).map(({ manifest, barred }) => ({
      name: barred.name,
      gateway: manifest.id,
      why: barred.why,
      source: barred.source,
    })),
    donor_documents: profile.donorDocuments.map(renderDocument),
    entity_document: renderDocument(profile.entityDocument),
    acknowledgment: profile.acknowledgment,
  };
}

const renderDocument = ({ type, label, why, example }: IdentityDocument): z.infer<typeof documentSchema> => ({
  type,
  label,
  why,
  example,
});

function renderCountryMethod(
  profile: CountryProfile,
  method: CountryMethod,
  manifests: Manifests,
): z.infer<typeof countryMethodSchema> {
  const currency = method.currency ?? profile.currency;
  return {
    ...renderMethod({ ...method, currency }),
    gateways: carriedBy(profile, method, manifests).map(({ manifest, capability }) => ({
      gateway: manifest.id,
      name: manifest.name,
      ...renderLimits(limitsOf(method, capability, currency)),
      refunds: capability.refunds,
      refund_window_days: capability.refundWindowDays ?? null,
      refunds_to: capability.refundsTo ?? "donor",
      account_countries: accountsFor(profile, capability),
      churches: capability.churches,
      confidence: capability.confidence,
    })),
  };
}

/** Absent in a manifest means: an account of the donor's own country. */
const accountsFor = (profile: CountryProfile, { accounts }: Carrier["capability"]): string[] => [
  ...(accounts ?? [profile.code]),
];

type Limits = Partial<Pick<OfferedMethod, "minimum" | "maximum">>;

const renderLimits = ({ minimum, maximum }: Limits) => ({
  minimum: minimum ? renderMoney(minimum) : null,
  maximum: maximum ? renderMoney(maximum) : null,
});

type Shown = Limits &
  Pick<
    OfferedMethod,
    "type" | "kind" | "label" | "hint" | "currency" | "presentations" | "donorFields" | "recurs" | "confirms"
  >;

function renderMethod(method: Shown): z.infer<typeof methodSchema> {
  return {
    type: method.type,
    kind: method.kind,
    label: method.label,
    hint: method.hint,
    currency: method.currency,
    presentations: [...method.presentations],
    ...renderLimits(method),
    donor_fields: method.donorFields.map(({ field, required, why }) => ({ field, required, why })),
    recurs: method.recurs,
    confirms: method.confirms,
  };
}

const renderOffered = (method: OfferedMethod): z.infer<typeof offeredSchema> => ({
  ...renderMethod(method),
  gateway: method.gateway,
  banks: [...method.banks],
  recurring: method.recurring ?? null,
  fee_cover: method.feeCover ? renderMoney(method.feeCover) : null,
});
