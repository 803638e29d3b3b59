import type { Hono } from "hono";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { type ChurchId, parseId, type RecurringGiftId } from "../../kernel/ids.ts";
import { sameText } from "../../kernel/same-text.ts";
import { readRecurringGift } from "../../recurring/read-recurring-gift.ts";
import type { RecurringGiftView } from "../../recurring/recurring-json.ts";
import { restartWord } from "../../recurring/recurring-page-url.ts";
import { restart } from "../../recurring/restart-recurring-gift.ts";
import { inAddress } from "../asked.ts";
import { htmlAnswer } from "../checkout/page-visit.ts";
import { notFoundPage } from "../checkout/problem-page.tsx";
import { type Caller, callerOf } from "./portal-visit.ts";
import { byDonor } from "./recurring-routes.tsx";
import { RestartPage } from "./restart-page.tsx";

/**
 * One tap from the message that says a gift has stopped: whoever holds the link may let this one gift go on, and do
 * nothing else. Opening it acts on nothing; the tap does, as often as it likes.
 */
export function addRestartRoutes(app: Hono<HonoEnv>): void {
  const path = "/portal/:church/restart/:gift";
  app.get(path, (c) => withLink(c, (caller, view) => answer(c, caller, view)));
  app.post(path, (c) => withLink(c, (caller, view) => goOn(c, caller, view)));
}

async function withLink(
  c: Ctx,
  work: (caller: Caller, view: RecurringGiftView) => Promise<Response>,
): Promise<Response> {
  const caller = await callerOf(c);
  const id = parseId("recurringGift", c.req.param("gift"));
  if (!caller || !id || !(await opens(c, caller.church.id, id))) return notFoundPage(c);
  const view = await readRecurringGift(c.get("deps"), caller.church.id, id);
  return view ? work(caller, view) : notFoundPage(c);
}

async function opens(c: Ctx, church: ChurchId, id: RecurringGiftId): Promise<boolean> {
  const { db, vault } = c.get("deps");
  const expected = await db.inChurch(church, (tx) => vault.linkToken(tx, church, restartWord(id)));
  return sameText(expected, inAddress(c, "t"));
}

const answer = (c: Ctx, caller: Caller, view: RecurringGiftView, isOver = false) => {
  const token = inAddress(c, "t");
  const page = <RestartPage caller={caller} view={view} token={token} isOver={isOver} />;
  return htmlAnswer(c, caller, page, isOver ? { status: 422 } : {});
};

async function goOn(c: Ctx, caller: Caller, { gift }: RecurringGiftView): Promise<Response> {
  const deps = c.get("deps");
  const restarted = await restart(deps, gift.churchId, gift.id, byDonor);
  const now = restarted.ok ? restarted.value : await readRecurringGift(deps, gift.churchId, gift.id);
  if (!now) return notFoundPage(c);
  return answer(c, caller, now, now.gift.status !== "active");
}
