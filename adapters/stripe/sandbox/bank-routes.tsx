import type { Context, Hono } from "hono";
import { notHere } from "./hosted-routes.tsx";
import type { StripeSandbox } from "./index.ts";
import { amountShown, languageOf, sandboxPage, words } from "./page-frame.tsx";

/** The pages of Stripe and the donor's bank around a payment: 3-D Secure, voucher, transfer, microdeposits. */
export function addBankPages(app: Hono, sandbox: StripeSandbox, base: string, publicUrl: string): void {
  addChallenge(app, sandbox, base, publicUrl);
  addMicrodeposits(app, sandbox, base);
  for (const place of ["vouchers", "transfers"] as const) {
    app.get(`${base}/${place}/:intent`, (c) => showInstructions(c, sandbox, c.req.param("intent"), place));
  }
}

/** Only back to this very service: a return address elsewhere would make the simulator an open redirect. */
const homeward = (url: string | undefined, publicUrl: string): string =>
  url !== undefined && (url.startsWith(`${publicUrl}/`) || /^\/(?!\/)/.test(url)) ? url : "/sandbox";

function addChallenge(app: Hono, { control }: StripeSandbox, base: string, publicUrl: string): void {
  const path = `${base}/3d_secure/:intent`;
  app.get(path, async (c) => {
    const payment = await control.payment(c.req.param("intent") ?? "");
    if (!payment) return notHere(c);
    const language = languageOf(c);
    const w = words[language];
    return sandboxPage(c, {
      title: "3-D Secure (TEST MODE)",
      language,
      body: (
        <>
          <h1>{w.challenge}</h1>
          <p class="big">{amountShown(payment.intent.amount, payment.intent.currency)}</p>
          <form method="post" class="row">
            <button type="submit" name="verdict" value="pass">
              {w.pass}
            </button>
            <button type="submit" class="quiet" name="verdict" value="fail">
              {w.fail}
            </button>
          </form>
        </>
      ),
    });
  });
  app.post(path, async (c) => {
    const payment = await control.payment(c.req.param("intent") ?? "");
    if (!payment) return notHere(c);
    const passed = new URLSearchParams(await c.req.text()).get("verdict") === "pass";
    const { intent } = payment;
    await (passed ? control.passChallenge(intent.id) : control.failChallenge(intent.id));
    await control.flush();
    const kept = intent.next_action?.redirect_to_url?.return_url;
    const failed = passed ? undefined : c.req.query("failed_url");
    return c.redirect(homeward(failed ?? c.req.query("return_url") ?? kept ?? undefined, publicUrl), 303);
  });
}

async function showInstructions(
  c: Context,
  { control }: StripeSandbox,
  id: string | undefined,
  place: "vouchers" | "transfers",
): Promise<Response> {
  const payment = await control.payment(id ?? "");
  const language = languageOf(c);
  const w = words[language];
  const next = payment?.intent.next_action;
  const transfer = next?.display_bank_transfer_instructions;
  const clabe = transfer?.financial_addresses?.find((address) => address.spei)?.spei?.clabe;
  const number = place === "vouchers" ? next?.oxxo_display_details?.number : clabe;
  if (!payment) return notHere(c);
  const { intent } = payment;
  return sandboxPage(c, {
    title: place === "vouchers" ? w.voucher : w.transfer,
    language,
    body: (
      <>
        <h1>{place === "vouchers" ? w.voucher : w.transfer}</h1>
        <p class="big">{amountShown(transfer?.amount_remaining ?? intent.amount, intent.currency)}</p>
        <p>{number ?? intent.status}</p>
        <p>
          <a class="button quiet" href={`/sandbox?lang=${language}#${intent.id}`}>
            {w.desk}
          </a>
        </p>
      </>
    ),
  });
}

function addMicrodeposits(app: Hono, { control }: StripeSandbox, base: string): void {
  const path = `${base}/microdeposits/:intent`;
  const show = async (c: Context, error?: string): Promise<Response> => {
    const payment = await control.payment(c.req.param("intent") ?? "");
    if (!payment) return notHere(c);
    const language = languageOf(c);
    const w = words[language];
    const waiting = payment.intent.next_action?.type === "verify_with_microdeposits";
    return sandboxPage(c, {
      title: w.verify,
      language,
      status: error ? 422 : 200,
      body: (
        <>
          <h1>{w.verify}</h1>
          {error ? (
            <p class="error" role="alert">
              {error}
            </p>
          ) : null}
          {waiting ? (
            <form method="post">
              <p class="soft">{w.verify_how}</p>
              <label>
                {w.code}
                <input name="code" autocomplete="off" />
              </label>
              <button type="submit">{w.send}</button>
            </form>
          ) : (
            <p>{payment.intent.status}</p>
          )}
        </>
      ),
    });
  };
  app.get(path, (c) => show(c));
  app.post(path, async (c) => {
    const code = new URLSearchParams(await c.req.text()).get("code")?.trim() ?? "";
    const done = await control.verifyMicrodeposits(c.req.param("intent") ?? "", code);
    await control.flush();
    return done.ok ? show(c) : show(c, done.error);
  });
}
