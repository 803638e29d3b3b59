import { type Block, button, type Draft, facts, paragraphs } from "./blocks.ts";
import type { ParamsOf, Terms } from "./params.ts";
import type { Tongue } from "./tongue.ts";

/** Messages about a recurring gift as it begins, changes, rests and ends. */

export function recurringStarted(tongue: Tongue, gift: ParamsOf<"recurring_started">): Draft {
  const { fill, words } = tongue;
  const own = words.recurring_started;
  const amount = tongue.money(gift.amount);
  const agreement = gift.agreement_text;
  return {
    subject: fill(own.subject),
    preheader: fill(own[`preheader_${gift.collection}`], { amount }),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own[gift.collection])),
      { type: "figure", text: amount, ...caption(gift.frequency_text) },
      ...facts([words.label.method, gift.display]),
      ...nextDates(tongue, gift.next_dates),
      ...paragraphs(own.free),
      ...button(own.button, tongue.manageUrl),
      ...(agreement ? [{ type: "small", text: `${own.agreement} ${agreement}` } as const] : []),
    ],
  };
}

export function recurringChanged(tongue: Tongue, change: ParamsOf<"recurring_changed">): Draft {
  const { fill, words } = tongue;
  const own = words.recurring_changed;
  const { before, after } = change;
  const donor = change.by === "donor";
  const row = (label: string, of: (terms: Terms) => string | null | undefined) =>
    [label, nowAndBefore(tongue, of(after), of(before))] as const;
  return {
    subject: fill(own.subject),
    preheader: own.preheader,
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(donor ? own.by_donor : own.by_church), change.now ? own[change.now] : undefined),
      ...facts(
        row(words.label.amount, (terms) => tongue.money(terms.amount)),
        row(words.label.frequency, (terms) => terms.frequency_text),
        row(words.label.method, (terms) => terms.display ?? tongue.method(terms.method)),
        row(words.label.fund, (terms) => fundsText(tongue, terms.funds)),
      ),
      ...nextDates(tongue, change.next_dates),
      ...paragraphs(donor ? undefined : own.unexpected),
      ...button(own.button, tongue.manageUrl),
    ],
  };
}

/** Where it goes: the fund, or each with its share where there are several. */
const fundsText = ({ money }: Tongue, funds: Terms["funds"]): string =>
  funds
    .flatMap(({ name, amount }) => (name ? [{ name, amount }] : []))
    .map(({ name, amount }) => (funds.length > 1 && amount ? `${name} ${money(amount)}` : name))
    .join(", ");

/** How it is now, and how it was where that is known and another. */
function nowAndBefore(
  { fill, words }: Tongue,
  now: string | null | undefined,
  before: string | null | undefined,
): string | null | undefined {
  if (!now || !before || now === before) return now;
  return fill(words.now_and_before, { now, before });
}

export function recurringPaused(tongue: Tongue, { resumes_on }: ParamsOf<"recurring_paused">): Draft {
  const { fill, words } = tongue;
  const own = words.recurring_paused;
  return {
    subject: fill(own.subject),
    preheader: own.preheader,
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      ...facts([words.label.next_date, resumes_on && tongue.date(resumes_on)]),
      ...paragraphs(resumes_on ? fill(own.until, { date: tongue.day(resumes_on) }) : own.open),
      ...button(own.button, tongue.manageUrl),
    ],
  };
}

export function recurringResuming(tongue: Tongue, gift: ParamsOf<"recurring_resuming">): Draft {
  const { fill, words } = tongue;
  const own = words.recurring_resuming;
  return {
    subject: fill(own.subject, { date: tongue.day(gift.resumes_on) }),
    preheader: fill(own.preheader),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      { type: "figure", text: tongue.money(gift.amount), caption: tongue.date(gift.resumes_on) },
      ...paragraphs(own.longer),
      ...button(own.button, tongue.manageUrl),
    ],
  };
}

export function recurringEnding(tongue: Tongue, gift: ParamsOf<"recurring_ending">): Draft {
  const { fill, words } = tongue;
  const own = words.recurring_ending;
  return {
    subject: fill(own.subject, { date: tongue.day(gift.due_on) }),
    preheader: fill(own.preheader),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      { type: "figure", text: tongue.money(gift.amount), caption: tongue.date(gift.due_on) },
      ...paragraphs(own.longer),
      ...button(own.button, tongue.manageUrl),
    ],
  };
}

export function recurringCanceled(tongue: Tongue, { by, reason }: ParamsOf<"recurring_canceled">): Draft {
  const { fill, words } = tongue;
  const own = words.recurring_canceled;
  const text = by === "donor" ? own.by_donor : by === "church" ? own.by_church : own.by_other;
  return {
    subject: fill(own.subject),
    preheader: own.preheader,
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(text)),
      // A donor's own reason was for the church, not to be read back.
      ...(by === "church" ? facts([words.label.reason, reason]) : []),
      ...paragraphs(own.thanks),
    ],
  };
}

const nextDates = ({ words, date }: Tongue, dates: readonly string[]): readonly Block[] =>
  dates.length === 0 ? [] : [{ type: "list", title: words.label.next_dates, items: dates.map(date) }];

const caption = (text: string | null | undefined) => (text ? { caption: text } : {});
