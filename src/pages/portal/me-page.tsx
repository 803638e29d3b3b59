import type { Donor } from "../../donors/store.ts";
import { ErrorSummary, FaultLine, type Faults, faultAttributes } from "../checkout/form-fields.tsx";
import { type Language, languageNames, languages } from "../i18n/language.ts";
import { PortalForm, PortalPage } from "./portal-page.tsx";
import type { Guest } from "./portal-visit.ts";

/** The messages a donor may leave or ask for: a checkbox each. */
export const wishes = ["reminders", "whatsapp", "sms"] as const;
export type Wish = (typeof wishes)[number];

export type MeValues = {
  readonly name: string;
  readonly phone: string;
  readonly language: Language;
  readonly wanted: ReadonlySet<Wish>;
};

type MePageProps = {
  readonly guest: Guest;
  readonly donor: Donor;
  readonly values: MeValues;
  readonly faults: Faults;
  readonly notice?: string | undefined;
};

/** What the church knows of a donor, the language they are written to in, and what they want to be told. */
export function MePage({ guest, donor, values, faults, notice }: MePageProps) {
  const { t } = guest.frame;
  const { links } = guest;
  return (
    <PortalPage caller={guest} title={t("portal.me.title")} isIn notice={notice}>
      <ErrorSummary faults={faults} t={t} />
      <PortalForm caller={guest} action={links.me}>
        <Line place="name" label={t("portal.me.name")} value={values.name} faults={faults} />
        <Line place="phone" label={t("portal.me.phone")} value={values.phone} faults={faults} />
        <div class="field">
          <span class="label">{t("portal.me.email")}</span>
          <span>{donor.email ?? ""}</span>
          <p class="hint">{t("portal.me.email_hint")}</p>
        </div>
        <div class="field">
          <label for="f-language">{t("portal.me.language")}</label>
          <select id="f-language" name="language">
            {languages.map((language) => (
              <option value={language} selected={language === values.language}>
                {languageNames[language]}
              </option>
            ))}
          </select>
        </div>
        <fieldset>
          <legend>{t("portal.me.messages")}</legend>
          <p class="hint">{t("portal.me.messages_hint")}</p>
          {wishes.map((wish) => (
            <label class="check">
              <input type="checkbox" name={wish} value="1" checked={values.wanted.has(wish)} />
              <span>{t(`portal.me.${wish}`)}</span>
            </label>
          ))}
        </fieldset>
        <button type="submit" class="full">
          {t("portal.me.save")}
        </button>
      </PortalForm>
      <section class="card">
        <h2>{t("portal.me.devices")}</h2>
        <PortalForm caller={guest} action={links.leaveEverywhere}>
          <button type="submit" class="quiet">
            {t("portal.me.leave_everywhere")}
          </button>
        </PortalForm>
      </section>
    </PortalPage>
  );
}

function Line(props: {
  readonly place: "name" | "phone";
  readonly label: string;
  readonly value: string;
  readonly faults: Faults;
}) {
  const { place, faults } = props;
  return (
    <div class="field">
      <label for={`f-${place}`}>{props.label}</label>
      <input
        id={`f-${place}`}
        name={place}
        type={place === "phone" ? "tel" : "text"}
        autocomplete={place === "phone" ? "tel" : "name"}
        maxlength={200}
        value={props.value}
        {...faultAttributes(place, faults)}
      />
      <FaultLine place={place} faults={faults} />
    </div>
  );
}
