import { raw } from "hono/html";
import type { CountryProfile } from "../../gateway/country-profile.ts";
import { inLanguage } from "../../gateway/country-profile.ts";
import type { Mandate } from "../../recurring/recurring-gift.ts";
import { qrSvg } from "../../symbols/qr-code.ts";
import { CopyLine } from "./gift-parts.tsx";
import type { Visit } from "./page-visit.ts";
import { SdkForm } from "./sdk-form.tsx";

type Props = {
  readonly visit: Visit;
  readonly country: CountryProfile;
  /** Whom the permission is for. */
  readonly label: string;
  readonly mandate: Mandate;
  /** Where the gateway sends the donor back to, whole; the same page shows how it stands now. */
  readonly back: string;
  readonly script: string | undefined;
};

/** What the donor does to give a permission: the gateway's fields, its page, or a code for the bank's app. */
export function MandateAction({ visit, country, label, mandate, back, script }: Props) {
  const { t } = visit.frame;
  const { action } = mandate;
  if (!action) return null;
  if (action.type === "redirect") {
    return (
      <a class="button full" href={action.url} rel="noreferrer">
        {t("portal.method.go")}
      </a>
    );
  }
  if (action.type === "use_sdk") {
    return (
      <SdkForm
        t={t}
        action={action}
        script={script}
        method={mandate.method}
        returnUrl={back}
        locale={visit.locale}
        country={country.code}
        currency={mandate.currency}
        label={label}
        button={t("portal.method.save")}
      >
        <p>{t("portal.method.noscript")}</p>
      </SdkForm>
    );
  }
  if (action.type !== "display_qr") return <p class="notice">{t("often.started.waiting")}</p>;
  const method = country.standingMethods?.find(({ type }) => type === mandate.method);
  return (
    <section class="card">
      {method ? <p>{inLanguage(method.hint, visit.language)}</p> : null}
      <div class="qr" data-qr>
        {raw(qrSvg(action.payload, t("portal.method.code")))}
      </div>
      <dl>
        <CopyLine
          label={t("qr.code")}
          shown={action.payload}
          value={action.payload}
          copy={t("gift.copy")}
          copied={t("gift.copied")}
        />
      </dl>
      <a href={back}>{t("portal.method.said_yes")}</a>
    </section>
  );
}
