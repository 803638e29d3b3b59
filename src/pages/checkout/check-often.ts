import { err, ok, type Result } from "../../kernel/result.ts";
import { isCivilDate } from "../../recurring/check-schedule.ts";
import type { Rule } from "../../recurring/rule.ts";
import { civilDate, monthsAfter } from "../../recurring/schedule.ts";
import type { Translate } from "../i18n/language.ts";
import { type CheckedGift, checkForm, type Fault } from "./check-form.ts";
import type { FormValues } from "./form-values.ts";
import { type Offer, offerOften } from "./offer.ts";
import { isFrequency, readRule } from "./read-frequency.ts";

/** How often and from when a gift is to be given again. */
export type Often = { readonly rule: Rule; readonly startsOn: string };

const withinMonths = 12;

/**
 * What the form says of how often: `undefined` for a gift given once. A recurring gift needs an e-mail, where its dates
 * are told and from where it is changed.
 */
function checkOften(
  values: FormValues,
  timeZone: string,
  now: Date,
  t: Translate,
): Result<Often | undefined, readonly Fault[]> {
  if (values.frequency === "" || values.frequency === "once") return ok(undefined);
  const rule = readRule(values);
  if (!rule) return err([{ place: "frequency", text: t("often.errors.frequency") }]);
  const faults: Fault[] = [];
  const today = civilDate(now, timeZone);
  const startsOn = values.starts_on === "" ? today : values.starts_on;
  if (!isCivilDate(startsOn) || startsOn < today || startsOn > monthsAfter(today, withinMonths)) {
    faults.push({ place: "starts_on", text: t("often.errors.starts_on") });
  }
  if (values.email.trim() === "") faults.push({ place: "email", text: t("often.errors.email") });
  return faults.length > 0 ? err(faults) : ok({ rule, startsOn });
}

/** The gift a form asks for and how often it is to be given, or everything to be mended, one sentence per place. */
export function checkGiving(
  values: FormValues,
  offer: Offer,
  now: Date,
  t: Translate,
): Result<{ readonly gift: CheckedGift; readonly often: Often | undefined }, readonly Fault[]> {
  const gift = checkForm(values, offerOften(offer, values.frequency), t);
  const often = checkOften(values, offer.church.timeZone, now, t);
  if (gift.ok && often.ok) return ok({ gift: gift.value, often: often.value });
  const isOnlyOnce =
    isFrequency(values.frequency) && offer.methods.some(({ type }) => type === values.method);
  const ofGift = (gift.ok ? [] : gift.error).map((fault) =>
    fault.place === "method" && isOnlyOnce ? { ...fault, text: t("often.errors.method") } : fault,
  );
  const faults = [...(often.ok ? [] : often.error), ...ofGift];
  return err(faults.filter(({ place }, at) => faults.findIndex((other) => other.place === place) === at));
}
