import type { Child } from "hono/jsx";
import { declineWords, nextStepWords, refusedWords } from "../../giving/decline-words.ts";
import { equals, isPositive } from "../../kernel/money.ts";
import { exhaustive } from "../../kernel/result.ts";
import { Layout } from "../design/layout.tsx";
import { DonorActionParts } from "./gift-actions.tsx";
import { GiftFacts, type GiftScene, methodOf, Standing, said, saidOn } from "./gift-parts.tsx";
import { giftStamp } from "./gift-stamp.ts";

/** Statuses in which news may come while the donor looks on. */
const unsettled = new Set(["requires_action", "processing", "authorized", "needs_review"]);

/** The page of one gift, from the first step the donor takes to the acknowledgment. */
export function GiftPage({ scene }: { readonly scene: GiftScene }) {
  const { frame, view, links, church } = scene;
  const { t } = frame;
  const title = t("gift.title", { church: church.name });
  // A reload would empty the gateway's fields while the donor types in them.
  const typing = view.action?.type === "use_sdk";
  const watching = unsettled.has(view.status) && !typing;
  return (
    <Layout
      frame={frame}
      title={title}
      heading={church.name}
      islands={typing && scene.sdk ? ["gift-status", scene.sdk.island] : ["gift-status"]}
      refreshSeconds={watching ? 20 : undefined}
    >
      <div
        class="steps"
        data-status={view.status}
        data-gift={view.id}
        data-watch={watching ? links.status : undefined}
        data-stamp={giftStamp(view)}
      >
        <Standings scene={scene} />
        <GiftFacts scene={scene} />
      </div>
      <p class="sr" aria-live="polite" data-live></p>
    </Layout>
  );
}

function Standings({ scene }: { readonly scene: GiftScene }): Child {
  const { view, frame, links } = scene;
  const { t } = frame;
  switch (view.status) {
    case "requires_action":
      return view.action ? (
        <DonorActionParts scene={scene} action={view.action} />
      ) : (
        <Processing scene={scene} />
      );
    case "processing":
    case "authorized":
      return <Processing scene={scene} />;
    case "succeeded":
      return <Succeeded scene={scene} />;
    case "failed":
      return <Failed scene={scene} />;
    case "expired":
      return <Expired scene={scene} />;
    case "canceled":
      return (
        <>
          <Standing mark="×" title={t("canceled.title")}>
            <p class="lead">
              {t("canceled.text")} {methodOf(scene)?.kind === "voucher" ? t("canceled.voucher") : ""}
            </p>
          </Standing>
          <a class="button" href={links.again}>
            {t("gift.another")}
          </a>
        </>
      );
    case "needs_review":
      return (
        <Standing mark="…" title={t("needs_review.title")}>
          <p class="lead">{t("needs_review.text", { church: scene.church.name })}</p>
          <p class="hint">{t("needs_review.quote")}</p>
        </Standing>
      );
    default:
      return exhaustive(view.status);
  }
}

function Processing({ scene }: { readonly scene: GiftScene }) {
  const { t } = scene.frame;
  return (
    <Standing mark="…" title={t("processing.title")} waiting>
      <p class="lead">
        {t(`processing.${methodOf(scene)?.confirms ?? "minutes"}`)} {t("processing.no_repeat")}
      </p>
      <p class="hint">
        {t("gift.checking")} <a href={scene.links.back}>{t("gift.refresh")}</a>
      </p>
    </Standing>
  );
}

function Succeeded({ scene }: { readonly scene: GiftScene }) {
  const { view, frame, links, church } = scene;
  const { t } = frame;
  const date = saidOn(scene, view.capturedAt ?? view.createdAt);
  const all = equals(view.refunded, view.charged);
  return (
    <>
      <Standing mark="✓" title={t("succeeded.title")}>
        <p class="lead">
          {t("succeeded.text", { church: church.name, amount: said(scene, view.amount), date })}
        </p>
      </Standing>
      {isPositive(view.refunded) ? (
        <p class="notice">
          {all
            ? t("succeeded.refunded_all")
            : t("succeeded.refunded_part", { amount: said(scene, view.refunded) })}
        </p>
      ) : null}
      {scene.claims.map((claim) => (
        <section class="card" key={claim.refund}>
          <h2>{t("claim.title", { amount: said(scene, claim.amount) })}</h2>
          <p>{t("claim.text", { church: church.name })}</p>
          <a class="button" href={claim.url} rel="noreferrer">
            {t("claim.button")}
          </a>
          <p class="hint">{t("claim.yours")}</p>
        </section>
      ))}
      {view.disputed ? <p class="notice">{t("succeeded.disputed")}</p> : null}
      <div class="row">
        <a class="button" href={links.acknowledgment} download={`${view.id}.pdf`}>
          {t("succeeded.acknowledgment")}
        </a>
        <a class="button quiet" href={links.another}>
          {t("gift.another")}
        </a>
      </div>
    </>
  );
}

function Failed({ scene }: { readonly scene: GiftScene }) {
  const { view, frame, links } = scene;
  const { t, language } = frame;
  const why = view.decline ? declineWords[view.decline.reason] : refusedWords;
  return (
    <>
      <Standing mark="!" title={t("failed.title")}>
        <p class="lead">
          {why[language]} {t("failed.nothing")}
        </p>
        <p>{nextStepWords[view.decline?.retry ?? "later"][language]}</p>
      </Standing>
      <a class="button" href={links.again}>
        {t("gift.again")}
      </a>
    </>
  );
}

function Expired({ scene }: { readonly scene: GiftScene }) {
  const { view, frame, links } = scene;
  const { t } = frame;
  return (
    <>
      <Standing mark="×" title={t("expired.title")}>
        <p class="lead">
          {view.expiresAt
            ? t("expired.text", { date: saidOn(scene, view.expiresAt) })
            : t("expired.text_plain")}
        </p>
        <p>{t("expired.paid")}</p>
      </Standing>
      <a class="button" href={links.again}>
        {t("expired.again")}
      </a>
    </>
  );
}
