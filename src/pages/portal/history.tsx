import { amountText, civilDateText, dateText } from "../../kernel/format.ts";
import type { Occurrence } from "../../recurring/recurring-gift.ts";
import type { Guest } from "./portal-visit.ts";

/** A date that has come, and its gift's page where there is one. */
export type PastPeriod = {
  readonly occurrence: Occurrence;
  readonly gift: string | undefined;
  /** When the money came, where it came on a later day than it was due. */
  readonly lateOn: Date | undefined;
  /** A reminder's voucher waits to be paid. */
  readonly waits: boolean;
};

/** What became of every date so far, newest first. */
export function History({
  guest,
  history,
}: {
  readonly guest: Guest;
  readonly history: readonly PastPeriod[];
}) {
  const { t } = guest.frame;
  return (
    <section class="card" aria-labelledby="history-title">
      <h2 id="history-title">{t("portal.recurring.history")}</h2>
      {history.length === 0 ? <p class="soft">{t("portal.recurring.history_none")}</p> : null}
      <ul class="rows">
        {history.map((past) => (
          <li data-occurrence={past.occurrence.id} data-state={past.occurrence.state}>
            <div>
              <strong>{civilDateText(past.occurrence.dueOn, guest.locale)}</strong>
              <span class="soft">
                {amountText(past.occurrence.amount, guest.locale)} · {becameOf(guest, past)}
              </span>
            </div>
            {past.gift ? <a href={past.gift}>{t("portal.home.see")}</a> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function becameOf(guest: Guest, { occurrence, lateOn, waits }: PastPeriod): string {
  const { t } = guest.frame;
  if (lateOn) {
    return t("portal.occurrence.late", { date: dateText(lateOn, guest.locale, guest.church.timeZone) });
  }
  return t(waits ? "portal.occurrence.waiting" : `portal.occurrence.${occurrence.state}`);
}
