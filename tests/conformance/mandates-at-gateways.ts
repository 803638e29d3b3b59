import type { SandboxControl as PaypalControl } from "../../adapters/paypal/sandbox/control.ts";
import type { SandboxControl as PixControl } from "../../adapters/pix/sandbox/control.ts";
import type { MandateOrder } from "../../src/gateway/mandate.ts";
import type { MethodCapability } from "../../src/gateway/manifest.ts";
import type { Presentation } from "../../src/gateway/methods.ts";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { now } from "./gateway-under-test.ts";
import type { World } from "./recorded-calls.ts";
import { orderFor } from "./simulated-gateways.ts";

type Way = { readonly presentation: Presentation; readonly token?: string; readonly bank?: string };

/** How a standing permission is asked for, by gateway and method; where it is not here, there is none. */
const ways: Readonly<Record<string, Readonly<Record<string, readonly Way[]>>>> = {
  stripe: {
    card: [
      { presentation: "token", token: "pm_card_visa" },
      { presentation: "embedded" },
      { presentation: "hosted" },
    ],
    ach_debit: [{ presentation: "token", token: "pm_usBankAccount_success" }],
    sepa_debit: [{ presentation: "token", token: "pm_success_de" }],
    bacs_debit: [{ presentation: "token", token: "pm_bacsDebit_success" }],
    acss_debit: [{ presentation: "token", token: "pm_acssDebit_success" }],
  },
  paypal: { paypal: [{ presentation: "hosted" }], venmo: [{ presentation: "hosted" }] },
  pix: {
    pix: [
      { presentation: "instructions" },
      { presentation: "token", bank: "99999003", token: "0001/7654321" },
    ],
  },
};

/** An order for a mandate of each way the method has one: half of a usual gift each month. */
export function mandateOrders(id: string, method: MethodCapability, from: string): readonly MandateOrder[] {
  return (ways[id]?.[method.type] ?? []).map((way) => {
    const { donor, description, returnUrl, locale, amount, country } = orderFor(method, from);
    return {
      reference: `rcg_${newId("attempt").slice(4)}`,
      donorId: newId("donor"),
      country,
      method: { type: id === "pix" ? "pix_automatico" : method.type, ...way },
      donor,
      amount,
      cadence: "monthly",
      startsOn: new Date(now.getTime() + days(5)).toISOString().slice(0, 10),
      description,
      returnUrl,
      locale,
    };
  });
}

/** The donor's yes, where it is given at the gateway or in the bank's app. */
export async function grantAt(
  id: string,
  { simulator, account }: World,
  gatewayMandateId: string,
): Promise<void> {
  switch (id) {
    case "paypal": {
      await (simulator.control as PaypalControl).approveSetup(gatewayMandateId);
      return;
    }
    case "pix": {
      const control = simulator.control as PixControl;
      const own = present(control.account(account.name), "it was opened");
      await control.answerRecurrence(own, gatewayMandateId, "yes");
    }
  }
}
