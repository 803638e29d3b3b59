import { paypal } from "../../adapters/paypal/index.ts";
import { issueVerdict, knownIssues } from "../../adapters/paypal/issue-codes.ts";
import { knownProcessorCodes } from "../../adapters/paypal/processor-codes.ts";
import type { AdapterFactory } from "../../src/gateway/adapter.ts";

import { money } from "../../src/kernel/money.ts";
import { type GatewayUnderTest, now } from "./gateway-under-test.ts";
import * as bodies from "./paypal-bodies.ts";
import { certificateUrl, makeSigner, signedDelivery } from "./paypal-certificates.ts";
import { captureInSandbox, handleOf, orderOf } from "./paypal-world.ts";
import { answers, type HttpAnswer, type Recorded } from "./recording-transport.ts";

export const credentials = {
  client_id: "client-id-of-the-conformance-tests",
  client_secret: "client-secret-of-the-conformance-tests",
};
/** The two that are no secrets, which the suite looks for in what is kept. */
const place = { environment: "sandbox", country: "us" };

const signer = await makeSigner();

const addressOf = (input: string | URL | Request): string =>
  input instanceof Request ? input.url : String(input);

/** What PayPal's certificate address would answer, whatever the suite's transport does. */
const factory: AdapterFactory = {
  ...paypal.factory,
  create: ({ credentials: given, transport }) =>
    paypal.factory.create({
      credentials: { ...given, ...place },
      transport: (input, init) =>
        addressOf(input) === certificateUrl
          ? Promise.resolve(new Response(signer.pem))
          : transport(input, init),
    }),
};

const ok = (body: unknown): HttpAnswer => answers(201, body);
const declinedIssues = knownIssues.filter((issue) => issueVerdict(issue)?.as === "declined");
const retried = new Set(["DONATION_ITEMS_NOT_SUPPORTED", "ITEM_CATEGORY_NOT_SUPPORTED_BY_PAYMENT_SOURCE"]);
const bodyOf = (request: Recorded) => JSON.parse(request.body === "" ? "{}" : request.body);

