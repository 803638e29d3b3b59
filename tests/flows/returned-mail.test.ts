import { randomBytes } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { present } from "../../src/kernel/assert.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { type DonorId, parseId, uuidOf } from "../../src/kernel/ids.ts";
import type { Log } from "../../src/kernel/log.ts";
import { silentLog } from "../../src/kernel/log.ts";
import { secret } from "../../src/kernel/secret.ts";
import { enqueue } from "../../src/messages/enqueue.ts";
import type { Mail } from "../../src/messages/mailer.ts";
import { byToken, type GivenDonation, type Giver, giver } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";
import { operatorHere } from "../support/operator.ts";
import { bounceMail, complaintMail, holidayMail } from "../support/returned-mail.ts";

const masterKey = randomBytes(32).toString("base64");
const password = "brings-returned-mail";
const sent: Mail[] = [];
const lines: string[] = [];
let duringSend: (() => Promise<void>) | undefined;
const written: Log = {
  ...silentLog,
  info: (fields, sentence) => void lines.push(`${sentence} ${JSON.stringify(fields)}`),
  warn: (fields, sentence) => void lines.push(`${sentence} ${JSON.stringify(fields)}`),
  child: () => written,
};

let house: House;
let mx: Giver;

beforeAll(async () => {
  const send = async (mail: Mail) => {
    sent.push(mail);
    await duringSend?.();
    return { kind: "sent", answer: "250 ok" } as const;
  };
  house = await openHouse({
    platform: { mailer: { send }, log: written, masterKey: secret(masterKey) },
    returned: { address: "bounces@mail.ofrenda.test", secret: secret(password) },
  });
  mx = giver(house, await house.church("mx"), "mx");
});
beforeEach(() => {
  sent.length = 0;
  lines.length = 0;
  duringSend = undefined;
});

let guests = 0;
const settle = async () => {
  await house.settle();
  await house.settle();
};
/** A gift, and the letter of thanks that went out for it. */
async function thanked(by = mx): Promise<{ gift: GivenDonation; donor: DonorId; mail: Mail; back: string }> {
  const email = `rosa${guests++}@example.org`;
  const gift = await by.give(byToken(), { donor: { name: "Rosa Núñez", email } });
  await settle();
  const mail = present(
    sent.find(({ to }) => to === email),
    "thanks went out",
  );
  return { gift, donor: present(parseId("donor", gift.donor), "a donor"), mail, back: backOf(mail) };
}
const backOf = ({ returnTo }: Mail): string => present(returnTo, "it has an envelope sender of its own");

const log = z.object({
  data: z.array(z.looseObject({ id: z.string(), state: z.string(), fault: z.string().nullable() })),
});
const logOf = async (donor: string, by = mx) =>
  log.parse((await by.ask("GET", `/v1/messages?donor=${donor}`)).body).data;
const wants = async (donor: string) => (await mx.ask("GET", `/v1/donors/${donor}/message-preferences`)).body;

async function nextLetter(donor: DonorId, kind: "reminder_nudge" | "upcoming_charge"): Promise<void> {
  const amount = { amount: 20_000, currency: "MXN" };
  await house.database.db.inChurch(mx.church.churchId, (tx) =>
    enqueue(tx, house.app.deps, mx.church.churchId, {
      kind,
      to: { donor },
      dedupeKey: `${kind}:${guests++}`,
      locale: "es-MX",
      params:
        kind === "reminder_nudge"
          ? { amount, due_on: "2026-12-01", method: "oxxo", days_left: 1 }
          : { amount, due_on: "2026-12-01", why: "yearly" },
    }),
  );
  house.bell.ring("messages");
  await house.bell.quiet();
}

type Brought = { readonly status: number; readonly body: Record<string, unknown> };
async function post(body: BodyInit, headers: Record<string, string>): Promise<Brought> {
  const answer = await house.app.fetch(
    new Request("http://ofrenda.test/webhooks/mail", { method: "POST", body, headers }),
  );
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) };
}
const bearer = { authorization: `Bearer ${password}` };
const bring = (mail: string): Promise<Brought> => post(mail, { ...bearer, "content-type": "message/rfc822" });

