import type { Deps } from "../../deps.ts";
import type { DonationView } from "../../giving/donation-view.ts";
import { listDonations } from "../../giving/read-donation.ts";
import { uuidOf } from "../../kernel/ids.ts";
import { add, isPositive, type Money, subtract } from "../../kernel/money.ts";
import { giftLinks, giftToken } from "../checkout/gift-link.ts";
import type { Guest } from "./portal-visit.ts";

/** A donor's gifts of one year, and the years there are, newest first. */
export type GiftsOfYear = {
  readonly years: readonly string[];
  readonly year: string;
  readonly gifts: readonly ListedGift[];
  /** What arrived and was not given back, by currency. */
  readonly totals: readonly Money[];
  readonly received: number;
};

export type ListedGift = {
  readonly view: DonationView;
  readonly on: Date;
  readonly links: ReturnType<typeof giftLinks>;
};

/** A gift a day for eleven years. */
const mostGifts = 4000;

/** Reads what the donor gave in `asked` (a year as text), or in the newest year with a gift. */
export async function giftsOfYear(
  deps: Pick<Deps, "db" | "vault" | "clock">,
  guest: Guest,
  asked: string | undefined,
): Promise<GiftsOfYear> {
  const { church, donorId, mode, language } = guest;
  const views = await listDonations(deps, church.id, { donorId: uuidOf(donorId), limit: mostGifts });
  const yearOf = yearsIn(church.timeZone);
  const dated = views
    .filter((view) => view.mode === mode)
    .map((view) => ({ view, on: view.capturedAt ?? view.createdAt }))
    .sort((a, b) => b.on.getTime() - a.on.getTime());
  const years = [...new Set(dated.map(({ on }) => yearOf(on)))];
  const year = years.find((known) => known === asked) ?? years[0] ?? yearOf(deps.clock.now());
  const here = dated.filter(({ on }) => yearOf(on) === year);
  const gifts = await Promise.all(
    here.map(async (gift) => {
      const token = await giftToken(deps, church.id, gift.view.id);
      return { ...gift, links: giftLinks(church.slug, gift.view.id, token, language) };
    }),
  );
  const kept = here
    .flatMap(({ view }) => (view.status === "succeeded" ? [netOf(view)] : []))
    .filter(isPositive);
  return { years, year, gifts, totals: totalsOf(kept), received: kept.length };
}

/** What the donor gave in the end: what was charged, less what went back. */
const netOf = (view: DonationView): Money => subtract(view.charged, view.refunded);

function totalsOf(amounts: readonly Money[]): readonly Money[] {
  const totals = new Map<string, Money>();
  for (const amount of amounts) {
    const before = totals.get(amount.currency);
    totals.set(amount.currency, before ? add(before, amount) : amount);
  }
  return [...totals.values()];
}

function yearsIn(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat("en-US", { year: "numeric", timeZone });
  return (at) => format.format(at);
}
