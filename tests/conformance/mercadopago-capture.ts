import { pay } from "../../adapters/mercadopago/sandbox/bank-side.ts";
import { testToken } from "../../adapters/mercadopago/sandbox/tokens.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { GatewayFee } from "../../src/gateway/payment.ts";
import type { Money } from "../../src/kernel/money.ts";
import { asked, countries, handleOf, orderIn, world } from "./mercadopago-world.ts";

/** Lets exactly `amount` arrive in the simulator, whatever was asked for, and tells what it kept. */
export async function captureInSandbox(
  type: MethodType,
  country: string,
  amount: Money,
): Promise<GatewayFee> {
  const here = countries.find((known) => known === country);
  if (!here) throw new Error(`no account in ${country}`);
  const { control, adapter, call } = world();
  const gateway = adapter(here);
  const order = orderIn(here, type, { method: { ...asked(type), ...heldBack(type) } });
  const opened = await gateway.payments.collect(order, call());
  if (!("gatewayPaymentId" in opened) || !opened.gatewayPaymentId) throw new Error(JSON.stringify(opened));
  const id = await payable(control, opened.gatewayPaymentId, type);
  const paid = await control.play(id, (play) => pay(play, amount));
  if (!paid.ok) throw new Error(paid.error);
  const seen = await gateway.payments.lookup(handleOf(order, id), call());
  if (seen.kind !== "captured" || !seen.fee) throw new Error(`not captured but ${seen.kind}`);
  if (seen.amount.minor !== amount.minor) throw new Error("another amount arrived");
  return seen.fee;
}

/** A card's payment is held for review, so that money can still come as the test wants it. */
const heldBack = (type: MethodType) =>
  type === "card" || type === "yape" ? { token: testToken("CONT") } : {};

type Control = ReturnType<typeof world>["control"];

async function payable(control: Control, id: string, type: MethodType): Promise<string> {
  if (/^\d+$/.test(id)) return id;
  const tried = await control.payPage(id, type, "CONT");
  if (!tried.ok) throw new Error(tried.error);
  return String(tried.value.body.id);
}
