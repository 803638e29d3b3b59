import type { Context, Hono } from "hono";
import type { HostedResult, HostedTender } from "./hosted-page.ts";
import type { StripeSandbox } from "./index.ts";
import { amountShown, languageOf, type PageLanguage, sandboxPage, words } from "./page-frame.tsx";
import { AccountFields, CardFields, fieldKind } from "./payment-fields.tsx";
import type { CheckoutSession } from "./wire.ts";

/** The hosted page that Stripe Checkout would show: works without script. */
export function addHostedPage(app: Hono, sandbox: StripeSandbox, base: string): void {
  const { control } = sandbox;
  app.get(`${base}/pay/:session`, async (c) => {
    const session = await control.session(c.req.param("session"));
    return session ? showPayment(c, session, base) : notHere(c);
  });
  app.post(`${base}/pay/:session`, async (c) => {
    const session = await control.session(c.req.param("session"));
    if (!session) return notHere(c);
    const form = new URLSearchParams(await c.req.text());
    if (form.has("leave")) {
      const left = await control.cancelCheckout(session.id);
      return c.redirect((left.ok && left.value.redirectTo) || "/", 303);
    }
    const paid = await control.completeCheckout(session.id, tenderOf(form));
    await control.flush();
    if (!paid.ok) return showPayment(c, session, base, paid.error);
    const { intent, redirectTo } = paid.value;
    if (redirectTo) return c.redirect(redirectTo, 303);
    if (intent.next_action?.type === "use_stripe_sdk") {
      const back = session.success_url?.replaceAll("{CHECKOUT_SESSION_ID}", session.id) ?? "/";
      const again = `${base}/pay/${session.id}?lang=${languageOf(c, session.locale)}`;
      const query = new URLSearchParams({ return_url: back, failed_url: again });
      const place = intent.payment_method_types.includes("mb_way") ? "authorize" : "3d_secure";
      return c.redirect(`${base}/${place}/${intent.id}?${query}`, 303);
    }
    return showPayment(c, session, base, refusalOf(intent));
  });
}

export function notHere(c: Context): Response | Promise<Response> {
  const language = languageOf(c);
  return sandboxPage(c, { title: "404", language, status: 404, body: <p>{words[language].none}</p> });
}

const refusalOf = (intent: HostedResult["intent"]): string =>
  (intent.object === "setup_intent" ? intent.last_setup_error : intent.last_payment_error)?.message ??
  "Your payment was declined.";

function tenderOf(form: URLSearchParams): HostedTender {
  const text = (name: string) => form.get(name)?.trim() || undefined;
  const who = {
    ...(text("name") ? { name: text("name") ?? "" } : {}),
    ...(text("email") ? { email: text("email") ?? "" } : {}),
  };
  const type = form.get("type");
  const wallet = form.get("wallet");
  if (wallet === "apple_pay" || wallet === "google_pay") {
    return { ...who, type: "card", number: "4242424242424242", wallet };
  }
  if (wallet === "link" || type === "link") return { ...who, type: "link" };
  const account = text("account") ?? "";
  switch (type) {
    case "us_bank_account":
    case "bacs_debit":
    case "acss_debit":
      return { ...who, type, accountNumber: account };
    case "sepa_debit":
      return { ...who, type, iban: account };
    case "mb_way":
      return { ...who, type, phone: account };
  }
  return { ...who, type: "card", number: (text("number") ?? "").replace(/\D/g, "") };
}

function showPayment(c: Context, session: CheckoutSession, base: string, error?: string) {
  const language = languageOf(c, session.locale);
  const w = words[language];
  const open = session.status === "open";
  const kind = fieldKind(session.payment_method_types);
  const { amount_total: total, currency } = session;
  const amount = total === null || currency === null ? undefined : amountShown(total, currency);
  return sandboxPage(c, {
    title: "Stripe Checkout (TEST MODE)",
    language,
    status: error ? 422 : 200,
    body: (
      <>
        <h1>Checkout</h1>
        {amount ? <p class="big">{amount}</p> : null}
        {error ? (
          <p class="error" role="alert">
            {error}
          </p>
        ) : null}
        {open ? (
          <form method="post" action={`${base}/pay/${session.id}?lang=${language}`}>
            <input type="hidden" name="type" value={kind} />
            <label>
              {w.name}
              <input name="name" autocomplete="name" />
            </label>
            <label>
              {w.email}
              <input name="email" type="email" autocomplete="email" value={session.customer_email ?? ""} />
            </label>
            {kind === "card" ? (
              <CardFields w={w} full={false} />
            ) : (
              <AccountFields w={w} kind={kind} whole={false} />
            )}
            <button type="submit">{amount ? `${w.pay} ${amount}` : w.save}</button>
            {kind !== "card" ? null : (
              <Wallets language={language} link={session.payment_method_types.includes("link")} />
            )}
            <button type="submit" class="quiet" name="leave" value="1">
              {w.back}
            </button>
          </form>
        ) : (
          <p>{w.closed}</p>
        )}
      </>
    ),
  });
}

function Wallets({ language, link }: { readonly language: PageLanguage; readonly link: boolean }) {
  const w = words[language];
  const offered = [
    ["apple_pay", "Apple Pay"],
    ["google_pay", "Google Pay"],
    ...(link ? [["link", "Link"]] : []),
  ];
  return (
    <>
      {offered.map(([id, name]) => (
        <button type="submit" class="wallet" name="wallet" value={id}>
          {w.with} {name}
        </button>
      ))}
    </>
  );
}
