import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { may } from "../../access/principal.ts";
import { uuidOf } from "../../kernel/ids.ts";
import { money } from "../../kernel/money.ts";
import { withoutGaps } from "../../kernel/without-gaps.ts";
import { inPersonTypes, type OfflineBatch } from "../../offline/batch.ts";
import { countBatch, discardBatch, enterBatch, unknownBatch } from "../../offline/count-batch.ts";
import { listBatches, loadBatch } from "../../offline/store.ts";
import { type Ctx, type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import {
  amountSchema,
  currencySchema,
  idSchema,
  json,
  jsonBody,
  listOf,
  listQuery,
  moneySchema,
  newRouter,
  page,
  problemAnswers,
  renderMoney,
} from "../router.ts";

const shortText = (most: number) => z.string().trim().min(1).max(most);
const batchSchema = z
  .object({
    id: z.string(),
    label: z.string(),
    received_on: z.iso.date(),
    state: z.enum(["open", "counted", "booked", "discarded"]),
    legal_entity: z.string(),
    total: z.union([moneySchema, z.null()]).openapi({
      description: "Null to everybody but who entered it until the second count: whoever counts, counts",
    }),
    lines: z.array(
      z.object({
        payment_method: z.object({ type: z.enum(inPersonTypes) }),
        amount: z.int(),
        donor_name: z.string().nullable(),
        reference: z.string().nullable(),
        donation: z.string().nullable(),
        fault: z.string().nullable(),
      }),
    ),
    created_at: z.iso.datetime(),
  })
  .openapi("OfflineBatch");
const one = json(batchSchema, "The batch");
const params = z.object({ id: idSchema("offlineBatch") });

const enter = createRoute({
  method: "post",
  path: "/v1/offline-donations",
  tags: ["offline donations"],
  summary: "Enter a batch of what was handed over in person: the first count",
  middleware: [requires("offline:count")] as const,
  request: {
    body: jsonBody(
      z.strictObject({
        label: shortText(100),
        received_on: z.iso.date(),
        currency: currencySchema,
        legal_entity: idSchema("legalEntity").optional(),
        lines: z
          .array(
            z.strictObject({
              payment_method: z.strictObject({ type: z.enum(inPersonTypes) }),
              amount: amountSchema,
              donor: z
                .strictObject({
                  name: shortText(200).optional(),
                  email: shortText(254).optional(),
                  phone: shortText(40).optional(),
                  tax_id: shortText(40).optional(),
                })
                .default({}),
              allocations: z
                .array(z.strictObject({ fund: z.string().min(1).max(64), amount: amountSchema }))
                .max(20)
                .default([]),
              reference: shortText(100).optional().openapi({
                description: "The cheque's number, the terminal's slip, what the thing is",
              }),
              note: shortText(500).optional(),
            }),
          )
          .min(1)
          .max(200),
      }),
    ),
  },
  responses: { 201: one, ...problemAnswers },
});

const list = createRoute({
  method: "get",
  path: "/v1/offline-donations",
  tags: ["offline donations"],
  summary: "Batches, newest first; a counter without donations:read sees the batches they entered",
  middleware: [requires("offline:count")] as const,
  request: { query: listQuery.extend({ cursor: idSchema("offlineBatch").optional() }) },
  responses: { 200: json(listOf(batchSchema), "A page of batches"), ...problemAnswers },
});

const read = createRoute({
  method: "get",
  path: "/v1/offline-donations/{id}",
  tags: ["offline donations"],
  summary: "One batch",
  middleware: [requires("offline:count")] as const,
  request: { params },
  responses: { 200: one, ...problemAnswers },
});

const count = createRoute({
  method: "post",
  path: "/v1/offline-donations/{id}/count",
  tags: ["offline donations"],
  summary: "The second count, by another person: where it agrees, every line is booked",
  middleware: [requires("offline:count")] as const,
  request: {
    params,
    body: jsonBody(
      z.strictObject({ total: z.strictObject({ amount: amountSchema, currency: currencySchema }) }),
    ),
  },
  responses: { 200: one, ...problemAnswers },
});

const discard = createRoute({
  method: "post",
  path: "/v1/offline-donations/{id}/discard",
  tags: ["offline donations"],
  summary: "Throw a batch away that nobody has counted a second time",
  middleware: [requires("offline:count")] as const,
  request: { params },
  responses: { 200: one, ...problemAnswers },
});

/** `/v1/offline-donations…` */
export function offlineDonationRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(enter, async (c) => {
    const { churchId, mode, keyId, root } = c.get("principal");
    const { received_on, legal_entity, lines, currency, label } = c.req.valid("json");
    const batch = await enterBatch(c.get("deps"), {
      churchId,
      mode,
      enteredBy: uuidOf(keyId),
      enteredRoot: uuidOf(root),
      ...(legal_entity ? { legalEntityId: legal_entity } : {}),
      label,
      receivedOn: received_on,
      currency,
      lines: lines.map(({ payment_method, amount, donor, allocations, reference, note }) => ({
        method: payment_method.type,
        amount: money(amount, currency),
        allocations: allocations.map((share) => ({
          fund: share.fund,
          amount: money(share.amount, currency),
        })),
        words: withoutGaps({ ...donor, tax_id: undefined, taxId: donor.tax_id, reference, note }),
      })),
    });
    return c.json(shown(c, unwrap(batch)), 201);
  });
  app.openapi(list, async (c) => {
    const { db, vault } = c.get("deps");
    const principal = c.get("principal");
    const { limit, cursor: before } = c.req.valid("query");
    const own = may(principal, "donations:read") ? undefined : uuidOf(principal.keyId);
    const wanted = { mode: principal.mode, limit: limit + 1, before, enteredBy: own };
    const batches = await db.inChurch(principal.churchId, (tx) =>
      listBatches(tx, vault, principal.churchId, wanted),
    );
    const { data, next_cursor } = page(batches, limit, (batch) => batch.id);
    return c.json({ data: data.map((batch) => shown(c, batch)), next_cursor }, 200);
  });
  app.openapi(read, async (c) => {
    const { db, vault } = c.get("deps");
    const { churchId, mode } = c.get("principal");
    const { id } = c.req.valid("param");
    const batch = await db.inChurch(churchId, (tx) => loadBatch(tx, vault, churchId, id, false));
    return c.json(shown(c, batch?.mode === mode ? batch : refuse(unknownBatch)), 200);
  });
  app.openapi(count, async (c) => {
    const { churchId, mode, keyId, root } = c.get("principal");
    const { total } = c.req.valid("json");
    const which = { id: c.req.valid("param").id, mode };
    const counted = {
      countedBy: uuidOf(keyId),
      countedRoot: uuidOf(root),
      total: money(total.amount, total.currency),
    };
    return c.json(shown(c, unwrap(await countBatch(c.get("deps"), churchId, which, counted))), 200);
  });
  app.openapi(discard, async (c) => {
    const { churchId, mode } = c.get("principal");
    const which = { id: c.req.valid("param").id, mode };
    return c.json(shown(c, unwrap(await discardBatch(c.get("deps"), churchId, which))), 200);
  });
  return app;
}

/** Until the second count, amounts are shown only to who entered them: the second count is made blind. */
function shown(c: Ctx, batch: OfflineBatch): z.infer<typeof batchSchema> {
  const blind = batch.state === "open" && batch.enteredBy !== uuidOf(c.get("principal").keyId);
  return {
    id: batch.id,
    label: batch.label,
    received_on: batch.receivedOn,
    state: batch.state,
    legal_entity: batch.legalEntityId,
    total: blind ? null : renderMoney(batch.total),
    lines: (blind ? [] : batch.lines).map((line) => ({
      payment_method: { type: line.method },
      amount: renderMoney(line.amount).amount,
      donor_name: line.words.name ?? null,
      reference: line.words.reference ?? null,
      donation: line.donationId ?? null,
      fault: line.fault ?? null,
    })),
    created_at: batch.createdAt.toISOString(),
  };
}
