import { button, type Draft, facts, paragraphs } from "./blocks.ts";
import { howToPay } from "./how-to-pay.ts";
import type { ParamsOf } from "./params.ts";
import type { Tongue } from "./tongue.ts";

/** What is told before a date. A reminder is always called one: nothing in it says that money moves by itself. */

export function reminder(tongue: Tongue, gift: ParamsOf<"reminder">): Draft {
  const { fill, words } = tongue;
  const own = words.reminder;
  return {
    subject: fill(own.subject, { date: tongue.day(gift.due_on) }),
    preheader: fill(own.preheader, { amount: tongue.money(gift.amount) }),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      ...dated(tongue, gift),
      { type: "small", text: own.no_worry },
      { type: "small", text: words.pay.already },
    ],
  };
}

/** A second word before the date, or the last one after it. */
export function reminderNudge(tongue: Tongue, gift: ParamsOf<"reminder_nudge">): Draft {
  const { fill, words } = tongue;
  const own = words.reminder_nudge;
  const ahead = gift.days_left >= 0;
  const date = tongue.day(gift.due_on);
  const amount = tongue.money(gift.amount);
  return {
    subject: fill(ahead ? own.subject_ahead : own.subject_behind, { date }),
    preheader: fill(ahead ? own.preheader_ahead : own.preheader_behind, { amount }),
    heading: ahead ? own.heading_ahead : own.heading_behind,
    blocks: [
      ...paragraphs(fill(ahead ? own.text_ahead : own.text_behind)),
      ...dated(tongue, gift),
      { type: "small", text: ahead ? words.reminder.no_worry : own.last },
      { type: "small", text: words.pay.already },
    ],
  };
}

const dated = (tongue: Tongue, gift: ParamsOf<"reminder">): Draft["blocks"] => [
  { type: "figure", text: tongue.money(gift.amount), caption: tongue.date(gift.due_on) },
  ...howToPay(tongue, { ...gift, method: tongue.method(gift.method) }),
  ...(gift.own_code
    ? ([
        ...paragraphs(tongue.words.pay.own_code),
        { type: "code", label: tongue.words.label.own_code, text: gift.own_code },
      ] as const)
    : []),
];

export function upcomingCharge(tongue: Tongue, gift: ParamsOf<"upcoming_charge">): Draft {
  const { fill, money, words } = tongue;
  const own = words.upcoming_charge;
  const amount = money(gift.amount);
  return {
    subject: fill(own.subject, { amount, date: tongue.day(gift.due_on) }),
    preheader: fill(own.preheader),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own[gift.why])),
      { type: "figure", text: amount, caption: tongue.date(gift.due_on) },
      ...facts(
        [words.label.previous_amount, gift.previous_amount && money(gift.previous_amount)],
        [words.label.method, gift.display],
      ),
      ...paragraphs(own.until_then),
      ...button(own.button, tongue.manageUrl),
    ],
  };
}
