import { daysAfter } from "../../recurring/schedule.ts";
import type { NextGift } from "../../recurring/skip-occurrence.ts";
import { PortalForm } from "./portal-page.tsx";
import { onDate, type RecurringScene } from "./recurring-parts.tsx";
import { RoomPage } from "./room-page.tsx";

const snoozes = [3, 7] as const;
export type SnoozeDays = (typeof snoozes)[number];
export const snoozeDays = (text: string): SnoozeDays | undefined =>
  snoozes.find((days) => String(days) === text);

type LaterPageProps = {
  readonly scene: RecurringScene;
  /** The gift that would be left out; absent where none is to come. */
  readonly next: NextGift | undefined;
  readonly fault?: string | undefined;
};

/** Leaving the next one out, or giving it some days later: each button says on which date. */
export function LaterPage({ scene, next, fault }: LaterPageProps) {
  const { t } = scene.guest.frame;
  return (
    <RoomPage scene={scene} title={t("portal.later.title")} fault={fault}>
      {next ? <Ways scene={scene} next={next} /> : <p class="notice">{t("portal.errors.not_now")}</p>}
    </RoomPage>
  );
}

function Ways({ scene, next }: { readonly scene: RecurringScene; readonly next: NextGift }) {
  const { t } = scene.guest.frame;
  const { dueOn } = next;
  const following = scene.nextDates.find((date) => date > dueOn);
  const possible = next.canPutOff
    ? snoozes.filter((days) => following === undefined || daysAfter(dueOn, days) < following)
    : [];
  return (
    <>
      <p>{t("portal.later.lead", { date: onDate(scene, dueOn) })}</p>
      {possible.map((days) => (
        <Way
          scene={scene}
          due={dueOn}
          value={String(days)}
          button={t("portal.later.snooze", { date: onDate(scene, daysAfter(dueOn, days)) })}
          hint={t("portal.later.snooze_text", { count: days })}
        />
      ))}
      <Way
        scene={scene}
        due={dueOn}
        value="skip"
        button={t("portal.later.skip", { date: onDate(scene, dueOn) })}
        hint={
          following
            ? t("portal.later.skip_text", { next: onDate(scene, following) })
            : t("portal.later.skip_last")
        }
      />
    </>
  );
}

function Way(props: {
  readonly scene: RecurringScene;
  readonly due: string;
  readonly value: string;
  readonly button: string;
  readonly hint: string;
}) {
  const { guest, id } = props.scene;
  return (
    <section class="card">
      <PortalForm caller={guest} action={guest.links.room(id, "later")}>
        <input type="hidden" name="due" value={props.due} />
        <button type="submit" class="quiet" name="days" value={props.value}>
          {props.button}
        </button>
        <p class="hint">{props.hint}</p>
      </PortalForm>
    </section>
  );
}
