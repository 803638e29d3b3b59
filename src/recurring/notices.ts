import type { Sql, Tx } from "../db/client.ts";
import type { Deps } from "../deps.ts";
import { after, days } from "../kernel/clock.ts";
import { type ChurchId, toId } from "../kernel/ids.ts";
import { type Money, money, moneyJson } from "../kernel/money.ts";
import { enqueue } from "../messages/enqueue.ts";
import { loadMandate } from "./mandate-store.ts";
import { amountDue, nextDates } from "./next-due.ts";
import { lastAmount, lastAmountOf } from "./occurrence-history.ts";
import { progressOf } from "./occurrence-store.ts";
import type { RecurringGift } from "./recurring-gift.ts";
import { civilDate, daysAfter, daysUntil, monthsAfter } from "./schedule.ts";
import { giftsOnMandate, loadRecurringGift } from "./store.ts";

type Parts = Pick<Deps, "db" | "clock" | "vault" | "doorbell">;
export type NoticeOrder = { readonly limit: number; readonly signal?: AbortSignal };

/** So many days before: what a donor would want to know in time to change their mind. */
const ahead = { charge: 7, resuming: 7, expiring: [30, 7] } as const;

/**
 * The words that go out before something happens: a charge nobody remembers agreeing to (once a year, or another amount
 * than the last), a pause or the whole promise about to end, a card about to expire. Each has a key of what it tells of, so that a second
 * run tells nobody anything twice. Answers how many gifts and mandates were looked at.
 */
export async function sendNotices(deps: Parts, order: NoticeOrder): Promise<number> {
  const today = civilDate(deps.clock.now(), "UTC");
  const looked =
    (await ofGifts(deps, order, "coming", today)) +
    (await ofGifts(deps, order, "resuming", today)) +
    (await ofCards(deps, order, today));
  if (looked > 0) deps.doorbell.ring("messages");
  return looked;
}

type What = "coming" | "resuming";

/** The job of each day passes a gift on every day of its last week, so that a day missed is made up for; its key lets one through. */
async function ofGifts(deps: Parts, order: NoticeOrder, what: What, today: string): Promise<number> {
  const of = (sql: Sql) =>
    what === "coming"
      ? sql`next_open_at > ${deps.clock.now()} and next_open_at <= ${after(deps.clock.now(), days(ahead.charge + 1))}`
      : sql`resumes_on between ${today} and ${daysAfter(today, ahead.resuming)}`;
  const churches = await deps.db.sweeping(
    ({ sql }) =>
      sql<{ church_id: string }[]>`select distinct church_id from recurring_gifts where ${of(sql)}`,
  );
  let looked = 0;
  for (const { church_id } of churches) {
    const church = toId("church", church_id);
    let past: string | undefined;
    for (;;) {
      const rows = await deps.db.inChurch(
        church,
        ({ sql }) => sql<{ id: string }[]>`
          select id from recurring_gifts g
          where church_id = ${church_id} and ${of(sql)} and ${what === "coming" ? mayBeNews(sql) : sql`true`}
            ${past === undefined ? sql`` : sql`and id > ${past}`}
          order by id limit ${order.limit}`,
      );
      for (const { id } of rows) {
        if (order.signal?.aborted) return looked;
        await deps.db.inChurch(church, async (tx) => {
          const gift = await loadRecurringGift(tx, church, toId("recurringGift", id), false);
          if (gift) await (what === "coming" ? tellOfCharge(deps, tx, gift) : tellOfResuming(deps, tx, gift));
        });
        looked += 1;
      }
      past = rows.at(-1)?.id;
      if (rows.length < order.limit) break;
    }
  }
  return looked;
}

/**
 * Nothing is told of most gifts: every month the same, with no end. Those are passed over in the database; what is told
 * of the rest {@link tellOfCharge} decides.
 */
const mayBeNews = (sql: Sql) => sql`
  (g.ends ->> 'kind' <> 'never' or g.rule ->> 'cadence' = 'yearly' or g.amount_minor <> ${lastAmountOf(sql)})`;