describe("a mail that comes back", () => {
  test("leaves with an envelope sender of its own, which names neither donor nor church", async () => {
    const [first, second] = [await thanked(), await thanked()];
    expect(first.back).toMatch(/^bounces\+[0-9a-f]{54}@mail\.ofrenda\.test$/);
    expect(first.back.split("@")[0]?.length).toBeLessThanOrEqual(64);
    expect(second.back).not.toBe(first.back);
    for (const known of [first.donor, mx.church.churchId]) {
      expect(first.back).not.toContain(uuidOf(known).replaceAll("-", ""));
    }
  });

  test("for ever: the message says so, the address gets nothing more, and the log names no person", async () => {
    const { donor, back, mail } = await thanked();
    const told = bounceMail(back, { status: "5.1.1", diagnostic: `550 5.1.1 <${mail.to}>: no such user` });
    const [{ id = "" } = {}] = await logOf(donor);
    expect(await bring(told)).toEqual({
      status: 200,
      body: { outcome: "bounced", message: id, status: "5.1.1", again: false },
    });
    expect(await logOf(donor)).toMatchObject([
      { state: "bounced", fault: "it came back: 5.1.1 smtp; 550 5.1.1 <<address>>: no such user" },
    ]);
    await nextLetter(donor, "upcoming_charge");
    expect(sent).toHaveLength(1);
    expect((await logOf(donor))[0]).toMatchObject({
      state: "suppressed",
      fault: "the address takes nothing",
    });
    expect(lines.filter((line) => line.startsWith("a mail came back"))).toHaveLength(1);
    expect(lines.join("\n")).not.toMatch(/rosa|Núñez|@/i);
  });

  test("twice is once", async () => {
    const { donor, back } = await thanked();
    const told = bounceMail(back, { status: "5.1.1" });
    const all = await Promise.all([bring(told), bring(told), bring(told)]);
    expect(all.map(({ body }) => body.again).sort()).toEqual([false, true, true]);
    const at = house.clock.now().toISOString();
    expect(await logOf(donor)).toMatchObject([{ returns: [{ kind: "bounced", status: "5.1.1", at }] }]);
  });

  test.each([
    ["held up: nothing is wrong yet", { action: "delayed", status: "4.4.1" }, "sent"],
    ["given up for now: that message failed", { status: "4.4.7" }, "failed"],
    ["from a full mailbox: that message failed", { status: "5.2.2" }, "failed"],
    ["refused by a policy: that message failed", { status: "5.7.1" }, "failed"],
    ["refused for our own address: that message failed", { status: "5.1.8" }, "failed"],
  ])("%s, and the address is written to again", async (_, told, state) => {
    const { donor, back } = await thanked();
    expect((await bring(bounceMail(back, told))).status).toBe(200);
    expect(await logOf(donor)).toMatchObject([{ state, returns: [{ status: told.status }] }]);
    await nextLetter(donor, "upcoming_charge");
    expect(sent).toHaveLength(2);
  });

  test("as a complaint: no more reminders, and still what is owed to the donor", async () => {
    const { donor, back } = await thanked();
    expect((await bring(complaintMail(back))).body).toMatchObject({ outcome: "complained" });
    expect(await wants(donor)).toMatchObject({
      data: expect.arrayContaining([
        { channel: "email", category: "reminder", wanted: false },
        { channel: "email", category: "service", wanted: true },
      ]),
    });
    await nextLetter(donor, "reminder_nudge");
    expect(sent).toHaveLength(1);
    await nextLetter(donor, "upcoming_charge");
    expect(sent).toHaveLength(2);
  });

  test("from an earlier try says nothing of the address a later one went to", async () => {
    const { donor, back } = await thanked();
    const [{ id = "" } = {}] = await logOf(donor);
    await mx.ask("POST", `/v1/messages/${id}/resend`);
    await house.bell.quiet();
    const again = backOf(present(sent[1], "it was sent again"));
    expect(again).not.toBe(back);
    expect((await bring(bounceMail(back, { status: "5.1.1" }))).body).toMatchObject({ outcome: "bounced" });
    expect(await logOf(donor)).toMatchObject([{ state: "sent" }]);
    await bring(bounceMail(again, { status: "5.1.1" }));
    expect(await logOf(donor)).toMatchObject([{ state: "bounced" }]);
  });

  test("before we have written that it left is asked for again, and taken then", async () => {
    let early: Brought | undefined;
    duringSend = async () => {
      duringSend = undefined;
      early = await bring(bounceMail(backOf(present(sent[0], "it is leaving")), { status: "5.1.1" }));
    };
    const { donor, back } = await thanked();
    expect(early).toMatchObject({ status: 409, body: { code: "conflict" } });
    expect(await logOf(donor)).toMatchObject([{ returns: [] }]);
    expect((await bring(bounceMail(back, { status: "5.1.1" }))).body).toMatchObject({ again: false });
  });

  test("to the church itself is noted, and its address is the church's to mend", async () => {
    await mx.ask("PATCH", "/v1/church", { contact_email: "tesoreria@example.org" });
    const news = async () => {
      await mx.give(byToken("pm_card_createDispute"));
      await house.pass(minutes(1));
      await settle();
      return sent.filter(({ to }) => to === "tesoreria@example.org");
    };
    const [first] = await news();
    expect(
      (await bring(bounceMail(backOf(present(first, "the church is told")), { status: "5.1.1" }))).body,
    ).toMatchObject({ outcome: "bounced", again: false });
    expect(await news()).toHaveLength(2);
  });
});

