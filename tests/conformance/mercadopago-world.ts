import { mercadopago } from "../../adapters/mercadopago/index.ts";
import { type MercadoPagoSandbox, simulateMercadoPago } from "../../adapters/mercadopago/sandbox/index.ts";
import { testToken } from "../../adapters/mercadopago/sandbox/tokens.ts";
import type { GatewayCall, Transport } from "../../src/gateway/adapter.ts";
import { memorySandboxStore } from "../../src/gateway/memory-sandbox-store.ts";
import type { MethodType, Presentation } from "../../src/gateway/methods.ts";
import type { AttemptHandle, CollectOrder } from "../../src/gateway/payment.ts";
import type { SandboxWebhook } from "../../src/gateway/sandbox.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { type FixedClock, fixedClock } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money } from "../../src/kernel/money.ts";

export const pagesUrl = "https://give.example.org/sandbox/mercadopago";

/** A donor with everything any method of the country may ask. */
const donors: Readonly<Record<string, CollectOrder["donor"]>> = {
  ar: person("María Fernández", "dni", "12345678", "+541155551234", "C1425", "Buenos Aires"),
  br: person("João Silva", "cpf", "39053344705", "+5511955551234", "01310100", "São Paulo"),
  cl: person("Camila Rojas", "rut", "760864285", "+56955551234", "8320000", "Santiago"),
  co: person("Juan Pérez Gómez", "cc", "1032456789", "+573001234567", "110111", "Bogotá"),
  mx: person("Ana Sofía López", "rfc", "GODE561231GR8", "+525512345678", "06600", "Ciudad de México"),
  pe: person("Rosa Quispe", "dni", "45678912", "+51955551234", "15001", "Lima"),
  uy: person("Lucía Pereira", "ci", "12345672", "+59899123456", "11000", "Montevideo"),
};

function person(
  name: string,
  type: string,
  number: string,
  phone: string,
  postalCode: string,
  city: string,
): CollectOrder["donor"] {
  return {
    name,
    email: "donor@example.org",
    phone,
    taxId: { type, number },
    address: { street: "Avenida Principal", number: "100", district: "Centro", city, postalCode },
    device: { ipAddress: "190.24.11.5", userAgent: "test" },
    reference: "dnr-1",
  };
}

const currencies = { ar: "ARS", br: "BRL", cl: "CLP", co: "COP", mx: "MXN", pe: "PEN", uy: "UYU" } as const;
export type Country = keyof typeof currencies;
export const countries = ["ar", "br", "cl", "co", "mx", "pe", "uy"] as const;

/** 5,000 of the country's money. */
export const usual = (country: Country): Money =>
  money(country === "cl" ? 5_000n : 500_000n, currencies[country]);
export const inCurrency = (country: Country, minor: bigint): Money => money(minor, currencies[country]);

/** How a method is asked for unless a test says otherwise. */
export function asked(type: MethodType): {
  type: MethodType;
  presentation: Presentation;
  token?: string;
  bank?: string;
} {
  switch (type) {
    case "card":
    case "yape":
      return { type, presentation: "token", token: testToken("APRO") };
    case "pse":
      return { type, presentation: "hosted", bank: "1007" };
    case "nequi":
    case "fintoc":
    case "webpay":
    case "mercado_pago":
      return { type, presentation: "hosted" };
    default:
      return { type, presentation: "instructions" };
  }
}

export function orderIn(
  country: Country,
  type: MethodType,
  fields: Partial<CollectOrder> = {},
): CollectOrder {
  const donor = donors[country];
  if (!donor) throw new Error(`no donor in ${country}`);
  return {
    attemptId: newId("attempt"),
    donationId: newId("donation"),
    amount: type === "yape" ? money(50_000n, "PEN") : usual(country),
    country,
    method: asked(type),
    donor,
    description: "Iglesia Demo",
    returnUrl: "https://give.example.org/gift?back=1",
    cancelUrl: "https://give.example.org/gift?back=canceled",
    notificationUrl: "https://give.example.org/webhooks/mercadopago/tok",
    locale: "es",
    ...fields,
  };
}

export function handleOf(
  order: CollectOrder,
  gatewayPaymentId?: string,
  createdAt = new Date(),
): AttemptHandle {
  return {
    attemptId: order.attemptId,
    ...(gatewayPaymentId === undefined ? {} : { gatewayPaymentId }),
    method: order.method.type,
    country: order.country,
    amount: order.amount,
    createdAt,
  };
}

/** The simulator with an account in each country, adapters on it, and what its notifications said. */
export function world(options: { transport?: (own: Transport) => Transport } = {}) {
  // Attempts carry the machine's time in their ids, so that the simulator must not lag behind it.
  const clock: FixedClock = fixedClock(new Date());
  const inbox: SandboxWebhook[] = [];
  const statuses: number[] = [];
  const sandbox: MercadoPagoSandbox = simulateMercadoPago({
    store: memorySandboxStore(),
    clock,
    background: () => undefined,
    pagesUrl,
    deliver: async (webhook) => {
      const status = statuses.shift() ?? 200;
      if (status < 300) inbox.push(webhook);
      return { status };
    },
  });
  const own: Transport = (input, init) => sandbox.fetch(new Request(input, init));
  const transport = options.transport ? options.transport(own) : own;
  const account = (country: Country, name = "church") => sandbox.openAccount({ country, name });
  const adapter = (country: Country, name = "church") =>
    mercadopago.factory.create({ credentials: account(country, name).credentials, transport });
  const call = (fields: Partial<GatewayCall> = {}): GatewayCall => ({
    idempotencyKey: `key-${crypto.randomUUID()}`,
    now: clock.now(),
    timeoutMs: 2_000,
    traceId: "trace-1",
    ...fields,
  });
  return { clock, inbox, statuses, sandbox, control: sandbox.control, account, adapter, call };
}
export type World = ReturnType<typeof world>;

/** A delivery as our door would see it. */
export function received(webhook: SandboxWebhook): RawDelivery {
  const url = new URL(webhook.url);
  return { headers: webhook.headers, body: new TextEncoder().encode(webhook.body), target: url.search };
}
