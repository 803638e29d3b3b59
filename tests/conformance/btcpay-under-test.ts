import { btcpay } from "../../adapters/btcpay/index.ts";
import { signature } from "../../adapters/btcpay/sandbox/events.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { AttemptHandle, GatewayFee } from "../../src/gateway/payment.ts";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money, zero } from "../../src/kernel/money.ts";
import * as bodies from "./btcpay-bodies.ts";
import { btcpayWorld, done, opened, orderOf } from "./btcpay-in-sandbox.ts";
import { type GatewayUnderTest, now } from "./gateway-under-test.ts";
import { answers, type HttpAnswer, type Recorded } from "./recording-transport.ts";

export const credentials = {
  url: "https://btcpay.example.org",
  store_id: "store1234",
  api_key: "0123456789abcdef0123456789abcdef01234567",
  network: "testnet",
};

const ok = (body: unknown): HttpAnswer => answers(200, body);

/** What BTCPay is asked beside the question itself: the search before a write, and how an invoice is paid. */
function around({ method, url }: Recorded): HttpAnswer | undefined {
  if (method !== "GET") return undefined;
  if (url.searchParams.has("orderId") || url.pathname.endsWith("/stores/store1234/pull-payments"))
    return ok([]);
  if (url.pathname.endsWith("/payouts")) return ok([]);
  const came = /\/invoices\/inv-(\w+)\/payment-methods$/.exec(url.pathname)?.[1];
  return came && bodies.isCoins(came) ? ok(bodies.prompts(came)) : undefined;
}

const handle = (): AttemptHandle => ({
  attemptId: newId("attempt"),
  gatewayPaymentId: "inv-none",
  method: "bitcoin",
  country: "mx",
  amount: money(50_000n, "MXN"),
  createdAt: now,
});

const told = (status: string, came: bodies.Coins, additionalStatus = "None") =>
  bodies.invoice(came, { status, additionalStatus });

const json = (text: string): Record<string, unknown> => (text === "" ? {} : JSON.parse(text));

