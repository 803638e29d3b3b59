import type { Child } from "hono/jsx";
import { type Islands, PortalPage } from "./portal-page.tsx";
import { amountOf, methodOf, type RecurringScene, ruleOf } from "./recurring-parts.tsx";

/** A page that does one thing to a recurring gift: which gift it is, what went wrong, and the way back. */
export function RoomPage(props: {
  readonly scene: RecurringScene;
  readonly title: string;
  readonly fault?: string | undefined;
  readonly islands?: Islands;
  readonly children?: Child;
}) {
  const { scene, title, fault } = props;
  const { guest, id } = scene;
  const { t } = guest.frame;
  return (
    <PortalPage caller={guest} title={title} isIn islands={props.islands ?? []}>
      <p class="lead">
        {amountOf(scene)}, {ruleOf(scene)} · {methodOf(scene)}
      </p>
      {fault ? (
        <p class="summary" role="alert" tabindex={-1} data-focus>
          {fault}
        </p>
      ) : null}
      {props.children}
      <a class="way" href={guest.links.recurring(id)}>
        {t("portal.back")}
      </a>
    </PortalPage>
  );
}
