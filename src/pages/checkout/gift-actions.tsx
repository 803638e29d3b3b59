import type { DonorAction } from "../../gateway/payment.ts";
import { declineWords } from "../../giving/decline-words.ts";
import { exhaustive } from "../../kernel/result.ts";

import { type GiftScene, Standing, said } from "./gift-parts.tsx";
import { SdkForm } from "./sdk-form.tsx";
import { QrParts, TransferParts, VoucherParts } from "./waiting-actions.tsx";

/** What the donor does now, for each thing a gateway may ask. */
export function DonorActionParts({
  scene,
  action,
}: {
  readonly scene: GiftScene;
  readonly action: DonorAction;
}) {
  switch (action.type) {
    case "redirect":
      return <RedirectParts scene={scene} action={action} />;
    case "use_sdk":
      return <CardParts scene={scene} action={action} />;
    case "display_voucher":
      return <VoucherParts scene={scene} action={action} />;
    case "display_qr":
      return <QrParts scene={scene} action={action} />;
    case "display_bank_transfer":
      return <TransferParts scene={scene} action={action} />;
    default:
      return exhaustive(action);
  }
}

type Props<T extends DonorAction["type"]> = {
  readonly scene: GiftScene;
  readonly action: Extract<DonorAction, { type: T }>;
};

function RedirectParts({ scene, action }: Props<"redirect">) {
  const { t } = scene.frame;
  return (
    <>
      <Standing mark="…" title={t("redirect.title")}>
        <p class="lead">{t("redirect.text")}</p>
      </Standing>
      <LastDecline scene={scene} />
      <a
        class="button full"
        href={action.url}
        rel="noreferrer"
        data-continue={scene.justSent ? "1" : undefined}
      >
        {t("redirect.go")}
      </a>
    </>
  );
}

/** Why the last try failed, while the same gift can still be paid. */
function LastDecline({ scene }: { readonly scene: GiftScene }) {
  const { t, language } = scene.frame;
  const { decline } = scene.view;
  return decline ? (
    <p class="summary" role="alert">
      {declineWords[decline.reason][language]} {t("failed.nothing")}
    </p>
  ) : null;
}

function CardParts({ scene, action }: Props<"use_sdk">) {
  const { t } = scene.frame;
  const { view, links, publicUrl } = scene;
  // What was typed has been taken already: now the bank asks whether it was the donor.
  const step = view.attempt.presentation === "token" ? "challenge" : "card";
  return (
    <>
      <Standing mark="…" title={t(`${step}.title`)}>
        <p class="lead">{t(`${step}.text`)}</p>
      </Standing>
      <LastDecline scene={scene} />
      <SdkForm
        t={t}
        action={action}
        script={scene.sdk?.script}
        method={view.method}
        returnUrl={`${publicUrl}${links.back}`}
        decline={links.decline}
        locale={scene.locale}
        country={scene.country.code}
        currency={view.charged.currency}
        label={scene.church.name}
        button={t("card.pay", { amount: said(scene, view.charged) })}
      >
        <p>
          {t("card.noscript")} <a href={links.again}>{t("gift.again")}</a>
        </p>
      </SdkForm>
    </>
  );
}
