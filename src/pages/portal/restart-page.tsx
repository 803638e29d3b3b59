import { amountText, civilDateText } from "../../kernel/format.ts";
import { describeRule } from "../../recurring/describe-rule.ts";
import { nextDates } from "../../recurring/next-due.ts";
import type { RecurringGiftView } from "../../recurring/recurring-json.ts";
import { PortalPage } from "./portal-page.tsx";
import type { Caller } from "./portal-visit.ts";

type RestartPageProps = {
  readonly caller: Caller;
  readonly view: RecurringGiftView;
  readonly token: string;
  /** It was tried and cannot go on this way. */
  readonly isOver: boolean;
};

/** The one gift a restart link is for: what it is, and the button that lets it go on. Says nothing of the donor. */
export function RestartPage({ caller, view, token, isOver }: RestartPageProps) {
  const { frame, links, locale, church } = caller;
  const { t } = frame;
  const { gift, progress } = view;
  const isActive = gift.status === "active";
  const words = {
    amount: amountText(gift.amount, locale),
    frequency: describeRule(gift.rule, gift.anchor, locale),
  };
  const [next] = isActive ? nextDates(gift, progress, 1) : [];
  const action = `/portal/${church.slug}/restart/${gift.id}?t=${encodeURIComponent(token)}&lang=${caller.language}`;
  return (
    <PortalPage
      caller={caller}
      title={t(isActive ? "portal.restart.done" : "portal.restart.title")}
      isIn={false}
    >
      <div class="steps" data-recurring={gift.id} data-status={gift.status}>
        <p class="lead">{t("portal.restart.lead_plain", words)}</p>
        {next ? <p>{t(`portal.next.${gift.collection}`, { date: civilDateText(next, locale) })}</p> : null}
        {isOver ? (
          <p class="notice" role="alert">
            {t("portal.restart.gone")}
          </p>
        ) : null}
        {isActive || isOver ? null : (
          <form method="post" action={action}>
            <button type="submit" class="full">
              {t("portal.restart.submit")}
            </button>
          </form>
        )}
        {isOver ? (
          <a class="button full" href={links.giveMonthly}>
            {t("portal.home.start")}
          </a>
        ) : null}
        <a class="way" href={links.home}>
          {t("often.started.manage")}
        </a>
      </div>
    </PortalPage>
  );
}