describe("what is not ours changes nothing, and is told so", () => {
  const notOurs = { status: 200, body: { outcome: "not_ours" } };

  test("a forged token, one of another message, and none at all", async () => {
    const [{ back, donor }, other] = [await thanked(), await thanked()];
    const [token = "", others = ""] = [back, other.back].map((address) => /\+(.*)@/.exec(address)?.[1]);
    const forged = [
      token.slice(0, 34) + others.slice(34),
      `${token.slice(0, 32)}07${token.slice(34)}`,
      `${"0".repeat(32)}${token.slice(32)}`,
    ].map((text) => `bounces+${text}@mail.ofrenda.test`);
    for (const address of [...forged, "bounces@mail.ofrenda.test"]) {
      expect(await bring(bounceMail(address, { status: "5.1.1" }))).toEqual(notOurs);
    }
    expect(await logOf(donor)).toMatchObject([{ state: "sent" }]);
    expect(await logOf(donor)).toMatchObject([{ returns: [] }]);
  });

  test("an answer from holidays, and what is no mail", async () => {
    const { back, donor } = await thanked();
    for (const mail of [holidayMail(back), "", "not a mail at all"]) {
      expect(await bring(mail)).toEqual({ status: 200, body: { outcome: "no_report" } });
    }
    expect(await logOf(donor)).toMatchObject([{ state: "sent" }]);
  });

  test("one church's returned mail is seen by that church alone", async () => {
    const other = giver(house, await house.church("mx"), "mx");
    const { back, gift } = await thanked(other);
    expect((await bring(bounceMail(back, { status: "5.1.1" }))).body).toMatchObject({ outcome: "bounced" });
    expect(await logOf(gift.donor, other)).toMatchObject([{ state: "bounced" }]);
    expect(JSON.stringify((await mx.ask("GET", "/v1/messages")).body)).not.toContain(gift.donor);
    const returns = await house.database.db.inChurch(
      mx.church.churchId,
      ({ sql }) => sql`select 1 from message_returns where message_id in (select id from messages
                       where donor_id = ${uuidOf(present(parseId("donor", gift.donor), "a donor"))})`,
    );
    expect(returns).toHaveLength(0);
  });
});

