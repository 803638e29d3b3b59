import { button, type Draft, facts, paragraphs } from "./blocks.ts";
import type { ParamsOf } from "./params.ts";
import type { Tongue } from "./tongue.ts";

/** What is told when a promise cannot be kept by itself any more, or soon will not be: plainly, and without blame. */

export function paymentFailed(tongue: Tongue, gift: ParamsOf<"payment_failed">): Draft {
  const { fill, words } = tongue;
  const own = words.payment_failed;
  const amount = tongue.money(gift.amount);
  const nextTry = gift.next_try_on ? tongue.day(gift.next_try_on) : undefined;
  const confirm = gift.ask === "authenticate";
  const next = {
    none: nextTry ? fill(own.next_try, { date: nextTry }) : own.no_more,
    new_method: nextTry ? fill(own.next_try_or_change, { date: nextTry }) : own.new_method,
    authenticate: own.authenticate,
  }[gift.ask];
  return {
    subject: fill(confirm ? own.subject_authenticate : own.subject, { amount }),
    preheader: fill(own.preheader),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      { type: "figure", text: amount, caption: tongue.date(gift.due_on) },
      ...facts([words.label.reason, gift.reason && words.why[gift.reason]]),
      ...paragraphs(next),
      ...(gift.ask === "none" ? [] : facts([words.label.until, gift.until && tongue.date(gift.until)])),
      ...(gift.ask === "none"
        ? []
        : button(confirm ? own.button_authenticate : own.button_new_method, gift.url ?? tongue.manageUrl)),
    ],
  };
}

export function cardExpiring(tongue: Tongue, card: ParamsOf<"card_expiring">): Draft {
  const { fill, words } = tongue;
  const own = words.card_expiring;
  const month = tongue.month(card.expires_on);
  const several = card.gifts > 1;
  return {
    subject: fill(own.subject, { month }),
    preheader: fill(own.preheader),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(several ? own.text_other : own.text_one, { month, count: String(card.gifts) })),
      ...facts([words.label.method, card.display], [words.label.expires, month]),
      ...paragraphs(several ? own.change_other : own.change_one),
      ...button(own.button, tongue.manageUrl),
      ...(card.days <= 7 ? [{ type: "small", text: own.last } as const] : []),
    ],
  };
}

export function mandateEnded(tongue: Tongue, ended: ParamsOf<"mandate_ended">): Draft {
  const { fill, words } = tongue;
  const own = words.mandate_ended;
  return {
    subject: own.subject,
    preheader: fill(own.preheader),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own[`by_${ended.by}`])),
      ...facts(
        [words.label.amount, tongue.money(ended.amount)],
        [words.label.method, ended.display ?? tongue.method(ended.method)],
      ),
      ...paragraphs(own.next),
      ...button(own.button, tongue.manageUrl),
    ],
  };
}

/** One caring message, and one tap to go on. */
export function recurringDormant(tongue: Tongue, gift: ParamsOf<"recurring_dormant">): Draft {
  const { fill, words } = tongue;
  const own = words.recurring_dormant;
  return {
    subject: fill(own.subject),
    preheader: own.preheader,
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text), own.care),
      ...facts([words.label.amount, tongue.money(gift.amount)]),
      ...button(own.button, gift.restart_url ?? tongue.manageUrl),
    ],
  };
}
