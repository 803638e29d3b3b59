import { getDonor } from "../../donors/store.ts";
import type { Ctx } from "../../http/context.ts";
import { htmlAnswer } from "../checkout/page-visit.ts";
import { HomePage } from "./home-page.tsx";
import { giftsOfYear } from "./my-gifts.ts";
import { myRecurringGifts } from "./my-recurring.ts";
import type { Guest } from "./portal-visit.ts";

/** What a donor who came in sees first. */
export async function showHome(c: Ctx, guest: Guest): Promise<Response> {
  const deps = c.get("deps");
  const { church, donorId } = guest;
  const [donor, recurring, gifts] = await Promise.all([
    deps.db.inChurch(church.id, (tx) => getDonor(tx, deps.vault, church.id, donorId)),
    myRecurringGifts(deps, guest),
    giftsOfYear(deps, guest, c.req.query("year")),
  ]);
  const page = (
    <HomePage
      guest={guest}
      name={donor?.name ?? undefined}
      recurring={recurring}
      gifts={gifts}
      notice={c.req.query("said") === "stale" ? guest.frame.t("portal.door.stale") : undefined}
    />
  );
  return htmlAnswer(c, guest, page);
}
