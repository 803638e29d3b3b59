import { raw } from "hono/html";
import type { DonorAction } from "../../gateway/adapter.ts";
import { isPositive, subtract } from "../../kernel/money.ts";
import { exhaustive } from "../../kernel/result.ts";
import { grouped } from "../i18n/format.ts";
import { barcodeSvg } from "./barcode.ts";
import { CancelForm, CopyLine, type GiftScene, Standing, said, saidAt } from "./gift-parts.tsx";
import { typedAmount } from "./read-amounts.ts";

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
  const { t } = scene.frame;
  const { decline } = scene.view;
  return decline ? (
    <p class="summary" role="alert">
      {t(`decline.${decline.reason}`)} {t("failed.nothing")}
    </p>
  ) : null;
}

function CardParts({ scene, action }: Props<"use_sdk">) {
  const { t } = scene.frame;
  const { view, links, publicUrl } = scene;
  return (
    <>
      <Standing mark="…" title={t("card.title")}>
        <p class="lead">{t("card.text")}</p>
      </Standing>
      <LastDecline scene={scene} />
      <form
        class="card"
        data-sdk={scene.sdkScript ?? ""}
        data-client-token={action.clientToken}
        data-publishable-key={action.publishableKey}
        data-method={view.method}
        data-return={`${publicUrl}${links.back}`}
        data-decline={links.decline}
        data-locale={scene.locale}
        data-country={scene.country.code}
        data-currency={view.charged.currency}
        data-label={scene.church.name}
        data-failed={t("card.failed_to_load")}
        data-check={t("card.check")}
        data-paying={t("card.paying")}
      >
        <p class="soft" data-sdk-loading>
          {t("card.loading")}
        </p>
        <div data-sdk-express></div>
        <div data-sdk-fields></div>
        <p class="error" role="alert" data-sdk-error hidden></p>
        <button type="submit" class="full" disabled data-sdk-pay>
          {t("card.pay", { amount: said(scene, view.charged) })}
        </button>
        <noscript>
          <p>
            {t("card.noscript")} <a href={links.again}>{t("gift.again")}</a>
          </p>
        </noscript>
      </form>
    </>
  );
}

function VoucherParts({ scene, action }: Props<"display_voucher">) {
  const { t } = scene.frame;
  const number = grouped(action.reference);
  const amount = said(scene, scene.view.charged);
  return (
    <>
      <Standing mark="…" title={t("voucher.title")} waiting />
      <section class="card">
        <div class="two">
          <div>
            <p class="soft">{t("voucher.amount")}</p>
            <p class="big">{amount}</p>
          </div>
          <div>
            <p class="soft">{t("voucher.pay_before")}</p>
            <p>
              <strong>
                <time datetime={action.expiresAt.toISOString()}>{saidAt(scene, action.expiresAt)}</time>
              </strong>
            </p>
          </div>
        </div>
        <div class="barcode" data-barcode>
          {raw(barcodeSvg(action.barcode, t("voucher.barcode", { number })))}
          <p>
            <span class="sr">{t("voucher.number")}: </span>
            {number}
          </p>
        </div>
        <p class="hint no-print">{t("voucher.bright")}</p>
        <div class="row no-print">
          <CopyButton scene={scene} value={action.reference} label={t("voucher.number")} />
          <button type="button" class="quiet small" data-print hidden>
            {t("gift.print")}
          </button>
          {action.url ? (
            <a class="button quiet small" href={action.url} target="_blank" rel="noopener noreferrer">
              {t("voucher.hosted")}
            </a>
          ) : null}
        </div>
      </section>
      <section class="card">
        <h2>{t("voucher.steps")}</h2>
        <ol class="how">
          <li>{t("voucher.step_1")}</li>
          <li>{t("voucher.step_2")}</li>
          <li>{t("voucher.step_3", { amount })}</li>
          <li>{t("voucher.step_4")}</li>
        </ol>
        <Waiting scene={scene} text={t("voucher.waiting")} />
      </section>
      <CancelForm scene={scene} />
    </>
  );
}

function CopyButton(props: { readonly scene: GiftScene; readonly value: string; readonly label: string }) {
  const { t } = props.scene.frame;
  return (
    <button
      type="button"
      class="quiet small"
      data-copy={props.value}
      data-copied={t("gift.copied")}
      aria-label={`${t("gift.copy")}: ${props.label}`}
      hidden
    >
      {t("gift.copy")}
    </button>
  );
}

function TransferParts({ scene, action }: Props<"display_bank_transfer">) {
  const { t } = scene.frame;
  const copies = { copy: t("gift.copy"), copied: t("gift.copied") };
  const { number, kind } = action.account;
  const received = subtract(scene.view.charged, action.amountRemaining);
  const remaining = said(scene, action.amountRemaining);
  return (
    <>
      <Standing mark="…" title={t("transfer.title")} waiting>
        <p class="lead">{t("transfer.lead")}</p>
      </Standing>
      {isPositive(received) ? (
        <p class="notice" role="status" data-received>
          {t("transfer.received", { received: said(scene, received), remaining })}
        </p>
      ) : null}
      <section class="card">
        <dl class="steps">
          <CopyLine
            {...copies}
            label={t("transfer.amount")}
            shown={remaining}
            value={typedAmount(action.amountRemaining, "en-US")}
          />
          <CopyLine
            {...copies}
            label={t(`transfer.${kind}`)}
            shown={clabeShown(number, kind)}
            value={number}
          />
          <CopyLine {...copies} label={t("transfer.bank")} shown={action.bank} value={action.bank} />
          <CopyLine
            {...copies}
            label={t("transfer.beneficiary")}
            shown={action.beneficiary}
            value={action.beneficiary}
          />
          {action.reference ? (
            <CopyLine
              {...copies}
              label={t("transfer.reference")}
              shown={action.reference}
              value={action.reference}
            />
          ) : null}
        </dl>
        {action.expiresAt ? (
          <p class="hint">{t("transfer.expires", { date: saidAt(scene, action.expiresAt) })}</p>
        ) : null}
        {action.url ? (
          <a class="no-print" href={action.url} target="_blank" rel="noopener noreferrer">
            {t("transfer.hosted")}
          </a>
        ) : null}
      </section>
      <section class="card">
        <h2>{t("transfer.steps")}</h2>
        <ol class="how">
          <li>{t("transfer.step_1")}</li>
          <li>{t("transfer.step_2")}</li>
          <li>{t("transfer.step_3")}</li>
        </ol>
        <Waiting scene={scene} text={t("transfer.waiting")} />
      </section>
      <CancelForm scene={scene} />
    </>
  );
}

/** A CLABE is bank, city, account and check digit (3-3-11-1): shown so, it can be compared by eye. */
function clabeShown(number: string, kind: "clabe" | "account" | "iban"): string {
  if (kind === "iban") return grouped(number);
  if (kind === "clabe" && number.length === 18) {
    return [number.slice(0, 3), number.slice(3, 6), number.slice(6, 17), number.slice(17)].join(" ");
  }
  return number;
}

/** Says that the page watches for the payment, and gives those without script a way to look. */
function Waiting({ scene, text }: { readonly scene: GiftScene; readonly text: string }) {
  const { t } = scene.frame;
  return (
    <p class="hint no-print">
      <strong>{text}</strong>. {t("gift.checking")} <a href={scene.links.back}>{t("gift.refresh")}</a>
    </p>
  );
}
