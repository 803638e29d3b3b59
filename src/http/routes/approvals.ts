import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { approvalJson, approvalSchema } from "../../approvals/approval-json.ts";
import { decideApproval } from "../../approvals/decide-approval.ts";
import type { Asked } from "../../approvals/kinds.ts";
import { markPaid } from "../../approvals/mark-paid.ts";
import { openPayee, type Payee, payeeAccountKinds } from "../../approvals/payee.ts";
import { requestApproval } from "../../approvals/request-approval.ts";
import { approvalStates, listApprovals, readApproval, stepsOf } from "../../approvals/store.ts";
import { checkKey } from "../../idempotency/claim.ts";
import { exhaustive } from "../../kernel/result.ts";
import { type HonoEnv, refuse, unwrap } from "../context.ts";
import { requires } from "../middleware/requires.ts";
import {
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

const day = z.iso.date("must be a day such as 2026-03-31").openapi({ type: "string", format: "date" });
const note = z.string().trim().min(1).max(500).optional();
const payeeBody = z.strictObject({
  name: z.string().trim().min(2).max(140),
  account: z.strictObject({ kind: z.enum(payeeAccountKinds), number: z.string().min(4).max(50) }),
  bank: z.string().trim().min(2).max(100).optional(),
});
const kind = <K extends string>(name: K) => z.literal(name);
const body = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: kind("confirm_transfer"),
      donation: idSchema("donation"),
      received_on: day,
      bank_reference: z.string().trim().min(1).max(64).optional(),
      note,
    }),
    z.strictObject({
      kind: kind("assign_unmatched_line"),
      bank_line: idSchema("bankLine"),
      donation: idSchema("donation"),
      note,
    }),
    z.strictObject({ kind: kind("accept_conflicted"), donation: idSchema("donation"), note }),
    z.strictObject({
      kind: kind("return_conflicted"),
      donation: idSchema("donation"),
      payee: payeeBody,
      note,
    }),
    z.strictObject({
      kind: kind("return_unmatched_line"),
      bank_line: idSchema("bankLine"),
      payee: payeeBody,
      note,
    }),
    z.strictObject({ kind: kind("manual_payout"), refund: idSchema("refund"), payee: payeeBody, note }),
  ])
  .openapi("NewApproval");

const payeeOf = ({ name, account, bank }: z.output<typeof payeeBody>): Payee => ({ name, account, bank });

function askedOf(given: z.output<typeof body>): Asked {
  switch (given.kind) {
    case "confirm_transfer":
      return {
        kind: given.kind,
        donationId: given.donation,
        receivedOn: given.received_on,
        ...(given.bank_reference === undefined ? {} : { bankReference: given.bank_reference }),
      };
    case "assign_unmatched_line":
      return { kind: given.kind, lineId: given.bank_line, donationId: given.donation };
    case "accept_conflicted":
      return { kind: given.kind, donationId: given.donation };
    case "return_conflicted":
      return { kind: given.kind, donationId: given.donation, payee: payeeOf(given.payee) };
    case "return_unmatched_line":
      return { kind: given.kind, lineId: given.bank_line, payee: payeeOf(given.payee) };
    case "manual_payout":
      return { kind: given.kind, refundId: given.refund, payee: payeeOf(given.payee) };
    default:
      return exhaustive(given);
  }
}

const wholeSchema = approvalSchema
  .extend({
    payee: z
      .object({
        name: z.string(),
        account: z.object({ kind: z.enum(payeeAccountKinds), number: z.string() }),
        bank: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: "To whom it is paid, for who decides and who pays" }),
    steps: z.array(
      z.object({
        what: z.enum(["requested", "approved", "rejected", "expired", "paid"]),
        by: z.string().nullable(),
        note: z.string().nullable(),
        at: z.iso.datetime(),
      }),
    ),
  })
  .openapi("ApprovalInFull");

const params = z.object({ id: idSchema("approval") });

const ask = createRoute({
  method: "post",
  path: "/v1/approvals",
  tags: ["approvals"],
  summary: "Ask for something about money that another person must agree to",
  middleware: [requires("approvals:request")] as const,
  request: { headers: idempotencyHeader, body: jsonBody(body) },
  responses: { 201: json(approvalSchema, "The request, waiting to be decided"), ...problemAnswers },
});

const list = createRoute({
  method: "get",
  path: "/v1/approvals",
  tags: ["approvals"],
  summary: "Requests, newest first",
  middleware: [requires("approvals:read")] as const,
  request: {
    query: listQuery.extend({
      cursor: idSchema("approval").optional(),
      status: z.enum(approvalStates).optional(),
    }),
  },
  responses: { 200: json(listOf(approvalSchema), "A page of requests"), ...problemAnswers },
});

