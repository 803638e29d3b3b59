import type { Hono } from "hono";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { amountText, civilDateText } from "../../kernel/format.ts";
import { parseId } from "../../kernel/ids.ts";
import { sameText } from "../../kernel/same-text.ts";
import { payOccurrence, readToPay, type ToPay } from "../../recurring/pay-occurrence.ts";
import { payWord } from "../../recurring/pay-url.ts";
import { inAddress } from "../asked.ts";
import { htmlAnswer } from "../checkout/page-visit.ts";
import { notFoundPage } from "../checkout/problem-page.tsx";
import { PortalPage } from "./portal-page.tsx";
import { type Caller, callerOf } from "./portal-visit.ts";

/**
 * From the message that says the donor's bank wants to see them: whoever holds the link may give this one period's gift
 * on the gateway's page, and do nothing else. Opening it acts on nothing.
 */
export function addPayRoutes(app: Hono<HonoEnv>): void {
  const path = "/portal/:church/pay/:occurrence";
  app.get(path, (c) => withLink(c, (caller, toPay) => answer(c, caller, toPay)));
  app.post(path, (c) => withLink(c, (caller, toPay) => pay(c, caller, toPay)));
}

async function withLink(
  c: Ctx,
  work: (caller: Caller, toPay: ToPay) => Promise<Response>,
): Promise<Response> {
  const caller = await callerOf(c);
  const id = parseId("occurrence", c.req.param("occurrence"));
  if (!caller || !id) return notFoundPage(c);
  const { db, vault } = c.get("deps");
  const church = caller.church.id;
  const expected = await db.inChurch(church, (tx) => vault.linkToken(tx, church, payWord(id)));
  if (!sameText(expected, inAddress(c, "t"))) return notFoundPage(c);
  const toPay = await readToPay(c.get("deps"), church, id);
  return toPay ? work(caller, toPay) : notFoundPage(c);
}

const answer = async (c: Ctx, caller: Caller, toPay: ToPay, refused = false): Promise<Response> => {
  const isOver = refused || !toPay.waits;
  const page = <PayPage caller={caller} toPay={toPay} token={inAddress(c, "t")} isOver={isOver} />;
  return htmlAnswer(c, caller, page, refused ? { status: 422 } : {});
};

async function pay(c: Ctx, caller: Caller, toPay: ToPay): Promise<Response> {
  const { churchId, id } = toPay.occurrence;
  const done = await payOccurrence(c.get("deps"), churchId, id);
  return done.ok ? c.redirect(done.value, 303) : answer(c, caller, toPay, true);
}

type PayPageProps = {
  readonly caller: Caller;
  readonly toPay: ToPay;
  readonly token: string;
  readonly isOver: boolean;
};

function PayPage({ caller, toPay, token, isOver }: PayPageProps) {
  const { frame, links, locale, church, language } = caller;
  const { t } = frame;
  const { occurrence } = toPay;
  const words = {
    amount: amountText(occurrence.amount, locale),
    date: civilDateText(occurrence.dueOn, locale),
  };
  const action = `/portal/${church.slug}/pay/${occurrence.id}?t=${encodeURIComponent(token)}&lang=${language}`;
  return (
    <PortalPage caller={caller} title={t("portal.pay.title")} isIn={false}>
      <div class="steps" data-occurrence={occurrence.id} data-state={occurrence.state}>
        <p class="lead">{t("portal.pay.lead", words)}</p>
        {isOver ? (
          <p class="notice" role="status">
            {t("portal.pay.gone")}
          </p>
        ) : (
          <form method="post" action={action}>
            <button type="submit" class="full">
              {t("portal.pay.submit")}
            </button>
          </form>
        )}
        <a href={links.home}>{t("often.started.manage")}</a>
      </div>
    </PortalPage>
  );
}
