import { raw } from "hono/html";
import type { DonorAction } from "../../gateway/payment.ts";
import { transferQr } from "../../gateway/transfer-qr.ts";
import { grouped } from "../../kernel/format.ts";
import { isPositive, subtract } from "../../kernel/money.ts";
import { barcodeSvg } from "../../symbols/barcode.ts";
import { qrSvg } from "../../symbols/qr-code.ts";
import { CancelForm, CopyLine, type GiftScene, methodOf, Standing, said, saidAt } from "./gift-parts.tsx";
import { typedAmount } from "./read-amounts.ts";

type Props<T extends DonorAction["type"]> = {
  readonly scene: GiftScene;
  readonly action: Extract<DonorAction, { type: T }>;
};

/** What is to be paid and until when: the head of a voucher and of a code. */
function AmountAndDeadline(props: {
  readonly scene: GiftScene;
  readonly amount: string;
  readonly amountLabel: string;
  readonly deadline: Date;
  readonly deadlineLabel: string;
}) {
  return (
    <div class="two">
      <div>
        <p class="soft">{props.amountLabel}</p>
        <p class="big">{props.amount}</p>
      </div>
      <div>
        <p class="soft">{props.deadlineLabel}</p>
        <p>
          <strong>
            <time datetime={props.deadline.toISOString()}>{saidAt(props.scene, props.deadline)}</time>
          </strong>
        </p>
      </div>
    </div>
  );
}

/** A voucher to pay at a till. */
export function VoucherParts({ scene, action }: Props<"display_voucher">) {
  const { t } = scene.frame;
  // A boleto's line comes in the groups its bank reads it in.
  const number = /^\d+$/.test(action.reference) ? grouped(action.reference) : action.reference;
  const amount = said(scene, scene.view.charged);
  const method = methodLabel(scene);
  return (
    <>
      <Standing mark="…" title={t("voucher.title")} waiting>
        <p class="lead">{t("voucher.lead", { method })}</p>
      </Standing>
      <section class="card">
        <AmountAndDeadline
          scene={scene}
          amount={amount}
          amountLabel={t("voucher.amount")}
          deadline={action.expiresAt}
          deadlineLabel={t("voucher.pay_before")}
        />
        {action.payee ? (
          <p>
            <span class="soft">{t("voucher.payee")}: </span>
            <strong>{action.payee}</strong>
          </p>
        ) : null}
        <div class="barcode" data-barcode>
          {action.barcode ? raw(barcodeSvg(action.barcode, t("voucher.barcode", { number }))) : null}
          <p>
            <span class={action.barcode ? "sr" : "soft"}>{t("voucher.number")}: </span>
            {number}
          </p>
        </div>
        {action.barcode ? <p class="hint no-print">{t("voucher.bright")}</p> : null}
        <div class="row no-print">
          <CopyButton scene={scene} value={action.reference} label={t("voucher.number")} />
          <button type="button" class="quiet small" data-print hidden>
            {t("gift.print")}
          </button>
          <HostedLink url={action.url} text={t("voucher.hosted")} />
        </div>
      </section>
      <section class="card">
        <h2>{t("voucher.steps")}</h2>
        <ol class="how">
          <li>{t("voucher.step_1", { method })}</li>
          <li>{t("voucher.step_2")}</li>
          <li>{t("voucher.step_3", { amount })}</li>
          <li>{t("voucher.step_4", { when: confirmsIn(scene) })}</li>
        </ol>
        <Waiting scene={scene} text={t("voucher.waiting")} />
      </section>
      <CancelForm scene={scene} />
    </>
  );
}

/** A code to scan with the bank's app. */
export function QrParts({ scene, action }: Props<"display_qr">) {
  const { t } = scene.frame;
  const amount = said(scene, scene.view.charged);
  return (
    <>
      <Standing mark="…" title={t("qr.title")} waiting>
        <p class="lead">{t("qr.lead")}</p>
      </Standing>
      <section class="card">
        <AmountAndDeadline
          scene={scene}
          amount={amount}
          amountLabel={t("qr.amount")}
          deadline={action.expiresAt}
          deadlineLabel={t("qr.pay_before")}
        />
        <div class="qr" data-qr>
          {raw(qrSvg(action.payload, t("qr.image", { amount })))}
        </div>
        <p class="soft">{t("qr.code")}</p>
        <p class="code" data-code>
          {action.payload}
        </p>
        <div class="row no-print">
          <CopyButton scene={scene} value={action.payload} label={t("qr.code")} />
          <HostedLink url={action.url} text={t("qr.hosted")} />
        </div>
      </section>
      <section class="card">
        <h2>{t("qr.steps")}</h2>
        <ol class="how">
          <li>{t("qr.step_1")}</li>
          <li>{t("qr.step_2")}</li>
          <li>{t("qr.step_3", { amount })}</li>
        </ol>
        <Waiting scene={scene} text={t("qr.waiting")} />
      </section>
      <CancelForm scene={scene} />
    </>
  );
}

/** The gateway's own page for what is shown here. */
function HostedLink({ url, text }: { readonly url: string | undefined; readonly text: string }) {
  return url ? (
    <a class="button quiet small" href={url} target="_blank" rel="noopener noreferrer">
      {text}
    </a>
  ) : null;
}

const methodLabel = (scene: GiftScene): string =>
  methodOf(scene)?.label[scene.frame.language] ?? scene.view.method;

/** How long this method takes to confirm, as a sentence. */
function confirmsIn(scene: GiftScene): string {
  const { t } = scene.frame;
  return t(`processing.${methodOf(scene)?.confirms ?? "hours"}`);
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

/** An account to transfer to. */
export function TransferParts({ scene, action }: Props<"display_bank_transfer">) {
  const { t } = scene.frame;
  const copies = { copy: t("gift.copy"), copied: t("gift.copied") };
  const { number, kind } = action.account;
  const received = subtract(scene.view.charged, action.amountRemaining);
  const remaining = said(scene, action.amountRemaining);
  const code = transferQr(action);
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
          {action.bank === "" ? null : (
            <CopyLine {...copies} label={t("transfer.bank")} shown={action.bank} value={action.bank} />
          )}
          <CopyLine
            {...copies}
            label={t("transfer.beneficiary")}
            shown={action.beneficiary}
            value={action.beneficiary}
          />
          {action.route ? (
            <CopyLine
              {...copies}
              label={t(`transfer.${action.route.kind}`)}
              shown={action.route.number}
              value={action.route.number}
            />
          ) : null}
          {action.reference ? (
            <CopyLine
              {...copies}
              label={t("transfer.reference")}
              shown={action.reference}
              value={action.reference}
            />
          ) : null}
        </dl>
        {code === undefined ? null : (
          <>
            <p class="soft">{t("transfer.scan")}</p>
            <div class="qr" data-qr>
              {raw(qrSvg(code, t("qr.image", { amount: remaining })))}
            </div>
          </>
        )}
        {action.reference ? <p class="hint">{t("transfer.reference_needed")}</p> : null}
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
          <li>{t("transfer.step_3", { when: confirmsIn(scene) })}</li>
        </ol>
        <Waiting scene={scene} text={t("transfer.waiting")} />
      </section>
      <CancelForm scene={scene} />
    </>
  );
}

type BankNumberKind = Extract<DonorAction, { type: "display_bank_transfer" }>["account"]["kind"];

/** A CLABE is bank, city, account and check digit (3-3-11-1): shown so, it can be compared by eye. */
function clabeShown(number: string, kind: BankNumberKind): string {
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
