import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { present } from "../../src/kernel/assert.ts";
import { days, hours, minutes } from "../../src/kernel/clock.ts";
import { type DonorId, parseId, uuidOf } from "../../src/kernel/ids.ts";
import { enqueue, type NewMessage } from "../../src/messages/enqueue.ts";
import type { Mail, SendAnswer } from "../../src/messages/mailer.ts";
import { byToken, type GivenDonation, type Giver, giver } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

const sentOk: SendAnswer = { kind: "sent", answer: "250 ok" };
const post: { sent: Mail[]; answer: (mail: Mail) => SendAnswer } = { sent: [], answer: () => sentOk };

let house: House;
let mx: Giver;

beforeAll(async () => {
  const send = async (mail: Mail) => {
    const answer = post.answer(mail);
    if (answer.kind === "sent") post.sent.push(mail);
    return answer;
  };
  house = await openHouse({ platform: { mailer: { send } } });
});
beforeEach(async () => {
  mx = giver(house, await house.church("mx"), "mx");
  post.sent = [];
  post.answer = () => sentOk;
});

const to = (email: string) => post.sent.filter((mail) => mail.to === email);
const settle = async () => {
  await house.settle();
  await house.settle();
};
let guests = 0;
const newDonor = () => ({ name: "Rosa Núñez", email: `rosa${guests++}@example.org`, phone: "+525512345678" });
const give = async (method: object = byToken(), donor = newDonor()): Promise<[GivenDonation, string]> => {
  const gift = await mx.give(method, { donor });
  await settle();
  return [gift, donor.email];
};
const donorOf = (gift: GivenDonation): DonorId => present(parseId("donor", gift.donor), "a donor's id");
const write = (message: NewMessage) =>
  house.database.db.inChurch(mx.church.churchId, (tx) =>
    enqueue(tx, house.app.deps, mx.church.churchId, message),
  );
const send = async () => {
  house.bell.ring("messages");
  await house.bell.quiet();
};
const upcoming = (donor: DonorId, key: string): NewMessage => ({
  kind: "upcoming_charge",
  to: { donor },
  dedupeKey: `upcoming:${key}`,
  locale: "es-MX",
  params: { amount: { amount: 20_000, currency: "MXN" }, due_on: "2026-12-01", why: "yearly" },
});
const nudge = (donor: DonorId, key: string): NewMessage => ({
  kind: "reminder_nudge",
  to: { donor },
  dedupeKey: `nudge:${key}`,
  locale: "es-MX",
  params: { amount: { amount: 20_000, currency: "MXN" }, due_on: "2026-12-01", method: "oxxo", days_left: 1 },
});
const log = z.object({
  data: z.array(
    z.looseObject({
      id: z.string(),
      kind: z.string(),
      channel: z.string(),
      state: z.string(),
      to: z.string().nullable(),
      fault: z.string().nullable(),
      tries: z.number(),
    }),
  ),
});
const logOf = async (donor: string) =>
  log.parse((await mx.ask("GET", `/v1/messages?donor=${donor}`)).body).data;

describe("what a donor is told of a gift", () => {
  test("a gift that succeeds is thanked for once, in the donor's language, by the church's name", async () => {
    const [gift, email] = await give();
    await settle();
    expect(to(email)).toHaveLength(1);
    const [mail] = to(email);
    expect(mail?.fromName).toMatch(/Iglesia|Church|Templo/);
    expect(mail?.text).toContain("500");
    expect(mail?.text).toContain(`/gifts/${gift.id}?t=`);
    expect(mail?.html).toContain(`/gifts/${gift.id}?t=`);
    expect(mail?.unsubscribeUrl).toBeUndefined();
    expect(await logOf(gift.donor)).toMatchObject([
      { kind: "thank_you", channel: "email", state: "sent", tries: 1, to: "r•••@example.org" },
    ]);
  });

  test("a voucher goes along in a letter, with its number and a barcode; a card's form does not", async () => {
    const [gift, email] = await give({ type: "oxxo" });
    const [mail] = to(email);
    const number = String(gift.next_action.number);
    expect(mail?.text.replaceAll(/\s/g, "")).toContain(number.replaceAll(/\s/g, ""));
    expect(mail?.inline.length).toBeGreaterThan(0);
    const [, other] = await give({ type: "card", presentation: "hosted" });
    expect(to(other)).toEqual([]);
  });

  test("a dispute is told to the church, at the address it gave, once", async () => {
    await mx.ask("PATCH", "/v1/church", { contact_email: "tesoreria@example.org" });
    const [gift] = await give(byToken("pm_card_createDispute"));
    await house.pass(minutes(1));
    await settle();
    expect(to("tesoreria@example.org")).toHaveLength(1);
    expect(to("tesoreria@example.org")[0]?.text).toContain("500");
    expect((await mx.read(gift.id)).id).toBe(gift.id);
  });
});

