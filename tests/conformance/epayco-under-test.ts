import { z } from "zod";
import { epayco } from "../../adapters/epayco/index.ts";
import type { AttemptHandle } from "../../src/gateway/payment.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import * as bodies from "./epayco-bodies.ts";
import { balotoOrder, opened, signed } from "./epayco-in-sandbox.ts";
import { type GatewayUnderTest, now } from "./gateway-under-test.ts";
import { answers, type HttpAnswer, type Recorded } from "./recording-transport.ts";

export const credentials = {
  public_key: "491d6a0b6e992cf924edd8d3d088aff1",
  private_key: "268c8e0162990cf2ce97fa7ade2eff5a",
  customer_id: "630339",
  mode: "test",
};

const ok = (body: unknown): HttpAnswer => answers(200, body);

/** Log-ins at both hosts, and the search before a write. */
export function around({ url }: Recorded): HttpAnswer | undefined {
  switch (`${url.host}${url.pathname}`) {
    case "apiflow.epayco.io/authentication/api/v2/login":
      return ok({ success: true, data: { token: "flow-token" } });
    case "apify.epayco.co/login":
      return ok({ token: "apify-token" });
    case "apify.epayco.co/transaction":
      return ok({ success: true, data: { data: [] } });
    default:
      return undefined;
  }
}

const handle = (): AttemptHandle => ({
  attemptId: newId("attempt"),
  gatewayPaymentId: "1000008905",
  method: "baloto",
  country: "co",
  amount: money(5_000_000n, "COP"),
  createdAt: now,
});

const told = (status: string, fields = {}) => bodies.transaction({ status, ...fields });
const sealed = z.object({ extras: z.object({ extra3: z.string() }) });

export const epaycoUnderTest: GatewayUnderTest = {
  factory: epayco.factory,
  credentials,
  order: (amount) => balotoOrder(amount ? { amount } : {}),
  handle,
  around,
  answers: {
    action_required: ok(told("Pendiente")),
    captured: ok(told("Aceptada")),
    processing: ok(told("Retenida")),
    declined: ok(told("Rechazada")),
    voided: ok(told("Expirada")),
    refused: ok(bodies.refusal()),
    in_doubt: answers(500, { message: "Server Error" }),
  },
  statuses: [
    { status: "Pendiente", body: told("Pendiente"), becomes: "action_required" },
    { status: "Iniciada", body: told("Iniciada"), becomes: "action_required" },
    { status: "Aceptada", body: told("Aceptada"), becomes: "captured" },
    { status: "aprobada", body: told("aprobada"), becomes: "captured" },
    { status: "Rechazada", body: told("Rechazada"), becomes: "declined" },
    { status: "Fallida", body: told("Fallida"), becomes: "declined" },
    { status: "Antifraude", body: told("Antifraude"), becomes: "declined" },
    { status: "Retenido", body: told("Retenido"), becomes: "processing" },
    { status: "Expirada", body: told("Expirada"), becomes: "voided" },
    { status: "Caducada", body: told("Caducada"), becomes: "voided" },
    { status: "Abandonada", body: told("Abandonada"), becomes: "voided" },
    { status: "Cancelada", body: told("Cancelada"), becomes: "voided" },
    { status: "Reversado", body: told("Reversado"), becomes: "voided" },
  ],
  unknownStatus: told("Meditando"),
  declineCodes: [],
  doubtful: [
    answers(500, ""),
    answers(502, "<html>Bad Gateway</html>"),
    answers(302, ""),
    answers(408, ""),
    answers(409, {}),
    ok("<html>una página</html>"),
    ok(""),
    ok("null"),
    ok("[]"),
    ok("17"),
    ok("{}"),
    ok({ success: true, data: [] }),
    ok(told("Aceptada", { testMode: false })),
    ok(told("Aceptada", { testMode: "quizás" })),
    ok(told("Aceptada", { currency: "USD" })),
    ok(told("Aceptada", { amount: 50_000.5 })),
    ok(told("Aceptada", { amount: "1e5" })),
    ok(told("Pendiente", { paymentProviderData: [] })),
    ok(told("Pendiente", { paymentProviderData: { pin: "1", expirationDate: "mañana" } })),
    ok(told("Pendiente", { refPayco: "12/../34" })),
    // A second transaction of the same invoice is refused: then the first is there.
    ok(bodies.refusal("A007", "Ya existe una transacción con la misma factura")),
  ],
  indiscreet: {
    answer: answers(
      422,
      bodies.refusal("A001", `Ana Sofía López ana.lopez@example.org ${credentials.private_key}`),
    ),
    words: ["Ana", "Sofía", "López", "ana.lopez", "1035851980"],
  },
  // Cash is never given back, so nothing is ever written for a refund; what a gift writes has tests of its own.
  amounts: [
    { amount: money(5_000_000n, "COP"), written: undefined },
    { amount: money(0n, "COP"), written: undefined },
  ],
  amountIn: () => undefined,
  keyIn: (request) => {
    const read = sealed.safeParse(opened(JSON.parse(request.body), credentials.private_key));
    return read.success ? read.data.extras.extra3 : undefined;
  },
  events: {
    captured: (attemptId) => bodies.confirmation({ x_id_invoice: attemptId }).toString(),
    tells: "hint",
    batch: (attemptId) => ({ body: bodies.confirmation({ x_id_invoice: attemptId }).toString(), facts: 1 }),
    deliver: async (body, key) => {
      const form = new URLSearchParams(body);
      form.set("x_signature", signed(credentials.customer_id, key, form));
      return { headers: {}, body: new TextEncoder().encode(form.toString()), target: "" };
    },
    // Four values are signed; the state, the rest of the body and the time are not.
    signs: { body: false, time: false },
  },
};
