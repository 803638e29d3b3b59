import type { z } from "zod";
import type { Evidence, Refusal, TransportCause } from "../../src/gateway/payment.ts";
import { refusalDataSchema, type refusedSchema } from "./wire.ts";

/** How a request can end without an answer to use. */
export type Failure = { readonly evidence: Evidence } & (
  | { readonly kind: "refused"; readonly problem: Refusal }
  | { readonly kind: "not_sent" | "in_doubt"; readonly cause: TransportCause }
);

type Refused = z.output<typeof refusedSchema>;

/** A status that is no 2xx. What could mean that a transaction exists is never called a refusal. */
export function refusedByStatus(status: number, told: Refused | undefined): Failure {
  const evidence = evidenceOf(status, told);
  if (status < 400 || status >= 500 || status === 408 || status === 409 || namesInvoice(told)) {
    return { kind: "in_doubt", cause: "gateway_error", evidence };
  }
  return { kind: "refused", problem: problemOf(status, evidence), evidence };
}

/**
 * A 2xx whose body says no (`success: false`): nothing was made. The one exception is a complaint about the invoice:
 * ePayco refuses a second transaction of the same one, so the first may be there, and it writes to the donor.
 */
export function refusedInBody(status: number, told: Refused): Failure {
  const evidence = evidenceOf(status, told);
  if (namesInvoice(told)) return { kind: "in_doubt", cause: "gateway_error", evidence };
  return { kind: "refused", problem: problemOf(status, evidence), evidence };
}

function problemOf(status: number, { rawCode = String(status) }: Evidence): Refusal {
  switch (status) {
    case 401:
      return { reason: "authentication", rawCode, detail: "ePayco does not know these keys." };
    case 403:
      return { reason: "account_problem", rawCode, detail: "ePayco does not let this account do that." };
    case 429:
      return { reason: "rate_limited", rawCode, detail: "ePayco asks to slow down." };
    default:
      return { reason: "invalid_request", rawCode, detail: "ePayco refused the request." };
  }
}

const errorsOf = (told: Refused | undefined) => {
  const read = refusalDataSchema.safeParse(told?.data);
  return read.success ? read.data.errors : [];
};

const namesInvoice = (told: Refused | undefined): boolean =>
  [told?.message, ...errorsOf(told).map(({ message }) => message)].some((text) =>
    /factura|invoice|bill\b/i.test(text ?? ""),
  );

/** Codes only: the messages may repeat what the donor wrote. */
function evidenceOf(status: number, told: Refused | undefined): Evidence {
  const codes = errorsOf(told)
    .map(({ code }) => String(code ?? ""))
    .filter((code) => /^[\w.-]{1,40}$/.test(code));
  return {
    httpStatus: status,
    rawCode: codes[0] ?? String(status),
    excerpt: `status ${status}, codes: ${codes.join(" ") || "none"}`.slice(0, 500),
  };
}
