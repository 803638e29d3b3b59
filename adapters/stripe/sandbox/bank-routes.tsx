import type { Context, Hono } from "hono";
import { notHere } from "./hosted-routes.tsx";
import type { StripeSandbox } from "./index.ts";
import { amountShown, languageOf, sandboxPage, words } from "./page-frame.tsx";
import { voucherOf } from "./voucher-shapes.ts";
import type { PaymentIntent, SetupIntent } from "./wire.ts";

/** The pages of Stripe and the donor's bank around a payment: 3-D Secure, voucher, transfer, microdeposits. */
export function addBankPages(app: Hono, sandbox: StripeSandbox, base: string, publicUrl: string): void {
  addChallenge(app, sandbox, base, publicUrl);
  addMicrodeposits(app, sandbox, base);
  for (const place of ["vouchers", "transfers"] as const) {
    app.get(`${base}/${place}/:intent`, (c) => showInstructions(c, sandbox, c.req.param("intent"), place));
  }
}

const isSetup = (id: string): boolean => id.startsWith("seti_");

/** The intent a page is about: one to pay, or one that only saves. */
async function intentOf(
  control: StripeSandbox["control"],
  id = "",
): Promise<PaymentIntent | SetupIntent | undefined> {
  return isSetup(id) ? control.setup(id) : (await control.payment(id))?.intent;
}

/** Only back to this very service: a return address elsewhere would make the simulator an open redirect. */
const homeward = (url: string | undefined, publicUrl: string): string =>
  url !== undefined && (url.startsWith(`${publicUrl}/`) || /^\/(?!\/)/.test(url)) ? url : "/sandbox";

function addChallenge(app: Hono, { control }: StripeSandbox, base: string, publicUrl: string): void {
  for (const place of ["3d_secure", "authorize"] as const) {
    addQuestion(app, control, `${base}/${place}/:intent`, publicUrl, place);
  }
}

/** The bank's page for a card, or the wallet's for itself: yes or no, and back. */
function addQuestion(
  app: Hono,
  control: StripeSandbox["control"],
  path: string,
  publicUrl: string,
  place: "3d_secure" | "authorize",
): void {
  app.get(path, async (c) => {
    const asked = await intentOf(control, c.req.param("intent"));
    if (!asked) return notHere(c);
    const language = languageOf(c);
    const w = words[language];
    return sandboxPage(c, {
      title: place === "authorize" ? "TEST MODE" : "3-D Secure (TEST MODE)",
      language,
      body: (
        <>
          <h1>{place === "authorize" ? w.elsewhere : w.challenge}</h1>
          {asked.object === "payment_intent" ? (
            <p class="big">{amountShown(asked.amount, asked.currency)}</p>
          ) : null}
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
    const intent = await intentOf(control, c.req.param("intent"));
    if (!intent) return notHere(c);
    const passed = new URLSearchParams(await c.req.text()).get("verdict") === "pass";
    if (intent.object === "setup_intent") {
      await (passed ? control.passSetup(intent.id) : control.failSetup(intent.id));
    } else await (passed ? control.passChallenge(intent.id) : control.failChallenge(intent.id));
    await control.flush();
    const kept = intent.next_action?.redirect_to_url?.return_url;
    const failed = passed ? undefined : c.req.query("failed_url");
    return c.redirect(homeward(failed ?? c.req.query("return_url") ?? kept ?? undefined, publicUrl), 303);
  });
}

async function showInstructions(
  c: Context,
  { control }: StripeSandbox,
  id: string,
  place: "vouchers" | "transfers",
): Promise<Response> {
  const payment = await control.payment(id);
  if (!payment) return notHere(c);
  const { intent } = payment;
  const language = languageOf(c);
  const w = words[language];
  const transfer = intent.next_action?.display_bank_transfer_instructions;
  const lent = transfer?.financial_addresses?.[0];
  const account =
    lent?.spei?.clabe ?? lent?.iban?.iban ?? lent?.aba?.account_number ?? lent?.sort_code?.account_number;
  const [title, number] =
    place === "vouchers" ? [w.voucher, voucherOf(intent)?.number] : [w.transfer, account];
  return sandboxPage(c, {
    title,
    language,
    body: (
      <>
        <h1>{title}</h1>
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
  const path = `${base}/microdeposits/:intent` as const;
  const show = async (c: Context, id: string, error?: string): Promise<Response> => {
    const intent = await intentOf(control, id);
    if (!intent) return notHere(c);
    const language = languageOf(c);
    const w = words[language];
    const waiting = intent.next_action?.type === "verify_with_microdeposits";
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
            <p>{intent.status}</p>
          )}
        </>
      ),
    });
  };
  app.get(path, (c) => show(c, c.req.param("intent")));
  app.post(path, async (c) => {
    const code = new URLSearchParams(await c.req.text()).get("code")?.trim() ?? "";
    const id = c.req.param("intent");
    const done = isSetup(id)
      ? await control.verifySetup(id, code)
      : await control.verifyMicrodeposits(id, code);
    await control.flush();
    return show(c, id, done.ok ? undefined : done.error);
  });
}
