import type { Child } from "hono/jsx";
import type { Church } from "../../churches/churches.ts";
import type { CountryProfile } from "../../gateway/country-profile.ts";
import type { DonationView } from "../../giving/donation-view.ts";
import type { RefundClaim } from "../../giving/refund-claim.ts";
import { amountText, dateText, instantText } from "../../kernel/format.ts";
import { isPositive, type Money } from "../../kernel/money.ts";
import type { PageFrame } from "../design/layout.tsx";
import type { UsedLibrary } from "./browser-library.ts";
import type { GiftLinks } from "./gift-link.ts";

/** All that the pages of one gift are made from. */
export type GiftScene = {
  readonly frame: PageFrame;
  readonly church: Church;
  readonly country: CountryProfile;
  readonly view: DonationView;
  /** Refunds that wait for the donor to take them. */
  readonly claims: readonly RefundClaim[];
  readonly locale: string;
  readonly links: GiftLinks;
  /** Fund names by code. */
  readonly fundNames: ReadonlyMap<string, string>;
  readonly publicUrl: string;
  /** The browser library for `use_sdk`, when one is known for this account. */
  readonly sdk: Pick<UsedLibrary, "script" | "island"> | undefined;
  /** The donor has just sent the form, so a hosted page may open by itself. */
  readonly justSent: boolean;
  readonly cancelFailed: boolean;
};

export const said = (scene: GiftScene, amount: Money): string => amountText(amount, scene.locale);
export const saidAt = (scene: GiftScene, at: Date): string =>
  instantText(at, scene.locale, scene.church.timeZone);
export const saidOn = (scene: GiftScene, at: Date): string =>
  dateText(at, scene.locale, scene.church.timeZone);

export const methodOf = ({ country, view }: GiftScene) =>
  country.methods.find((method) => method.type === view.method);

/** What this gift is: amounts, funds, method, number. */
export function GiftFacts({ scene }: { readonly scene: GiftScene }) {
  const { view, fundNames, frame } = scene;
  const { t, language } = frame;
  const covered = isPositive(view.feeCover);
  return (
    <section class="card">
      <dl class="pairs">
        <dt>{t("gift.amount")}</dt>
        <dd>{said(scene, view.amount)}</dd>
        {covered ? (
          <>
            <dt>{t("gift.cover")}</dt>
            <dd>{said(scene, view.feeCover)}</dd>
            <dt>{t("gift.charged")}</dt>
            <dd>
              <strong>{said(scene, view.charged)}</strong>
            </dd>
          </>
        ) : null}
        {view.allocations.map((part) => (
          <>
            <dt>{t("gift.fund")}</dt>
            <dd>
              {fundNames.get(part.fund) ?? part.fund}
              {view.allocations.length > 1 ? ` · ${said(scene, part.amount)}` : ""}
            </dd>
          </>
        ))}
        {isPositive(view.refunded) ? (
          <>
            <dt>{t("gift.refunded")}</dt>
            <dd>{said(scene, view.refunded)}</dd>
          </>
        ) : null}
        <dt>{t("gift.method")}</dt>
        <dd>{methodOf(scene)?.label[language] ?? view.method}</dd>
        <dt>{t("gift.number")}</dt>
        <dd class="soft">
          <small>{view.id}</small>
        </dd>
      </dl>
    </section>
  );
}

/** A value the donor copies into the bank's app. Without script it is plain text that can be selected. */
export function CopyLine(props: {
  readonly label: string;
  readonly shown: string;
  readonly value: string;
  readonly copy: string;
  readonly copied: string;
}) {
  return (
    <div class="copy">
      <dt>{props.label}</dt>
      <dd>
        <span>{props.shown}</span>
        <button
          type="button"
          class="quiet small no-print"
          data-copy={props.value}
          data-copied={props.copied}
          aria-label={`${props.copy}: ${props.label}`}
          hidden
        >
          {props.copy}
        </button>
      </dd>
    </div>
  );
}

/** The head of a gift's page: where it stands, in one line and one sign. */
export function Standing(props: {
  readonly mark: "✓" | "…" | "!" | "×";
  readonly title: string;
  readonly waiting?: boolean;
  readonly children?: Child;
}) {
  const no = props.mark === "!" || props.mark === "×";
  return (
    <>
      <div class="status">
        <span class={`mark${no ? " no" : ""}${props.waiting ? " waiting" : ""}`} aria-hidden="true">
          {props.mark}
        </span>
        <h1>{props.title}</h1>
      </div>
      {props.children}
    </>
  );
}

/** Lets the donor call off a voucher or transfer that nobody has paid. */
export function CancelForm({ scene }: { readonly scene: GiftScene }) {
  const { t } = scene.frame;
  return (
    <form method="post" action={scene.links.cancel} class="no-print">
      {scene.cancelFailed ? (
        <p class="error" role="alert">
          {t("gift.cancel_failed")}
        </p>
      ) : null}
      <button type="submit" class="plain small">
        {t("gift.cancel")}
      </button>
      <p class="hint">{t("gift.cancel_why")}</p>
    </form>
  );
}
