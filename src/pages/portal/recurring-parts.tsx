import { amountText, civilDateText, monthText } from "../../kernel/format.ts";
import type { RecurringGiftId } from "../../kernel/ids.ts";
import { describeRule } from "../../recurring/describe-rule.ts";
import type { Mandate, RecurringGift } from "../../recurring/recurring-gift.ts";
import type { Guest } from "./portal-visit.ts";

/** A recurring gift of the donor who came in, with what the pages say of it. */
export type RecurringScene = {
  readonly guest: Guest;
  readonly gift: RecurringGift;
  readonly id: RecurringGiftId;
  /** The permission it lives on now, and the one that is to take over. */
  readonly mandate: Mandate | undefined;
  readonly nextMandate: Mandate | undefined;
  /** Civil dates, at most four, soonest first. */
  readonly nextDates: readonly string[];
  readonly fundNames: ReadonlyMap<string, string>;
};

export const onDate = ({ guest }: RecurringScene, date: string): string => civilDateText(date, guest.locale);
export const amountOf = ({ guest, gift }: RecurringScene): string => amountText(gift.amount, guest.locale);
export const ruleOf = ({ guest, gift }: RecurringScene): string =>
  describeRule(gift.rule, gift.anchor, guest.locale);

/** `Tarjeta · visa 4242`: the way to pay and, where one is known, the instrument. */
export function methodOf(scene: RecurringScene): string {
  return methodText(scene.guest, scene.gift.method, scene.mandate?.display);
}

export function methodText(guest: Guest, method: string, display: string | undefined): string {
  const label = guest.country.methods.find(({ type }) => type === method)?.label[guest.language] ?? method;
  return display ? `${label} · ${display}` : label;
}

/** The month a card expires, where the gateway told. */
export function ExpiryLine({ scene }: { readonly scene: RecurringScene }) {
  const { guest, mandate } = scene;
  return mandate?.expiresOn ? (
    <span class="hint">
      <br />
      {guest.frame.t("portal.recurring.expires", { month: monthText(mandate.expiresOn, guest.locale) })}
    </span>
  ) : null;
}

/** What comes next, in one line. */
export function nextLine(scene: RecurringScene): string {
  const { gift, guest, nextDates } = scene;
  const { t } = guest.frame;
  if (gift.status === "paused" && gift.resumesOn)
    return t("portal.next.resumes", { date: onDate(scene, gift.resumesOn) });
  const [next] = nextDates;
  if (gift.status !== "active" || !next) return "";
  return t(`portal.next.${gift.collection}`, { date: onDate(scene, next) });
}
