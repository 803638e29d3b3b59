import { GiftList } from "./gift-list.tsx";
import type { GiftsOfYear } from "./my-gifts.ts";
import { PortalPage } from "./portal-page.tsx";
import type { Guest } from "./portal-visit.ts";
import { amountOf, methodOf, nextLine, type RecurringScene, ruleOf } from "./recurring-parts.tsx";

const over = new Set(["completed", "canceled"]);

type HomeProps = {
  readonly guest: Guest;
  /** As the church knows the donor. */
  readonly name: string | undefined;
  readonly recurring: readonly RecurringScene[];
  readonly gifts: GiftsOfYear;
  readonly notice?: string | undefined;
};

/** All that a donor gives and gave to one church. */
export function HomePage({ guest, name, recurring, gifts, notice }: HomeProps) {
  const { frame, links } = guest;
  const { t } = frame;
  const title = name ? t("portal.home.hello", { name }) : t("portal.home.hello_plain");
  const going = recurring.filter(({ gift }) => !over.has(gift.status));
  const ended = recurring.filter(({ gift }) => over.has(gift.status));
  return (
    <PortalPage caller={guest} title={title} isIn notice={notice}>
      <section class="card" aria-labelledby="recurring-title">
        <h2 id="recurring-title">{t("portal.home.recurring")}</h2>
        {going.length === 0 ? <p class="soft">{t("portal.home.none")}</p> : null}
        <ul class="rows">
          {going.map((scene) => (
            <RecurringRow scene={scene} />
          ))}
        </ul>
        <a class="way" href={links.giveMonthly}>
          {t(recurring.length > 0 ? "portal.home.start_another" : "portal.home.start")}
        </a>
        {ended.length === 0 ? null : (
          <details>
            <summary>{t("portal.home.ended")}</summary>
            <ul class="rows">
              {ended.map((scene) => (
                <RecurringRow scene={scene} />
              ))}
            </ul>
          </details>
        )}
      </section>
      <GiftList guest={guest} gifts={gifts} />
    </PortalPage>
  );
}

function RecurringRow({ scene }: { readonly scene: RecurringScene }) {
  const { guest, gift, id } = scene;
  const { t } = guest.frame;
  const next = nextLine(scene);
  return (
    <li class="tall" data-recurring={id} data-status={gift.status}>
      <div>
        <strong>
          {amountOf(scene)}, {ruleOf(scene)}
        </strong>
        <span>
          <Badge scene={scene} />
        </span>
        {next === "" ? null : <span class="soft">{next}</span>}
        <span class="soft">{methodOf(scene)}</span>
      </div>
      <a class="button quiet small" href={guest.links.recurring(id)}>
        {t("portal.home.open")}
      </a>
    </li>
  );
}

/** Where it stands and whether anything is taken by itself: two words, never by colour alone. */
export function Badge({ scene }: { readonly scene: RecurringScene }) {
  const { gift, guest } = scene;
  const { t } = guest.frame;
  return (
    <>
      <span class={`tag ${gift.status === "active" ? "good" : ""}`}>
        {t(`portal.recurring_status.${gift.status}`)}
      </span>{" "}
      <span class="tag">{t(`portal.kind.${gift.collection}`)}</span>
    </>
  );
}