describe("who may bring mail by HTTP", () => {
  test("whoever knows the secret, as a token or as a password in the address; nobody else", async () => {
    const mail = holidayMail("bounces@mail.ofrenda.test");
    const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString("base64")}` });
    for (const right of [bearer, basic(`mail:${password}`), basic(`:${password}`)]) {
      expect((await post(mail, right)).status).toBe(200);
    }
    for (const wrong of [{}, { authorization: `Bearer ${password}x` }, basic(`${password}:x`), basic("")]) {
      const { status, body } = await post(mail, wrong as Record<string, string>);
      expect([status, body.code]).toEqual([401, "unauthenticated"]);
    }
  });

  test("as it is or in the field of a form; a form without one, and a mail too large, are refused", async () => {
    const { back, donor } = await thanked();
    const form = new FormData();
    form.set("to", back);
    expect((await post(form, bearer)).body).toMatchObject({
      status: 400,
      detail: "the form has no field email or body-mime with the mail as it came",
    });
    form.set("email", bounceMail(back, { status: "5.1.1" }));
    expect((await post(form, bearer)).body).toMatchObject({ outcome: "bounced", again: false });
    const plain = new URLSearchParams({ "body-mime": bounceMail(back, { status: "5.1.1" }) });
    expect((await post(plain, bearer)).body).toMatchObject({ outcome: "bounced", again: true });
    expect(await logOf(donor)).toMatchObject([{ state: "bounced" }]);
    expect((await post("x".repeat(2 * 1024 * 1024 + 1), bearer)).status).toBe(413);
  });

  test("where no secret is set nobody may, and mail leaves as ever", async () => {
    const letters: Mail[] = [];
    const send = async (mail: Mail) => {
      letters.push(mail);
      return { kind: "sent", answer: "250 ok" } as const;
    };
    const parts = { database: house.database, platform: { mailer: { send } } };
    const bare = await openHouse({ ...parts, wire: "in_process" });
    const answer = await bare.app.fetch(
      new Request("http://ofrenda.test/webhooks/mail", { method: "POST", body: "x", headers: bearer }),
    );
    expect(answer.status).toBe(404);
    await giver(bare, await bare.church("mx"), "mx").give(byToken());
    await bare.settle();
    expect(letters[0]).toMatchObject({ returnTo: undefined });
  });
});

describe("`messages bounced`, the end of a mail server's pipe", () => {
  const pipe = (mail: string, words = "messages bounced") =>
    operatorHere(
      { DATABASE_URL: house.database.url, MASTER_KEY: masterKey, SANDBOX: "on" },
      words.split(" "),
      { piped: mail },
    );

  test("takes one mail from stdin and says what it meant; again, it was told before", async () => {
    const { back, donor } = await thanked();
    const [{ id = "" } = {}] = await logOf(donor);
    const mail = bounceMail(back, { status: "5.1.1" });
    expect(await pipe(mail)).toEqual({
      exit: 0,
      out: `${id}: cannot arrive; the address gets nothing more (5.1.1).\n`,
      err: "",
    });
    expect(JSON.parse((await pipe(mail, "messages bounced --json")).out)).toMatchObject({ again: true });
    expect(await logOf(donor)).toMatchObject([{ state: "bounced" }]);
  });

  test("what is not ours is no fault, so that the server does not bring it for ever; an empty pipe is", async () => {
    expect(await pipe(bounceMail("bounces@mail.ofrenda.test", { status: "5.1.1" }))).toMatchObject({
      exit: 0,
      out: "Its token is missing, forged or of no message here: nothing was changed.\n",
    });
    expect(await pipe("")).toMatchObject({ exit: 1, err: "Refused: send the mail on stdin\n" });
    const large = await pipe("x".repeat(2 * 1024 * 1024 + 1));
    expect(large).toMatchObject({ exit: 1, err: "Refused: a mail is at most 2097152 bytes\n" });
  });
});
