import type { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { keepAccount } from "../../debits/keep-account.ts";
import type { DonationView } from "../../giving/donation-view.ts";
import { giveDonation } from "../../giving/give-donation.ts";
import type { GiveRequest } from "../../giving/give-request.ts";
import { readDonation } from "../../giving/read-donation.ts";
import { clientDevice } from "../../http/client-device.ts";
import type { Ctx, HonoEnv } from "../../http/context.ts";
import type { CurrencyCode } from "../../kernel/currency.ts";
import { parseId } from "../../kernel/ids.ts";
import type { Money } from "../../kernel/money.ts";
import { civilDate } from "../../recurring/schedule.ts";
import { inAddress } from "../asked.ts";
import type { Sdks } from "./browser-library.ts";
import { askForCard } from "./card-step.tsx";
import { checkGiving } from "./check-often.ts";
import type { FoundChurch } from "./find-church.ts";
import { currenciesOf, findGivingPage, offerFor } from "./find-church.ts";
import { formAnswer } from "./form-answer.tsx";
import { isFormKey, newFormKey } from "./form-key.ts";
import { type FormValues, readFormValues } from "./form-values.ts";
import { giftLinks, giftToken, opensGift } from "./gift-link.ts";
import { type Visit, visitOf } from "./page-visit.ts";
import { prefilled, prefilledAgain } from "./prefill.ts";
import { faultsOf } from "./problem-faults.ts";
import { notFoundPage } from "./problem-page.tsx";
import { quoteForm } from "./quote.ts";
import { readAmount } from "./read-amounts.ts";
import { readRule } from "./read-frequency.ts";
import { reviewOrStart } from "./standing-routes.tsx";
import { waitingItOut } from "./waiting-it-out.ts";

/** Far above any honest form: the longest fields together are under 8 kB. */
const maxFormBytes = 32 * 1024;

/** The form: shown, sent, and asked for its exact figures while it is filled in. */
export function addGiveRoutes(app: Hono<HonoEnv>, sdks: Sdks): void {
  app.get("/give/:church", showForm);
  app.get("/give/:church/quote.json", quote);
  app.post(
    "/give/:church",
    bodyLimit({ maxSize: maxFormBytes, onError: (c) => c.text("The form is too large.", 413) }),
    (c) => sendForm(c, sdks),
  );
}

async function showForm(c: Ctx): Promise<Response> {
  const found = await findGivingPage(c);
  if (!found) return notFoundPage(c);
  const visit = visitOf(c, found.church, found.country);
  const asked = c.req.query("currency")?.toUpperCase();
  const again = await giftToRepeat(c, found);
  const currency = currencyAsked(found, again?.amount.currency ?? asked);
  const offer = await offerFor(c.get("deps"), found, visit, currency);
  const today = civilDate(c.get("deps").clock.now(), found.church.timeZone);
  const values = again ? prefilledAgain(again, offer, today) : prefilled(c.req.query(), offer, today);
  const { t } = visit.frame;
  const notice =
    asked !== undefined && asked !== offer.currency
      ? t("give.prefill_currency", { currency: offer.currency })
      : undefined;
  return formAnswer(c, visit, offer, values, [], notice);
}

/** `?again=don_…&t=…`: the same gift once more, for whoever holds that gift's link. */
async function giftToRepeat(c: Ctx, { church }: FoundChurch): Promise<DonationView | undefined> {
  const id = parseId("donation", c.req.query("again"));
  if (!id || !(await opensGift(c.get("deps"), church.id, id, inAddress(c, "t")))) return undefined;
  return readDonation(c.get("deps"), church.id, id);
}

/** What the gift is to be in: what was asked for where some method takes it, else the country's own currency. */
const currencyAsked = ({ country }: FoundChurch, asked: string | undefined): CurrencyCode =>
  currenciesOf(country).find((known) => known === asked) ?? country.currency;

/** The amount the form holds when it is clear, and the offer priced for it. */
async function read(c: Ctx, found: FoundChurch, values: FormValues, visit: Visit) {
  const currency = currencyAsked(found, values.currency);
  const place = { currency, locale: visit.locale };
  const given = readAmount(values, place, visit.frame.t);
  const amount: Money | undefined = given.ok ? given.value : undefined;
  return { amount, offer: await offerFor(c.get("deps"), found, visit, currency, amount, readRule(values)) };
}

async function quote(c: Ctx): Promise<Response> {
  const found = await findGivingPage(c);
  if (!found) return c.json({ error: "not_found" }, 404);
  const visit = visitOf(c, found.church, found.country);
  const values = readFormValues(new URL(c.req.url).searchParams);
  const { offer, amount } = await read(c, found, values, visit);
  c.header("cache-control", "no-store");
  return c.json(quoteForm(values, offer, amount, visit.frame.t));
}

async function sendForm(c: Ctx, sdks: Sdks): Promise<Response> {
  const deps = c.get("deps");
  const found = await findGivingPage(c);
  if (!found) return notFoundPage(c);
  const visit = visitOf(c, found.church, found.country);
  const { t } = visit.frame;
  const sent = readFormValues(new URLSearchParams(await c.req.text()));
  // Whoever turns away from the fields in our page goes to the gateway's own, as without script.
  const script = sent.script && sent.step !== "hosted";
  const values = { ...sent, script, ...(isFormKey(sent.key) ? {} : { key: newFormKey() }) };
  const { offer } = await read(c, found, values, visit);
  const checked = checkGiving(values, offer, deps.clock.now(), t);
  if (!checked.ok) return formAnswer(c, visit, offer, values, checked.error);
  const { often } = checked.value;
  const card = checked.value.gift.method;
  if (card.tokenFrom && card.token === undefined) {
    return askForCard(c, { found, visit, offer, values, tokenFrom: card.tokenFrom }, sdks);
  }
  const device = clientDevice(c);
  const { account, ...asked } = checked.value.gift;
  const agreed = device ? { mandateAcceptance: device } : {};
  const kept = account && (await keepAccount(deps, found.church.id, account, deps.clock.now(), values.key));
  if (kept && !kept.ok) return formAnswer(c, visit, offer, values, faultsOf(kept.error, offer, t));
  const method = kept ? { ...asked.method, token: kept.value.id, ...agreed } : asked.method;
  const request: GiveRequest = {
    ...asked,
    method,
    churchId: found.church.id,
    mode: visit.mode,
    principal: "checkout",
    idempotencyKey: values.key,
    country: found.country.code,
    locale: visit.locale,
    ...(device ? { device } : {}),
    traceId: c.get("traceId"),
  };
  if (often) return reviewOrStart(c, { found, visit, offer, values, request, often });
  const given = await waitingItOut(() => giveDonation(deps, request));
  if (!given.ok) {
    // The key belongs to the other gift that was sent with it: this one gets its own.
    const reused = given.error.code === "idempotency_key_reused";
    const again = reused ? { ...values, key: newFormKey() } : values;
    return formAnswer(c, visit, offer, again, faultsOf(given.error, offer, t));
  }
  const id = parseId("donation", given.value.donation.id);
  if (!id) throw new Error("a donation without an id of ours");
  const token = await giftToken(deps, found.church.id, id);
  return c.redirect(`${giftLinks(found.church.slug, id, token, visit.language).page}&new=1`, 303);
}
