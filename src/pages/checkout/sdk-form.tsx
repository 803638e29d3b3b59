import type { Child } from "hono/jsx";
import type { Translate } from "../i18n/language.ts";

type SdkFormProps = {
  readonly t: Translate;
  readonly action: { readonly clientToken: string; readonly publishableKey: string };
  /** The gateway's browser library; absent where none is known, which the page then says. */
  readonly script: string | undefined;
  readonly method: string;
  /** Where the gateway sends the donor back to, whole. */
  readonly returnUrl: string;
  /** Where the reason of a bank's no can be read, in the donor's language. */
  readonly decline?: string | undefined;
  readonly locale: string;
  readonly country: string;
  readonly currency: string;
  readonly label: string;
  readonly button: string;
  readonly children?: Child;
};

/** A gateway's own fields in our page: what is typed there goes to the gateway and never to us. */
export function SdkForm(props: SdkFormProps) {
  const { t, action } = props;
  return (
    <form
      class="card"
      data-sdk={props.script ?? ""}
      data-client-token={action.clientToken}
      data-publishable-key={action.publishableKey}
      data-method={props.method}
      data-return={props.returnUrl}
      data-decline={props.decline}
      data-locale={props.locale}
      data-country={props.country}
      data-currency={props.currency}
      data-label={props.label}
      data-failed={t("card.failed_to_load")}
      data-check={t("card.check")}
      data-paying={t("card.paying")}
    >
      <p class="soft" data-sdk-loading>
        {t(props.script ? "card.loading" : "card.failed_to_load")}
      </p>
      <div data-sdk-express></div>
      <div data-sdk-fields></div>
      <p class="error" role="alert" data-sdk-error hidden></p>
      <button type="submit" class="full" disabled data-sdk-pay>
        {props.button}
      </button>
      <noscript>{props.children}</noscript>
    </form>
  );
}
