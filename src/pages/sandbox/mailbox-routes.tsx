import { Hono } from "hono";
import type { HonoEnv } from "../../http/context.ts";
import type { Mailbox } from "../../messages/mailbox.ts";
import type { TwilioSimulator } from "../../messages/twilio/simulator.ts";
import { htmlAnswer, visitOf } from "../checkout/page-visit.ts";
import { failedPage, notFoundPage } from "../checkout/problem-page.tsx";
import { LetterPage, MailboxPage } from "./mailbox-page.tsx";

/** Where messages lie that the sandbox sent nowhere. */
export type SandboxPost = { readonly mailbox: Mailbox; readonly twilio: TwilioSimulator };

const shown = 200;

/** `/sandbox/mailbox`, TEST MODE only: what donors and churches would have been sent. Mount only where the sandbox is on. */
export function mailboxRoutes({ mailbox, twilio }: SandboxPost): Hono<HonoEnv> {
  const app = new Hono<HonoEnv>();
  app.onError(failedPage);
  app.get("/sandbox/mailbox", async (c) => {
    const visit = visitOf(c);
    const [mails, texts] = await Promise.all([mailbox.list(shown), twilio.list(shown)]);
    return htmlAnswer(
      c,
      visit,
      <MailboxPage frame={visit.frame} locale={visit.locale} mails={mails} texts={texts} />,
    );
  });
  app.get("/sandbox/mailbox/:id", async (c) => {
    const mail = await mailbox.get(c.req.param("id"));
    if (!mail) return notFoundPage(c);
    const visit = visitOf(c);
    return htmlAnswer(c, visit, <LetterPage frame={visit.frame} locale={visit.locale} mail={mail} />);
  });
  // The letter alone, as a mail program shows it: styles of its own, pictures, and nothing that runs.
  app.get("/sandbox/mailbox/:id/letter", async (c) => {
    const mail = await mailbox.get(c.req.param("id"));
    if (!mail) return notFoundPage(c);
    return c.html(mail.html, 200, {
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; img-src data: https:; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox",
      "referrer-policy": "no-referrer",
      "x-frame-options": "SAMEORIGIN",
      "cache-control": "no-store",
    });
  });
  return app;
}