export const paypalUnderTest: GatewayUnderTest = {
  factory,
  credentials,
  order: (amount) => orderOf(amount ? { amount } : {}),
  handle: () => handleOf(orderOf(), now, "5O190127TN364715T"),
  around: (request) =>
    request.url.pathname === "/v1/oauth2/token"
      ? answers(200, { access_token: "A21AAtoken", token_type: "Bearer", expires_in: 32_400 })
      : undefined,
  answers: {
    captured: ok(bodies.captured()),
    authorized: ok(bodies.order({ status: "APPROVED" })),
    processing: ok(bodies.captured({ status: "PENDING", status_details: { reason: "ECHECK" } })),
    action_required: ok(bodies.order()),
    declined: answers(422, bodies.refusal(422, "INSTRUMENT_DECLINED")),
    voided: ok(bodies.order({ status: "VOIDED" })),
    refused: answers(400, bodies.refusal(400, "INVALID_PARAMETER_SYNTAX")),
    in_doubt: answers(500, bodies.refusal(500)),
  },
  statuses: [
    { status: "CREATED", body: bodies.order({ status: "CREATED" }), becomes: "action_required" },
    { status: "SAVED", body: bodies.order({ status: "SAVED" }), becomes: "action_required" },
    { status: "PAYER_ACTION_REQUIRED", body: bodies.order(), becomes: "action_required" },
    { status: "APPROVED", body: bodies.order({ status: "APPROVED" }), becomes: "authorized" },
    { status: "VOIDED", body: bodies.order({ status: "VOIDED" }), becomes: "voided" },
    ...(["COMPLETED", "PARTIALLY_REFUNDED", "REFUNDED"] as const).map((status) => ({
      status: `COMPLETED, capture ${status}`,
      body: bodies.captured({ status }),
      becomes: "captured" as const,
    })),
    ...(["DECLINED", "FAILED"] as const).map((status) => ({
      status: `COMPLETED, capture ${status}`,
      body: bodies.captured({ status }),
      becomes: "declined" as const,
    })),
    ...[
      "BUYER_COMPLAINT",
      "CHARGEBACK",
      "DECLINED_BY_RISK_FRAUD_FILTERS",
      "ECHECK",
      "INTERNATIONAL_WITHDRAWAL",
      "OTHER",
      "PENDING_REVIEW",
      "RECEIVING_PREFERENCE_MANDATES_MANUAL_ACTION",
      "REFUNDED",
      "TRANSACTION_APPROVED_AWAITING_FUNDING",
      "UNILATERAL",
      "VERIFICATION_REQUIRED",
    ].map((reason) => ({
      status: `COMPLETED, capture PENDING (${reason})`,
      body: bodies.captured({ status: "PENDING", status_details: { reason } }),
      becomes: "processing" as const,
    })),
  ],
  unknownStatus: bodies.order({ status: "WONDERING" }),
  declineCodes: [...declinedIssues.filter((issue) => !retried.has(issue)), ...knownProcessorCodes],
  declined: (code) =>
    declinedIssues.includes(code)
      ? answers(422, bodies.refusal(422, code))
      : ok(bodies.captured({ status: "DECLINED", processor_response: { response_code: code } })),
  doubtful: [
    answers(500, bodies.refusal(500)),
    answers(502, "<html>Bad Gateway</html>"),
    answers(503, ""),
    answers(409, bodies.refusal(409, "PREVIOUS_REQUEST_IN_PROGRESS")),
    answers(422, bodies.refusal(422, "DUPLICATE_REQUEST_ID")),
    answers(422, bodies.refusal(422, "ORDER_COMPLETION_IN_PROGRESS")),
    answers(200, "<html>A proxy's page</html>"),
    answers(200, ""),
    answers(200, "null"),
    answers(200, '"text"'),
    answers(200, "[]"),
    answers(200, "17"),
    answers(200, "{}"),
    answers(201, bodies.order({ links: [] })),
    answers(201, bodies.order({ status: "COMPLETED" })),
    answers(201, bodies.captured({ amount: { currency_code: "ZZZ", value: "25.00" } })),
    answers(201, bodies.captured({ amount: { currency_code: "USD", value: "25.005" } })),
    answers(201, bodies.order({ status: "APPROVED", purchase_units: [] })),
  ],
  indiscreet: {
    answer: answers(
      400,
      bodies.refusal(
        400,
        "INVALID_PARAMETER_SYNTAX",
        "Ana Sofía López <ana.lopez@example.org>, tel. +52 55 1234 5678, card 4242 4242 4242 4242: invalid with Bearer A21AAtoken-of-PayPal",
      ),
    ),
    words: ["Ana", "Sofía", "López", "ana.lopez", "1234 5678", "4242", "A21AAtoken"],
  },
  amounts: [
    { amount: money(12_550n, "MXN"), written: "125.50" },
    { amount: money(5n, "USD"), written: "0.05" },
    { amount: money(100n, "USD"), written: "1.00" },
    { amount: money(5_000n, "JPY"), written: "5000" },
    { amount: money(500_000n, "HUF"), written: "5000" },
    { amount: money(500_050n, "HUF"), written: undefined },
    { amount: money(30_000n, "TWD"), written: "300" },
    { amount: money(99_999_999_999_999_999n, "USD"), written: "999999999999999.99" },
    { amount: money(100_000_000_000_000_000n, "USD"), written: undefined },
    { amount: money(5_120n, "KWD"), written: undefined },
    { amount: money(0n, "USD"), written: undefined },
    { amount: money(-100n, "USD"), written: undefined },
  ],
  amountIn: (request) => bodyOf(request).amount?.value,
  keyIn: (request) => request.headers.get("paypal-request-id") ?? undefined,
  events: {
    captured: bodies.capturedEvent,
    tells: "outcome",
    // PayPal sends one event per delivery.
    batch: (attemptId) => ({ body: bodies.capturedEvent(attemptId), facts: 1 }),
    deliver: (body, webhookId, at) => signedDelivery(signer, body, webhookId, at),
    signs: { body: true, time: true },
  },
  capture: captureInSandbox,
};
