import type { Mandate } from "../../recurring/recurring-gift.ts";
import type { OfferedMethod } from "../../routing/offered-methods.ts";
import { MandateAction } from "../checkout/mandate-action.tsx";
import type { MethodChoices } from "./method-offer.ts";
import { PortalForm } from "./portal-page.tsx";
import { methodOf, methodText, type RecurringScene } from "./recurring-parts.tsx";
import { RoomPage } from "./room-page.tsx";

type MethodPageProps = {
  readonly scene: RecurringScene;
  /** How many of the donor's recurring gifts live on the present permission, this one among them. */
  readonly together: number;
  readonly choices: MethodChoices;
  /** What rides along: a change of amount that waits for the permission. */
  readonly carried: readonly (readonly [string, string])[];
  readonly fault?: string | undefined;
};

/** The ways to pay it can move to, each that pulls with the words the donor agrees to beside its button. */
export function MethodPage({ scene, together, choices, carried, fault }: MethodPageProps) {
  const { guest, gift, id } = scene;
  const { t, language, testMode } = guest.frame;
  const { pulling, reminding } = choices;
  const said = { method: methodOf(scene), count: together };
  return (
    <RoomPage scene={scene} title={t("portal.method.title")} fault={fault} islands={["portal-method"]}>
      <p>{gift.mandateId ? t("portal.method.lead", said) : t("portal.method.lead_plain")}</p>
      {pulling.length + reminding.length === 0 ? (
        <p class="notice">{t("portal.method.none", { church: guest.church.name })}</p>
      ) : null}
      {pulling.length > 0 ? <h2>{t("portal.method.choose")}</h2> : null}
      {pulling.map(({ method, agreement }) => (
        <details
          class="card fold"
          name="method"
          open={pulling.length === 1}
          data-method-choice={method.type}
          data-wallet={method.kind === "wallet" && !testMode ? method.type : undefined}
        >
          <summary>
            <strong>{method.label[language]}</strong>
          </summary>
          <PortalForm caller={guest} action={guest.links.room(id, "method")}>
            <input type="hidden" name="script" value="" />
            <input type="hidden" name="method" value={method.type} />
            <input type="hidden" name="agreement" value={agreement.text} />
            {carried.map(([name, value]) => (
              <input type="hidden" name={name} value={value} />
            ))}
            <p class="hint">{t("portal.method.agree")}</p>
            <p class="agreement">{agreement.text}</p>
            <button type="submit" class="full">
              {t("portal.method.submit")}
            </button>
          </PortalForm>
        </details>
      ))}
      {reminding.length > 0 ? <h2>{t("portal.method.remind")}</h2> : null}
      {reminding.map((method) => (
        <ReminderChoice scene={scene} method={method} carried={carried} />
      ))}
    </RoomPage>
  );
}

/** A way that only reminds: nothing to agree to, since nothing is ever charged by itself. */
function ReminderChoice({
  scene,
  method,
  carried,
}: Pick<MethodPageProps, "scene" | "carried"> & { readonly method: OfferedMethod }) {
  const { guest, id } = scene;
  const { t, language } = guest.frame;
  const bank = `bank-${method.type}`;
  return (
    <details class="card fold" name="method" data-reminder-choice={method.type}>
      <summary>
        <strong>{method.label[language]}</strong>
      </summary>
      <PortalForm caller={guest} action={guest.links.room(id, "method")}>
        <input type="hidden" name="method" value={method.type} />
        {carried.map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        <p>{t("portal.kind.reminder_text")}</p>
        {method.banks.length > 0 ? (
          <label for={bank}>
            {t("give.bank")}
            <select id={bank} name="bank" required>
              <option value="">{t("give.bank_choose")}</option>
              {method.banks.map(({ code, name }) => (
                <option value={code}>{name}</option>
              ))}
            </select>
          </label>
        ) : null}
        <button type="submit" class="quiet full">
          {t("portal.method.remind_submit")}
        </button>
      </PortalForm>
    </details>
  );
}

/** The last step of a new permission: what the donor does with the gateway or the bank. */
export function GrantPage(props: {
  readonly scene: RecurringScene;
  readonly mandate: Mandate;
  readonly back: string;
  readonly script: string | undefined;
}) {
  const { scene, mandate, back, script } = props;
  const { guest } = scene;
  const { t } = guest.frame;
  const isTyping = mandate.action?.type === "use_sdk";
  return (
    <RoomPage
      scene={scene}
      title={t(isTyping ? "portal.method.save_title" : "portal.method.waiting_title")}
      islands={isTyping ? ["gift-status", "sdk-stripe"] : ["gift-status"]}
    >
      <p>
        <strong>{methodText(guest, mandate.method, undefined)}</strong>
      </p>
      {isTyping ? <p class="hint">{t("portal.method.save_text")}</p> : null}
      <MandateAction
        visit={guest}
        country={guest.country}
        label={guest.church.name}
        mandate={mandate}
        back={back}
        script={script}
      />
      <a class="way" href={`${guest.links.room(scene.id, "method")}&other=1`}>
        {t("portal.method.other")}
      </a>
    </RoomPage>
  );
}
