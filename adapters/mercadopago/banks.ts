import { PaymentMethod } from "mercadopago";
import type { Banks } from "../../src/gateway/banks.ts";
import { err, ok } from "../../src/kernel/result.ts";
import type { Account } from "./account.ts";
import { ask } from "./client.ts";
import { flowOf } from "./method-codes.ts";
import { paymentMethodsSchema } from "./wire.ts";

/**
 * The banks of PSE, from `GET /v1/payment_methods` (to be asked again hourly: facts: methods §4). For a method that
 * is one institution of the list (Nequi), that one, which shows that it is still there.
 */
export function mercadoPagoBanks(account: Account): Banks {
  return {
    async list({ method, country }, call) {
      const flow = flowOf(method, "hosted");
      if (country !== account.site.country || flow?.kind !== "bank_redirect" || !flow.pse) {
        return err(`Mercado Pago has no list of banks for ${method} in ${country}.`);
      }
      const answer = await ask(account, paymentMethodsSchema, { call }, (config) =>
        new PaymentMethod(config).get(),
      );
      if (!answer.ok) return err(`Mercado Pago's list of banks could not be read (${answer.failure.kind}).`);
      const listed = answer.value.find((one) => one.id === flow.code && one.status !== "deactivated");
      const banks = (listed?.financial_institutions ?? []).map((bank) => ({
        code: bank.id,
        name: bank.description ?? bank.id,
      }));
      const offered = flow.bank === undefined ? banks : banks.filter((bank) => bank.code === flow.bank);
      return offered.length > 0 ? ok(offered) : err(`Mercado Pago does not offer ${method} to this account.`);
    },
  };
}
