import { amountText, dateText } from "../../kernel/format.ts";
import { equals, isPositive } from "../../kernel/money.ts";
import type { GiftsOfYear, ListedGift } from "./my-gifts.ts";
import type { Guest } from "./portal-visit.ts";

/** What the donor gave, a year at a time. */
export function GiftList({ guest, gifts }: { readonly guest: Guest; readonly gifts: GiftsOfYear }) {
  const { frame, links, locale, church } = guest;
  const { t } = frame;
  const totals = gifts.totals.map((total) => amountText(total, locale)).join(" · ");
  return (
    <section class="card" id="gifts" aria-labelledby="gifts-title">
      <h2 id="gifts-title">{t("portal.home.gifts")}</h2>
      {gifts.years.length > 1 ? (
        <nav class="row" aria-label={t("portal.home.gifts")}>
          {gifts.years.map((year) => (
            <a
              class="button quiet small"
              href={links.year(year)}
              {...(year === gifts.year ? { "aria-current": "page" as const } : {})}
            >
              {year}
            </a>
          ))}
        </nav>
      ) : null}
      {gifts.gifts.length === 0 ? (
        <p class="soft">{t("portal.home.never", { church: church.name })}</p>
      ) : (
        <>
          {totals === "" ? null : (
            <p>
              <strong>{t("portal.home.year_total", { year: gifts.year, total: totals })}</strong>{" "}
              <span class="soft">({t("portal.home.count", { count: gifts.received })})</span>
            </p>
          )}
          <ul class="rows">
            {gifts.gifts.map((gift) => (
              <GiftRow guest={guest} gift={gift} />
            ))}
          </ul>
        </>
      )}
      <a class="way" href={links.give}>
        {t("portal.home.give")}
      </a>
    </section>
  );
}

function GiftRow({ guest, gift }: { readonly guest: Guest; readonly gift: ListedGift }) {
  const { t } = guest.frame;
  const { view, on, links } = gift;
  return (
    <li data-gift={view.id} data-status={view.status}>
      <div>
        <strong>{amountText(view.charged, guest.locale)}</strong>
        <span class="soft">{dateText(on, guest.locale, guest.church.timeZone)}</span>
        <span class="soft">{t(`portal.gift_status.${standingOf(gift)}`)}</span>
      </div>
      {view.status === "succeeded" ? (
        <a href={links.acknowledgment} download={`${view.id}.pdf`}>
          {t("portal.home.acknowledgment")}
        </a>
      ) : (
        <a href={links.page}>
          {t(view.status === "requires_action" ? "portal.home.pay" : "portal.home.see")}
        </a>
      )}
    </li>
  );
}

function standingOf({ view }: ListedGift) {
  if (view.status !== "succeeded" || !isPositive(view.refunded)) return view.status;
  return equals(view.refunded, view.charged) ? "refunded" : "refunded_part";
}
