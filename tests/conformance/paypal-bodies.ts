import type { AttemptId } from "../../src/kernel/ids.ts";

/** Bodies as PayPal's API writes them, for answers made by hand. */
type Fields = Readonly<Record<string, unknown>>;

export const usd = (value: string) => ({ currency_code: "USD", value });

export const capture = (fields: Fields = {}): Fields => ({
  id: "7YL12345AB678901C",
  status: "COMPLETED",
  amount: usd("25.00"),
  final_capture: true,
  seller_receivable_breakdown: {
    gross_amount: usd("25.00"),
    paypal_fee: usd("1.36"),
    net_amount: usd("23.64"),
  },
  create_time: "2026-11-20T11:59:30Z",
  update_time: "2026-11-20T11:59:30Z",
  links: [],
  ...fields,
});

export const order = (fields: Fields = {}, payments?: Fields): Fields => ({
  id: "5O190127TN364715T",
  intent: "CAPTURE",
  status: "PAYER_ACTION_REQUIRED",
  purchase_units: [
    { reference_id: "default", amount: usd("25.00"), ...(payments === undefined ? {} : { payments }) },
  ],
  create_time: "2026-11-20T11:58:00Z",
  links: [
    {
      href: "https://www.sandbox.paypal.com/checkoutnow?token=5O190127TN364715T",
      rel: "payer-action",
      method: "GET",
    },
  ],
  ...fields,
});

/** An order whose capture looks so. */
export const captured = (fields: Fields = {}): Fields =>
  order({ status: "COMPLETED" }, { captures: [capture(fields)] });

const names: Readonly<Record<number, string>> = {
  400: "INVALID_REQUEST",
  401: "AUTHENTICATION_FAILURE",
  403: "NOT_AUTHORIZED",
  404: "RESOURCE_NOT_FOUND",
  409: "RESOURCE_CONFLICT",
  422: "UNPROCESSABLE_ENTITY",
};

export const refusal = (status: number, issue?: string, description = "no"): Fields => ({
  name: names[status] ?? "INTERNAL_SERVER_ERROR",
  message: "x",
  debug_id: "f00d",
  ...(issue === undefined ? {} : { details: [{ issue, description }] }),
});

export const event = (type: string, resource: Fields, fields: Fields = {}): string =>
  JSON.stringify({
    id: "WH-82963375VM412172U-5NX91127UN1954721",
    event_version: "1.0",
    create_time: "2026-11-20T12:00:00.000Z",
    resource_type: "x",
    event_type: type,
    summary: "x",
    resource,
    links: [],
    ...fields,
  });

export const capturedEvent = (attemptId: AttemptId): string =>
  event("PAYMENT.CAPTURE.COMPLETED", capture({ custom_id: attemptId }));
