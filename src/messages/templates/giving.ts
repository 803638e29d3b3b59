import { type Block, button, type Draft, facts, paragraphs } from "./blocks.ts";
import { howToPay, isSelfContained } from "./how-to-pay.ts";
import type { ParamsOf } from "./params.ts";
import type { Tongue } from "./tongue.ts";

/** Messages about one gift: thanks, what is left to pay, its acknowledgment, its return, a dispute told to the church. */

export function thankYou(tongue: Tongue, gift: ParamsOf<"thank_you">): Draft {
  const { fill, money, words } = tongue;
  const own = words.thank_you;
  const amount = money(gift.amount);
  return {
    subject: fill(own.subject),
    preheader: fill(own.preheader, { amount }),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      { type: "figure", text: amount },
      ...facts(
        ...fundRows(tongue, gift.funds),
        [words.label.next_date, gift.next_due_on && tongue.date(gift.next_due_on)],
        [words.label.number, gift.donation],
      ),
      ...paragraphs(
        gift.recurring_gift ? own.recurring : undefined,
        gift.url ? own.acknowledgment : undefined,
      ),
      ...button(own.button, gift.url),
    ],
  };
}

/** Where it goes: the fund, or each with its share where there are several. */
function fundRows(tongue: Tongue, funds: ParamsOf<"thank_you">["funds"]) {
  const label = tongue.words.label.fund;
  return funds.map(({ name, code, amount }) => {
    const called = name ?? code;
    return funds.length > 1 && amount
      ? ([called ?? label, tongue.money(amount)] as const)
      : ([label, called] as const);
  });
}

export function voucherWaiting(tongue: Tongue, gift: ParamsOf<"voucher_waiting">): Draft {
  const { fill, money, words } = tongue;
  const own = words.voucher_waiting;
  const amount = money(gift.amount);
  return {
    subject: fill(own.subject, { amount }),
    preheader: fill(own.preheader),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(isSelfContained(gift.action) ? own.text : own.text_link)),
      { type: "figure", text: amount },
      ...howToPay(tongue, { ...gift, method: tongue.method(gift.method) }),
      { type: "small", text: words.pay.already },
    ],
  };
}

export const receiptReady = (tongue: Tongue, receipt: ParamsOf<"receipt_ready">): Draft =>
  amountToFetch(tongue, tongue.words.receipt_ready, receipt, []);

export function refundToClaim(tongue: Tongue, refund: ParamsOf<"refund_to_claim">): Draft {
  const { words } = tongue;
  const own = words.refund_to_claim;
  const draft = amountToFetch(tongue, own, refund, facts([words.label.number, refund.donation]));
  return { ...draft, blocks: [...draft.blocks, { type: "small", text: own.yours }] };
}

/** An amount, what there is to say of it, and the button that leads to it. */
function amountToFetch(
  { fill, money }: Tongue,
  own: Tongue["words"]["receipt_ready"],
  about: Pick<ParamsOf<"receipt_ready">, "amount" | "url">,
  said: Draft["blocks"],
): Draft {
  const amount = money(about.amount);
  return {
    subject: fill(own.subject, { amount }),
    preheader: fill(own.preheader),
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      { type: "figure", text: amount },
      ...said,
      ...button(own.button, about.url),
    ],
  };
}

/**
 * What banks' and gateways' codes for a dispute mean, as one word of ours: those of Stripe (API reference, "Dispute
 * reason") and PayPal (Disputes API, `reason`). Another is shown as it came, to be asked about.
 */
const reasonByCode: Readonly<Record<string, keyof Tongue["words"]["disputed"]>> = {
  fraudulent: "not_allowed",
  unauthorised: "not_allowed",
  debit_not_authorized: "not_allowed",
  unrecognized: "not_recognized",
  duplicate: "twice",
  duplicate_transaction: "twice",
  payment_by_other_means: "twice",
  incorrect_amount: "other_amount",
  subscription_canceled: "canceled",
  canceled_recurring_billing: "canceled",
  credit_not_processed: "not_returned",
};

function disputeReason({ words }: Tongue, code: string): string | undefined {
  const reason = reasonByCode[code.toLowerCase()];
  return reason && words.disputed[reason];
}

export function dispute(tongue: Tongue, told: ParamsOf<"dispute">): Draft {
  const { fill, money, words } = tongue;
  const own = words.dispute;
  const amount = money(told.amount);
  const answer: readonly Block[] = told.due_at ? paragraphs(own.answer) : [];
  return {
    subject: fill(own.subject, { amount }),
    preheader: own.preheader,
    heading: own.heading,
    blocks: [
      ...paragraphs(fill(own.text)),
      { type: "figure", text: amount },
      ...facts(
        [words.label.answer_before, told.due_at && tongue.instant(told.due_at)],
        [words.label.reason, told.reason && (disputeReason(tongue, told.reason) ?? told.reason)],
        [words.label.number, told.donation],
      ),
      ...answer,
    ],
    toChurch: true,
  };
}
