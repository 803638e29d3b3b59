import type { Payments } from "../../src/gateway/payment.ts";
import { err, ok } from "../../src/kernel/result.ts";
import { type Ask, inStore, type Store } from "./client.ts";
import { apiKeySchema, invoicesSchema } from "./wire.ts";

/** What the key must be allowed to do, each by any of these (OpenAPI `securitySchemes.API_Key`). */
const needed: readonly { readonly to: string; readonly by: readonly string[] }[] = [
  { to: "create invoices", by: ["btcpay.store.cancreateinvoice"] },
  { to: "view invoices", by: ["btcpay.store.canviewinvoices", "btcpay.store.canmodifyinvoices"] },
  { to: "modify invoices", by: ["btcpay.store.canmodifyinvoices"] },
  {
    to: "create non-approved pull payments (refunds)",
    by: ["btcpay.store.cancreatenonapprovedpullpayments", "btcpay.store.cancreatepullpayments"],
  },
  {
    to: "view pull payments",
    by: ["btcpay.store.canviewpullpayments", "btcpay.store.canmanagepullpayments"],
  },
];
/** Permissions that hold all of the above. */
const everything: readonly string[] = ["unrestricted", "btcpay.store.canmodifystoresettings"];

/** Reads the key's own permissions and one invoice of the store: harmless, and `Err` says what to mend. */
export async function checkKey(ask: Ask, store: Store): ReturnType<Payments["checkCredentials"]> {
  const key = await ask(apiKeySchema, { method: "GET", path: "/api/v1/api-keys/current" });
  if (!key.ok) {
    const { failure } = key;
    return failure.kind === "refused"
      ? err(`BTCPay Server refused the API key: ${failure.problem.detail}`)
      : err(`BTCPay Server could not be asked (${failure.cause}); check its address.`);
  }
  const allowed = (permission: string) =>
    key.value.permissions.some((held) => held === permission || held === `${permission}:${store.storeId}`);
  const missing = everything.some(allowed) ? [] : needed.filter(({ by }) => !by.some(allowed));
  if (missing.length > 0) {
    return err(`The API key may not ${missing.map(({ to }) => to).join(", nor ")} in this store.`);
  }
  const invoices = await ask(invoicesSchema, { method: "GET", path: inStore(store, "/invoices?take=1") });
  return invoices.ok
    ? ok({ country: undefined })
    : err("The API key does not open this store: check its id.");
}
