import type { ChurchSettings, SettingsFund } from "../churches/church-settings.ts";
import type { Deps } from "../deps.ts";
import type { CountryProfile } from "../gateway/country-profile.ts";
import type { MandateTerms } from "../gateway/manifest.ts";
import type { Device } from "../gateway/payment.ts";
import {
  type CheckedRequest,
  checkAllocations,
  checkRequest,
  type GiveRequest,
} from "../giving/give-request.ts";
import { coverOf } from "../giving/plan-gift.ts";
import { add, type Money } from "../kernel/money.ts";
import { fieldProblem, type Problem } from "../kernel/problem.ts";
import { err, ok, type Result } from "../kernel/result.ts";
import type { Route } from "../routing/choose-route.ts";
import { checkEnd, checkStart, earliestStart } from "./check-schedule.ts";
import { chooseCollection } from "./choose-collection.ts";
import type { Collection } from "./recurring-gift.ts";
import type { End, Rule } from "./rule.ts";
import { civilDate } from "./schedule.ts";

/** The donor's words of agreement where the caller's own page took them; absent: ours, given now. */
export type Agreement = {
  readonly text?: string;
  readonly version?: string;
  /** From where the donor agreed. */
  readonly device?: Device;
  /** The most one charge may be. */
  readonly ceiling?: Money;
};

/** The wish to give again and again, shape already checked: a gift's, with when. */
export type StartRequest = Omit<GiveRequest, "receivedAt"> & {
  readonly rule: Rule;
  /** `YYYY-MM-DD`; absent: today, or as soon as the rail can be told. */
  readonly startsOn?: string;
  readonly ends: End;
  /** Absent: automatic where the method can pull by itself, else a reminder. */
  readonly collection?: Collection;
  readonly agreement: Agreement;
};

/** Everything decided before anything is written. */
export type StartPlan = {
  readonly request: StartRequest;
  readonly checked: CheckedRequest;
  readonly settings: ChurchSettings;
  readonly collection: Collection;
  readonly route: Route;
  readonly shares: readonly { readonly fund: SettingsFund; readonly amount: Money }[];
  /** A period's gift with its cover. */
  readonly charged: Money;
  readonly anchor: string;
  readonly leadDays: number;
};

/** Gathers the church's facts and decides: how it is collected, by which account, from which day. */
export async function planStart(deps: Deps, request: StartRequest): Promise<Result<StartPlan, Problem>> {
  const checked = checkRequest(request, withStanding(deps.countries, request.country));
  if (!checked.ok) return checked;
  const settings = await deps.settings.read(request.churchId);
  const first = settings ? decideStart(deps, request, checked.value, settings) : undefined;
  if (first?.ok) return first;
  // What we knew may have been a few seconds old: look again before refusing.
  const fresh = await deps.settings.readFresh(request.churchId);
  if (!fresh) return err({ code: "church_unknown", detail: "there is no such church" });
  return decideStart(deps, request, checked.value, fresh);
}

/** The country with its standing methods among the others: here they are offered too. */
function withStanding(
  countries: ReadonlyMap<string, CountryProfile>,
  code: string,
): ReadonlyMap<string, CountryProfile> {
  const profile = countries.get(code);
  if (!profile?.standingMethods) return countries;
  const methods = [...profile.methods, ...profile.standingMethods];
  return new Map([...countries, [code, { ...profile, methods }]]);
}

function decideStart(
  deps: Pick<Deps, "payments" | "clock">,
  request: StartRequest,
  checked: CheckedRequest,
  settings: ChurchSettings,
): Result<StartPlan, Problem> {
  const shares = checkAllocations(request, settings.funds);
  if (!shares.ok) return shares;
  const chosen = chooseCollection(deps, request, checked, settings, request.amount);
  if (!chosen.ok) return chosen;
  const charged = add(request.amount, coverOf(request, chosen.value.route));
  // The limits hold for what is charged.
  const final = chooseCollection(deps, request, checked, settings, charged);
  if (!final.ok) return final;
  const { collection, route } = final.value;
  const leadDays = leadDaysOf(collection, route.capability.mandate);
  const today = civilDate(deps.clock.now(), settings.timeZone);
  const earliest = earliestStart(today, collection === "automatic" ? leadDays : 0);
  const start = checkStart(request.startsOn ?? earliest, today, earliest);
  if (!start.ok) return start;
  const schedule = { rule: request.rule, anchor: start.value, index: 0 };
  const ends = checkEnd(request.ends, schedule, { gifts: 0, totalMinor: 0n });
  if (!ends.ok) return ends;
  const uneven =
    request.ends.kind === "at_total" && BigInt(request.ends.amount) % request.amount.minor !== 0n;
  if (collection === "automatic" && route.capability.mandate?.fixedAmount && uneven) {
    const detail = `each gift is the same here, so the total is so many times ${request.amount.minor}`;
    return err(fieldProblem("amount_out_of_range", "/ends/amount", detail));
  }
  const { ceiling } = request.agreement;
  if (ceiling && (ceiling.currency !== charged.currency || ceiling.minor < charged.minor)) {
    const detail = `is less than what is charged, ${charged.minor}: the donor must agree to that much at least`;
    return err(fieldProblem("amount_out_of_range", "/agreement/ceiling", detail));
  }
  return ok({
    request,
    checked,
    settings,
    collection,
    route,
    shares: shares.value,
    charged,
    anchor: start.value,
    leadDays,
  });
}

/** How early a reminder is opened: a voucher is given some days before its date (facts: giving §4.4). */
const reminderLeadDays = 5;

/** A little more than the least notice, so that a lost day does not lose the charge. */
export const leadDaysOf = (collection: Collection, terms: MandateTerms | undefined): number =>
  collection === "reminder"
    ? reminderLeadDays
    : terms && terms.notice.leastDays > 0
      ? Math.min(terms.notice.leastDays + 2, terms.notice.mostDays)
      : 0;
