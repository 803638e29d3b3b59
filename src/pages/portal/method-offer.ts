import type { Deps } from "../../deps.ts";
import { present } from "../../kernel/assert.ts";
import { add, type Money, money } from "../../kernel/money.ts";
import { agreementText, agreementVersion } from "../../recurring/agreement-words.ts";
import { describeRule } from "../../recurring/describe-rule.ts";
import { mandateCadenceOf } from "../../recurring/rule.ts";
import { type OfferedMethod, offeredMethods } from "../../routing/offered-methods.ts";
import type { CarriedChange } from "./carried-change.ts";
import type { RecurringScene } from "./recurring-parts.tsx";

/** A way to pay a recurring gift can move to, with the words of its agreement as they would be recorded. */
export type MethodChoice = {
  readonly method: OfferedMethod;
  readonly agreement: { readonly text: string; readonly version: string; readonly ceiling: Money };
};

/** What a recurring gift can move to: ways that are charged by themselves, and ways the donor is only reminded of. */
export type MethodChoices = {
  readonly pulling: readonly MethodChoice[];
  readonly reminding: readonly OfferedMethod[];
};

/**
 * The methods that can pull in the gift's rhythm, the present one too (a new card is a new permission), and those that
 * remind. `others`: what the donor's other recurring gifts on the same permission are, which the new one is to cover.
 */
export async function methodChoices(
  deps: Deps,
  scene: RecurringScene,
  others: readonly RecurringScene[],
  change: CarriedChange | undefined,
): Promise<MethodChoices> {
  const { gift, guest } = scene;
  const { currency } = gift.amount;
  const amount = change?.amount === undefined ? gift.amount : money(BigInt(change.amount), currency);
  const offered = await offeredMethods(deps, {
    churchId: gift.churchId,
    country: present(deps.countries.get(gift.country), "a gift's country is served"),
    mode: gift.mode,
    currency,
    amount,
    recurring: mandateCadenceOf[gift.rule.cadence],
  });
  const pulling = offered.filter(
    ({ recurring, presentations }) =>
      recurring === "automatic" && presentations.some((each) => each !== "token"),
  );
  const current = gift.collection === "reminder" ? gift.method : undefined;
  const reminding = offered.filter(
    ({ recurring, type, presentations }) =>
      recurring === "reminder" && type !== current && presentations.length > 0,
  );
  const pulled = pulling.map((method) => {
    const charged = gift.coverFees && method.feeCover ? add(amount, method.feeCover) : amount;
    const ceiling = isFixed(deps, method) ? charged : twice(largest(charged, others));
    const frequency = describeRule(gift.rule, gift.anchor, guest.locale);
    const about = { church: guest.church.name, method: method.type, ceiling, frequency };
    const text = agreementText(about, guest.locale);
    return { method, agreement: { text, version: agreementVersion, ceiling } };
  });
  return { pulling: pulled, reminding };
}

/** Whether the rail fixes the amount of every charge with the permission. */
const isFixed = (deps: Deps, { gateway, type }: OfferedMethod): boolean =>
  deps.payments.manifests
    .get(gateway)
    ?.methods.some((able) => able.type === type && able.mandate?.fixedAmount === true) ?? false;

const largest = (charged: Money, others: readonly RecurringScene[]): Money =>
  others.reduce(
    (most, { gift }) =>
      gift.amount.currency === most.currency && gift.amount.minor > most.minor ? gift.amount : most,
    charged,
  );

/** A small raise needs no new permission. */
const twice = ({ minor, currency }: Money): Money => money(minor * 2n, currency);
