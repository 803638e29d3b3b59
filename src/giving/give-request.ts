import type { CountryMethod, CountryProfile, IdentityDocument } from "../gateway/country-profile.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import type { CurrencyCode } from "../kernel/currency.ts";
import type { ChurchId } from "../kernel/ids.ts";
import { type Money, sum } from "../kernel/money.ts";
import type { FieldError, Problem, ProblemCode } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";

/** The wish to give, as the API and the checkout hand it in, shape already checked. */
export type GiveRequest = {
  readonly churchId: ChurchId;
  readonly mode: "test" | "live";
  /** Who asks: the API key's id, or `checkout`. */
  readonly principal: string;
  readonly idempotencyKey: string;
  /** The gift: what the funds receive. */
  readonly amount: Money;
  /** ISO 3166-1 alpha-2, lower case. */
  readonly country: string;
  readonly method: {
    readonly type: string;
    readonly presentation?: Presentation;
    /** A gateway token from hosted fields. */
    readonly token?: string;
    /** The donor's yes to being debited, where the caller's own page took it: a bank debit by token needs it. */
    readonly mandateAcceptance?: { readonly ipAddress: string; readonly userAgent: string };
  };
  readonly donor: DonorInput;
  /** Empty: all of it to the church's first active fund. */
  readonly allocations: readonly { readonly fund: string; readonly amount: Money }[];
  readonly coverFees: boolean;
  readonly anonymous: boolean;
  readonly note?: string;
  readonly returnUrl?: string;
  readonly locale?: string;
  readonly traceId: string;
};

export type DonorInput = {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly taxId?: string;
};

/** A request found sound against the country's rules: what is left depends on the church and its gateways. */
export type CheckedRequest = {
  readonly profile: CountryProfile;
  readonly method: CountryMethod;
  readonly type: MethodType;
  readonly presentation: Presentation;
  readonly donor: DonorInput;
};

const emailShape = /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/;
const phoneShape = /^\+[1-9]\d{6,14}$/;

/** Checks a request against the country: method, currency, presentation, donor fields. Every field at fault is named. */
export function checkRequest(
  request: GiveRequest,
  countries: ReadonlyMap<string, CountryProfile>,
): Result<CheckedRequest, Problem> {
  const profile = countries.get(request.country);
  if (!profile) {
    return refuseField("invalid_request", "/country", `use one of: ${[...countries.keys()].join(", ")}`);
  }
  if (request.amount.currency !== profile.currency) {
    return refuseField("currency_unknown", "/currency", currencyHint(profile, request.amount.currency));
  }
  const method = profile.methods.find((offered) => offered.type === request.method.type);
  if (!method) {
    const offered = profile.methods.map((m) => m.type).join(", ");
    return refuseField(
      "payment_method_not_offered",
      "/payment_method/type",
      `${profile.name.en} offers: ${offered}`,
    );
  }
  const presentation = presentationOf(request.method, method);
  if (!presentation.ok) return presentation;
  const { token, mandateAcceptance } = request.method;
  if (method.kind === "bank_debit" && token !== undefined && !mandateAcceptance) {
    return refuseField(
      "invalid_request",
      "/payment_method/mandate_acceptance",
      "is missing: a debit by token needs the address and browser from which the donor agreed to it",
    );
  }
  const donor = checkDonor(request.donor, method, profile.donorDocuments);
  if (!donor.ok) return donor;
  return ok({ profile, method, type: method.type, presentation: presentation.value, donor: donor.value });
}

function currencyHint(profile: CountryProfile, given: CurrencyCode): string {
  return `gifts in ${profile.name.en} are in ${profile.currency}, not ${given}`;
}

function presentationOf(asked: GiveRequest["method"], method: CountryMethod): Result<Presentation, Problem> {
  const wanted = asked.token !== undefined ? "token" : (asked.presentation ?? method.presentations[0]);
  if (wanted !== undefined && method.presentations.includes(wanted)) {
    if (wanted === "token" && asked.token === undefined) {
      return refuseField(
        "invalid_request",
        "/payment_method/token",
        "is missing: send the token of the hosted fields",
      );
    }
    return ok(wanted);
  }
  return refuseField(
    "payment_method_not_offered",
    "/payment_method/presentation",
    `${method.type} can be presented as: ${method.presentations.join(", ")}`,
  );
}