async function tellOfCharge(deps: Parts, tx: Tx, gift: RecurringGift): Promise<void> {
  const dueOn = gift.nextDueOn;
  if (gift.status !== "active" || dueOn === undefined) return;
  const left = daysUntil(dueOn, civilDate(deps.clock.now(), gift.timeZone));
  if (left > ahead.charge + gift.leadDays) return;
  const progress = await progressOf(tx, gift.churchId, gift.id);
  const amount = amountDue(gift, progress);
  if (nextDates(gift, progress, 2).length === 1) await tellOfEnd(deps, tx, gift, dueOn, amount);
  if (gift.collection !== "automatic") return;
  const last = await lastAmount(tx, gift.churchId, gift.id);
  const other = last !== undefined && last !== amount.minor;
  if (gift.rule.cadence !== "yearly" && !other) return;
  const mandate = gift.mandateId && (await loadMandate(tx, gift.churchId, gift.mandateId, false));
  await enqueue(tx, deps, gift.churchId, {
    kind: "upcoming_charge",
    to: { donor: gift.donorId },
    dedupeKey: `upcoming_charge:${gift.id}:${dueOn}`,
    locale: gift.locale,
    params: {
      recurring_gift: gift.id,
      amount: { ...moneyJson(amount) },
      previous_amount: other ? { ...moneyJson(money(last, amount.currency)) } : null,
      due_on: dueOn,
      display: mandate?.display || null,
      why: other ? "amount_changed" : "yearly",
    },
  });
}

/** The last one by the end the donor chose, told while there is time to choose another. */
const tellOfEnd = (deps: Parts, tx: Tx, gift: RecurringGift, dueOn: string, amount: Money): Promise<void> =>
  enqueue(tx, deps, gift.churchId, {
    kind: "recurring_ending",
    to: { donor: gift.donorId },
    dedupeKey: `recurring_ending:${gift.id}:${dueOn}`,
    locale: gift.locale,
    params: { recurring_gift: gift.id, due_on: dueOn, amount: { ...moneyJson(amount) } },
  });

async function tellOfResuming(deps: Parts, tx: Tx, gift: RecurringGift): Promise<void> {
  const { resumesOn, status } = gift;
  if (status !== "paused" || resumesOn === undefined) return;
  const left = daysUntil(resumesOn, civilDate(deps.clock.now(), gift.timeZone));
  if (left < 0 || left > ahead.resuming) return;
  await enqueue(tx, deps, gift.churchId, {
    kind: "recurring_resuming",
    to: { donor: gift.donorId },
    dedupeKey: `recurring_resuming:${gift.id}:${resumesOn}`,
    locale: gift.locale,
    params: { recurring_gift: gift.id, resumes_on: resumesOn, amount: { ...moneyJson(gift.amount) } },
  });
}

/** A card is good to the last day of its month: 30 days before it, and again 7. */
async function ofCards(deps: Parts, order: NoticeOrder, today: string): Promise<number> {
  const until = daysAfter(today, ahead.expiring[0]).slice(0, 7);
  const rows = await deps.db.sweeping(
    ({ sql }) => sql<{ church_id: string; id: string }[]>`
      select church_id, id from mandates
      where state = 'active' and expires_on between ${today.slice(0, 7)} and ${until}
      order by expires_on, id limit ${order.limit}`,
  );
  for (const row of rows) {
    if (order.signal?.aborted) break;
    const church = toId("church", row.church_id);
    await deps.db.inChurch(church, (tx) => tellOfCard(deps, tx, church, row.id, today));
  }
  return rows.length;
}

async function tellOfCard(deps: Parts, tx: Tx, church: ChurchId, id: string, today: string): Promise<void> {
  const mandate = await loadMandate(tx, church, toId("mandate", id), false);
  if (!mandate?.expiresOn) return;
  const lastDay = daysAfter(monthsAfter(`${mandate.expiresOn}-01`, 1), -1);
  const left = daysUntil(lastDay, today);
  const due = [...ahead.expiring].reverse().find((most) => left >= 0 && left <= most);
  const living = (await giftsOnMandate(tx, church, mandate.id, false)).filter(
    ({ status }) => status === "active",
  );
  const [gift] = living;
  if (due === undefined || !gift) return;
  await enqueue(tx, deps, church, {
    kind: "card_expiring",
    to: { donor: mandate.donorId },
    dedupeKey: `card_expiring:${mandate.id}:${mandate.expiresOn}:${due}`,
    locale: gift.locale,
    params: {
      display: mandate.display ?? null,
      expires_on: mandate.expiresOn,
      days: left,
      gifts: living.length,
    },
  });
}
