import type { AccountOrder } from "../../debits/keep-account.ts";
import type { DonorField } from "../../gateway/country-profile.ts";
import type { PostalAddress } from "../../gateway/payment.ts";
import type { GiveRequest } from "../../giving/give-request.ts";
import { amountText } from "../../kernel/format.ts";
import { add, compare, equals, type Money } from "../../kernel/money.ts";
import { err, ok, type Result } from "../../kernel/result.ts";
import type { OfferedMethod } from "../../routing/offered-methods.ts";
import type { Translate } from "../i18n/language.ts";
import { readAccount } from "./check-account.ts";
import type { FormValues } from "./form-values.ts";
import { type Offer, presentationFor } from "./offer.ts";
import { type Part, readAmount, readParts } from "./read-amounts.ts";

/** Where on the form a fault is shown; `part_…` is a fund's share, `form` is above everything. */
export type FaultPlace =
  | ("amount" | "frequency" | "starts_on" | "fund" | "method" | "note" | "form")
  | DonorField
  | ("account_holder" | "account_routing" | "account_number" | "account_agreed")
  | `part_${string}`;
/** The fields that are one line of text. */
export type LineField = Exclude<DonorField, "address" | "bank">;
/** One thing to mend, in the donor's language. */
export type Fault = { readonly place: FaultPlace; readonly text: string };

/** The part of a request to give that the donor decides. */
export type CheckedGift = Pick<
  GiveRequest,
  "amount" | "method" | "donor" | "allocations" | "coverFees" | "anonymous" | "note"
> & {
  /** To be sealed, and given with as the method's token. */
  readonly account?: AccountOrder;
};

export const noteMost = 500;
const lineMost = 200;

/** Everything wrong with what was sent, all at once, or the gift it asks for. Amount limits include the fee cover. */
export function checkForm(
  values: FormValues,
  offer: Offer,
  t: Translate,
): Result<CheckedGift, readonly Fault[]> {
  const faults: Fault[] = [];
  const amount = readAmount(values, offer, t);
  if (!amount.ok) faults.push({ place: "amount", text: amount.error });
  const allocations = checkFunds(values, offer, amount.ok ? amount.value : undefined, t, faults);
  const method = offer.methods.find((offered) => offered.type === values.method);
  if (!method)
    faults.push({ place: "method", text: t(values.method ? "errors.method_gone" : "errors.method") });
  const donor = checkDonor(values, method, offer, t, faults);
  const account = method?.takesAccount ? readAccount(values, t, faults) : undefined;
  const note = values.note.trim();
  if ([...note].length > noteMost) faults.push({ place: "note", text: t("errors.too_long") });
  if (method && amount.ok) checkLimits(values, method, amount.value, offer, t, faults);
  if (faults.length > 0 || !amount.ok || !method) return err(faults);
  const presentation = presentationFor(method, values.script);
  return ok({
    amount: amount.value,
    method: {
      type: method.type,
      presentation,
      ...(presentation === "token" ? cardIn(values, method) : {}),
      ...(asks(method, "bank") && values.bank !== "" ? { bank: values.bank } : {}),
    },
    donor,
    allocations: allocations.map((part) => ({ fund: part.fund, amount: part.amount })),
    coverFees: values.cover_fees,
    anonymous: values.anonymous,
    ...(note === "" ? {} : { note }),
    ...(account ? { account } : {}),
  });
}

/** The token of a card; one that another account's fields have made is none. */
function cardIn(
  values: FormValues,
  { tokenFrom }: OfferedMethod,
): Pick<GiveRequest["method"], "token" | "tokenFrom"> {
  if (!tokenFrom) return {};
  const isOurs = values.card_token !== "" && values.card_account === tokenFrom;
  return { tokenFrom, ...(isOurs ? { token: values.card_token } : {}) };
}

function checkLimits(
  values: FormValues,
  method: OfferedMethod,
  gift: Money,
  offer: Offer,
  t: Translate,
  faults: Fault[],
): void {
  const charged = values.cover_fees && method.feeCover ? add(gift, method.feeCover) : gift;
  const said = (limit: Money) => amountText(limit, offer.locale);
  if (method.minimum && compare(charged, method.minimum) < 0) {
    faults.push({ place: "amount", text: t("errors.amount_low", { minimum: said(method.minimum) }) });
  } else if (method.maximum && compare(charged, method.maximum) > 0) {
    faults.push({ place: "amount", text: t("errors.amount_high", { maximum: said(method.maximum) }) });
  }
}

