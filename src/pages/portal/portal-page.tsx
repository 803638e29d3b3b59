import type { Child } from "hono/jsx";
import { Layout } from "../design/layout.tsx";
import type { Caller } from "./portal-visit.ts";

export type Islands = Parameters<typeof Layout>[0]["islands"] & {};

type PortalPageProps = {
  readonly caller: Caller;
  readonly title: string;
  /** Whether a donor came in: only then is there somewhere to go, and something to leave. */
  readonly isIn: boolean;
  /** What just happened, in one sentence. */
  readonly notice?: string | undefined;
  readonly islands?: Islands;
  readonly children?: Child;
};

/** Every page of the portal: the church's name, where one can go, what just happened, and the page itself. */
export function PortalPage({ caller, title, isIn, notice, islands, children }: PortalPageProps) {
  return (
    <Layout frame={caller.frame} title={title} heading={caller.church.name} islands={islands ?? []}>
      {isIn ? <Nav caller={caller} /> : null}
      {notice ? (
        <p class="notice good" role="status">
          {notice}
        </p>
      ) : null}
      <h1>{title}</h1>
      {children}
    </Layout>
  );
}

function Nav({ caller }: { readonly caller: Caller }) {
  const { links } = caller;
  const { t } = caller.frame;
  return (
    <nav class="places no-print">
      <a class="way" href={links.home}>
        {t("portal.nav.home")}
      </a>
      <a class="way" href={links.me}>
        {t("portal.nav.me")}
      </a>
      <PortalForm caller={caller} action={links.leave}>
        <button type="submit" class="plain small">
          {t("portal.nav.leave")}
        </button>
      </PortalForm>
    </nav>
  );
}

/** A form only this browser can send: it carries the word of its cookie. */
export function PortalForm(props: {
  readonly caller: Pick<Caller, "word">;
  readonly action: string;
  readonly children?: Child;
}) {
  return (
    <form method="post" action={props.action} class="steps" novalidate>
      <input type="hidden" name="word" value={props.caller.word} />
      {props.children}
    </form>
  );
}
