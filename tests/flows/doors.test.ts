import { and, eq } from "drizzle-orm";
import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { findOrCreateDonor } from "../../src/donors/donors.ts";
import { present } from "../../src/kernel/assert.ts";
import { minutes } from "../../src/kernel/clock.ts";
import { type DonorId, newId } from "../../src/kernel/ids.ts";
import { enqueue, type NewMessage } from "../../src/messages/enqueue.ts";
import { messages } from "../../src/messages/tables.ts";
import { simulatedTwilio } from "../../src/messages/twilio/simulator.ts";
import { twilioSignature } from "../../src/messages/twilio/status.ts";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";
import { comeIn, mailedLinks, visitorOf } from "../support/portal.ts";

/** The addresses that messages and links lead to, with something wrong in them; and what is typed behind the door. */
let house: House;
let church: HouseChurch;
beforeAll(async () => {
  house = await openHouse({ wire: "in_process" });
  church = await house.church("mx");
});

let made = 0;
async function newDonor(fields: object = { name: "Ana" }) {
  const email = `door.${++made}@example.org`;
  const found = await findOrCreateDonor(house.app.deps, church.churchId, { email, ...fields });
  if (!found.ok) throw new Error(found.error.detail);
  return { email, id: found.value.donor.id };
}

describe("an address that is wrong", () => {
  const donor = newId("donor");
  const paths = (slug: string): readonly string[] => [
    `/portal/nobody?lang=en`,
    `/portal/nobody/enter?t=x`,
    `/portal/nobody/me`,
    `/portal/${slug}/pay/none?t=x`,
    `/portal/${slug}/pay/${newId("occurrence")}?t=guess`,
    `/portal/${slug}/pay/${newId("occurrence")}`,
    `/portal/${slug}/restart/none`,
    `/portal/${slug}/restart/${newId("recurringGift")}?t=guess`,
    `/give/${slug}/recurring/none?t=x`,
    `/m/nobody/leave/${donor}?by=email&t=x`,
    `/m/${slug}/leave/none?by=email&t=x`,
    `/m/${slug}/leave/${donor}?by=post&t=x`,
    `/m/${slug}/leave/${donor}?by=sms&t=guess`,
    `/m/${slug}/leave/${donor}?by=whatsapp`,
  ];

  test("is no page, whoever asks and however", async () => {
    for (const path of paths(church.slug)) {
      const visitor = visitorOf(house.app);
      expect([path, (await visitor.get(path)).status]).toEqual([path, 404]);
      const posted = await visitor.post(path, {});
      expect([path, [404, 405].includes(posted.status)]).toEqual([path, true]);
    }
    expect((await visitorOf(house.app).post("/portal/nobody", { email: "a@b.mx" })).status).toBe(404);
  });

  test.each(["none", newId("donation")])("of a gift to repeat (%s) shows the usual form", async (again) => {
    const inputs = async (query: string) => {
      const shown = await visitorOf(house.app).get(`/give/${church.slug}${query}`);
      return [...shown.text.matchAll(/<input[^>]*>/g)]
        .map(([tag]) => tag)
        .filter((tag) => !tag.includes('name="key"'));
    };
    expect(await inputs(`?again=${again}&t=guess`)).toEqual(await inputs(""));
  });

  test("of a link that was opened in another browser asks for the button again", async () => {
    const { email } = await newDonor();
    const visitor = visitorOf(house.app);
    await visitor.get(`/portal/${church.slug}`);
    await visitor.send(`/portal/${church.slug}`, { email });
    const [link] = await mailedLinks(house.app, church.churchId);
    const token = new URL(present(link, "a link was mailed")).searchParams.get("t") ?? "";
    const stranger = await visitorOf(house.app).post(`/portal/${church.slug}/enter`, {
      t: token,
      word: "guess",
    });
    expect(stranger.status).toBe(422);
    expect(stranger.text).toContain(token);
  });
});

