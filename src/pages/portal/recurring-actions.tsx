import type { RecurringRoom } from "./portal-links.ts";
import { PortalForm } from "./portal-page.tsx";
import type { RecurringScene } from "./recurring-parts.tsx";

/** What can be done to a recurring gift as it stands: nothing that would be refused is offered. */
export function RecurringActions({ scene }: { readonly scene: RecurringScene }) {
  const { guest, id } = scene;
  const { t } = guest.frame;
  return (
    <section class="card no-print" aria-labelledby="actions-title">
      <h2 id="actions-title">{t("portal.recurring.actions")}</h2>
      <FirstAction scene={scene} />
      <ul class="rows actions">
        {roomsOf(scene).map((room) => (
          <li>
            <a href={guest.links.room(id, room)}>{t(`portal.recurring.${room}`)}</a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Going on with what stands still is the one thing done from here with a single tap. */
function FirstAction({ scene }: { readonly scene: RecurringScene }) {
  const { guest, gift, id } = scene;
  const { t } = guest.frame;
  const { links } = guest;
  const stands = gift.status === "paused" ? "resume" : canRestart(scene) ? "restart" : undefined;
  if (stands) {
    return (
      <PortalForm caller={guest} action={links.room(id, stands)}>
        <button type="submit" class="full">
          {t(`portal.recurring.${stands}`)}
        </button>
      </PortalForm>
    );
  }
  return gift.status === "canceled" || gift.status === "completed" ? (
    <a class="button full" href={links.giveMonthly}>
      {t("portal.home.start_another")}
    </a>
  ) : null;
}

/** One that stopped goes on where there is nothing to ask the donor for: a reminder, or a permission that still stands. */
function canRestart({ gift, mandate }: RecurringScene): boolean {
  if (gift.status !== "dormant" && gift.status !== "canceled") return false;
  return gift.collection === "reminder" || (mandate?.state === "active" && mandate.endAskedAt === undefined);
}

type Room = Extract<RecurringRoom, "change" | "method" | "later" | "pause" | "cancel">;

function roomsOf({ gift, nextDates }: RecurringScene): readonly Room[] {
  switch (gift.status) {
    case "active":
      return ["change", "method", ...(nextDates.length > 0 ? (["later"] as const) : []), "pause", "cancel"];
    case "paused":
      return ["change", "method", "cancel"];
    case "dormant":
      return ["method", "cancel"];
    case "pending":
      return ["cancel"];
    default:
      return [];
  }
}
