import type { DeskAction, DeskPayment, SandboxDesk } from "../../gateway/sandbox-desk.ts";
import { amountText, instantText } from "../../kernel/format.ts";
import { decimalText } from "../../kernel/money.ts";
import { Layout, type PageFrame } from "../design/layout.tsx";
import { localeFor } from "../i18n/language.ts";

export type ShownDesk = {
  readonly gateway: string;
  readonly desk: SandboxDesk;
  readonly payments: readonly DeskPayment[];
};

type DeskPageProps = {
  readonly frame: PageFrame;
  readonly desks: readonly ShownDesk[];
  readonly message: { readonly text: string; readonly good: boolean } | undefined;
};

/** Where the visitor plays the bank: every payment at the simulators, and what may happen to it. */
export function DeskPage({ frame, desks, message }: DeskPageProps) {
  const { t } = frame;
  return (
    <Layout frame={frame} title={t("desk.title")} heading="Ofrenda" wide>
      <div>
        <h1>{t("desk.title")}</h1>
        <p class="lead">{t("desk.lead")}</p>
      </div>
      {message ? (
        <p class={message.good ? "notice" : "summary"} role="status">
          {message.text}
        </p>
      ) : null}
      {desks.map((shown) => (
        <DeskSection frame={frame} shown={shown} />
      ))}
    </Layout>
  );
}

function DeskSection({ frame, shown }: { readonly frame: PageFrame; readonly shown: ShownDesk }) {
  const { t, language } = frame;
  const { desk, gateway, payments } = shown;
  return (
    <section class="steps" aria-label={desk.name}>
      {desk.delivery ? (
        <div class="card">
          <form method="post" action={`/sandbox/${gateway}/delivery?lang=${language}`} class="row">
            <label class="field">
              <span class="label">{t("desk.webhooks", { gateway: desk.name })}</span>
              <select name="mode">
                {desk.delivery.modes.map((mode) => (
                  <option value={mode.id}>{mode.label[language]}</option>
                ))}
              </select>
            </label>
            <button type="submit" class="quiet small">
              {t("desk.choose")}
            </button>
            <button type="submit" class="quiet small" name="now" value="1">
              {t("desk.deliver_now")}
            </button>
          </form>
        </div>
      ) : null}
      {payments.length === 0 ? <p class="lead">{t("desk.empty")}</p> : null}
      {payments.map((payment) => (
        <PaymentCard frame={frame} gateway={gateway} payment={payment} />
      ))}
    </section>
  );
}

function PaymentCard(props: {
  readonly frame: PageFrame;
  readonly gateway: string;
  readonly payment: DeskPayment;
}) {
  const { frame, gateway, payment } = props;
  const { language } = frame;
  const locale = localeFor(language, language === "es" ? "mx" : "us", "");
  return (
    <article class="card" id={payment.id} data-payment={payment.id} data-donation={payment.donation}>
      <h2>
        {amountText(payment.amount, locale)} · {payment.method}
      </h2>
      <p class="soft">
        <strong data-payment-status>{payment.status}</strong> ·{" "}
        {instantText(payment.createdAt, locale, "UTC")} UTC
        <br />
        <small>
          {payment.id} {payment.donation ?? ""}
        </small>
      </p>
      {payment.facts.map((fact) => (
        <p>
          <span class="soft">{fact.label[language]}:</span> {fact.value}
        </p>
      ))}
      <div class="row">
        {payment.actions.map((action) => (
          <ActionForm frame={frame} gateway={gateway} payment={payment} action={action} />
        ))}
      </div>
    </article>
  );
}

function ActionForm(props: {
  readonly frame: PageFrame;
  readonly gateway: string;
  readonly payment: DeskPayment;
  readonly action: DeskAction;
}) {
  const { frame, gateway, payment, action } = props;
  const { language } = frame;
  const { field } = action;
  return (
    <form method="post" action={`/sandbox/${gateway}/play?lang=${language}`} class="row">
      <input type="hidden" name="payment" value={payment.id} />
      {field?.kind === "amount" ? (
        <label class="field">
          <span class="hint">
            {field.label[language]} ({field.value.currency})
          </span>
          <input name="amount" inputmode="decimal" size={10} value={decimalText(field.value)} />
        </label>
      ) : null}
      {field?.kind === "text" ? (
        <label class="field">
          <span class="hint">{field.label[language]}</span>
          <input name="text" maxlength={600} autocomplete="off" />
        </label>
      ) : null}
      {field?.kind === "choice" ? (
        <label class="field">
          <span class="hint">{field.label[language]}</span>
          <select name="choice">
            {field.options.map((option) => (
              <option value={option.value}>{option.label}</option>
            ))}
          </select>
        </label>
      ) : null}
      <button type="submit" class="quiet small" name="action" value={action.id}>
        {action.label[language]}
      </button>
    </form>
  );
}
