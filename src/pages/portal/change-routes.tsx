import type { Hono } from "hono";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { changeRecurringGift, previewChange } from "../../recurring/change-recurring-gift.ts";
import type { ChangeWish } from "../../recurring/decide-change.ts";
import type { Fault } from "../checkout/check-form.ts";
import { offerFor } from "../checkout/find-church.ts";
import { readFormValues } from "../checkout/form-values.ts";
import { htmlAnswer } from "../checkout/page-visit.ts";
import { carriedChange } from "./carried-change.ts";
import { changeValues, readChange } from "./change-form.ts";
import { ChangePage } from "./change-page.tsx";
import { ChangeReviewPage } from "./change-review-page.tsx";
import { forGuest, fromGuest } from "./portal-visit.ts";
import type { RecurringScene } from "./recurring-parts.tsx";
import { afterDoing, byDonor, withGift } from "./recurring-routes.tsx";
import { roomFault } from "./room-fault.ts";

/** Changing amount, funds and dates: the form, the change as it would be, and its confirmation. */
export function addChangeRoutes(app: Hono<HonoEnv>): void {
  const path = "/portal/:church/recurring/:gift/change";
  app.get(path, forGuest(withGift(showForm)));
  app.post(path, fromGuest(withGift(sendForm)));
}

const offerOf = (c: Ctx, { guest, gift }: RecurringScene) =>
  offerFor(c.get("deps"), guest, guest, gift.amount.currency, undefined, gift.rule);

async function showForm(c: Ctx, scene: RecurringScene): Promise<Response> {
  const offer = await offerOf(c, scene);
  const values = changeValues(scene.gift, offer);
  return htmlAnswer(c, scene.guest, <ChangePage scene={scene} offer={offer} values={values} faults={[]} />);
}

async function sendForm(c: Ctx, scene: RecurringScene, form: URLSearchParams): Promise<Response> {
  const deps = c.get("deps");
  const { gift, guest, id } = scene;
  const { t } = guest.frame;
  const values = readFormValues(form);
  const offer = await offerOf(c, scene);
  const again = (faults: readonly Fault[]) =>
    htmlAnswer(c, guest, <ChangePage scene={scene} offer={offer} values={values} faults={faults} />, {
      status: faults.length > 0 ? 422 : 200,
    });
  if (values.step === "edit") return again([]);
  const wish = readChange(values, gift, offer, t);
  if (!wish.ok) return again(wish.error);
  if (Object.keys(wish.value).length === 0) return again([{ place: "form", text: t("portal.change.same") }]);
  const preview = await previewChange(deps, gift.churchId, id, wish.value);
  if (!preview.ok) return again([{ place: "form", text: roomFault(preview.error, t) }]);
  const { needsMandate } = preview.value;
  if (needsMandate?.errors?.some(({ pointer }) => pointer === "/frequency")) {
    return again([{ place: "frequency", text: t("portal.errors.cadence") }]);
  }
  if (values.step !== "confirm" || needsMandate) {
    const authorize = needsMandate && authorizeLink(scene, wish.value);
    const page = (
      <ChangeReviewPage scene={scene} values={values} preview={preview.value} authorize={authorize} />
    );
    return htmlAnswer(c, guest, page);
  }
  return confirm(c, scene, wish.value, again);
}

async function confirm(
  c: Ctx,
  scene: RecurringScene,
  wish: ChangeWish,
  again: (faults: readonly Fault[]) => Promise<Response>,
): Promise<Response> {
  const { gift, guest, id } = scene;
  const changed = await changeRecurringGift(c.get("deps"), gift.churchId, id, wish, byDonor);
  if (changed.ok) return afterDoing(c, scene, "changed");
  return again([{ place: "form", text: roomFault(changed.error, guest.frame.t) }]);
}

const authorizeLink = ({ guest, id }: RecurringScene, wish: ChangeWish): string =>
  `${guest.links.room(id, "method")}&${carriedChange(wish)}`;
