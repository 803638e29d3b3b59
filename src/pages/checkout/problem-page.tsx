import { type Ctx, ProblemError } from "../../http/context.ts";
import { Layout, type PageFrame } from "../design/layout.tsx";
import { htmlAnswer, visitOf } from "./page-visit.ts";

function ProblemPage(props: {
  readonly frame: PageFrame;
  readonly title: string;
  readonly text: string;
  readonly quote?: string | undefined;
}) {
  return (
    <Layout frame={props.frame} title={props.title} heading="Ofrenda">
      <h1>{props.title}</h1>
      <p class="lead">{props.text}</p>
      {props.quote ? <p class="hint">{props.quote}</p> : null}
    </Layout>
  );
}

/** A wrong or closed address, said to a donor. A wrong token is answered the same: nothing is confirmed to a guesser. */
export function notFoundPage(c: Ctx): Promise<Response> {
  const visit = visitOf(c);
  const { t } = visit.frame;
  const page = (
    <ProblemPage frame={visit.frame} title={t("problem.not_found")} text={t("problem.not_found_text")} />
  );
  return htmlAnswer(c, visit, page, { status: 404 });
}

/** Anything that went wrong behind a page, with the number support can find it by. */
export function failedPage(error: Error, c: Ctx): Promise<Response> {
  if (error instanceof ProblemError && error.problem.code === "not_found") return notFoundPage(c);
  const busy = error instanceof ProblemError && error.problem.code === "overloaded";
  if (!busy)
    c.get("log").error({ error: error.name, message: error.message, stack: error.stack }, "page failed");
  const visit = visitOf(c);
  const { t } = visit.frame;
  const quote = t("problem.quote", { request: c.get("requestId") });
  const page = (
    <ProblemPage
      frame={visit.frame}
      title={t("problem.failed")}
      text={busy ? t("errors.busy") : t("problem.failed_text")}
      quote={quote}
    />
  );
  return htmlAnswer(c, visit, page, { status: busy ? 503 : 500 });
}
