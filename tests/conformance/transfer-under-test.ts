import { transfer } from "../../adapters/transfer/index.ts";
import type { GatewayCredentials } from "../../src/gateway/adapter.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { AttemptHandle, CollectOrder } from "../../src/gateway/payment.ts";
import { newId } from "../../src/kernel/ids.ts";
import { type Money, money } from "../../src/kernel/money.ts";
import { now } from "./gateway-under-test.ts";

const owner = { bank: "Banco de Ejemplo", beneficiary: "Iglesia Luz A.R." };

/** One bank account of each kind. The numbers are the ones documents print as examples. */
export const accounts = {
  clabe: { ...owner, kind: "clabe", number: "032 180 00011835971 9" },
  cbu: { ...owner, kind: "cbu", number: "2850590940090418135201" },
  iban: { ...owner, kind: "iban", number: "DE89 3704 0044 0532 0130 00", bic: "COBADEFFXXX" },
  us: { ...owner, kind: "account", number: "000123456789", aba: "021000021", bic: "CHASUS33" },
  gb: { ...owner, kind: "account", number: "55779911", sort_code: "20-00-00" },
  phone: { ...owner, kind: "phone", number: "8888 1234" },
} as const satisfies Readonly<Record<string, GatewayCredentials>>;

export const adapterFor = (credentials: GatewayCredentials) =>
  transfer.factory.create({
    credentials,
    transport: () => {
      throw new Error("a bank account is never called");
    },
  });

export function orderFor(
  type: MethodType,
  country: string,
  amount: Money,
  attemptId = newId("attempt"),
): CollectOrder {
  return {
    attemptId,
    donationId: newId("donation"),
    amount,
    country,
    method: { type, presentation: "instructions" },
    donor: { reference: newId("donor") },
    description: "Iglesia Luz",
    returnUrl: "https://give.test/don",
    cancelUrl: "https://give.test/don?canceled",
    notificationUrl: "https://give.test/webhooks/transfer/x",
    locale: "es-MX",
  };
}

export const handleOf = (order: CollectOrder, createdAt = now): AttemptHandle => ({
  attemptId: order.attemptId,
  method: order.method.type,
  country: order.country,
  amount: order.amount,
  createdAt,
});

export const transferUnderTest = {
  factory: transfer.factory,
  credentials: accounts.clabe,
  order: () => orderFor("spei", "mx", money(50_000n, "MXN")),
};
