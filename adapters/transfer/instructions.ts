import type { AccountTakes } from "../../src/gateway/adapter.ts";
import type { MethodType } from "../../src/gateway/methods.ts";
import type { AttemptHandle, DonorAction, Refusal } from "../../src/gateway/payment.ts";
import { type ReferenceForm, referenceFor } from "../../src/gateway/transfer-reference.ts";
import { after, days } from "../../src/kernel/clock.ts";
import type { CurrencyCode } from "../../src/kernel/currency.ts";
import { err, ok, type Result } from "../../src/kernel/result.ts";
import type { Rail } from "./credentials.ts";
import { transferManifest } from "./manifest.ts";
import type { RouteKind } from "./number-checks.ts";

type BankTransfer = Extract<DonorAction, { type: "display_bank_transfer" }>;
/** What both an order and a handle say of an attempt. */
export type Asked = Pick<AttemptHandle, "attemptId" | "method" | "country" | "amount">;
export type Instructions = {
  readonly action: BankTransfer & { readonly expiresAt: Date };
  readonly form: ReferenceForm;
};

/** What the account must be for a method: its kinds, the routes shown, best first, and the reference it carries. */
type Needs = {
  readonly kinds: readonly Rail["kind"][];
  readonly routes: readonly RouteKind[];
  readonly form: ReferenceForm;
};

const european: Needs = { kinds: ["iban"], routes: ["bic"], form: "creditor" };
const needsOf: Readonly<Record<string, Needs>> = {
  "spei mx": { kinds: ["clabe"], routes: [], form: "numeric" },
  "bank_transfer ar": { kinds: ["cbu"], routes: [], form: "short" },
  "bank_transfer es": european,
  "bank_transfer pt": european,
  "bank_transfer de": european,
  "bank_transfer gb": { kinds: ["account", "iban"], routes: ["sort_code", "bic"], form: "creditor" },
  "sinpe_movil cr": { kinds: ["phone"], routes: [], form: "short" },
};
/** Banks abroad look for the BIC; the routing number serves the account's own country. */
const wire: Needs = {
  kinds: ["iban", "account", "clabe", "cbu"],
  routes: ["bic", "aba", "sort_code", "branch"],
  form: "creditor",
};

const refusal = (rawCode: string, detail: string): Refusal => ({ reason: "unsupported", rawCode, detail });

type Suited = { readonly needs: Needs; readonly routes: readonly { kind: RouteKind; number: string }[] };
type Wanted = { readonly method: MethodType; readonly country: string; readonly currency: CurrencyCode };

/** Whether this account can take a method in a currency, and by which routes; `Err` says what stands in the way. */
function suits(rail: Rail, { method, country, currency }: Wanted): Result<Suited, Refusal> {
  const able = transferManifest.methods.find(
    (each) => each.type === method && each.countries.includes(country) && each.currencies.includes(currency),
  );
  const needs = method === "wire" ? wire : needsOf[`${method} ${country}`];
  if (!able || !needs) return err(refusal("method", `no ${method} in ${currency} in ${country}`));
  if (rail.currency !== undefined && rail.currency !== currency) {
    return err(refusal("currency", `the account is kept in ${rail.currency}`));
  }
  const routes = needs.routes.flatMap((kind) => {
    const number = rail.routes[kind];
    return number === undefined ? [] : [{ kind, number }];
  });
  const findsBank = rail.kind === "iban" || method !== "wire" || routes.length > 0;
  if (!needs.kinds.includes(rail.kind) || !findsBank) {
    return err(refusal("rail", `a ${rail.kind} ${findsBank ? "" : "without a bic "}takes no ${method}`));
  }
  return ok({ needs, routes });
}

/** Everything the account can take of the donors of its country. */
export function takenBy(rail: Rail, country: string): AccountTakes {
  const taken = transferManifest.methods
    .filter((each) => each.countries.includes(country))
    .map(({ type, currencies }) => {
      const able = currencies.filter((currency) => suits(rail, { method: type, country, currency }).ok);
      return [type, able] as const;
    });
  return Object.fromEntries(taken.filter(([, currencies]) => currencies.length > 0));
}

/**
 * What the donor is told, from the account and the attempt alone: asked again, it says the same. `Err` where this
 * account cannot take the method (a phone takes no wire) or the currency; another account of the church's may.
 */
export function instructionsFor(rail: Rail, asked: Asked, createdAt: Date): Result<Instructions, Refusal> {
  const { method, country, amount } = asked;
  const suited = suits(rail, { method, country, currency: amount.currency });
  if (!suited.ok) return suited;
  const { needs } = suited.value;
  const [route, ...others] = suited.value.routes;
  return ok({
    form: needs.form,
    action: {
      type: "display_bank_transfer",
      account: { kind: rail.kind === "cbu" ? "account" : rail.kind, number: rail.number },
      ...(route ? { route } : {}),
      bank: [rail.bank, ...others.map((each) => `${routeNames[each.kind]} ${each.number}`)].join(", "),
      beneficiary: rail.beneficiary,
      reference: referenceFor(asked.attemptId, needs.form),
      amountRemaining: amount,
      expiresAt: expiryOf(asked, createdAt) ?? createdAt,
    },
  });
}

/**
 * Until when the donor has, to the end of that day in UTC: whoever asks again an instant later hears the same. Absent
 * for what this gateway does not do.
 */
export function expiryOf(asked: Pick<Asked, "method" | "country">, createdAt: Date): Date | undefined {
  const able = transferManifest.methods.find(
    (each) => each.type === asked.method && each.countries.includes(asked.country),
  );
  if (able?.expiresAfterMs === undefined) return undefined;
  const last = after(createdAt, able.expiresAfterMs);
  return after(last, days(1) - (last.getTime() % days(1)) - 1000);
}

const routeNames: Readonly<Record<RouteKind, string>> = {
  bic: "BIC",
  aba: "ABA",
  sort_code: "sort code",
  branch: "branch",
};
