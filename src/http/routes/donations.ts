import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import type { PostalAddress } from "../../gateway/payment.ts";
import { statesOf } from "../../giving/attempt-state.ts";
import { cancelDonation } from "../../giving/cancel-donation.ts";
import { donationJson, donationSchema } from "../../giving/donation-json.ts";
import { donationStatuses } from "../../giving/donation-view.ts";
import { giveDonation } from "../../giving/give-donation.ts";
import type { GiveRequest } from "../../giving/give-request.ts";
import { listDonations, readDonation } from "../../giving/read-donation.ts";
import { refundDonation } from "../../giving/refund-donation.ts";
import { refundSchema } from "../../giving/refund-json.ts";
import { checkKey } from "../../idempotency/claim.ts";
import { uuidOf } from "../../kernel/ids.ts";
import { money } from "../../kernel/money.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import {
  amountSchema,
  currencySchema,
  idempotencyHeader,
  idSchema,
  json,
  jsonBody,
  listOf,
  listQuery,
  newRouter,
  page,
  problemAnswers,
} from "../router.ts";

const shortText = (most: number) => z.string().max(most);
const donorSchema = z
  .object({
    name: shortText(200).optional(),
    email: shortText(254).optional(),
    phone: shortText(40).optional(),
    tax_id: shortText(40).optional(),
    tax_id_type: shortText(20).optional().openapi({
      description: "Which document of the country it is, where several look alike: cc, ce, nit …",
    }),
    address: z
      .object({
        street: shortText(200).min(1),
        number: shortText(20).optional(),
        district: shortText(100).optional(),
        city: shortText(100).min(1),
        region: shortText(60).optional(),
        postal_code: shortText(20).optional(),
      })
      .strict()
      .optional(),
  })
  .strict();

export const deviceSchema = z
  .object({ ip_address: z.union([z.ipv4(), z.ipv6()]), user_agent: z.string().min(1).max(400) })
  .strict();

export const giveBody = z
  .object({
    amount: amountSchema,
    currency: currencySchema,
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, "is an ISO 3166-1 code such as mx")
      .transform((c) => c.toLowerCase()),
    payment_method: z
      .object({
        type: z.string().max(40),
        presentation: z.enum(["embedded", "hosted", "token", "instructions"]).optional(),
        token: z
          .string()
          .max(255)
          .regex(/^[A-Za-z0-9_-]+$/, "is a gateway token, never a card number")
          .refine(
            (text) => !/^\d{12,19}$/.test(text),
            "a card number must never be sent here: use the hosted fields",
          )
          .optional(),
        /** Where the donor agreed to a bank debit by token, as the gateway's mandate records it. */
        mandate_acceptance: deviceSchema.optional(),
        bank: z
          .string()
          .regex(/^[\w.-]{1,40}$/, "is the code of a bank from GET /v1/payment-methods")
          .optional(),
      })
      .strict(),
    donor: donorSchema.default({}),
    /** From where the donor gives, for the rails that want to be told (PSE). */
    device: deviceSchema.optional(),
    allocations: z
      .array(z.object({ fund: z.string().min(1).max(64), amount: amountSchema }).strict())
      .max(20)
      .default([]),
    cover_fees: z.boolean().default(false),
    anonymous: z.boolean().default(false),
    note: shortText(1000).optional(),
    return_url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional(),
    locale: z
      .string()
      .regex(/^[a-z]{2}(-[A-Z]{2})?$/, "is a language tag such as es-MX")
      .optional(),
  })
  .strict()
  .openapi("NewDonation");

const give = createRoute({
  method: "post",
  path: "/v1/donations",
  tags: ["donations"],
  summary: "Give: create a donation and start collecting it",
  middleware: [requires("donations:start")] as const,
  request: { headers: idempotencyHeader, body: jsonBody(giveBody) },
  responses: { 201: json(donationSchema, "The donation, and what the donor does next"), ...problemAnswers },
});

const byId = z.object({ id: idSchema("donation") });

const read = createRoute({
  method: "get",
  path: "/v1/donations/{id}",
  tags: ["donations"],
  summary: "One donation",
  middleware: [requires("donations:read")] as const,
  request: { params: byId },
  responses: { 200: json(donationSchema, "The donation"), ...problemAnswers },
});

/** An instant with four digits for its year, in UTC too: beyond those PostgreSQL and JavaScript spell differently. */
const instantQuery = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= 1 && at.getUTCFullYear() <= 9999, "is outside the calendar");
const list = createRoute({
  method: "get",
  path: "/v1/donations",
  tags: ["donations"],
  summary: "Donations, newest first",
  middleware: [requires("donations:read")] as const,
  request: {
    query: listQuery.extend({
      status: z.enum(donationStatuses).optional(),
      donor: idSchema("donor").optional(),
      fund: idSchema("fund").optional(),
      recurring_gift: idSchema("recurringGift").optional(),
      from: instantQuery.optional(),
      to: instantQuery.optional(),
      cursor: idSchema("donation").optional(),
    }),
  },
  responses: { 200: json(listOf(donationSchema), "A page of donations"), ...problemAnswers },
});

const cancel = createRoute({
  method: "post",
  path: "/v1/donations/{id}/cancel",
  tags: ["donations"],
  summary: "Cancel a donation that has not been paid",
  middleware: [requires("donations:write")] as const,
  request: { params: byId, headers: idempotencyHeader },
  responses: { 200: json(donationSchema, "The canceled donation"), ...problemAnswers },
});

const refundBody = z
  .object({
    amount: amountSchema.optional(),
    reason: z.enum(["requested_by_donor", "duplicate", "fraudulent"]).default("requested_by_donor"),
  })
  .strict()
  .openapi("NewRefund");

