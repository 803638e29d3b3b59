import { isCurrency } from "../../kernel/currency.ts";
import { amountText } from "../../kernel/format.ts";
import { money } from "../../kernel/money.ts";
import type { Preview, Terms } from "../../recurring/change-recurring-gift.ts";
import { describeRule } from "../../recurring/describe-rule.ts";
import { type FormValues, formFields } from "../checkout/form-values.ts";
import { NextDates } from "../checkout/next-dates.tsx";
import { PortalForm } from "./portal-page.tsx";
import type { RecurringScene } from "./recurring-parts.tsx";
import { RoomPage } from "./room-page.tsx";

/** A change as it would be: now, then, and the next four dates. Confirmed, it is made; until then nothing is. */
export function ChangeReviewPage(props: {
  readonly scene: RecurringScene;
  readonly values: FormValues;
  readonly preview: Preview;
  /** Where a new permission is given with this change in hand, when the present one does not cover it. */
  readonly authorize: string | undefined;
}) {
  const { scene, values, preview, authorize } = props;
  const { guest, id } = scene;
  const { t } = guest.frame;
  return (
    <RoomPage scene={scene} title={t("portal.change.check")}>
      <p>{t("portal.change.check_lead")}</p>
      <section class="card">
        <dl class="pairs">
          <dt>{t("portal.change.before")}</dt>
          <dd>{termsText(scene, preview.before)}</dd>
          <dt>{t("portal.change.after")}</dt>
          <dd>
            <strong data-after>{termsText(scene, preview.after)}</strong>
          </dd>
          {preview.after.allocations.length > 1
            ? preview.after.allocations.map((share) => (
                <>
                  <dt>{scene.fundNames.get(share.fund) ?? share.fund}</dt>
                  <dd>{said(scene, share.amount, preview.after.amount.currency)}</dd>
                </>
              ))
            : null}
        </dl>
        <NextDates heading={t("portal.change.next")} dates={preview.next} locale={guest.locale} />
      </section>
      {authorize ? (
        <>
          <p class="notice">{t("portal.change.needs_method")}</p>
          <a class="button full" href={authorize}>
            {t("portal.recurring.confirm")}
          </a>
        </>
      ) : null}
      <PortalForm caller={guest} action={guest.links.room(id, "change")}>
        {formFields(values).map(([name, value]) => (
          <input type="hidden" name={name} value={value} />
        ))}
        {authorize ? null : (
          <button type="submit" class="full" name="step" value="confirm">
            {t("portal.change.confirm")}
          </button>
        )}
        <button type="submit" class="plain" name="step" value="edit">
          {t("portal.change.edit")}
        </button>
      </PortalForm>
    </RoomPage>
  );
}

function termsText(scene: RecurringScene, terms: Terms): string {
  const { gift, guest } = scene;
  const anchor = terms.next_dates[0] ?? gift.anchor;
  const often = describeRule(terms.frequency, anchor, guest.locale);
  return `${said(scene, terms.amount.amount, terms.amount.currency)}, ${often}`;
}

const said = ({ guest }: RecurringScene, minor: number, currency: string): string =>
  isCurrency(currency) ? amountText(money(BigInt(minor), currency), guest.locale) : "";
