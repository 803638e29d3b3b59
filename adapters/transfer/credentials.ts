import { z } from "zod";
import type { GatewayCredentials } from "../../src/gateway/adapter.ts";
import type { Result } from "../../src/kernel/result.ts";
import { checks, type RailKind, type RouteKind, railKinds } from "./number-checks.ts";

/** A bank account of the church's own, as a donor is told of it: numbers compact, checked. */
export type Rail = {
  readonly kind: RailKind;
  readonly number: string;
  readonly bank: string;
  readonly beneficiary: string;
  /** What finds the bank, by kind; none where the number alone does. */
  readonly routes: Partial<Readonly<Record<RouteKind, string>>>;
  /** The money the account is kept in; absent: what its country and wires bring. */
  readonly currency: string | undefined;
};

const words = (what: string, most: number) => z.string().trim().min(2, `${what} is missing`).max(most);
const route = z.string().default("");

/**
 * The account, field by field, flat like all credentials. `kind` says what `number` is: a CLABE, a CBU or CVU, an
 * IBAN, a phone (SINPE Móvil), or an account number that needs a `bic`, an `aba`, a `sort_code` or a `branch` beside
 * it. `currency` binds the account to one currency: money sent in another would arrive converted, as another amount.
 */
export const credentials = z
  .object({
    kind: z.enum(railKinds),
    number: z.string(),
    bank: words("the bank's name", 100),
    beneficiary: words("the name the account is in", 140),
    bic: route,
    aba: route,
    sort_code: route,
    branch: route,
    currency: z
      .string()
      .regex(/^([A-Z]{3})?$/, "is an ISO 4217 code such as MXN, or empty")
      .default(""),
  })
  .superRefine((given, ctx) => {
    const complain = (field: string, checked: Result<string, string>) => {
      if (!checked.ok) ctx.addIssue({ code: "custom", path: [field], message: checked.error });
    };
    complain("number", checks[given.kind](given.number));
    for (const kind of ["bic", "aba", "sort_code", "branch"] as const) {
      if (given[kind] !== "") complain(kind, checks[kind](given[kind]));
    }
    const routed = given.bic !== "" || given.aba !== "" || given.sort_code !== "" || given.branch !== "";
    if (given.kind === "account" && !routed) {
      ctx.addIssue({
        code: "custom",
        path: ["bic"],
        message: "an account number alone finds no bank: give its bic, aba, sort_code or branch",
      });
    }
  });

/** The account to show, from credentials that have been checked. */
export function railOf(stored: GatewayCredentials): Rail {
  const given = credentials.parse(stored);
  const compact = (kind: RailKind | RouteKind, text: string): string => {
    const checked = checks[kind](text);
    return checked.ok ? checked.value : text;
  };
  const routes: Partial<Record<RouteKind, string>> = {};
  for (const kind of ["bic", "aba", "sort_code", "branch"] as const) {
    if (given[kind] !== "") routes[kind] = compact(kind, given[kind]);
  }
  return {
    kind: given.kind,
    number: compact(given.kind, given.number),
    bank: given.bank,
    beneficiary: given.beneficiary,
    routes,
    currency: given.currency === "" ? undefined : given.currency,
  };
}
