import { ErrorSummary, FaultLine, type Faults, faultAttributes } from "../checkout/form-fields.tsx";
import { FrequencyFields } from "../checkout/frequency-fields.tsx";
import { FundFields } from "../checkout/gift-fields.tsx";
import type { Offer } from "../checkout/offer.ts";
import { exampleAmount } from "../checkout/read-amounts.ts";
import type { ChangeValues } from "./change-form.ts";
import { PortalForm } from "./portal-page.tsx";
import type { RecurringScene } from "./recurring-parts.tsx";
import { RoomPage } from "./room-page.tsx";

/** Amount, funds and dates of a recurring gift, as they are, to be changed. Nothing is saved from here. */
export function ChangePage(props: {
  readonly scene: RecurringScene;
  readonly offer: Offer;
  readonly values: ChangeValues;
  readonly faults: Faults;
}) {
  const { scene, offer, values, faults } = props;
  const { guest, id } = scene;
  const { t, language } = guest.frame;
  return (
    <RoomPage scene={scene} title={t("portal.change.title")}>
      <ErrorSummary faults={faults} t={t} />
      <PortalForm caller={guest} action={guest.links.room(id, "change")}>
        <p class="hint">{t("portal.change.lead")}</p>
        <div class="field">
          <label for="f-amount">{t("portal.change.amount")}</label>
          <input type="hidden" name="amount" value="other" />
          <input
            id="f-amount"
            name="amount_other"
            type="text"
            inputmode="decimal"
            autocomplete="off"
            maxlength={40}
            value={values.amount_other}
            {...faultAttributes("amount", faults, "h-amount")}
          />
          <p class="hint" id="h-amount">
            {t("give.amount_other_label", { currency: offer.currency })}.{" "}
            {t("give.amount_other_hint", { example: exampleAmount(offer) })}
          </p>
          <FaultLine place="amount" faults={faults} />
        </div>
        <FundFields offer={offer} values={values} faults={faults} t={t} />
        <FrequencyFields
          values={values}
          t={t}
          language={language}
          faults={faults}
          withOnce={false}
          dayFromStart={false}
        />
        <button type="submit" class="full">
          {t("portal.change.preview")}
        </button>
      </PortalForm>
    </RoomPage>
  );
}
