import { raw } from "hono/html";
import type { Child } from "hono/jsx";
import { amountText } from "../../kernel/format.ts";
import { qrSvg } from "../../symbols/qr-code.ts";
import { NextDates } from "../checkout/next-dates.tsx";
import { History, type PastPeriod } from "./history.tsx";
import { Badge } from "./home-page.tsx";
import { PortalPage } from "./portal-page.tsx";
import { RecurringActions } from "./recurring-actions.tsx";
import { amountOf, ExpiryLine, methodOf, onDate, type RecurringScene, ruleOf } from "./recurring-parts.tsx";

type RecurringPageProps = {
  readonly scene: RecurringScene;
  readonly history: readonly PastPeriod[];
  /** Where a reminder's voucher or link of now is. */
  readonly payNow: { readonly url: string; readonly dueOn: string } | undefined;
  /** The text of the donor's own code, which they can pay at any time. */
  readonly ownCode: string | undefined;
  readonly notice?: string | undefined;
  readonly fault?: string | undefined;
};

/** One recurring gift: what it is, what comes, what can be done, and what was. */
export function RecurringPage({ scene, history, payNow, ownCode, notice, fault }: RecurringPageProps) {
  const { guest, gift } = scene;
  const { t } = guest.frame;
  const isOver = gift.status === "canceled" || gift.status === "completed";
  return (
    <PortalPage caller={guest} title={t("portal.recurring.title")} isIn notice={notice}>
      {fault ? (
        <p class="summary" role="alert" tabindex={-1} data-focus>
          {fault}
        </p>
      ) : null}
      <section class="card" data-recurring={scene.id} data-status={gift.status}>
        <p class="big">{amountOf(scene)}</p>
        <p>{ruleOf(scene)}</p>
        <p>
          <Badge scene={scene} />
        </p>
        {isOver ? null : <p class="hint">{t(`portal.kind.${gift.collection}_text`)}</p>}
        <Trouble scene={scene} history={history} />
        {payNow ? (
          <a class="button full" href={payNow.url}>
            {t("portal.recurring.pay_now", { date: onDate(scene, payNow.dueOn) })}
          </a>
        ) : null}
        <Facts scene={scene} />
        {scene.nextDates.length > 0 && gift.status === "active" ? (
          <NextDates heading={t("portal.next.dates")} dates={scene.nextDates} locale={guest.locale} />
        ) : null}
      </section>
      {ownCode ? <OwnCode scene={scene} code={ownCode} /> : null}
      <RecurringActions scene={scene} />
      <History guest={guest} history={history} />
    </PortalPage>
  );
}

/** A code that never changes, to be paid at any time or put into the bank's own schedule; still no automatic charge. */
function OwnCode({ scene, code }: { readonly scene: RecurringScene; readonly code: string }) {
  const { t } = scene.guest.frame;
  return (
    <section class="card" data-own-code>
      <h2>{t("portal.own_code.title")}</h2>
      <p>{t("portal.own_code.text")}</p>
      <div class="qr">{raw(qrSvg(code, t("portal.own_code.image")))}</div>
      <p class="code" data-code>
        {code}
      </p>
    </section>
  );
}

/** What keeps it from going on, with the way out beside it. */
function Trouble({
  scene,
  history,
}: {
  readonly scene: RecurringScene;
  readonly history: readonly PastPeriod[];
}) {
  const { guest, gift, id } = scene;
  const { t } = guest.frame;
  if (gift.status === "pending" || gift.nextMandateId) {
    return (
      <>
        <p class="notice">
          {t(gift.status === "pending" ? "portal.recurring.pending" : "portal.recurring.pending_method")}
        </p>
        <a class="button full" href={guest.links.room(id, "method")}>
          {t("portal.recurring.confirm")}
        </a>
      </>
    );
  }
  if (gift.status === "dormant") return <p class="notice">{t("portal.recurring.dormant")}</p>;
  const retrying = history.find(({ occurrence }) => occurrence.state === "retrying")?.occurrence;
  if (retrying) {
    return <p class="notice">{t("portal.recurring.retrying", { date: onDate(scene, retrying.dueOn) })}</p>;
  }
  const count = gift.failedPeriods;
  return count > 0 ? <p class="notice">{t("portal.recurring.failed_periods", { count })}</p> : null;
}

function Facts({ scene }: { readonly scene: RecurringScene }) {
  const { guest, gift, fundNames } = scene;
  const { t } = guest.frame;
  const said = (amount: typeof gift.amount) => amountText(amount, guest.locale);
  return (
    <dl class="pairs">
      {gift.shares.map(({ fundId, amount }) => (
        <>
          <dt>{t("gift.fund")}</dt>
          <dd>
            {fundNames.get(fundId) ?? fundId}
            {gift.shares.length > 1 ? ` · ${said(amount)}` : ""}
          </dd>
        </>
      ))}
      <dt>{t("portal.recurring.with")}</dt>
      <dd>
        <span data-method>{methodOf(scene)}</span>
        <ExpiryLine scene={scene} />
      </dd>
      {gift.status === "paused" && gift.resumesOn ? (
        <Fact label={t("portal.recurring.when")}>
          {t("portal.next.resumes", { date: onDate(scene, gift.resumesOn) })}
        </Fact>
      ) : null}
      {gift.coverFees ? <Fact label={t("gift.cover")}>{t("portal.recurring.covers")}</Fact> : null}
      <Fact label={t("portal.recurring.ends")}>{endText(scene)}</Fact>
    </dl>
  );
}

const Fact = ({ label, children }: { readonly label: string; readonly children?: Child }) => (
  <>
    <dt>{label}</dt>
    <dd>{children}</dd>
  </>
);

function endText(scene: RecurringScene): string {
  const { gift, guest } = scene;
  const { t } = guest.frame;
  switch (gift.ends.kind) {
    case "never":
      return t("portal.recurring.ends_never");
    case "on_date":
    case "with_campaign":
      return t("portal.recurring.ends_on", { date: onDate(scene, gift.ends.date) });
    case "after_gifts":
      return t("portal.recurring.ends_gifts", { count: gift.ends.gifts });
    default: {
      const total = { minor: BigInt(gift.ends.amount), currency: gift.amount.currency };
      return t("portal.recurring.ends_total", { amount: amountText(total, guest.locale) });
    }
  }
}
