import type { Deps } from "../../deps.ts";
import { readDonation } from "../../giving/read-donation.ts";
import type { Ctx } from "../../http/context.ts";
import { type DonationId, parseId } from "../../kernel/ids.ts";
import { nextDates } from "../../recurring/next-due.ts";
import {
  listOccurrences,
  listRecurringGifts,
  readRecurringGift,
} from "../../recurring/read-recurring-gift.ts";
import type { Occurrence } from "../../recurring/recurring-gift.ts";
import type { RecurringGiftView } from "../../recurring/recurring-json.ts";
import { civilDate } from "../../recurring/schedule.ts";
import { giftLinks, giftToken } from "../checkout/gift-link.ts";
import type { PastPeriod } from "./history.tsx";
import type { Guest } from "./portal-visit.ts";
import type { RecurringScene } from "./recurring-parts.tsx";

const mostRecurring = 100;
const mostPeriods = 60;
const datesShown = 4;

/** The recurring gifts of the donor who came in, newest first. */
export async function myRecurringGifts(deps: Deps, guest: Guest): Promise<readonly RecurringScene[]> {
  const { church, donorId, mode } = guest;
  const views = await listRecurringGifts(deps, church.id, { donorId, limit: mostRecurring });
  const fundNames = await fundNamesOf(deps, guest);
  return views.filter(({ gift }) => gift.mode === mode).map((view) => sceneOf(guest, view, fundNames));
}

/** The recurring gift the address names, where it is this donor's own; `undefined` for every other. */
export async function myRecurringGift(c: Ctx, guest: Guest): Promise<RecurringScene | undefined> {
  const deps = c.get("deps");
  const id = parseId("recurringGift", c.req.param("gift"));
  const view = id && (await readRecurringGift(deps, guest.church.id, id));
  if (!view || view.gift.donorId !== guest.donorId || view.gift.mode !== guest.mode) return undefined;
  const scene = sceneOf(guest, view, await fundNamesOf(deps, guest));
  const [newest] = (await listOccurrences(deps, guest.church.id, id, { limit: 1 })) ?? [];
  // One that was opened and of which nobody was asked anything yet is still to come.
  const isToCome = newest?.state === "open" && newest.donationId === undefined;
  return isToCome ? { ...scene, nextDates: [newest.dueOn, ...scene.nextDates].slice(0, datesShown) } : scene;
}

async function fundNamesOf(deps: Deps, guest: Guest): Promise<ReadonlyMap<string, string>> {
  const settings = await deps.settings.read(guest.church.id);
  return new Map(settings?.funds.map((fund) => [fund.id, fund.name]));
}

function sceneOf(
  guest: Guest,
  { gift, mandate, nextMandate, progress }: RecurringGiftView,
  fundNames: ReadonlyMap<string, string>,
): RecurringScene {
  const isOver = gift.status === "canceled" || gift.status === "completed";
  return {
    guest,
    gift,
    id: gift.id,
    mandate,
    nextMandate,
    nextDates: isOver ? [] : nextDates(gift, progress, datesShown),
    fundNames,
  };
}

/** What fell due so far, newest first, each with its gift's page; and the voucher or link that waits to be paid. */
export async function pastOf(deps: Deps, scene: RecurringScene) {
  const { guest, id } = scene;
  const { church } = guest;
  const occurrences = (await listOccurrences(deps, church.id, id, { limit: mostPeriods })) ?? [];
  const history = await Promise.all(occurrences.map((occurrence) => pastPeriod(deps, guest, occurrence)));
  const waiting = history.find(({ waits }) => waits);
  const payNow = waiting?.gift ? { url: waiting.gift, dueOn: waiting.occurrence.dueOn } : undefined;
  return { history, payNow };
}

async function pastPeriod(deps: Deps, guest: Guest, occurrence: Occurrence): Promise<PastPeriod> {
  const { donationId } = occurrence;
  if (!donationId) return { occurrence, gift: undefined, lateOn: undefined, waits: false };
  const view = await readDonation(deps, guest.church.id, donationId);
  const on = view?.capturedAt;
  return {
    occurrence,
    gift: await giftPage(deps, guest, donationId),
    lateOn: on && civilDate(on, guest.church.timeZone) > occurrence.dueOn ? on : undefined,
    waits: view?.status === "requires_action",
  };
}

async function giftPage(deps: Deps, { church, language }: Guest, donation: DonationId): Promise<string> {
  return giftLinks(church.slug, donation, await giftToken(deps, church.id, donation), language).page;
}
