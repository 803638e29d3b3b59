import { amountText } from "../../kernel/format.ts";
import { describeRule } from "../../recurring/describe-rule.ts";
import { nextDates } from "../../recurring/next-due.ts";
import type { RecurringGiftView } from "../../recurring/recurring-json.ts";
import { Layout } from "../design/layout.tsx";
import type { FoundChurch } from "./find-church.ts";
import { Standing } from "./gift-parts.tsx";
import { MandateAction } from "./mandate-action.tsx";
import { NextDates } from "./next-dates.tsx";
import type { Visit } from "./page-visit.ts";
import type { startedLinks } from "./started-links.ts";

type StartedPageProps = {
  readonly visit: Visit;
  readonly found: FoundChurch;
  readonly view: RecurringGiftView;
  readonly links: ReturnType<typeof startedLinks>;
  readonly publicUrl: string;
  readonly script: string | undefined;
};

const datesShown = 4;

/** A recurring gift from its last step to its thanks: what is still to be done, then what comes and where to change it. */
export function StartedPage(props: StartedPageProps) {
  const { visit, found, view, links } = props;
  const { t } = visit.frame;
  const { gift, mandate } = view;
  const isTyping = mandate?.state === "action_required" && mandate.action?.type === "use_sdk";
  const amount = amountText(gift.amount, visit.locale);
  const frequency = describeRule(gift.rule, gift.anchor, visit.locale);
  return (
    <Layout
      frame={visit.frame}
      title={t("often.started.title")}
      heading={found.church.name}
      islands={isTyping ? ["gift-status", "sdk-stripe"] : ["gift-status"]}
    >
      <div class="steps" data-recurring={gift.id} data-status={gift.status}>
        <Head {...props} />
        <p class="lead">{t("often.review.lead", { amount, frequency, church: found.church.name })}</p>
        {gift.status === "active" ? (
          <section class="card">
            <NextDates
              heading={t("often.review.dates")}
              dates={nextDates(gift, view.progress, datesShown)}
              locale={visit.locale}
            />
          </section>
        ) : null}
        {gift.status === "active" ? (
          <div>
            <a class="button quiet" href={links.portal}>
              {t("often.started.manage")}
            </a>
            <p class="hint">{t("often.started.manage_hint")}</p>
          </div>
        ) : null}
      </div>
      <p class="sr" aria-live="polite" data-live></p>
    </Layout>
  );
}

function Head({ visit, found, view, links, publicUrl, script }: StartedPageProps) {
  const { t } = visit.frame;
  const { gift, mandate } = view;
  if (gift.status === "pending" && mandate?.state === "action_required") {
    return (
      <>
        <Standing mark="…" title={t("often.started.pending_title")}>
          <p>{t("often.started.pending")}</p>
        </Standing>
        <MandateAction
          visit={visit}
          country={found.country}
          label={found.church.name}
          mandate={mandate}
          back={`${publicUrl}${links.back}`}
          script={script}
        />
      </>
    );
  }
  if (gift.status === "pending") {
    return (
      <Standing mark="…" title={t("often.started.waiting_title")} waiting>
        <p>{t("often.started.waiting")}</p>
        <a href={links.back}>{t("gift.refresh")}</a>
      </Standing>
    );
  }
  if (gift.status === "canceled") {
    return (
      <Standing mark="×" title={t("often.started.over_title")}>
        <p>{t("often.started.over")}</p>
        <a class="button" href={links.another}>
          {t("gift.again")}
        </a>
      </Standing>
    );
  }
  return (
    <Standing mark="✓" title={t("often.started.title")}>
      <p>{t(`often.started.${gift.collection}`)}</p>
    </Standing>
  );
}
