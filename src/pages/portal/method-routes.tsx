import type { Hono } from "hono";
import { clientDevice } from "../../http/client-device.ts";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import { moveToReminder } from "../../recurring/move-to-reminder.ts";
import type { Mandate } from "../../recurring/recurring-gift.ts";
import { replaceMethod } from "../../recurring/replace-method.ts";
import { checkMandate } from "../../recurring/sweep-mandates.ts";
import type { OfferedMethod } from "../../routing/offered-methods.ts";
import { libraryFor, type Sdks } from "../checkout/browser-library.ts";
import { presentationFor } from "../checkout/offer.ts";
import { htmlAnswer } from "../checkout/page-visit.ts";
import { noOutsideOrigins } from "../design/page-security.ts";
import { readCarried } from "./carried-change.ts";
import { methodChoices } from "./method-offer.ts";
import { GrantPage, MethodPage } from "./method-page.tsx";
import { myRecurringGifts } from "./my-recurring.ts";
import { forGuest, fromGuest } from "./portal-visit.ts";
import type { RecurringScene } from "./recurring-parts.tsx";
import { afterDoing, byDonor, withGift } from "./recurring-routes.tsx";
import { roomFault } from "./room-fault.ts";

/** Another way to pay, or a new permission with the same: asked for here, given at the gateway, in use when it says so. */
export function addMethodRoutes(app: Hono<HonoEnv>, sdks: Sdks): void {
  const path = "/portal/:church/recurring/:gift/method";
  app.get(path, forGuest(withGift((c, scene) => showMethod(c, scene, sdks))));
  app.post(path, fromGuest(withGift(sendMethod)));
}

/** The permission that waits for the donor: the new one, or the first. */
const waitingOf = ({ gift, mandate, nextMandate }: RecurringScene): Mandate | undefined =>
  nextMandate ?? (gift.status === "pending" ? mandate : undefined);

async function showMethod(c: Ctx, scene: RecurringScene, sdks: Sdks): Promise<Response> {
  const deps = c.get("deps");
  const waiting = waitingOf(scene);
  if (c.req.query("back") !== undefined) {
    // Back from the gateway: it is asked now, so that the next page says which method is used.
    if (waiting) await checkMandate(deps, scene.gift.churchId, waiting.id);
    return afterDoing(c, scene, "method");
  }
  if (waiting?.state !== "action_required" || c.req.query("other") !== undefined) {
    return choose(c, scene, new URL(c.req.url).searchParams);
  }
  const library = waiting.action?.type === "use_sdk" ? await libraryFor(deps, waiting, sdks) : undefined;
  const back = `${deps.config.publicUrl}${backTo(scene)}`;
  const page = <GrantPage scene={scene} mandate={waiting} back={back} script={library?.script} />;
  return htmlAnswer(c, scene.guest, page, { outside: library ?? noOutsideOrigins });
}

const backTo = ({ guest, id }: RecurringScene): string => `${guest.links.room(id, "method")}&back=1`;

async function choose(
  c: Ctx,
  scene: RecurringScene,
  fields: URLSearchParams,
  fault?: string,
): Promise<Response> {
  const change = readCarried(fields);
  const others = await sharing(c, scene);
  const choices = await methodChoices(c.get("deps"), scene, others, change);
  const carried = change ? [...fields].filter(([name]) => name === "amount" || name === "part") : [];
  const page = (
    <MethodPage scene={scene} together={others.length} choices={choices} carried={carried} fault={fault} />
  );
  return htmlAnswer(c, scene.guest, page, fault ? { status: 422 } : {});
}

/** The donor's recurring gifts that live on the same permission, this one among them. */
async function sharing(c: Ctx, { guest, gift }: RecurringScene): Promise<readonly RecurringScene[]> {
  if (!gift.mandateId) return [];
  const alive = new Set(["active", "paused", "dormant"]);
  const mine = await myRecurringGifts(c.get("deps"), guest);
  return mine.filter((other) => other.gift.mandateId === gift.mandateId && alive.has(other.gift.status));
}

async function sendMethod(c: Ctx, scene: RecurringScene, form: URLSearchParams): Promise<Response> {
  const deps = c.get("deps");
  const { gift, guest, id } = scene;
  const { t } = guest.frame;
  const change = readCarried(form);
  const choices = await methodChoices(deps, scene, await sharing(c, scene), change);
  const reminder = choices.reminding.find(({ type }) => type === form.get("method"));
  if (reminder) return sendReminder(c, scene, form, reminder);
  const chosen = choices.pulling.find(({ method }) => method.type === form.get("method"));
  if (!chosen) return choose(c, scene, form, t("errors.method_gone"));
  // What is agreed to is what was read.
  if (form.get("agreement") !== chosen.agreement.text)
    return choose(c, scene, form, t("portal.errors.conflict"));
  const device = clientDevice(c);
  const { method, agreement } = chosen;
  const asked = await replaceMethod(
    deps,
    gift.churchId,
    id,
    {
      method: { type: method.type, presentation: presentationFor(method, form.get("script") === "1") },
      agreement: { ...agreement, ...(device ? { device } : {}) },
      ...(device ? { device } : {}),
      ...(change ? { change } : {}),
      returnUrl: `${deps.config.publicUrl}${backTo(scene)}`,
      traceId: c.get("traceId"),
    },
    byDonor,
  );
  if (!asked.ok) return choose(c, scene, form, roomFault(asked.error, t));
  const { gift: now, nextMandate } = asked.value;
  const isWaiting = nextMandate?.state === "action_required" || now.status === "pending";
  return isWaiting ? c.redirect(guest.links.room(id, "method"), 303) : afterDoing(c, scene, "method");
}

/** From now on the donor is reminded: nobody else has to agree, so it is done at once. */
async function sendReminder(
  c: Ctx,
  scene: RecurringScene,
  form: URLSearchParams,
  method: OfferedMethod,
): Promise<Response> {
  const change = readCarried(form);
  const bank = form.get("bank") ?? "";
  const presentation = presentationFor(method, form.get("script") === "1");
  const wish = {
    method: { type: method.type, presentation, ...(bank === "" ? {} : { bank }) },
    agreement: {},
    ...(change ? { change } : {}),
    traceId: c.get("traceId"),
  } as const;
  const moved = await moveToReminder(c.get("deps"), scene.gift.churchId, scene.id, wish, byDonor);
  if (!moved.ok) return choose(c, scene, form, roomFault(moved.error, scene.guest.frame.t));
  return afterDoing(c, scene, "reminder");
}
