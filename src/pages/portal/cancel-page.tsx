import { PortalForm } from "./portal-page.tsx";
import type { RecurringScene } from "./recurring-parts.tsx";
import { RoomPage } from "./room-page.tsx";

/** The second of two taps. What else would help is offered once, below the button, and nothing is asked. */
export function CancelPage({
  scene,
  fault,
}: {
  readonly scene: RecurringScene;
  readonly fault?: string | undefined;
}) {
  const { guest, gift, id } = scene;
  const { t } = guest.frame;
  const { links } = guest;
  const isGoing = gift.status === "active";
  return (
    <RoomPage scene={scene} title={t("portal.cancel.title")} fault={fault}>
      <p>{t("portal.cancel.lead")}</p>
      <PortalForm caller={guest} action={links.room(id, "cancel")}>
        <button type="submit" class="full">
          {t("portal.cancel.submit")}
        </button>
        <p class="hint">{t("portal.cancel.until")}</p>
      </PortalForm>
      {isGoing ? (
        <section class="card" aria-labelledby="instead">
          <h2 id="instead">{t("portal.cancel.instead")}</h2>
          <ul class="rows actions">
            <li>
              <a href={links.room(id, "change")}>{t("portal.cancel.less")}</a>
            </li>
            <li>
              <a href={links.room(id, "pause")}>{t("portal.cancel.pause")}</a>
            </li>
            <li>
              <a href={links.room(id, "method")}>{t("portal.cancel.other_method")}</a>
            </li>
          </ul>
        </section>
      ) : null}
    </RoomPage>
  );
}
