import type { Child } from "hono/jsx";
import type { BrowserSdk } from "../../gateway/browser-sdk.ts";
import { amountText } from "../../kernel/format.ts";
import type { GatewayAccountId } from "../../kernel/ids.ts";
import type { Money } from "../../kernel/money.ts";
import { Layout } from "../design/layout.tsx";
import { type FormValues, formFields } from "./form-values.ts";
import type { Offer } from "./offer.ts";
import type { Visit } from "./page-visit.ts";

type CardPageProps = {
  readonly visit: Visit;
  readonly offer: Offer;
  readonly values: FormValues;
  readonly charged: Money;
  readonly account: GatewayAccountId;
  readonly publicKey: string;
  readonly island: BrowserSdk["island"];
  /** The gateway's browser library. */
  readonly script: string;
  /** Where the form goes, with the card's token in it. */
  readonly action: string;
};

/**
 * A card typed into the gateway's own fields. What has no `name` here never reaches us: the fields are the gateway's
 * frames, and the holder's name and document go to it with them.
 */
export function CardPage(props: CardPageProps) {
  const { visit, offer, values, charged } = props;
  const { frame } = visit;
  const { t } = frame;
  const amount = amountText(charged, visit.locale);
  return (
    <Layout frame={frame} title={t("card.title")} heading={offer.church.name} islands={[props.island]}>
      <div>
        <h1>{t("card.title")}</h1>
        <p class="lead">{t("card.text")}</p>
      </div>
      <form
        method="post"
        action={props.action}
        class="card steps"
        novalidate
        data-card={props.script}
        data-public-key={props.publicKey}
        data-locale={visit.locale}
        data-country={offer.country.code}
        data-failed={t("card.failed_to_load")}
        data-check={t("card.check")}
        data-paying={t("card.paying")}
      >
        {formFields(values).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <input type="hidden" name="card_account" value={props.account} />
        <input type="hidden" name="card_token" value="" />
        <p class="soft" role="status" data-loading>
          {t("card.loading")}
        </p>
        <HostedField id="card-number" label={t("card.number")} />
        <div class="pair">
          <HostedField id="card-expires" label={t("card.expires")} />
          <HostedField id="card-code" label={t("card.code")} />
        </div>
        <Field id="card-holder" label={t("card.holder")}>
          <input id="card-holder" autocomplete="cc-name" maxlength={100} value={values.name} />
        </Field>
        <Field id="card-document" label={t("card.document")} hidden>
          <select id="card-document-type" aria-label={t("card.document_type")}></select>
          <input id="card-document" autocomplete="off" maxlength={30} value={values.tax_id} />
        </Field>
        <Field id="card-issuer" label={t("card.issuer")} hidden>
          <select id="card-issuer"></select>
        </Field>
        <p class="error" role="alert" data-error hidden></p>
        <button type="submit" class="full" disabled data-pay>
          {t("card.pay", { amount })}
        </button>
        <button type="submit" class="plain" name="step" value="hosted">
          {t("card.elsewhere")}
        </button>
      </form>
    </Layout>
  );
}

/** A place for one of the gateway's frames, which carries its own label for those who do not see this one. */
function HostedField({ id, label }: { readonly id: string; readonly label: string }) {
  return (
    <div class="field">
      <p class="label">{label}</p>
      <div class="hosted" id={id} data-label={label}></div>
    </div>
  );
}

type FieldProps = {
  readonly id: string;
  readonly label: string;
  /** Until the island knows that it is asked for. */
  readonly hidden?: boolean;
  readonly children?: Child;
};

function Field({ id, label, hidden, children }: FieldProps) {
  return (
    <div class="field" hidden={hidden}>
      <label for={id}>{label}</label>
      {children}
    </div>
  );
}