describe("a donor's own details", () => {
  const me = () => `/portal/${church.slug}/me`;

  test("of somebody who never told them begin empty, and are kept as they are typed", async () => {
    const { email, id } = await newDonor({});
    const { visitor, home } = await comeIn(house.app, church, email);
    expect(home.status).toBe(200);
    await visitor.get(me());
    const wrong = await visitor.send(me(), { name: " ", phone: "12", language: "tlh" });
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain('value="12"');
    await visitor.get(me());
    const saved = await visitor.send(me(), {
      name: "Ana  López",
      phone: "+52 (55) 1111-2222",
      language: "pt",
    });
    expect(saved.status).toBe(200);
    const { body } = await house.ask(church, "GET", `/v1/donors/${id}`);
    expect(body).toMatchObject({
      name: "Ana López",
      phone: "+525511112222",
      locale: expect.stringMatching(/^pt/),
    });
    await visitor.get(me());
    expect((await visitor.send(me(), { name: "Ana", phone: "" })).status).toBe(200);
    expect((await house.ask(church, "GET", `/v1/donors/${id}`)).body).toMatchObject({ phone: null });
  });

  test("sent from a form that is not ours change nothing, and are said to be stale at home", async () => {
    const { email, id } = await newDonor();
    const { visitor } = await comeIn(house.app, church, email);
    const sent = await visitor.post(me(), { name: "Eve", word: "guess" });
    expect((await visitor.get(sent.location)).text).toContain("again");
    expect((await house.ask(church, "GET", `/v1/donors/${id}`)).body).toMatchObject({ name: "Ana" });
  });
});

const logged = z.object({ data: z.array(z.looseObject({ channel: z.string(), state: z.string() })) });
const upcoming = (donor: DonorId, key: string): NewMessage => ({
  kind: "upcoming_charge",
  to: { donor },
  dedupeKey: `upcoming:${key}`,
  locale: "es-MX",
  params: { amount: { amount: 20_000, currency: "MXN" }, due_on: "2026-12-01", why: "yearly" },
});

describe("what the carrier tells of a text", () => {
  const tell = async (fields: Record<string, string>, slug = church.slug) => {
    const form = new URLSearchParams(fields);
    const url = `${house.app.deps.config.publicUrl}/m/${slug}/status`;
    const answer = await house.app.fetch(
      new Request(url, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "x-twilio-signature": twilioSignature(simulatedTwilio.authToken, url, form),
        },
        body: form.toString(),
      }),
    );
    return answer.status;
  };

  test("is heard whatever it is, and for a church there is", async () => {
    expect(await tell({ MessageSid: "SM1", MessageStatus: "delivered" })).toBe(204);
    expect(await tell({ MessageSid: "SM1", MessageStatus: "undelivered", ErrorCode: "30005" })).toBe(204);
    expect(await tell({ MessageSid: "SM1", MessageStatus: "undelivered" })).toBe(204);
    expect(await tell({ Other: "1" })).toBe(204);
    expect(await tell({ MessageSid: "SM1", MessageStatus: "delivered" }, "nobody")).toBe(404);
  });

  test("stops texts to a number that is no more, and only to that one", async () => {
    const { db } = house.app.deps;
    const [gone, there] = [
      await newDonor({ name: "Ana", phone: "+525511113333" }),
      await newDonor({ name: "Eva", phone: "+525511114444" }),
    ];
    for (const { id } of [gone, there]) {
      await house.ask(church, "PUT", `/v1/donors/${id}/message-preferences`, {
        preferences: [{ channel: "sms", category: "service", wanted: true }],
      });
    }
    /** Writes to both, sends, and gives what became of the newest text of each. */
    const written = async (round: string) => {
      await db.inChurch(church.churchId, async (tx) => {
        for (const { id } of [gone, there])
          await enqueue(tx, house.app.deps, church.churchId, upcoming(id, `${round} ${id}`));
      });
      await house.pass(minutes(1));
      return Promise.all(
        [gone, there].map(async ({ id }) => {
          const { body } = await house.ask(church, "GET", `/v1/messages?donor=${id}`);
          return logged.parse(body).data.find(({ channel }) => channel === "sms")?.state;
        }),
      );
    };
    expect(await written("first")).toEqual(["sent", "sent"]);
    const sids = await db.inChurch(church.churchId, (tx) =>
      tx.orm
        .select({ sid: messages.providerId })
        .from(messages)
        .where(
          and(
            eq(messages.churchId, church.churchId),
            eq(messages.donorId, gone.id),
            eq(messages.channel, "sms"),
          ),
        ),
    );
    const MessageSid = sids[0]?.sid ?? "";
    expect(await tell({ MessageSid, MessageStatus: "sent" })).toBe(204);
    expect(await tell({ MessageSid, MessageStatus: "undelivered", ErrorCode: "30005" })).toBe(204);
    expect(await tell({ MessageSid, MessageStatus: "undelivered", ErrorCode: "30005" })).toBe(204);
    expect(await written("second")).toEqual(["suppressed", "sent"]);
  });
});