export function checkFunds(
  values: FormValues,
  offer: Offer,
  amount: Money | undefined,
  t: Translate,
  faults: Fault[],
): readonly Part[] {
  if (!values.split || offer.funds.length < 2) {
    const fund = offer.funds.find((known) => known.code === values.fund);
    if (!fund) faults.push({ place: "fund", text: t("errors.fund") });
    return fund && amount ? [{ fund: fund.code, amount }] : [];
  }
  const read = readParts(values, offer, t);
  faults.push(...read.faults.map(({ fund, text }): Fault => ({ place: `part_${fund}`, text })));
  if (read.faults.length > 0) return [];
  const first = `part_${offer.funds[0]?.code ?? ""}` as const;
  if (read.parts.length === 0) faults.push({ place: first, text: t("errors.split_empty") });
  else if (amount && !equals(read.total, amount)) {
    const said = { sum: amountText(read.total, offer.locale), amount: amountText(amount, offer.locale) };
    faults.push({ place: first, text: t("errors.split_sum", said) });
  }
  return read.parts;
}

function checkDonor(
  values: FormValues,
  method: OfferedMethod | undefined,
  offer: Offer,
  t: Translate,
  faults: Fault[],
): CheckedGift["donor"] {
  const taken: Taken = {};
  for (const { field, required } of method?.donorFields ?? []) {
    if (field === "bank") checkBank(values, method, required, t, faults);
    else if (field === "address") {
      const address = addressIn(values);
      if (address) taken.address = address;
      else if (required) faults.push({ place: field, text: t("errors.address") });
    } else checkLine(field, required, values, offer, t, { faults, taken });
  }
  return taken;
}

type Taken = {
  name?: string;
  email?: string;
  phone?: string;
  taxId?: string;
  taxIdType?: string;
  address?: PostalAddress;
};

function checkLine(
  field: LineField,
  required: boolean,
  values: FormValues,
  offer: Offer,
  t: Translate,
  into: { readonly faults: Fault[]; readonly taken: Taken },
): void {
  const typed = values[field].trim().replace(/\s+/g, " ");
  const wrong = (text: string) => into.faults.push({ place: field, text });
  if (typed === "") {
    if (required) wrong(missing(field, offer, t));
    return;
  }
  const fault = typed.length > lineMost ? t("errors.too_long") : wrongShape(field, typed, values, offer, t);
  if (fault) wrong(fault);
  else if (field !== "tax_id") into.taken[field] = typed;
  else {
    into.taken.taxId = typed;
    const [document, ...others] = documentsOf(values, offer);
    if (document && others.length === 0) into.taken.taxIdType = document.type;
  }
}

/** The documents the number may be one of: the one the donor has chosen, else all that the country knows. */
function documentsOf(values: FormValues, offer: Offer): Offer["country"]["donorDocuments"] {
  const all = offer.country.donorDocuments;
  const chosen = all.filter((document) => document.type === values.tax_id_type);
  return chosen.length > 0 ? chosen : all;
}

const asks = (method: OfferedMethod, field: DonorField): boolean =>
  method.donorFields.some((rule) => rule.field === field);

/** A bank is chosen from the list the donor was shown; where that could not be had, any code goes to the gateway. */
function checkBank(
  values: FormValues,
  method: OfferedMethod | undefined,
  required: boolean,
  t: Translate,
  faults: Fault[],
): void {
  const known = method?.banks ?? [];
  const listed = known.length === 0 || known.some((bank) => bank.code === values.bank);
  if (values.bank === "" ? required : !listed) faults.push({ place: "bank", text: t("errors.bank") });
}

/** What was typed of an address, when it has at least a street and a city. */
function addressIn(values: FormValues): PostalAddress | undefined {
  const line = (text: string) => text.trim().replace(/\s+/g, " ");
  const [street, city] = [line(values.street), line(values.city)];
  if (street === "" || city === "") return undefined;
  const number = line(values.street_number);
  const district = line(values.district);
  const region = line(values.region);
  const postalCode = line(values.postal_code);
  return {
    street,
    city,
    ...(number === "" ? {} : { number }),
    ...(district === "" ? {} : { district }),
    ...(region === "" ? {} : { region }),
    ...(postalCode === "" ? {} : { postalCode }),
  };
}

function missing(field: LineField, offer: Offer, t: Translate): string {
  return field === "tax_id" ? t("errors.tax_id", { document: documentName(offer) }) : t(`errors.${field}`);
}

/** The names of the documents a donor of this country may give: "RFC", "RFC / CURP". */
export function documentName(offer: Offer): string {
  return offer.country.donorDocuments.map((document) => document.label[offer.language]).join(" / ");
}

export const isEmail = (typed: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(typed);

export const isPhone = (typed: string): boolean => /^\+[1-9]\d{6,14}$/.test(typed.replace(/[\s().-]/g, ""));

function wrongShape(
  field: LineField,
  typed: string,
  values: FormValues,
  offer: Offer,
  t: Translate,
): string | undefined {
  if (field === "email") {
    return isEmail(typed) ? undefined : t("errors.email_shape");
  }
  if (field === "phone") return isPhone(typed) ? undefined : t("errors.phone_shape");
  if (field !== "tax_id") return undefined;
  const documents = documentsOf(values, offer);
  if (documents.some((document) => document.check(typed).ok)) return undefined;
  const example = documents.map((document) => document.example).join(" / ");
  const named = documents.map((document) => document.label[offer.language]).join(" / ");
  return t("errors.tax_id_shape", { document: named, example });
}