/** Required fields are there and every given field is right; the tax id comes back in its compact form. */
function checkDonor(
  donor: DonorInput,
  method: CountryMethod,
  documents: readonly IdentityDocument[],
): Result<DonorInput, Problem> {
  const given = trimmed(donor);
  const missing = method.donorFields
    .filter((rule) => rule.required && given[fieldOf[rule.field]] === undefined)
    .map((rule): FieldError => ({ pointer: `/donor/${rule.field}`, detail: `is needed: ${rule.why.en}` }));
  if (missing.length > 0) return refuseFields("donor_field_missing", missing);
  const wrong: FieldError[] = [];
  if (given.email !== undefined && !(emailShape.test(given.email) && given.email.length <= 254)) {
    wrong.push({ pointer: "/donor/email", detail: "is not an e-mail address, such as ana@example.org" });
  }
  if (given.phone !== undefined && !phoneShape.test(given.phone.replace(/[\s().-]/g, ""))) {
    wrong.push({
      pointer: "/donor/phone",
      detail: "write it with its country code, such as +52 951 123 4567",
    });
  }
  const taxId = given.taxId === undefined ? ok(undefined) : checkTaxId(given.taxId, documents);
  if (!taxId.ok) wrong.push({ pointer: "/donor/tax_id", detail: taxId.error });
  if (wrong.length > 0) return refuseFields("donor_field_invalid", wrong);
  return ok({
    ...given,
    ...(given.phone === undefined ? {} : { phone: given.phone.replace(/[\s().-]/g, "") }),
    ...(taxId.ok && taxId.value !== undefined ? { taxId: taxId.value } : {}),
  });
}

const fieldOf = { name: "name", email: "email", phone: "phone", tax_id: "taxId" } as const;

function trimmed(donor: DonorInput): DonorInput {
  const entries = Object.entries(donor).map(([field, text]) => [field, text?.trim()] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== undefined && text !== ""));
}

function checkTaxId(text: string, documents: readonly IdentityDocument[]): Result<string, string> {
  if (documents.length === 0)
    return err("no document number is taken for gifts in this country: leave it out");
  const verdicts = documents.map((document) => document.check(text));
  return verdicts.find((verdict) => verdict.ok) ?? verdicts[0] ?? err("is not a known document");
}

export type FundLike = { readonly id: string; readonly code: string; readonly active: boolean };

/** Each allocation's fund by id or code, and the promise that they add up to the gift. */
export function checkAllocations<F extends FundLike>(
  request: Pick<GiveRequest, "amount" | "allocations">,
  funds: readonly F[],
): Result<readonly { readonly fund: F; readonly amount: Money }[], Problem> {
  const open = funds.filter((fund) => fund.active);
  const [first] = open;
  if (request.allocations.length === 0) {
    if (!first)
      return refuseField("fund_unknown", "/allocations", "the church has no open fund: create one first");
    return ok([{ fund: first, amount: request.amount }]);
  }
  const shares: { fund: F; amount: Money }[] = [];
  for (const [index, share] of request.allocations.entries()) {
    const fund = open.find((f) => f.id === share.fund || f.code === share.fund);
    if (!fund) {
      return refuseField("fund_unknown", `/allocations/${index}/fund`, "is not an open fund of this church");
    }
    shares.push({ fund, amount: share.amount });
  }
  if (new Set(shares.map((s) => s.fund.id)).size !== shares.length) {
    return refuseField("invalid_request", "/allocations", "name each fund once, with its whole share");
  }
  const total = sum(
    request.allocations.map((a) => a.amount),
    request.amount.currency,
  );
  if (total.minor !== request.amount.minor) {
    return refuseField(
      "allocations_do_not_add_up",
      "/allocations",
      `they add up to ${total.minor}, the amount is ${request.amount.minor}: change one or the other`,
    );
  }
  return ok(shares);
}

function refuseField(code: ProblemCode, pointer: string, detail: string) {
  return refuseFields(code, [{ pointer, detail }]);
}

function refuseFields(code: ProblemCode, errors: readonly FieldError[]) {
  const problem: Problem = {
    code,
    detail: errors.map((e) => `${e.pointer.slice(1).replaceAll("/", ".")} ${e.detail}`).join("; "),
    errors,
  };
  return err(problem);
}
