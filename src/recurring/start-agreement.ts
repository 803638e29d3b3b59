import { present } from "../kernel/assert.ts";
import type { Money } from "../kernel/money.ts";
import { agreementText, agreementVersion } from "./agreement-words.ts";
import { describeRule } from "./describe-rule.ts";
import { ceilingOf } from "./new-mandate.ts";
import type { StartPlan } from "./plan-start.ts";

export type ShownAgreement = { readonly text: string; readonly version: string; readonly ceiling: Money };

/** The words a donor agrees to by starting this, to be shown as they are recorded; none where nothing is pulled. */
export function startAgreement(plan: StartPlan, locale: string): ShownAgreement | undefined {
  if (plan.collection === "reminder") return undefined;
  const terms = present(plan.route.capability.mandate, "the route pulls by itself");
  const ceiling = ceilingOf(plan.charged, terms, plan.request.agreement.ceiling);
  const about = {
    church: plan.settings.name,
    method: plan.checked.type,
    ceiling,
    frequency: describeRule(plan.request.rule, plan.anchor, locale),
  };
  return { text: agreementText(about, locale), version: agreementVersion, ceiling };
}
