import type { GiveRequest } from "../../giving/give-request.ts";
import type { Ctx } from "../../http/context.ts";
import { parseId } from "../../kernel/ids.ts";
import { planStart, type StartPlan, type StartRequest } from "../../recurring/plan-start.ts";
import { type ShownAgreement, startAgreement } from "../../recurring/start-agreement.ts";
import { startRecurringGift } from "../../recurring/start-recurring-gift.ts";
import type { Often } from "./check-often.ts";
import type { FoundChurch } from "./find-church.ts";
import { formAnswer } from "./form-answer.tsx";
import { newFormKey } from "./form-key.ts";
import type { FormValues } from "./form-values.ts";
import { giftToken } from "./gift-link.ts";
import type { Offer } from "./offer.ts";
import { htmlAnswer, type Visit } from "./page-visit.ts";
import { faultsOf } from "./problem-faults.ts";
import { ReviewPage } from "./review-page.tsx";
import { startedLinks } from "./started-links.ts";
import { waitingItOut } from "./waiting-it-out.ts";

type Sent = {
  readonly found: FoundChurch;
  readonly visit: Visit;
  readonly offer: Offer;
  readonly values: FormValues;
  readonly request: GiveRequest;
  readonly often: Often;
};

/**
 * A gift that is to be given again and again: first shown as it will be, with its next dates and the words of the
 * agreement; started when the donor confirms exactly what was shown.
 */
export async function reviewOrStart(c: Ctx, sent: Sent): Promise<Response> {
  const { visit, offer, values } = sent;
  if (values.step === "edit") return formAnswer(c, visit, offer, values, []);
  const deps = c.get("deps");
  const { rule, startsOn } = sent.often;
  const request: StartRequest = { ...sent.request, rule, startsOn, ends: { kind: "never" }, agreement: {} };
  const plan = await planStart(deps, request);
  if (!plan.ok) return formAnswer(c, visit, offer, values, faultsOf(plan.error, offer, visit.frame.t));
  const agreement = startAgreement(plan.value, visit.locale);
  const agreed = values.step === "confirm" && values.agreement === (agreement?.text ?? "");
  return agreed ? start(c, sent, request, agreement) : review(c, sent, plan.value, agreement);
}

function review(
  c: Ctx,
  sent: Sent,
  plan: StartPlan,
  agreement: ShownAgreement | undefined,
): Promise<Response> {
  const { visit, offer, values } = sent;
  const { slug } = offer.church;
  const page = (
    <ReviewPage
      visit={visit}
      offer={offer}
      values={values}
      plan={plan}
      agreement={agreement}
      action={`/give/${slug}?lang=${visit.language}`}
    />
  );
  return htmlAnswer(c, visit, page);
}

async function start(
  c: Ctx,
  sent: Sent,
  request: StartRequest,
  agreement: ShownAgreement | undefined,
): Promise<Response> {
  const { visit, offer, values, found } = sent;
  const { device } = request;
  const agreed = agreement ? { ...agreement, ...(device ? { device } : {}) } : {};
  const started = await waitingItOut(() =>
    startRecurringGift(c.get("deps"), { ...request, agreement: agreed }, { kind: "donor" }),
  );
  if (!started.ok) {
    // The key belongs to the other gift that was sent with it: this one gets its own.
    const reused = started.error.code === "idempotency_key_reused";
    const again = reused ? { ...values, key: newFormKey() } : values;
    return formAnswer(c, visit, offer, again, faultsOf(started.error, offer, visit.frame.t));
  }
  const id = parseId("recurringGift", started.value.gift.id);
  if (!id) throw new Error("a recurring gift without an id of ours");
  const token = await giftToken(c.get("deps"), found.church.id, id);
  return c.redirect(startedLinks(found.church.slug, id, token, visit.language).page, 303);
}
