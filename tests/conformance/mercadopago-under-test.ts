import { idempotencyUuid } from "../../adapters/mercadopago/client.ts";
import { knownDeclineCodes } from "../../adapters/mercadopago/codes.ts";
import { mercadopago } from "../../adapters/mercadopago/index.ts";
import { openSeller } from "../../adapters/mercadopago/sandbox/accounts.ts";
import { signature } from "../../adapters/mercadopago/sandbox/notices.ts";
import { testToken } from "../../adapters/mercadopago/sandbox/tokens.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { money } from "../../src/kernel/money.ts";
import { type GatewayUnderTest, now } from "./gateway-under-test.ts";
import * as bodies from "./mercadopago-bodies.ts";
import { orderIn } from "./mercadopago-world.ts";
import { answers, type Recorded } from "./recording-transport.ts";

const seller = openSeller({ country: "br", name: "conformance" });
export const credentials = {
  access_token: seller.accessToken,
  public_key: seller.publicKey,
  country: "br",
};

const { attemptId, approved, payment, paymentId, problem } = bodies;
const created = (body: unknown) => answers(201, body);

/** The gateway sees our keys as UUIDs; these are the ones the suite uses. */
const known = new Map<string, string>();
for (const key of ["key-1", "refund-key"]) known.set(await idempotencyUuid(key), key);

const json = (request: Recorded): Record<string, unknown> => JSON.parse(request.body || "{}");

function notification(fields: object = {}): string {
  return JSON.stringify({
    action: "payment.updated",
    api_version: "v1",
    application_id: 4200,
    data: { id: paymentId },
    date_created: "2026-11-20T08:00:05.000-04:00",
    id: 114411153595,
    live_mode: false,
    type: "payment",
    user_id: Number(seller.userId),
    ...fields,
  });
}

async function deliver(body: string, secret: string, at: Date): Promise<RawDelivery> {
  const requestId = "f7b2a1d4-0b1c-4ec2-aaaa-9e8b1d2f3c4d";
  return {
    headers: {
      "x-request-id": requestId,
      "x-signature": await signature(paymentId, requestId, at, secret),
    },
    body: new TextEncoder().encode(body),
    target: `?attempt=${attemptId}&data.id=${paymentId}&type=payment`,
  };
}

const waiting = [
  "pending_review_manual",
  "pending_contingency",
  "pending_provider_response",
  "pending_challenge",
];

