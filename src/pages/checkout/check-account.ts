import { type AccountOrder, checkAccount } from "../../debits/keep-account.ts";
import type { Translate } from "../i18n/language.ts";
import type { Fault } from "./check-form.ts";
import type { FormValues } from "./form-values.ts";

const places = {
  "/holder": "account_holder",
  "/routing_number": "account_routing",
  "/account_number": "account_number",
} as const;

/** The account the donor lets the church debit, with everything wrong about it named in the donor's language. */
export function readAccount(values: FormValues, t: Translate, faults: Fault[]): AccountOrder {
  const order: AccountOrder = {
    routing: values.account_routing,
    number: values.account_number,
    kind: values.account_type === "savings" ? "savings" : "checking",
    holder: values.account_holder,
    authorization: "online",
  };
  const checked = checkAccount(order);
  const wrong = checked.ok ? [] : checked.error.map(({ pointer }) => pointer);
  for (const [pointer, place] of Object.entries(places)) {
    if (wrong.includes(pointer)) faults.push({ place, text: t(`errors.${place}`) });
  }
  if (!values.account_agreed) faults.push({ place: "account_agreed", text: t("errors.account_agreed") });
  return order;
}
