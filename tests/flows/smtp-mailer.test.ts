import { expect, test } from "vitest";
import { secret } from "../../src/kernel/secret.ts";
import type { Mail } from "../../src/messages/mailer.ts";
import { smtpMailer } from "../../src/platform/smtp-mailer.ts";
import { smtpServer } from "../support/smtp-server.ts";

const letter: Mail = {
  to: "ana@example.org",
  fromName: "Iglesia de la Paz, Oaxaca",
  replyTo: "tesoreria@example.org",
  subject: "Gracias por tu ofrenda, María José Peñúñuri",
  text: "Recibimos 500 pesos.",
  html: '<p>Recibimos <b>500 pesos</b>.</p><img src="cid:voucher" alt="">',
  inline: [{ cid: "voucher", png: new Uint8Array([137, 80, 78, 71]), alt: "" }],
  messageId: "msg_1@give.example.org",
  unsubscribeUrl: "https://give.example.org/m/paz/leave/dnr_1?by=email&t=abc",
  returnTo: undefined,
};

const from = "no-reply@give.example.org";

async function sendTo(refuse: (to: string) => string | undefined, mail: Mail = letter) {
  const server = await smtpServer(refuse);
  const mailer = smtpMailer(secret(server.url), from);
  const answer = await mailer.send(mail);
  mailer.close();
  return { answer, received: server.received };
}

test("a letter leaves with its text twin, its picture, and what mail systems ask of a machine", async () => {
  const { answer, received } = await sendTo(() => undefined);
  expect(answer).toEqual({ kind: "sent", answer: "250 2.0.0 taken as 4711" });
  const [mail] = received;
  expect(mail?.to).toBe("ana@example.org");
  expect(mail?.lines).toMatch(/^From: .*Oaxaca.* <no-reply@give\.example\.org>$/m);
  expect(mail?.lines).toMatch(/^Reply-To: tesoreria@example\.org$/m);
  expect(mail?.lines).toMatch(/^Message-ID: <msg_1@give\.example\.org>$/m);
  expect(mail?.lines).toMatch(/^Auto-Submitted: auto-generated$/m);
  expect(mail?.lines).toMatch(/^List-Unsubscribe:\s+<https:\/\/give\.example\.org\/m\/paz\/leave/m);
  expect(mail?.lines).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click$/m);
  expect(mail?.lines).toContain("multipart/alternative");
  expect(mail?.lines).toContain("Content-ID: <voucher>");
  expect(mail?.lines).toContain("Recibimos 500 pesos.");
});

test("a letter comes back to where it says, and to the service's own address where it says nothing", async () => {
  const returnTo = "bounces+0193@mail.example.org";
  const { received } = await sendTo(() => undefined, { ...letter, returnTo });
  expect(received).toMatchObject([{ from: returnTo, to: "ana@example.org" }]);
  expect(received[0]?.lines).toMatch(/^From: .* <no-reply@give\.example\.org>$/m);
  expect((await sendTo(() => undefined)).received).toMatchObject([{ from }]);
});

test("a message nobody can leave says nothing of leaving", async () => {
  const { received } = await sendTo(() => undefined, { ...letter, unsubscribeUrl: undefined });
  expect(received[0]?.lines).not.toContain("List-Unsubscribe");
});

test.each([
  ["550 5.1.1 <ana@example.org>: no such user here", "bounced"],
  ["550 ana@example.org is unknown, says a server without finer codes", "bounced"],
  ["552 5.2.2 mailbox of ana@example.org is full for good", "failed"],
  ["550 5.7.1 mail for ana@example.org from your network is not wanted", "failed"],
  ["450 4.2.1 try again later", "retry"],
  ["421 4.3.2 closing", "retry"],
])("a server that says %s: %s, and the log keeps no address", async (said, kind) => {
  const { answer, received } = await sendTo(() => said);
  expect(answer.kind).toBe(kind);
  expect(answer.answer).not.toContain("ana@");
  expect(received).toEqual([]);
});

test("a server that is away is tried again", async () => {
  const mailer = smtpMailer(secret("smtp://127.0.0.1:1"), from);
  expect(await mailer.send(letter)).toMatchObject({ kind: "retry" });
  mailer.close();
});