export const mercadoPagoUnderTest: GatewayUnderTest = {
  factory: mercadopago.factory,
  credentials,
  order: (amount) => orderIn("br", "card", { attemptId, amount: amount ?? money(50_000n, "BRL") }),
  handle: () => ({
    attemptId,
    gatewayPaymentId: paymentId,
    method: "pix",
    country: "br",
    amount: money(50_000n, "BRL"),
    createdAt: new Date(now.getTime() - 60_000),
  }),
  answers: {
    captured: created(approved()),
    authorized: created(payment({ status: "authorized", status_detail: "pending_capture" })),
    processing: created(payment({ status: "in_process", status_detail: "pending_contingency" })),
    action_required: created(payment()),
    declined: created(payment({ status: "rejected", status_detail: "cc_rejected_insufficient_amount" })),
    voided: created(payment({ status: "cancelled", status_detail: "expired" })),
    refused: answers(400, problem(400, 4037, "Invalid transaction_amount")),
    in_doubt: answers(500, { message: "internal error", error: "internal_error", status: 500, cause: [] }),
  },
  statuses: [
    {
      status: "pending (waiting payment)",
      body: payment({ status_detail: "pending_waiting_payment" }),
      becomes: "action_required",
    },
    { status: "pending (waiting transfer)", body: payment(), becomes: "action_required" },
    ...waiting.map((status_detail) => ({
      status: `pending (${status_detail})`,
      body: payment({ status_detail }),
      becomes: "processing" as const,
    })),
    ...["pending_contingency", "pending_review_manual", "offline_process", "deferred_retry"].map(
      (status_detail) => ({
        status: `in_process (${status_detail})`,
        body: payment({ status: "in_process", status_detail }),
        becomes: "processing" as const,
      }),
    ),
    {
      status: "authorized",
      body: payment({ status: "authorized", status_detail: "pending_capture" }),
      becomes: "authorized",
    },
    { status: "approved", body: approved(), becomes: "captured" },
    {
      status: "approved (partially refunded)",
      body: approved({ status_detail: "partially_refunded" }),
      becomes: "captured",
    },
    {
      status: "in_mediation",
      body: approved({ status: "in_mediation", status_detail: "pending" }),
      becomes: "captured",
    },
    ...["refunded", "by_admin"].map((status_detail) => ({
      status: `refunded (${status_detail})`,
      body: approved({ status: "refunded", status_detail }),
      becomes: "captured" as const,
    })),
    ...["settled", "reimbursed", "in_process"].map((status_detail) => ({
      status: `charged_back (${status_detail})`,
      body: approved({ status: "charged_back", status_detail }),
      becomes: "captured" as const,
    })),
    {
      status: "rejected",
      body: payment({ status: "rejected", status_detail: "rejected_by_bank" }),
      becomes: "declined",
    },
    ...["expired", "by_collector", "by_payer"].map((status_detail) => ({
      status: `cancelled (${status_detail})`,
      body: payment({ status: "cancelled", status_detail }),
      becomes: "voided" as const,
    })),
  ],
  unknownStatus: payment({ status: "meditating", status_detail: "deeply" }),
  declineCodes: knownDeclineCodes,
  declined: (code) => created(payment({ status: "rejected", status_detail: code })),
  doubtful: [
    answers(500, { message: "x", error: "internal_error", status: 500 }),
    answers(502, "<html>Bad Gateway</html>"),
    answers(503, ""),
    answers(409, { message: "used", error: "idempotency_key_already_used", status: 409 }),
    answers(423, { message: "locked", error: "locked", status: 423 }),
    answers(424, { message: "failed dependency", error: "failed_dependency", status: 424 }),
    answers(400, problem(400, 2001, "Already posted the same request in the last minute.")),
    answers(200, "<html>A proxy's page</html>"),
    answers(200, ""),
    answers(200, "null"),
    answers(200, '"text"'),
    answers(200, "[]"),
    answers(200, "17"),
    answers(200, "{}"),
    created({ id: 1, status: "approved" }),
    created(approved({ currency_id: "ZZZ" })),
    created(approved({ transaction_amount: 500.005 })),
    created(approved({ external_reference: "somebody-else" })),
    created(payment({ point_of_interaction: {}, transaction_details: {} })),
  ],
  indiscreet: {
    answer: answers(
      400,
      problem(
        400,
        4050,
        `João Silva <donor@example.org>, tel. +55 11 95555-1234, CPF 390.533.447-05, card 5031 4332 1540 6351, token ${testToken("APRO")}: refused for ${seller.accessToken}`,
      ),
    ),
    words: ["João", "Silva", "donor@", "5555", "390.533", "5031", testToken("APRO"), seller.accessToken],
  },
  amounts: [
    { amount: money(12_550n, "BRL"), written: "125.5" },
    { amount: money(1n, "BRL"), written: "0.01" },
    { amount: money(99_999_999_999n, "BRL"), written: "999999999.99" },
    { amount: money(1_000_000_000_000n, "BRL"), written: undefined },
    { amount: money(500_000n, "COP"), written: "5000" },
    { amount: money(500_050n, "COP"), written: undefined },
    { amount: money(5_000n, "CLP"), written: "5000" },
    { amount: money(0n, "BRL"), written: undefined },
    { amount: money(-100n, "BRL"), written: undefined },
  ],
  amountIn: (request) => {
    const written = json(request).amount;
    return written === undefined ? undefined : String(written);
  },
  keyIn: (request) => {
    const key = request.headers.get("x-idempotency-key") ?? undefined;
    return key === undefined ? undefined : (known.get(key) ?? key);
  },
  events: {
    captured: () => notification(),
    tells: "hint",
    // The gateway sends one notification per delivery.
    batch: () => ({ body: notification(), facts: 1 }),
    deliver,
    signs: { body: false, time: true },
  },
};
