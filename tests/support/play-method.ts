import { buildDebitFile } from "../../src/debits/build-debit-file.ts";
import { markDebitFileSent } from "../../src/debits/send-debit-file.ts";
import type { DeskPayment } from "../../src/gateway/sandbox-desk.ts";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { isCurrency } from "../../src/kernel/currency.ts";
import { decimalText, money } from "../../src/kernel/money.ts";
import { type Donation, read } from "./every-method.ts";
import type { MethodChurch, MethodHouse } from "./method-house.ts";

/** What the donor does where they are sent: goes through with it, or is refused by their bank. */
export type Verdict = "pay" | "refused";

/** The desk's view of a gift, once its gateway has heard of it. */
async function onDesk(house: MethodHouse, gift: Donation): Promise<DeskPayment | undefined> {
  const payments = await house.app.simulators.get(gift.gateway)?.desk.payments();
  return payments?.find(({ donation }) => donation === gift.id);
}

/** Presses the first button of these that the desk has for the gift now; `undefined`: it has none. */
export async function press(
  house: MethodHouse,
  gift: Donation,
  buttons: readonly string[],
  fields: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const payment = await onDesk(house, gift);
  const has = (id: string) => payment?.actions.find((action) => action.id.split(".")[0] === id);
  const action = buttons.map(has).find((found) => found !== undefined);
  if (!payment || !action) return undefined;
  const usual = action.field?.kind === "amount" ? { amount: String(action.field.value.minor) } : {};
  const first = action.field?.kind === "choice" ? { choice: action.field.options[0]?.value ?? "" } : {};
  const desk = present(house.app.simulators.get(gift.gateway), "it is simulated").desk;
  const done = await desk.play({
    payment: payment.id,
    action: action.id,
    fields: { ...usual, ...first, ...fields },
  });
  await house.settle(gift.gateway);
  return done.ok ? action.id : `${action.id}: ${done.error}`;
}

/** Plays the donor, and then the bank, until nobody has anything left to do. */
export async function playThrough(
  house: MethodHouse,
  church: MethodChurch,
  gift: Donation,
  verdict: Verdict = "pay",
): Promise<Donation> {
  if (gift.gateway === "transfer") await bringStatement(house, church, gift, gift.charged.amount);
  else if (gift.gateway === "ach_file") await sendFile(house, church);
  else await donorActs(house, gift, verdict);
  await house.settle(gift.gateway);
  const buttons = verdict === "pay" ? ["pay", "transfer", "settle", "confirm"] : ["refuse", "deny"];
  for (let step = 0; step < 4; step++) {
    const now = await read(house, church, gift.id);
    if (now.status !== "requires_action" && now.status !== "processing") return now;
    if ((await press(house, now, buttons)) === undefined) return now;
  }
  return read(house, church, gift.id);
}

/** On our page, at the gateway's, or at the bank's: as far as there is anything to do there. */
async function donorActs(house: MethodHouse, gift: Donation, verdict: Verdict): Promise<void> {
  const { type, url } = gift.next_action;
  if (type === "use_sdk") return confirmOnOurPage(house, gift, verdict);
  if (type !== "redirect" || !url) return;
  const page = new URL(url);
  const form = pageForm(page, gift, verdict);
  if (!form) return;
  // BTCPay's page has one button, at an address of its own.
  if (page.pathname.includes("/sandbox/btcpay/")) page.pathname += "/pay";
  const answer = await house.app.fetch(
    new Request(page, { method: "POST", body: new URLSearchParams(form), redirect: "manual" }),
  );
  const refusedThere = verdict === "refused" && answer.status === 422;
  if (answer.status !== 303 && !refusedThere) {
    throw new Error(`the page at ${url} answered ${answer.status}: ${await answer.text()}`);
  }
}

/** What a donor fills in on each gateway's page, by how its address begins. */
function pageForm({ pathname, searchParams }: URL, gift: Donation, verdict: Verdict): Form | undefined {
  const [, form] = pageForms.find(([path]) => pathname.startsWith(`/sandbox/${path}`)) ?? [];
  return form?.(gift, verdict === "pay", searchParams);
}

type Form = Readonly<Record<string, string>>;
type FormMaker = (gift: Donation, pays: boolean, query: URLSearchParams) => Form | undefined;

const pageForms: readonly (readonly [string, FormMaker])[] = [
  ["stripe/pay/", stripeCheckout],
  ["stripe/authorize/", (_, pays) => ({ verdict: pays ? "pass" : "fail" })],
  [
    "mercadopago/checkout/",
    (gift, pays) => ({ do: "pay", type: gift.payment_method.type, holder: pays ? "APRO" : "OTHE" }),
  ],
  ["mercadopago/bank/", (_, pays) => ({ do: pays ? "approve" : "decline" })],
  [
    "paypal/checkoutnow",
    (_, pays, query) => ({
      do: "approve",
      token: query.get("token") ?? "",
      tender: pays ? "" : "INSTRUMENT_DECLINED",
    }),
  ],
  ["btcpay/", (_, pays) => (pays ? { pay: "1" } : undefined)],
];

