import { createTransport, type SendMailOptions } from "nodemailer";
import type { Secret } from "../kernel/secret.ts";
import { withoutGaps } from "../kernel/without-gaps.ts";
import { meansDeadAddress, statusIn } from "../messages/enhanced-status.ts";
import { type Mail, type Mailer, type SendAnswer, withoutAddresses } from "../messages/mailer.ts";

const patience = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 } as const;

/**
 * Mail over SMTP, as `smtp(s)://user:password@host:port` says. A permanent refusal of the recipient is a bounce (RFC
 * 5321 §4.2.1: 5yz), a transient one is tried again (4yz), and so is a server that is away.
 */
export function smtpMailer(server: Secret, from: string): Mailer & { close(): void } {
  const transport = createTransport({
    url: server.reveal(),
    pool: true,
    maxConnections: 4,
    ...patience,
  });
  return {
    send: async (mail) => {
      try {
        const { response } = await transport.sendMail(letter(mail, from));
        return { kind: "sent", answer: scrubbed(response, mail.to) };
      } catch (error) {
        return refusal(error, mail.to);
      }
    },
    close: () => transport.close(),
  };
}

function letter(mail: Mail, from: string): SendMailOptions {
  return {
    from: { name: mail.fromName, address: from },
    to: mail.to,
    ...(mail.returnTo === undefined ? {} : { envelope: { from: mail.returnTo, to: mail.to } }),
    ...withoutGaps({ replyTo: mail.replyTo }),
    subject: mail.subject,
    text: mail.text,
    html: mail.html,
    messageId: `<${mail.messageId}>`,
    attachments: mail.inline.map(({ cid, png }) => ({
      cid,
      filename: `${cid}.png`,
      contentType: "image/png",
      content: Buffer.from(png),
    })),
    // Nobody's out-of-office answers a machine (RFC 3834).
    headers: { "Auto-Submitted": "auto-generated" },
    ...(mail.unsubscribeUrl === undefined
      ? {}
      : {
          list: { unsubscribe: mail.unsubscribeUrl },
          headers: {
            "Auto-Submitted": "auto-generated",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
          },
        }),
    // Nothing outside the letter is read into it.
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function refusal(error: unknown, to: string): SendAnswer {
  const code = fieldOf(error, "responseCode");
  const words = fieldOf(error, "response") ?? (error instanceof Error ? error.message : "no answer");
  const answer = scrubbed(String(words), to);
  if (typeof code !== "number" || code < 500) return { kind: "retry", answer };
  // Said of the recipient (RCPT TO), it is theirs; said of anything else (log-in, sender, size, policy), it is ours.
  const ofAddress = fieldOf(error, "command") === "RCPT TO" && meansDeadAddress(statusIn(answer) ?? "5.1.1");
  return { kind: ofAddress ? "bounced" : "failed", answer };
}

const fieldOf = (error: unknown, name: string): unknown =>
  error instanceof Error && name in error
    ? Object.entries(error).find(([key]) => key === name)?.[1]
    : undefined;

const scrubbed = (words: string, to: string): string =>
  withoutAddresses(words.replaceAll(to, "<address>")).slice(0, 300);