export const btcpayUnderTest: GatewayUnderTest = {
  factory: btcpay.factory,
  credentials,
  order: (amount) => orderOf(amount ? { amount } : {}),
  handle,
  around,
  answers: {
    action_required: ok(told("New", "none")),
    captured: ok(told("Settled", "exact")),
    processing: ok(told("Processing", "unconfirmed")),
    voided: ok(told("Expired", "none")),
    refused: answers(422, [{ path: "Amount", message: "The amount should be 0 or more." }]),
    in_doubt: answers(500, { code: "internal-error", message: "An error occurred" }),
  },
  statuses: [
    { status: "New", body: told("New", "none"), becomes: "action_required" },
    { status: "New (paid partial)", body: told("New", "part", "PaidPartial"), becomes: "action_required" },
    { status: "Processing", body: told("Processing", "unconfirmed"), becomes: "processing" },
    {
      status: "Processing (paid over)",
      body: told("Processing", "unconfirmed", "PaidOver"),
      becomes: "processing",
    },
    { status: "Settled", body: told("Settled", "exact"), becomes: "captured" },
    { status: "Settled (paid over)", body: told("Settled", "over", "PaidOver"), becomes: "captured" },
    { status: "Settled (marked)", body: told("Settled", "exact", "Marked"), becomes: "captured" },
    { status: "Expired", body: told("Expired", "none"), becomes: "voided" },
    { status: "Expired (paid partial)", body: told("Expired", "part", "PaidPartial"), becomes: "captured" },
    { status: "Expired (paid late)", body: told("Expired", "exact", "PaidLate"), becomes: "captured" },
    {
      status: "Expired (late, unconfirmed)",
      body: told("Expired", "unconfirmed", "PaidLate"),
      becomes: "processing",
    },
    { status: "Invalid", body: told("Invalid", "replaced"), becomes: "voided" },
    { status: "Invalid (additional)", body: told("Invalid", "none", "Invalid"), becomes: "voided" },
    { status: "Invalid (unconfirmed)", body: told("Invalid", "unconfirmed"), becomes: "processing" },
    { status: "Invalid (marked)", body: told("Invalid", "none", "Marked"), becomes: "voided" },
  ],
  unknownStatus: told("Pondering", "none"),
  declineCodes: [],
  doubtful: [
    answers(500, ""),
    answers(502, "<html>Bad Gateway</html>"),
    answers(503, { code: "syncing", message: "The node is syncing" }),
    answers(408, ""),
    answers(409, {}),
    answers(302, ""),
    ok("<html>A login page</html>"),
    ok(""),
    ok("null"),
    ok("[]"),
    ok("17"),
    ok("{}"),
    ok({ ...bodies.invoice(), id: "" }),
    ok({ ...bodies.invoice("exact", { status: "Settled" }), currency: "SATS" }),
    ok({ ...bodies.invoice("exact", { status: "Settled" }), amount: "1e3" }),
    ok({ ...bodies.invoice(), checkoutLink: "https://elsewhere.example.net/i/inv-none" }),
    ok({ ...bodies.invoice(), expirationTime: "soon" }),
  ],
  indiscreet: {
    answer: answers(422, [
      { path: "Metadata", message: `Ana Sofía López <ana.lopez@example.org> ${credentials.api_key}` },
      { path: "Ana Sofía López", message: "no" },
    ]),
    words: ["Ana", "Sofía", "López", "ana.lopez"],
  },
  amounts: [
    { amount: money(12_550n, "MXN"), written: "125.50" },
    { amount: money(1n, "USD"), written: "0.01" },
    { amount: money(5_000n, "CLP"), written: "5000" },
    { amount: money(5_120n, "KWD"), written: "5.120" },
    { amount: money(0n, "MXN"), written: undefined },
    { amount: money(-100n, "MXN"), written: undefined },
    { amount: money(10n ** 22n, "USD"), written: undefined },
  ],
  amountIn: (request) => {
    const written = json(request.body).customAmount;
    return typeof written === "string" ? written : undefined;
  },
  // BTCPay has no keys: an invoice is found again by our order id, a refund by the name we give it.
  keyIn: (request) => {
    const { metadata, name } = json(request.body);
    if (typeof name === "string") return name;
    if (typeof metadata !== "object" || metadata === null || !("requestKey" in metadata)) return undefined;
    return String(metadata.requestKey);
  },
  events: {
    captured: (attemptId) => JSON.stringify(bodies.event({ metadata: { orderId: attemptId } })),
    tells: "hint",
    // One event per delivery.
    batch: (attemptId) => ({
      body: JSON.stringify(bodies.event({ metadata: { orderId: attemptId } })),
      facts: 1,
    }),
    deliver: async (body, secret) => ({
      headers: { "btcpay-sig": await signature(body, secret) },
      body: new TextEncoder().encode(body),
      target: "",
    }),
    // The time is in the body and signed with it, but a day passes before it counts as old: see the signature's tests.
    signs: { body: true, time: false },
  },
};

/** A gift through the simulator up to its capture: BTCPay keeps nothing. */
export async function captureInSandbox(type: MethodType, country: string, asked: Money): Promise<GatewayFee> {
  // In pesos of little value the suite's amounts are dust that no network carries.
  const amount = money(asked.minor * 1_000n, asked.currency);
  const world = await btcpayWorld();
  const { id, look } = await opened(
    world,
    orderOf({ method: { type, presentation: "hosted" }, country, amount }),
  );
  done(await world.control.pay(id));
  await world.control.confirm(id);
  const outcome = await look();
  if (outcome.kind !== "captured") throw new Error(`${type} in ${country} is ${outcome.kind}`);
  if (outcome.amount.minor !== amount.minor)
    throw new Error(`${outcome.amount.minor} came, not ${amount.minor}`);
  return outcome.fee ?? { amount: zero(amount.currency), tax: zero(amount.currency) };
}
