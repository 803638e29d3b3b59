import type {
  CountryMethod,
  CountryProfile,
  DonorField,
  IdentityDocument,
} from "../gateway/country-profile.ts";
import type { MethodType, Presentation } from "../gateway/methods.ts";
import type { Device, PostalAddress } from "../gateway/payment.ts";
import type { ChurchId, GatewayAccountId } from "../kernel/ids.ts";
import { type Money, sum } from "../kernel/money.ts";
import { type FieldError, fieldProblem, type Problem, type ProblemCode } from "../kernel/problem.ts";
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
    /** The account whose fields in our own page made the token: no other can use it. */
    readonly tokenFrom?: GatewayAccountId;
    /** The gateway's code of the donor's bank, for methods that ask for it. */
    readonly bank?: string;
    /** The donor's yes to being debited, where the caller's own page took it: a bank debit by token needs it. */
    readonly mandateAcceptance?: Device;
  };
  readonly donor: DonorInput;
  /** Empty: all of it to the church's first active fund. */
  readonly allocations: readonly { readonly fund: string; readonly amount: Money }[];
  readonly coverFees: boolean;
  readonly anonymous: boolean;
  readonly note?: string;
  readonly returnUrl?: string;
  readonly locale?: string;
  /** Where the donor sits, for the rails that want to be told; no part of what makes two commands the same. */
  readonly device?: Device;
  /** When it was handed over, for gifts entered after the fact. */
  readonly receivedAt?: Date;
  readonly traceId: string;
};

export type DonorInput = {
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly taxId?: string;
  /** Which document `taxId` is, where the country has several that look alike. */
  readonly taxIdType?: string;
  readonly address?: PostalAddress;
};

/** A request found sound against the country's rules: what is left depends on the church and its gateways. */
export type CheckedRequest = {
  readonly profile: CountryProfile;
  readonly method: CountryMethod;
  readonly type: MethodType;
  /** Absent: as the gateway that is chosen presents it. */
  readonly presentation: Presentation | undefined;
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
  const method = profile.methods.find((offered) => offered.type === request.method.type);
  if (!method) {
    const offered = profile.methods.map((m) => m.type).join(", ");
    return refuseField(
      "payment_method_not_offered",
      "/payment_method/type",
      `${profile.name.en} offers: ${offered}`,
    );
  }
  const currency = method.currency ?? profile.currency;
  if (request.amount.currency !== currency) {
    const detail = `gifts by ${method.type} in ${profile.name.en} are in ${currency}, not ${request.amount.currency}`;
    return refuseField("currency_unknown", "/currency", detail);
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
  const donor = checkDonor(request, method, profile.donorDocuments);
  if (!donor.ok) return donor;
  return ok({ profile, method, type: method.type, presentation: presentation.value, donor: donor.value });
}

function presentationOf(
  asked: GiveRequest["method"],
  method: CountryMethod,
): Result<Presentation | undefined, Problem> {
  const wanted = asked.token === undefined ? asked.presentation : "token";
  if (wanted === undefined) return ok(undefined);
  if (method.presentations.includes(wanted)) {
    return wanted === "token" && asked.token === undefined ? err(tokenMissing) : ok(wanted);
  }
  return refuseField(
    "payment_method_not_offered",
    "/payment_method/presentation",
    `${method.type} can be presented as: ${method.presentations.join(", ")}`,
  );
}

/** The method's gateway takes nothing but a token of its hosted fields. */
export const tokenMissing: Problem = fieldProblem(
  "invalid_request",
  "/payment_method/token",
  "is missing: send the token of the gateway's hosted fields",
);

/** Required fields are there and every given field is right; the tax id comes back in its compact form. */
function checkDonor(
  { donor, method: chosen }: GiveRequest,
  method: CountryMethod,
  documents: readonly IdentityDocument[],
): Result<DonorInput, Problem> {
  const given = trimmed(donor);
  const missing = fieldsMissing(given, chosen.bank, method);
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
  const document = checkTaxId(given, documents);
  if (!document.ok) wrong.push(document.error);
  if (wrong.length > 0) return refuseFields("donor_field_invalid", wrong);
  return ok({
    ...given,
    ...(given.phone === undefined ? {} : { phone: given.phone.replace(/[\s().-]/g, "") }),
    ...(document.ok ? document.value : {}),
  });
}

/** What of the donor a method must be told and is not known, each with why. */
export function fieldsMissing(
  given: DonorInput,
  bank: string | undefined,
  method: CountryMethod,
): readonly FieldError[] {
  const there: Readonly<Record<DonorField, boolean>> = {
    name: given.name !== undefined,
    email: given.email !== undefined,
    phone: given.phone !== undefined,
    tax_id: given.taxId !== undefined,
    address: given.address !== undefined,
    bank: bank !== undefined,
  };
  return method.donorFields
    .filter((rule) => rule.required && !there[rule.field])
    .map((rule) => ({ pointer: pointerOf[rule.field], detail: `is needed: ${rule.why.en}` }));
}

const pointerOf: Readonly<Record<DonorField, string>> = {
  name: "/donor/name",
  email: "/donor/email",
  phone: "/donor/phone",
  tax_id: "/donor/tax_id",
  address: "/donor/address",
  bank: "/payment_method/bank",
};

function trimmed(donor: DonorInput): DonorInput {
  const { address, ...lines } = donor;
  const entries = Object.entries(lines).map(([field, text]) => [field, text?.trim()] as const);
  const kept = Object.fromEntries(entries.filter(([, text]) => text !== undefined && text !== ""));
  return { ...kept, ...(address ? { address } : {}) };
}

/** The number in its compact form and which document it is: the one named, else the first of the country that it fits. */
function checkTaxId(
  { taxId, taxIdType }: DonorInput,
  documents: readonly IdentityDocument[],
): Result<Pick<DonorInput, "taxId" | "taxIdType">, FieldError> {
  if (taxId === undefined) return ok({});
  if (documents.length === 0) {
    const detail = "no document number is taken for gifts in this country: leave it out";
    return err({ pointer: "/donor/tax_id", detail });
  }
  const possible = documents.filter((each) => taxIdType === undefined || each.type === taxIdType);
  if (possible.length === 0) {
    const known = documents.map((each) => each.type).join(", ");
    return err({ pointer: "/donor/tax_id_type", detail: `is none of this country's documents: ${known}` });
  }
  let first: string | undefined;
  for (const { type, check } of possible) {
    const verdict = check(taxId);
    if (verdict.ok) return ok({ taxId: verdict.value, taxIdType: type });
    first ??= verdict.error;
  }
  return err({ pointer: "/donor/tax_id", detail: first ?? "is not a known document" });
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
