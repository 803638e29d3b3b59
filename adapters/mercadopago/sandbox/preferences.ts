import type { MethodType } from "../../../src/gateway/methods.ts";
import { present } from "../../../src/kernel/assert.ts";
import { withoutGaps } from "../../../src/kernel/without-gaps.ts";
import { fromDecimal } from "../amounts.ts";
import { methodOf, methodsOf } from "./catalog.ts";
import type { SimPayment, SimPreference } from "./documents.ts";
import { settled } from "./money-kept.ts";
import { blankPayment, written } from "./payment-shape.ts";
import { bad } from "./refusal.ts";
import type { CreatePreference } from "./requests.ts";
import { digits, type Scene } from "./state.ts";
import { endingFor } from "./tokens.ts";

/** `POST /checkout/preferences`. */
export function makePreference(scene: Scene, asked: CreatePreference): SimPreference {
  const { seller, now, pagesUrl } = scene;
  judged(scene, asked);
  const id = `${seller.userId}-${crypto.randomUUID()}`;
  const init_point = `${pagesUrl}/checkout/${id}`;
  const { external_reference, notification_url, auto_return, purpose, expiration_date_to } = asked;
  return {
    seller: seller.userId,
    accessToken: seller.accessToken,
    order: Number(digits(11)),
    body: {
      id,
      init_point,
      sandbox_init_point: init_point,
      items: asked.items.map(tidyItem),
      ...withoutGaps({ external_reference }),
      metadata: asked.metadata ?? {},
      ...withoutGaps({ notification_url }),
      back_urls: asked.back_urls ?? {},
      ...withoutGaps({ auto_return }),
      payment_methods: {
        excluded_payment_types: asked.payment_methods?.excluded_payment_types ?? [],
        ...(asked.payment_methods?.installments === undefined
          ? {}
          : { installments: asked.payment_methods.installments }),
        ...(asked.payment_methods?.default_payment_method_id === undefined
          ? {}
          : { default_payment_method_id: asked.payment_methods.default_payment_method_id }),
      },
      payer: asked.payer ?? {},
      ...withoutGaps({ purpose }),
      date_created: written(now),
      expires: asked.expires ?? false,
      ...withoutGaps({ expiration_date_to }),
      collector_id: Number(seller.userId),
      site_id: seller.site.id,
      operation_type: "regular_payment",
    },
  };
}

type Item = SimPreference["body"]["items"][number];
const tidyItem = ({
  id,
  title,
  quantity,
  unit_price,
  currency_id,
  category_id,
}: CreatePreference["items"][number]): Item => ({
  id,
  title,
  quantity,
  unit_price,
  ...withoutGaps({ currency_id, category_id }),
});

function judged(scene: Scene, asked: CreatePreference): void {
  const { currency } = scene.seller.site;
  for (const item of asked.items) {
    const price = fromDecimal(item.unit_price, currency);
    const wholeOnly = currency === "COP";
    if (!price || (wholeOnly && price.minor % 100n !== 0n)) throw bad(4037, "unit_price invalid");
    if (item.currency_id !== undefined && item.currency_id !== currency)
      throw bad(4032, "currency_id invalid");
  }
  if (asked.auto_return && !asked.back_urls?.success) {
    throw bad(4001, "auto_return invalid. back_url.success must be defined");
  }
  if (asked.purpose === "wallet_purchase" && !methodOf(scene.seller.site, "account_money")) {
    throw bad(4002, "purpose invalid");
  }
}

/** `PUT /checkout/preferences/{id}`: closing it, or giving it more time. */
export function changedPreference(
  scene: Scene,
  before: SimPreference,
  asked: CreatePreference,
): SimPreference {
  judged(scene, asked);
  const { body } = before;
  const { expiration_date_to = body.expiration_date_to, expires = body.expires } = asked;
  return {
    ...before,
    body: { ...body, expires, ...withoutGaps({ expiration_date_to }) },
  };
}

/** What the page asks for: gifts have one line. */
export const onlyItem = ({ body }: SimPreference): Item => present(body.items[0], "a preference has an item");

export const isOpen = ({ body }: SimPreference, now: Date): boolean =>
  !(
    body.expires &&
    body.expiration_date_to !== undefined &&
    Date.parse(body.expiration_date_to) <= now.getTime()
  );

/** What the page offers: by purpose, by what was hidden, by what the site has. */
export function offeredOn(scene: Scene, { body }: SimPreference): readonly MethodType[] {
  const hidden = body.payment_methods.excluded_payment_types.map(({ id }) => id);
  const listed = methodsOf(scene.seller.site).filter(({ type }) => !hidden.includes(type));
  const ours = new Set(listed.map((one) => one.ours));
  if (body.purpose === "wallet_purchase") return ["mercado_pago"];
  return (["card", "mercado_pago", "webpay"] as const).filter((type) => ours.has(type));
}

/** The donor pays on the page, with a test name that says how it ends. */
export function payOnPage(
  scene: Scene,
  preference: SimPreference,
  type: MethodType,
  holder: string,
): SimPayment {
  if (!isOpen(preference, scene.now) || !offeredOn(scene, preference).includes(type)) {
    throw bad(1, "This page no longer takes payments");
  }
  const { body } = preference;
  const code = { card: "master", mercado_pago: "account_money", webpay: "webpay" }[String(type)] ?? "master";
  const listed = methodOf(scene.seller.site, code);
  if (!listed) throw bad(3011, "Not found payment_method");
  const item = onlyItem(preference);
  const asked = {
    transaction_amount: item.unit_price * item.quantity,
    description: item.title,
    metadata: body.metadata,
    payer: { email: body.payer.email ?? "donor@example.com", first_name: "Test" },
    ...withoutGaps({ external_reference: body.external_reference, notification_url: body.notification_url }),
  };
  const [status, detail] = endingFor(holder);
  const blank = blankPayment(scene, asked, listed, type);
  const order = { id: preference.order, type: "mercadopago" } as const;
  const made = { ...blank, body: { ...blank.body, status, status_detail: detail, order } };
  return status === "approved" ? settled(made, scene.now) : made;
}