describe("when and whether", () => {
  test("the night is left alone, but for what the donor has just asked for", async () => {
    const [gift, email] = await give();
    house.clock.set(new Date("2026-11-22T04:30:00Z")); // 22:30 in Mexico City
    await write(upcoming(donorOf(gift), "night"));
    await send();
    expect(to(email)).toHaveLength(1);
    const [asked, asker] = await give();
    expect(to(asker)).toHaveLength(1);
    expect(asked.status).toBe("succeeded");
    house.clock.set(new Date("2026-11-22T14:00:00Z")); // 08:00
    await send();
    expect(to(email)).toHaveLength(2);
  });

  test("a church that asks for longer nights gets them, in its own zone", async () => {
    const longer = { from: "19:30", until: "10:15" };
    await mx.ask("PATCH", "/v1/church", { quiet_hours: longer });
    const [gift, email] = await give();
    for (const [at, letters] of [
      ["2026-11-23T01:30:00Z", 1], // 19:30 in Mexico City
      ["2026-11-23T16:14:00Z", 1], // 10:14
      ["2026-11-23T16:15:00Z", 4], // 10:15: what waited and what is new
      ["2026-11-24T01:29:00Z", 5], // 19:29
    ] as const) {
      house.clock.set(new Date(at));
      await write(upcoming(donorOf(gift), at));
      await send();
      expect(to(email), at).toHaveLength(letters);
    }
  });

  test("one key is one message, however often it is written", async () => {
    const [gift, email] = await give();
    await write(upcoming(donorOf(gift), "same"));
    await write(upcoming(donorOf(gift), "same"));
    await send();
    expect(to(email)).toHaveLength(2);
  });

  test("many at once, by several workers of one process, each go out once", async () => {
    const [gift, email] = await give();
    post.sent = [];
    for (const key of ["a", "b", "c", "d", "e"]) await write(upcoming(donorOf(gift), `together:${key}`));
    const turn = present(
      house.app.jobs.find(({ name }) => name === "send-messages"),
      "the sending job",
    );
    const turns = await Promise.all([1, 2, 3].map(() => turn.run(new AbortController().signal)));
    expect(to(email)).toHaveLength(5);
    expect(new Set(to(email).map(({ messageId }) => messageId)).size).toBe(5);
    expect(turns.every(({ more }) => !more)).toBe(true);
  });

  test("what has expired is not sent any more", async () => {
    const [gift, email] = await give();
    await write({
      kind: "portal_link",
      to: { donor: donorOf(gift) },
      dedupeKey: `link:${gift.id}`,
      locale: "es-MX",
      params: { url: "https://give.example.org/portal/x", expires_at: "2020-01-01T00:00:00Z" },
    });
    await send();
    expect(to(email)).toHaveLength(1);
    expect((await logOf(gift.donor))[0]).toMatchObject({ state: "suppressed" });
  });

  test("reminders can be left with one click, by link, and never by looking; the rest still comes", async () => {
    const [gift, email] = await give();
    await write(nudge(donorOf(gift), "first"));
    await send();
    const link = new URL(present(to(email)[1]?.unsubscribeUrl, "a reminder can be left"));
    const at = (method: string, path: string) =>
      house.app.fetch(new Request(`http://ofrenda.test${path}`, { method }));
    const own = `${link.pathname}${link.search}`;
    expect((await at("GET", own)).status).toBe(200);
    await write(nudge(donorOf(gift), "second"));
    await send();
    expect(to(email)).toHaveLength(3);
    expect((await at("POST", own.replace(/t=.*/, "t=forged"))).status).toBe(404);
    expect((await at("POST", own)).status).toBe(200);
    await write(nudge(donorOf(gift), "third"));
    await write(upcoming(donorOf(gift), "still"));
    await send();
    expect(to(email).map(({ subject }) => subject)).toHaveLength(4);
    expect((await logOf(gift.donor)).find((one) => one.state === "suppressed")).toMatchObject({
      kind: "reminder_nudge",
      fault: "the donor does not want it",
    });
  });
});

