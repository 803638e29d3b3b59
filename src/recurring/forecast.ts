import type { Deps } from "../deps.ts";
import type { CurrencyCode } from "../kernel/currency.ts";
import type { ChurchId, RecurringGiftId } from "../kernel/ids.ts";
import { add, type Money, money, portion, type Rate, zero } from "../kernel/money.ts";
import { type GiftHistory, historiesOf, type Kept, keptByCollection } from "./forecast-store.ts";
import { amountDue, isOver } from "./next-due.ts";
import type { Collection, RecurringGift } from "./recurring-gift.ts";
import { civilDate, monthsAfter, occurrenceAt } from "./schedule.ts";
import { listGiftRows } from "./store.ts";

/** What was promised, and what of it will likely come. */
export type Expectation = { readonly promised: Money; readonly expected: Money };

export type MonthForecast = {
  /** `YYYY-MM`. */
  readonly month: string;
  readonly currency: CurrencyCode;
  readonly automatic: Expectation;
  readonly reminder: Expectation;
};

export type Forecast = {
  readonly months: readonly MonthForecast[];
  /** Of what fell due in the last twelve months, how much came in; the share in parts of a million. */
  readonly adherence: Readonly<Record<Collection, Kept & { readonly partsPerMillion: bigint }>>;
};

/** Where a church has no history yet: what such gifts usually keep (ours, to be replaced by its own within months). */
const usual: Readonly<Record<Collection, Kept>> = {
  automatic: { given: 9, due: 10 },
  reminder: { given: 6, due: 10 },
};
/** The church's average weighs as so many periods beside a gift's own. */
const priorPeriods = 4;
const million = 1_000_000n;
const page = 500;
const stillGiving = ["active", "paused"] as const;

/** The next months' recurring income of a church, by month and currency, from promises and how they were kept so far. */
export async function forecast(
  deps: Pick<Deps, "db" | "clock" | "settings">,
  church: ChurchId,
  mode: "test" | "live",
  months: number,
): Promise<Forecast> {
  const settings = await deps.settings.read(church);
  const today = civilDate(deps.clock.now(), settings?.timeZone ?? "UTC");
  const since = monthsAfter(today, -12);
  const last = monthsAfter(`${today.slice(0, 7)}-01`, months - 1).slice(0, 7);
  const kept = await deps.db.inChurch(church, (tx) => keptByCollection(tx, church, mode, since));
  const table = new Map<string, MonthForecast>();
  for (const status of stillGiving) {
    let before: RecurringGiftId | undefined;
    for (;;) {
      // Each page in a transaction of its own: a long list holds up nobody.
      const rows = await deps.db.inChurch(church, async (tx) => {
        const gifts = await listGiftRows(tx, church, { status, before, limit: page });
        const histories = await historiesOf(
          tx,
          church,
          gifts.map(({ id }) => id),
          since,
        );
        return gifts.map((gift) => ({ gift, history: histories.get(gift.id) ?? nothingYet }));
      });
      for (const { gift, history } of rows) {
        if (gift.mode === mode) addGift(table, gift, history, kept.get(gift.collection) ?? nobody, last);
      }
      before = rows.at(-1)?.gift.id;
      if (rows.length < page) break;
    }
  }
  const share = (collection: Collection) => {
    const own = kept.get(collection) ?? nobody;
    return { ...own, partsPerMillion: rateOf(nobody, own, collection) };
  };
  const inOrder = [...table.values()].sort((a, b) =>
    `${a.month} ${a.currency}`.localeCompare(`${b.month} ${b.currency}`),
  );
  return { months: inOrder, adherence: { automatic: share("automatic"), reminder: share("reminder") } };
}

const nobody: Kept = { given: 0, due: 0 };
const nothingYet: GiftHistory = {
  ...nobody,
  progress: { gifts: 0, totalMinor: 0n, unsettled: 0 },
  open: [],
};

/** A gift's own record, drawn towards the church's the shorter it is, and the church's towards the usual likewise. */
function rateOf(own: Kept, church: Kept, collection: Collection): bigint {
  const prior = usual[collection];
  const [given, due] = [
    church.given * prior.due + priorPeriods * prior.given,
    (church.due + priorPeriods) * prior.due,
  ];
  const top = BigInt(own.given) * BigInt(due) + BigInt(priorPeriods) * BigInt(given);
  const bottom = BigInt(own.due + priorPeriods) * BigInt(due);
  return (top * million) / bottom;
}

function addGift(
  table: Map<string, MonthForecast>,
  gift: RecurringGift,
  history: GiftHistory,
  church: Kept,
  last: string,
): void {
  const rate: Rate = { numerator: rateOf(history, church, gift.collection), scale: 6 };
  const { currency } = gift.amount;
  const due = [...history.open.map((one) => ({ ...one })), ...coming(gift, history, last)];
  for (const { dueOn, amountMinor } of due) {
    const month = dueOn.slice(0, 7);
    if (month > last) continue;
    const key = `${month} ${currency}`;
    const none = { promised: zero(currency), expected: zero(currency) };
    const row = table.get(key) ?? { month, currency, automatic: none, reminder: none };
    const promised = money(amountMinor, currency);
    const before = row[gift.collection];
    const after = {
      promised: add(before.promised, promised),
      expected: add(before.expected, portion(promised, rate, "half_even")),
    };
    table.set(key, { ...row, [gift.collection]: after });
  }
}

/** The dates to come up to a month, with what falls due on each; what the promise's end cuts off is left out. */
function coming(gift: RecurringGift, { progress }: GiftHistory, last: string) {
  const dates: { readonly dueOn: string; readonly amountMinor: bigint }[] = [];
  let so = progress;
  for (let step = 0; gift.nextDueOn !== undefined; step++) {
    const dated = occurrenceAt(gift.rule, gift.anchor, gift.nextIndex + step).dueOn;
    const dueOn = step === 0 ? gift.nextDueOn : dated;
    if (isOver(gift.ends, so, dated) || dueOn.slice(0, 7) > last) break;
    const { minor } = amountDue(gift, so);
    dates.push({ dueOn, amountMinor: minor });
    so = { ...so, gifts: so.gifts + 1, totalMinor: so.totalMinor + minor };
  }
  return dates;
}
