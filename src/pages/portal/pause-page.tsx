import { civilDateText } from "../../kernel/format.ts";
import { monthsAfter } from "../../recurring/schedule.ts";
import { PortalForm } from "./portal-page.tsx";
import type { RecurringScene } from "./recurring-parts.tsx";
import { RoomPage } from "./room-page.tsx";

const mostMonths = 12;
export const pauseMonths = (text: string): number | undefined =>
  /^([1-9]|1[0-2])$/.test(text) ? Number(text) : undefined;

/** A pause always ends by itself: each choice shows the date on which it does. */
export function PausePage(props: {
  readonly scene: RecurringScene;
  /** The civil date now, where the church is. */
  readonly today: string;
  readonly fault?: string | undefined;
}) {
  const { scene, today } = props;
  const { guest, gift, id } = scene;
  const { t } = guest.frame;
  const until = (count: number) => civilDateText(monthsAfter(today, count), guest.locale, "medium");
  const isReminder = gift.collection === "reminder";
  return (
    <RoomPage scene={scene} title={t("portal.pause.title")} fault={props.fault}>
      <p>{t(isReminder ? "portal.pause.lead_reminder" : "portal.pause.lead")}</p>
      <PortalForm caller={guest} action={guest.links.room(id, "pause")}>
        <div class="field">
          <label for="f-months">{t("portal.pause.until")}</label>
          <select id="f-months" name="months">
            {Array.from({ length: mostMonths }, (_, at) => at + 1).map((count) => (
              <option value={String(count)}>{t("portal.pause.months", { count, date: until(count) })}</option>
            ))}
          </select>
        </div>
        <label class="check">
          <input type="checkbox" name="catch_up" value="1" aria-describedby="h-catch-up" />
          <span>
            {t("portal.pause.catch_up")}
            <span class="hint" id="h-catch-up">
              {t("portal.pause.catch_up_hint")}
            </span>
          </span>
        </label>
        <button type="submit" class="full">
          {t("portal.pause.submit")}
        </button>
      </PortalForm>
    </RoomPage>
  );
}