const refund = createRoute({
  method: "post",
  path: "/v1/donations/{id}/refunds",
  tags: ["donations"],
  summary: "Give money back: all that is left, or a part",
  middleware: [requires("refunds:write")] as const,
  request: { params: byId, headers: idempotencyHeader, body: jsonBody(refundBody) },
  responses: { 201: json(refundSchema, "The refund"), ...problemAnswers },
});

type Asked = "amount" | "country" | "method" | "donor" | "allocations" | "coverFees" | "anonymous";
type Offered = "note" | "returnUrl" | "locale" | "device";

/** The body in the house's words; what was left out stays out. */
export function giftOf(body: z.output<typeof giveBody>): Pick<GiveRequest, Asked | Offered> {
  const { payment_method: method, donor } = body;
  const accepted = method.mandate_acceptance;
  const { name, email, phone, tax_id: taxId, tax_id_type: taxIdType } = donor;
  return {
    amount: money(body.amount, body.currency),
    country: body.country,
    method: {
      type: method.type,
      ...(method.presentation ? { presentation: method.presentation } : {}),
      ...(method.token === undefined ? {} : { token: method.token }),
      ...(method.bank === undefined ? {} : { bank: method.bank }),
      ...(accepted ? { mandateAcceptance: deviceOf(accepted) } : {}),
    },
    donor: {
      ...(name === undefined ? {} : { name }),
      ...(email === undefined ? {} : { email }),
      ...(phone === undefined ? {} : { phone }),
      ...(taxId === undefined ? {} : { taxId }),
      ...(taxIdType === undefined ? {} : { taxIdType }),
      ...(donor.address ? { address: addressOf(donor.address) } : {}),
    },
    ...(body.device ? { device: deviceOf(body.device) } : {}),
    allocations: body.allocations.map((a) => ({ fund: a.fund, amount: money(a.amount, body.currency) })),
    coverFees: body.cover_fees,
    anonymous: body.anonymous,
    ...(body.note === undefined ? {} : { note: body.note }),
    ...(body.return_url === undefined ? {} : { returnUrl: body.return_url }),
    ...(body.locale === undefined ? {} : { locale: body.locale }),
  };
}

export const deviceOf = (device: z.output<typeof deviceSchema>) => ({
  ipAddress: device.ip_address,
  userAgent: device.user_agent,
});

function addressOf(address: NonNullable<z.output<typeof donorSchema>["address"]>): PostalAddress {
  const { street, number, district, city, region, postal_code: postalCode } = address;
  return {
    street,
    city,
    ...(number === undefined ? {} : { number }),
    ...(district === undefined ? {} : { district }),
    ...(region === undefined ? {} : { region }),
    ...(postalCode === undefined ? {} : { postalCode }),
  };
}

export function donationRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(give, async (c) => {
    const { churchId, mode, keyId } = c.get("principal");
    const idempotencyKey = unwrap(checkKey(c.req.header("idempotency-key")));
    const given = unwrap(
      await giveDonation(c.get("deps"), {
        ...giftOf(c.req.valid("json")),
        churchId,
        mode,
        principal: keyId,
        idempotencyKey,
        traceId: c.get("traceId"),
      }),
    );
    if (given.replayed) c.header("idempotency-replayed", "true");
    return c.json(given.donation, 201);
  });
  app.openapi(read, async (c) => {
    const view = await readDonation(c.get("deps"), c.get("principal").churchId, c.req.valid("param").id);
    if (!view) return refuse({ code: "not_found", detail: "there is no such donation" });
    return c.json(donationJson(view), 200);
  });
  app.openapi(list, async (c) => {
    const q = c.req.valid("query");
    const views = await listDonations(c.get("deps"), c.get("principal").churchId, {
      limit: q.limit + 1,
      ...(q.status ? { states: statesOf(q.status) } : {}),
      ...(q.donor ? { donorId: uuidOf(q.donor) } : {}),
      ...(q.fund ? { fundId: uuidOf(q.fund) } : {}),
      ...(q.recurring_gift ? { recurringGiftId: q.recurring_gift } : {}),
      ...(q.from ? { from: q.from } : {}),
      ...(q.to ? { to: q.to } : {}),
      ...(q.cursor ? { before: q.cursor } : {}),
    });
    const { data, next_cursor } = page(views, q.limit, (view) => view.id);
    return c.json({ data: data.map(donationJson), next_cursor }, 200);
  });
  app.openapi(cancel, async (c) => {
    unwrap(checkKey(c.req.header("idempotency-key")));
    const view = unwrap(
      await cancelDonation(c.get("deps"), c.get("principal").churchId, c.req.valid("param").id),
    );
    return c.json(donationJson(view), 200);
  });
  app.openapi(refund, async (c) => {
    const principal = c.get("principal");
    const idempotencyKey = unwrap(checkKey(c.req.header("idempotency-key")));
    const deps = c.get("deps");
    const { id } = c.req.valid("param");
    const body = c.req.valid("json");
    const view = await readDonation(deps, principal.churchId, id);
    if (!view) return refuse({ code: "not_found", detail: "there is no such donation" });
    const done = unwrap(
      await refundDonation(deps, {
        churchId: principal.churchId,
        principal: principal.keyId,
        idempotencyKey,
        donationId: id,
        ...(body.amount === undefined ? {} : { amount: money(body.amount, view.amount.currency) }),
        reason: body.reason,
        traceId: c.get("traceId"),
      }),
    );
    if (done.replayed) c.header("idempotency-replayed", "true");
    return c.json(done.refund, 201);
  });
  return app;
}