const read = createRoute({
  method: "get",
  path: "/v1/approvals/{id}",
  tags: ["approvals"],
  summary: "One request, with its payee and its trail",
  middleware: [requires("approvals:read")] as const,
  request: { params },
  responses: { 200: json(wholeSchema, "The request"), ...problemAnswers },
});

const decision = (verdict: "approve" | "reject", summary: string) =>
  createRoute({
    method: "post",
    path: `/v1/approvals/{id}/${verdict}`,
    tags: ["approvals"],
    summary,
    middleware: [requires("approvals:decide")] as const,
    request: { params, headers: idempotencyHeader, body: jsonBody(z.strictObject({ note })) },
    responses: { 200: json(approvalSchema, "The request, decided"), ...problemAnswers },
  });
const approve = decision("approve", "Agree, as another than who asked: it is done at once");
const reject = decision("reject", "Refuse: nothing is done");

const paid = createRoute({
  method: "post",
  path: "/v1/approvals/{id}/paid",
  tags: ["approvals"],
  summary: "Tell that what was agreed has been paid at the bank",
  middleware: [requires("approvals:request")] as const,
  request: {
    params,
    headers: idempotencyHeader,
    body: jsonBody(z.strictObject({ paid_on: day, bank_reference: z.string().trim().min(1).max(64) })),
  },
  responses: { 200: json(approvalSchema, "The request, paid"), ...problemAnswers },
});

/** `/v1/approvals…` */
export function approvalRoutes(): OpenAPIHono<HonoEnv> {
  const app = newRouter();
  app.openapi(ask, async (c) => {
    const idempotencyKey = unwrap(checkKey(c.req.header("idempotency-key")));
    const given = c.req.valid("json");
    const more = { note: given.note, idempotencyKey };
    const done = unwrap(await requestApproval(c.get("deps"), c.get("principal"), askedOf(given), more));
    if (done.replayed) c.header("idempotency-replayed", "true");
    return c.json(done.answer, 201);
  });
  app.openapi(list, async (c) => {
    const { limit, cursor, status } = c.req.valid("query");
    const { db, clock } = c.get("deps");
    const church = c.get("principal").churchId;
    const filter = { limit: limit + 1, ...(status && { state: status }), ...(cursor && { before: cursor }) };
    const rows = await db.inChurch(church, (tx) => listApprovals(tx, church, filter));
    const { data, next_cursor } = page(rows, limit, (row) => row.id);
    return c.json({ data: data.map((row) => approvalJson(row, clock.now())), next_cursor }, 200);
  });
  app.openapi(read, async (c) => {
    const { db, vault, clock } = c.get("deps");
    const church = c.get("principal").churchId;
    const { id } = c.req.valid("param");
    const found = await db.inChurch(church, async (tx) => {
      const approval = await readApproval(tx, church, id);
      if (!approval) return undefined;
      const payee = approval.payee && (await openPayee(vault, tx, church, id, approval.payee));
      return { approval, payee, steps: await stepsOf(tx, church, id) };
    });
    if (!found) return refuse({ code: "not_found", detail: "there is no such request" });
    const { approval, payee, steps } = found;
    return c.json(
      {
        ...approvalJson(approval, clock.now()),
        payee: payee ? { ...payee, bank: payee.bank ?? null } : null,
        steps: steps.map(({ what, by, note: said, at }) => ({
          what,
          by: by ?? null,
          note: said ?? null,
          at: at.toISOString(),
        })),
      },
      200,
    );
  });
  for (const [route, verdict] of [
    [approve, "approve"],
    [reject, "reject"],
  ] as const) {
    app.openapi(route, async (c) => {
      const idempotencyKey = unwrap(checkKey(c.req.header("idempotency-key")));
      const { id } = c.req.valid("param");
      const decided = { id, verdict, note: c.req.valid("json").note, idempotencyKey };
      const done = unwrap(await decideApproval(c.get("deps"), c.get("principal"), decided));
      if (done.replayed) c.header("idempotency-replayed", "true");
      return c.json(done.answer, 200);
    });
  }
  app.openapi(paid, async (c) => {
    const idempotencyKey = unwrap(checkKey(c.req.header("idempotency-key")));
    const { paid_on: paidOn, bank_reference: bankReference } = c.req.valid("json");
    const payment = { id: c.req.valid("param").id, paidOn, bankReference, idempotencyKey };
    const done = unwrap(await markPaid(c.get("deps"), c.get("principal"), payment));
    if (done.replayed) c.header("idempotency-replayed", "true");
    return c.json(done.answer, 200);
  });
  return app;
}
