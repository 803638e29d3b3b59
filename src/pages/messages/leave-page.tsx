import type { Church } from "../../churches/churches.ts";
import { Layout, type PageFrame } from "../design/layout.tsx";

type Props = {
  readonly frame: PageFrame;
  readonly church: Pick<Church, "name" | "slug">;
  readonly left: boolean;
  readonly action: string;
};

/** One tap and no more reminders; what remains is said, and how to come back. */
export function LeavePage({ frame, church, left, action }: Props) {
  const { t } = frame;
  const title = left ? t("leave.done_title") : t("leave.title");
  return (
    <Layout frame={frame} title={title} heading={church.name}>
      <h1>{title}</h1>
      <p>{left ? t("leave.done", { church: church.name }) : t("leave.lead", { church: church.name })}</p>
      {left ? (
        <p>
          <a href={`/portal/${church.slug}?lang=${frame.language}`}>{t("leave.back")}</a>
        </p>
      ) : (
        <form method="post" action={action}>
          <button type="submit">{t("leave.button")}</button>
        </form>
      )}
    </Layout>
  );
}
