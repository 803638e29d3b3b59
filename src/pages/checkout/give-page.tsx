import type { CurrencyCode } from "../../kernel/currency.ts";
import type { Money } from "../../kernel/money.ts";
import { Layout, type PageFrame } from "../design/layout.tsx";
import { AccountFields } from "./account-fields.tsx";
import type { Fault } from "./check-form.ts";
import { ErrorSummary } from "./form-fields.tsx";
import type { FormValues } from "./form-values.ts";
import { AmountFields, FundFields } from "./gift-fields.tsx";
import type { Offer } from "./offer.ts";
import { OftenFields } from "./often-fields.tsx";
import { DonorFields, MethodFields, OtherFields } from "./pay-fields.tsx";

type GivePageProps = {
  readonly frame: PageFrame;
  readonly offer: Offer;
  readonly values: FormValues;
  readonly faults: readonly Fault[];
  /** The amount in hand, when it is clear. */
  readonly amount: Money | undefined;
  /** Where the form goes, with the language kept. */
  readonly action: string;
  /** Where script asks for exact fees while the donor types. */
  readonly quote: string;
  /** This form in another currency. */
  readonly inCurrency: (currency: CurrencyCode) => string;
  /** A sentence above the form that is no fault. */
  readonly notice?: string | undefined;
};

/** The giving form: gift, you, pay; whole without script. */
export function GivePage(props: GivePageProps) {
  const { frame, offer, values, faults } = props;
  const { t } = frame;
  const title = t("give.title", { church: offer.church.name });
  const parts = { offer, values, faults, t };
  return (
    <Layout frame={frame} title={title} heading={offer.church.name} islands={["give-form"]}>
      <div>
        <h1>{title}</h1>
        <p class="lead">{t("give.lead")}</p>
      </div>
      <ErrorSummary faults={faults} t={t} />
      {props.notice ? (
        <p class="notice" role="status">
          {props.notice}
        </p>
      ) : null}
      {offer.methods.length === 0 ? (
        <p class="notice">{t("give.no_methods", { church: offer.church.name })}</p>
      ) : (
        <form
          method="post"
          action={props.action}
          novalidate
          class="steps"
          data-give
          data-quote={props.quote}
          data-sending={t("give.sending")}
          data-only-once={t("often.only_once")}
          data-optional={`(${t("give.optional")})`}
          data-test-mode={frame.testMode ? "1" : undefined}
        >
          <input type="hidden" name="key" value={values.key} />
          <input type="hidden" name="currency" value={offer.currency} />
          <input type="hidden" name="script" value="" />
          <Step number={1} title={t("give.step_gift")}>
            <OftenFields {...parts} language={frame.language} />
            <AmountFields {...parts} />
            {offer.otherCurrencies.map((currency) => (
              <a class="small" href={props.inCurrency(currency)}>
                {t("give.other_currency", { currency })}
              </a>
            ))}
            <FundFields {...parts} />
          </Step>
          <Step number={2} title={t("give.step_you")}>
            <DonorFields {...parts} />
          </Step>
          <Step number={3} title={t("give.step_pay")}>
            <MethodFields {...parts} amount={props.amount} />
            <AccountFields {...parts} />
            <OtherFields {...parts} />
            <button type="submit" class="full" data-submit>
              {t("give.submit")}
            </button>
            <p class="hint">{t("give.private")}</p>
          </Step>
        </form>
      )}
    </Layout>
  );
}

function Step(props: { readonly number: number; readonly title: string; readonly children?: unknown }) {
  return (
    <section class="step" aria-labelledby={`step-${props.number}`}>
      <h2 id={`step-${props.number}`}>
        <span aria-hidden="true">{props.number}</span>
        {props.title}
      </h2>
      {props.children}
    </section>
  );
}
