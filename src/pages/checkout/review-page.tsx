import { amountText } from "../../kernel/format.ts";
import { describeRule } from "../../recurring/describe-rule.ts";
import type { StartPlan } from "../../recurring/plan-start.ts";
import { datesFrom } from "../../recurring/schedule.ts";
import type { ShownAgreement } from "../../recurring/start-agreement.ts";
import { Layout } from "../design/layout.tsx";
import { type FormValues, formFields } from "./form-values.ts";
import { NextDates } from "./next-dates.tsx";
import type { Offer } from "./offer.ts";
import type { Visit } from "./page-visit.ts";

type ReviewPageProps = {
  readonly visit: Visit;
  readonly offer: Offer;
  readonly values: FormValues;
  readonly plan: StartPlan;
  /** Word for word what is recorded; absent where nothing is pulled. */
  readonly agreement: ShownAgreement | undefined;
  readonly action: string;
};

const datesShown = 4;

/** What is about to be promised, before it is: amount, rhythm, the next four dates, and the words of the agreement. */
export function ReviewPage({ visit, offer, values, plan, agreement, action }: ReviewPageProps) {
  const { frame, locale, language } = visit;
  const { t } = frame;
  const { rule } = plan.request;
  const amount = amountText(plan.charged, locale);
  const frequency = describeRule(rule, plan.anchor, locale);
  const method = plan.checked.method.label[language];
  const dates = datesFrom(rule, plan.anchor, plan.anchor, datesShown);
  return (
    <Layout frame={frame} title={t("often.review.title")} heading={offer.church.name}>
      <h1>{t("often.review.title")}</h1>
      <p class="lead">{t("often.review.lead", { amount, frequency, church: offer.church.name })}</p>
      <section class="card">
        <dl class="pairs">
          <dt>{t("gift.method")}</dt>
          <dd>{method}</dd>
          {plan.shares.map(({ fund, amount: share }) => (
            <>
              <dt>{t("gift.fund")}</dt>
              <dd>
                {fund.name}
                {plan.shares.length > 1 ? ` · ${amountText(share, locale)}` : ""}
              </dd>
            </>
          ))}
        </dl>
        <NextDates
          heading={t("often.review.dates")}
          dates={dates.map(({ dueOn }) => dueOn)}
          locale={locale}
        />
        <p class="hint">{t(`often.${plan.collection}`)}</p>
      </section>
      <form method="post" action={action} class="steps">
        {formFields(values).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="agreement" value={agreement?.text ?? ""} />
        {agreement ? (
          <div>
            <p class="hint">{t("often.review.agree")}</p>
            <p class="agreement" data-agreement>
              {agreement.text}
            </p>
          </div>
        ) : null}
        <button type="submit" class="full" name="step" value="confirm">
          {t(agreement ? "often.review.confirm" : "often.review.confirm_reminder", { amount, frequency })}
        </button>
        <button type="submit" class="plain" name="step" value="edit">
          {t("often.review.edit")}
        </button>
      </form>
    </Layout>
  );
}
