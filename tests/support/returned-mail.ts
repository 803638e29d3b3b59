/** One recipient's fields of a delivery status notification (RFC 3464 §2.3). */
export type ToldRecipient = {
  readonly action?: string;
  readonly status?: string;
  readonly diagnostic?: string;
};

/** A delivery status notification as Postfix writes it: words, status, and the headers of what comes back. */
export function bounceMail(to: string, ...recipients: readonly ToldRecipient[]): string {
  const told = recipients.map(({ action = "failed", status, diagnostic }) =>
    [
      "Final-Recipient: rfc822; rosa@example.org",
      "Original-Recipient: rfc822;rosa@example.org",
      `Action: ${action}`,
      ...(status === undefined ? [] : [`Status: ${status}`]),
      "Remote-MTA: dns; mx.example.org",
      ...(diagnostic === undefined ? [] : [`Diagnostic-Code: smtp; ${diagnostic}`]),
    ].join("\r\n"),
  );
  return report(to, "delivery-status", [
    part(
      "message/delivery-status",
      ["Reporting-MTA: dns; mail.example.net\r\nX-Postfix-Queue-ID: 4XyZ", ...told].join("\r\n\r\n"),
    ),
    part("text/rfc822-headers", "From: Iglesia <no-reply@give.example.org>\r\nTo: rosa@example.org"),
  ]);
}

/** A complaint (RFC 5965): it goes to the operator's own address and quotes the sender it is about. */
export function complaintMail(sender: string, type = "abuse"): string {
  return report("postmaster@give.example.org", "feedback-report", [
    part(
      "message/feedback-report",
      [
        `Feedback-Type: ${type}`,
        "User-Agent: SomeGenerator/1.0",
        "Version: 1",
        `Original-Mail-From: <${sender}>`,
      ].join("\r\n"),
    ),
    part("message/rfc822", "From: Iglesia <no-reply@give.example.org>\r\nSubject: hola\r\n\r\nHola"),
  ]);
}

/** An answer from holidays: it comes to the same address and reports nothing. */
export const holidayMail = (to: string): string =>
  [
    "From: rosa@example.org",
    `To: <${to}>`,
    "Subject: de vacaciones",
    "Auto-Submitted: auto-replied",
    "",
    "Vuelvo el lunes. 5.1.1",
  ].join("\r\n");

function report(to: string, type: string, parts: readonly string[]): string {
  const words = part("text/plain; charset=us-ascii", "This is the mail system. Status 5.1.1 in words alone.");
  return [
    "Return-Path: <>",
    "From: MAILER-DAEMON@example.net (Mail Delivery System)",
    `To: ${to}`,
    "Subject: Undelivered Mail Returned to Sender",
    "MIME-Version: 1.0",
    `Content-Type: multipart/report; report-type=${type};`,
    '\tboundary="4XyZ.1795195200/mail.example.net"',
    "",
    "This is a MIME-encapsulated message.",
    "",
    ...[words, ...parts].flatMap((each) => ["--4XyZ.1795195200/mail.example.net", each, ""]),
    "--4XyZ.1795195200/mail.example.net--",
    "",
  ].join("\r\n");
}

const part = (type: string, content: string): string => `Content-Type: ${type}\r\n\r\n${content}\r\n`;