function stripeCheckout({ payment_method: { type } }: Donation, pays: boolean): Form {
  const who = { name: "María José", email: "maria@example.org" };
  if (type === "ach_debit") {
    return { ...who, type: "us_bank_account", account: pays ? "000123456789" : "000222222227" };
  }
  const wallet = wallets.find((known) => known === type);
  if (wallet && pays) return { ...who, wallet };
  return { ...who, type: "card", number: pays ? "4242424242424242" : "4000000000000002" };
}

const wallets = ["apple_pay", "google_pay", "link"] as const;

/** Stripe's fields on our page, as its library confirms them from the donor's browser. */
async function confirmOnOurPage(house: MethodHouse, gift: Donation, verdict: Verdict): Promise<void> {
  const { client_token = "", publishable_key = "" } = gift.next_action;
  const stripe = present(house.app.simulators.get("stripe"), "the sandbox is on");
  const answer = await stripe.fetch(
    new Request(`https://api.stripe.com/v1/payment_intents/${gift.gateway_payment_id}/confirm`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${publishable_key}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams({
        client_secret: client_token,
        return_url: "https://church.example.org/thanks",
        ...tenderFor(gift.payment_method.type, verdict),
      }).toString(),
    }),
  );
  // 402: the bank said no, and the fields may be filled in again.
  if (answer.status !== 200 && !(verdict === "refused" && answer.status === 402)) {
    throw new Error(`the fields answered ${answer.status}: ${await answer.text()}`);
  }
}

/** What the donor put into the fields, as Stripe's library sends it. */
function tenderFor(method: string, verdict: Verdict): Record<string, string> {
  const pays = verdict === "pay";
  const at = (path: string) => `payment_method_data${path}`;
  if (method === "ach_debit") {
    return {
      [at("[type]")]: "us_bank_account",
      [at("[billing_details][name]")]: "María José",
      [at("[us_bank_account][financial_connections_account]")]:
        `fca_${pays ? "000123456789" : "000222222227"}`,
    };
  }
  if (method === "link" && pays) {
    return { [at("[type]")]: "link", [at("[billing_details][email]")]: "test@example.com" };
  }
  return {
    [at("[type]")]: "card",
    [at("[card][number]")]: pays ? "4242424242424242" : "4000000000000002",
    [at("[card][exp_month]")]: "12",
    [at("[card][exp_year]")]: "2040",
    [at("[card][cvc]")]: "123",
    ...(method === "apple_pay" || method === "google_pay" ? { [at("[card][wallet]")]: method } : {}),
  };
}

/** The church's bank shows a movement that quotes the gift's reference; `minor`: what arrived. */
export async function bringStatement(
  house: MethodHouse,
  church: MethodChurch,
  gift: Donation,
  minor: number,
): Promise<void> {
  const { currency } = gift.charged;
  const arrived = decimalText(
    money(BigInt(minor), present(isCurrency(currency) ? currency : undefined, currency)),
  );
  const day = house.clock.now().toISOString().slice(0, 10);
  const reference = gift.next_action.reference ?? "";
  const movement = crypto.randomUUID().slice(0, 12);
  const file = `fecha,monto,concepto,folio,ordenante\n${day},${arrived},ABONO ${reference},${movement},María`;
  const reply = await house.ask(church, "POST", `/v1/bank-statements?account=${church.bankAccount}`, file);
  if (reply.status !== 200) throw new Error(`the statement was refused: ${JSON.stringify(reply.body)}`);
}

/** The debits that wait go to the bank in a file; when nothing has come back in time they count. */
async function sendFile(house: MethodHouse, church: MethodChurch): Promise<void> {
  const account = present(church.bankAccount, "a bank account");
  const file = await buildDebitFile(house.app.deps, church.churchId, account);
  if (!file.ok) throw new Error(file.error.detail);
  const sent = await markDebitFileSent(house.app.deps, church.churchId, file.value.record.id);
  if (!sent.ok) throw new Error(sent.error.detail);
  await house.pass(days(30));
}

/** A donor's bank account kept for one debit: what is given in place of a token. */
export async function keptAccount(house: MethodHouse, church: MethodChurch): Promise<string> {
  const kept = await house.ask(church, "POST", "/v1/debit-accounts", {
    routing_number: "110000000",
    account_number: "000123456789",
    account_type: "checking",
    holder: "María José Peñúñuri",
  });
  if (kept.status !== 201) throw new Error(`the account was not kept: ${JSON.stringify(kept.body)}`);
  return String(kept.body.id);
}
