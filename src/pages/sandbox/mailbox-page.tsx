import type { KeptMail } from "../../messages/mailbox.ts";
import type { SentText } from "../../messages/twilio/simulator.ts";
import { Layout, type PageFrame } from "../design/layout.tsx";

type Shown = { readonly frame: PageFrame; readonly locale: string };
type MailboxProps = Shown & { readonly mails: readonly KeptMail[]; readonly texts: readonly SentText[] };

/** What was sent, newest first: letters, then texts. */
export function MailboxPage({ frame, locale, mails, texts }: MailboxProps) {
  const { t, language } = frame;
  return (
    <Layout frame={frame} title={t("mailbox.title")} heading={t("desk.title")} wide>
      <h1>{t("mailbox.title")}</h1>
      <p>{t("mailbox.lead")}</p>
      {mails.length === 0 ? <p>{t("mailbox.empty")}</p> : null}
      <ul class="mailbox">
        {mails.map((mail) => (
          <li>
            <a href={`/sandbox/mailbox/${encodeURIComponent(mail.id)}?lang=${language}`}>{mail.subject}</a>
            <br />
            <small>
              {mail.fromName} → {mail.to} · <When at={mail.at} locale={locale} /> · {mail.answer}
            </small>
          </li>
        ))}
      </ul>
      {texts.length === 0 ? null : <h2>{t("mailbox.texts")}</h2>}
      <ul class="mailbox">
        {texts.map((text) => (
          <li>
            {text.body}
            <br />
            <small>
              {text.to} · {text.status} · <When at={text.at} locale={locale} />
            </small>
          </li>
        ))}
      </ul>
    </Layout>
  );
}

/** One letter: as a mail program shows it, and the text twin. */
export function LetterPage({ frame, locale, mail }: Shown & { readonly mail: KeptMail }) {
  const { t, language } = frame;
  const address = `/sandbox/mailbox/${encodeURIComponent(mail.id)}`;
  return (
    <Layout frame={frame} title={mail.subject} heading={t("mailbox.title")} wide>
      <p>
        <a href={`/sandbox/mailbox?lang=${language}`}>{t("mailbox.back")}</a>
      </p>
      <h1>{mail.subject}</h1>
      <p>
        <small>
          {mail.fromName} → {mail.to} · <When at={mail.at} locale={locale} />
          {mail.unsubscribeUrl === null ? null : (
            <>
              {" · "}
              <a href={mail.unsubscribeUrl}>List-Unsubscribe</a>
            </>
          )}
        </small>
      </p>
      <p>
        <a href={`${address}/letter`}>{t("mailbox.letter")}</a>
      </p>
      <iframe class="letter" title={mail.subject} src={`${address}/letter`} />
      <h2>{t("mailbox.text")}</h2>
      <pre class="letter-text">{mail.text}</pre>
    </Layout>
  );
}

const When = ({ at, locale }: { readonly at: string; readonly locale: string }) => (
  <time datetime={at}>
    {new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(
      new Date(at),
    )}
  </time>
);
