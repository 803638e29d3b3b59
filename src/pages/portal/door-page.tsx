import { linkMinutes } from "../../portal/links.ts";
import type { Visit } from "../checkout/page-visit.ts";
import { Layout } from "../design/layout.tsx";
import { PortalForm, PortalPage } from "./portal-page.tsx";
import type { Caller } from "./portal-visit.ts";

type DoorProps = {
  readonly caller: Caller;
  readonly email: string;
  readonly fault?: string | undefined;
  readonly notice?: string | undefined;
};

/** Where a donor asks for a link. */
export function DoorPage({ caller, email, fault, notice }: DoorProps) {
  const { t } = caller.frame;
  return (
    <PortalPage caller={caller} title={t("portal.door.title")} isIn={false} notice={notice}>
      <p class="lead">{t("portal.door.lead", { church: caller.church.name })}</p>
      <PortalForm caller={caller} action={caller.links.home}>
        <div class="field">
          <label for="f-email">{t("give.email")}</label>
          <input
            id="f-email"
            name="email"
            type="email"
            autocomplete="email"
            maxlength={200}
            value={email}
            {...(fault ? { "aria-invalid": "true", "aria-describedby": "e-email" } : {})}
          />
          {fault ? (
            <p class="error" id="e-email" role="alert">
              {fault}
            </p>
          ) : null}
        </div>
        <button type="submit" class="full">
          {t("portal.door.send")}
        </button>
      </PortalForm>
    </PortalPage>
  );
}

/** Says the same whether the address gives here or not. */
export function SentPage({ caller, email }: { readonly caller: Caller; readonly email: string }) {
  const { t } = caller.frame;
  const said = { email, church: caller.church.name, minutes: linkMinutes };
  return (
    <PortalPage caller={caller} title={t("portal.door.sent")} isIn={false}>
      <p class="lead">{t("portal.door.sent_text", said)}</p>
      <p class="hint">{t("portal.door.sent_spam")}</p>
      <a class="way" href={caller.links.home}>
        {t("portal.door.again")}
      </a>
    </PortalPage>
  );
}

/** Where the link in the mail leads: mail scanners open links, so coming in takes a tap. */
export function EnterPage(props: {
  readonly caller: Caller;
  readonly token: string;
  readonly notice?: string | undefined;
}) {
  const { caller, token, notice } = props;
  const { t } = caller.frame;
  return (
    <PortalPage caller={caller} title={t("portal.enter.title")} isIn={false} notice={notice}>
      <p class="lead">{t("portal.enter.lead", { church: caller.church.name })}</p>
      <PortalForm caller={caller} action={caller.links.enter}>
        <input type="hidden" name="t" value={token} />
        <button type="submit" class="full">
          {t("portal.enter.go")}
        </button>
      </PortalForm>
    </PortalPage>
  );
}

/** A link that was used, is too old or never was: said in the same words, with the way to a new one. */
export function SpentPage({ caller }: { readonly caller: Caller }) {
  const { t } = caller.frame;
  return (
    <PortalPage caller={caller} title={t("portal.enter.spent")} isIn={false}>
      <p class="lead">{t("portal.enter.spent_text", { minutes: linkMinutes })}</p>
      <a class="button full" href={caller.links.home}>
        {t("portal.door.send")}
      </a>
    </PortalPage>
  );
}

/** `/portal` alone: which church? */
export function WhichChurchPage(props: {
  readonly visit: Visit;
  readonly slug: string;
  readonly missing: boolean;
}) {
  const { t, language } = props.visit.frame;
  return (
    <Layout frame={props.visit.frame} title={t("portal.door.which")} heading="Ofrenda">
      <h1>{t("portal.door.which")}</h1>
      <p class="lead">{t("portal.door.which_lead")}</p>
      <form method="get" action="/portal" class="steps">
        <input type="hidden" name="lang" value={language} />
        <div class="field">
          <label for="f-church">{t("portal.door.which_slug")}</label>
          <input
            id="f-church"
            name="church"
            type="text"
            autocapitalize="none"
            autocomplete="off"
            maxlength={63}
            value={props.slug}
            aria-describedby="h-church"
          />
          <p class="hint" id="h-church">
            {t("portal.door.which_hint")}
          </p>
          {props.missing ? (
            <p class="error" role="alert">
              {t("portal.door.which_missing")}
            </p>
          ) : null}
        </div>
        <button type="submit" class="full">
          {t("portal.door.which_go")}
        </button>
      </form>
    </Layout>
  );
}
