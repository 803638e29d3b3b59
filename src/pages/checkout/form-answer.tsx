import type { Ctx } from "../../http/context.ts";
import type { Fault } from "./check-form.ts";
import type { FormValues } from "./form-values.ts";
import { GivePage } from "./give-page.tsx";
import type { Offer } from "./offer.ts";
import { htmlAnswer, type Visit } from "./page-visit.ts";
import { readAmount } from "./read-amounts.ts";

/** The form with what was typed, and what is to be mended where something is. */
export function formAnswer(
  c: Ctx,
  visit: Visit,
  offer: Offer,
  values: FormValues,
  faults: readonly Fault[],
  notice?: string,
): Promise<Response> {
  const amount = readAmount(values, offer, visit.frame.t);
  const page = (
    <GivePage
      frame={visit.frame}
      offer={offer}
      values={values}
      faults={faults}
      amount={amount.ok ? amount.value : undefined}
      action={`/give/${offer.church.slug}?lang=${visit.language}`}
      quote={`/give/${offer.church.slug}/quote.json`}
      inCurrency={(currency) => `/give/${offer.church.slug}?lang=${visit.language}&currency=${currency}`}
      notice={notice}
    />
  );
  return htmlAnswer(c, visit, page, faults.length > 0 ? { status: 422 } : { keptForBack: true });
}
