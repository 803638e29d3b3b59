import type { Ctx } from "../../http/context.ts";
import type { GatewayAccountId } from "../../kernel/ids.ts";
import { add } from "../../kernel/money.ts";
import type { Sdks } from "./browser-library.ts";
import { CardPage } from "./card-page.tsx";
import type { FoundChurch } from "./find-church.ts";
import { formAnswer } from "./form-answer.tsx";
import type { FormValues } from "./form-values.ts";
import type { Offer } from "./offer.ts";
import { htmlAnswer, type Visit } from "./page-visit.ts";
import { readAmount } from "./read-amounts.ts";

type Sent = {
  readonly found: FoundChurch;
  readonly visit: Visit;
  /** Priced for the amount in hand. */
  readonly offer: Offer;
  readonly values: FormValues;
  readonly tokenFrom: GatewayAccountId;
};

/**
 * The page between the form and the gift where a gateway wants a card's token before there is a payment: its fields
 * make one, and the form is sent again with it. Nothing has been written yet.
 */
export async function askForCard(c: Ctx, sent: Sent, sdks: Sdks): Promise<Response> {
  const { found, visit, offer, values, tokenFrom } = sent;
  const { t } = visit.frame;
  const ready = await c.get("deps").payments.ready(found.church.id, tokenFrom);
  const sdk = ready && sdks.get(ready.account.gateway);
  const given = readAmount(values, offer, t);
  const fields = ready?.adapter.hostedFields;
  if (!sdk || !fields || !given.ok) {
    return formAnswer(c, visit, offer, values, [{ place: "form", text: t("errors.gateway") }]);
  }
  const library = ready.account.sandbox ? sdk.sandbox : sdk.live;
  const cover = offer.methods.find(({ type }) => type === values.method)?.feeCover;
  const page = (
    <CardPage
      visit={visit}
      offer={offer}
      values={values}
      charged={values.cover_fees && cover ? add(given.value, cover) : given.value}
      account={tokenFrom}
      publicKey={fields.publicKey}
      island={sdk.island}
      script={library.script}
      action={`/give/${found.church.slug}?lang=${visit.language}`}
    />
  );
  return htmlAnswer(c, visit, page, { outside: library });
}