describe("ways out that fail", () => {
  test("a server that is busy is tried again, later and later, and in the end given up", async () => {
    post.answer = () => ({ kind: "retry", answer: "451 busy" });
    const [gift, email] = await give();
    for (let round = 0; round < 8; round++) {
      house.clock.advance(days(1));
      house.clock.set(new Date(house.clock.now().toISOString().replace(/T.*/, "T18:00:00Z")));
      await send();
    }
    expect(await logOf(gift.donor)).toMatchObject([{ state: "failed", tries: 7, fault: "451 busy" }]);
    post.answer = () => sentOk;
    const again = await mx.ask("POST", `/v1/messages/${(await logOf(gift.donor))[0]?.id}/resend`);
    expect(again.status).toBe(202);
    await send();
    expect(to(email)).toHaveLength(1);
  });

  test("an address that bounced gets nothing more", async () => {
    post.answer = () => ({ kind: "bounced", answer: "550 no such user" });
    const [gift, email] = await give();
    post.answer = () => sentOk;
    await write(upcoming(donorOf(gift), "after"));
    await send();
    expect(to(email)).toEqual([]);
    expect(await logOf(gift.donor)).toMatchObject([
      { state: "suppressed", fault: "the address takes nothing" },
      { state: "bounced" },
    ]);
  });

  test("a message that cannot be composed fails alone", async () => {
    const [gift, email] = await give();
    await write({ ...upcoming(donorOf(gift), "broken"), params: { amount: "much" } });
    await write(upcoming(donorOf(gift), "whole"));
    await send();
    expect(to(email)).toHaveLength(2);
    expect((await logOf(gift.donor)).map(({ state }) => state)).toEqual(["sent", "failed", "sent"]);
  });

  test("a process that died while sending sends a letter again under the same name, and a text never", async () => {
    const [gift, email] = await give();
    const [first] = to(email);
    const interrupted = (channel: string) =>
      house.database.db.inChurch(
        mx.church.churchId,
        ({ sql }) => sql`
          update messages set state = 'sending', channel = ${channel}, next_at = ${house.clock.now()}
          where donor_id = ${uuidOf(donorOf(gift))}`,
      );
    await interrupted("email");
    await send();
    expect(to(email).map(({ messageId }) => messageId)).toEqual([first?.messageId, first?.messageId]);
    await interrupted("sms");
    await send();
    expect(await logOf(gift.donor)).toMatchObject(
      [{ state: "suppressed", fault: /may have gone out/ }].map(({ state }) => ({ state })),
    );
  });
});

describe("texts to a phone", () => {
  const wants = (donor: string, channel: string) =>
    mx.ask("PUT", `/v1/donors/${donor}/message-preferences`, {
      preferences: [{ channel, category: "service", wanted: true }],
    });
  const textsTo = async (phone: string) => {
    const page = await (
      await house.app.fetch(new Request("http://ofrenda.test/sandbox/mailbox?lang=en"))
    ).text();
    return page.split(phone).length - 1;
  };

  test("go only to who said yes, beside the letter", async () => {
    const donor = { ...newDonor(), phone: "+525511110001" };
    const [gift, email] = await give(byToken(), donor);
    expect(await textsTo(donor.phone)).toBe(0);
    expect((await wants(gift.donor, "whatsapp")).status).toBe(200);
    await write(upcoming(donorOf(gift), "text"));
    await send();
    expect(to(email)).toHaveLength(2);
    expect(await textsTo(donor.phone)).toBe(1);
    expect((await logOf(gift.donor)).map(({ channel, state }) => [channel, state])).toContainEqual([
      "whatsapp",
      "sent",
    ]);
  });

  test("a number that said STOP at the carrier gets nothing more", async () => {
    const donor = { ...newDonor(), phone: "+15005550004" };
    const [gift] = await give(byToken(), donor);
    await wants(gift.donor, "sms");
    await write(upcoming(donorOf(gift), "stopped"));
    await send();
    await write(upcoming(donorOf(gift), "again"));
    await send();
    const texts = (await logOf(gift.donor)).filter(({ channel }) => channel === "sms");
    expect(texts.map(({ fault }) => fault)).toEqual(["the address takes nothing", "HTTP 400, code 21610"]);
  });

  test("a callback that is not signed by the carrier is not believed", async () => {
    const body = new URLSearchParams({ MessageSid: "SM1", MessageStatus: "undelivered", ErrorCode: "63024" });
    const answer = await house.app.fetch(
      new Request(`http://ofrenda.test/m/${mx.church.slug}/status`, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-twilio-signature": "AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        },
        body: body.toString(),
      }),
    );
    expect(answer.status).toBe(401);
  });
});

test("a church reads nothing of another's messages", async () => {
  const [gift] = await give();
  const other = giver(house, await house.church("mx"), "mx");
  const [message] = await logOf(gift.donor);
  expect((await other.ask("GET", "/v1/messages")).body).toMatchObject({ data: [] });
  expect((await other.ask("POST", `/v1/messages/${message?.id}/resend`)).status).toBe(404);
  expect((await other.ask("GET", `/v1/donors/${gift.donor}/message-preferences`)).status).toBe(404);
});

test("mail waits for hours of the day in the church's zone, whatever the donor's", async () => {
  const [gift, email] = await give();
  house.clock.set(new Date("2026-11-25T13:59:00Z"));
  await write(upcoming(donorOf(gift), "dawn"));
  await send();
  expect(to(email)).toHaveLength(1);
  house.clock.advance(hours(1));
  await send();
  expect(to(email)).toHaveLength(2);
});
