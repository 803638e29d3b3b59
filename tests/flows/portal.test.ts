import { beforeAll, describe, expect, test } from "vitest";
import { findOrCreateDonor } from "../../src/donors/donors.ts";
import { days, hours, minutes } from "../../src/kernel/clock.ts";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";
import { comeIn, mailedLinks, visitorOf } from "../support/portal.ts";

let house: House;
let church: HouseChurch;
let other: HouseChurch;
beforeAll(async () => {
  house = await openHouse({ wire: "in_process" });
  church = await house.church("mx");
  other = await house.church("mx");
});

let made = 0;
/** A donor of the church, with an address nobody has asked with before. */
async function newDonor(of = church) {
  made += 1;
  const email = `ana.${made}@example.org`;
  const found = await findOrCreateDonor(house.app.deps, of.churchId, { name: "Ana", email });
  if (!found.ok) throw new Error(found.error.detail);
  return { email, id: found.value.donor.id };
}

const door = (of = church) => `/portal/${of.slug}`;

/** Asks for a link as a fresh visitor: what the page answers. */
async function ask(email: string, of = church) {
  const visitor = visitorOf(house.app);
  await visitor.get(door(of));
  return visitor.send(door(of), { email });
}

/** Asks, and hands over the link that was mailed. */
async function linkFor(email: string, of = church): Promise<string> {
  await ask(email, of);
  return (await mailedLinks(house.app, of.churchId))[0] ?? "";
}

/** Opens a link and presses its button. */
async function enterBy(link: string, visitor = visitorOf(house.app)) {
  await visitor.get(link);
  return { visitor, shown: await visitor.send(`${door()}/enter`) };
}

describe("asking for a link", () => {
  test("is answered the same for a stranger and a donor, and only the donor is written to", async () => {
    const { email } = await newDonor();
    const before = await mailedLinks(house.app, church.churchId);
    const [known, stranger] = [await ask(email), await ask("nobody@example.org")];
    const same = (text: string, address: string) =>
      text.replaceAll(address, "…").replaceAll(/nonce="[^"]*"|nonce-[^']*/g, "");
    expect(stranger.status).toBe(200);
    expect(same(stranger.text, "nobody@example.org")).toBe(same(known.text, email));
    expect(await mailedLinks(house.app, church.churchId)).toHaveLength(before.length + 1);
  });

  test("takes as long for a stranger as for a donor", async () => {
    const { email } = await newDonor();
    const timed = async (address: string) => {
      const began = performance.now();
      await ask(address);
      return performance.now() - began;
    };
    const [known, stranger] = [await timed(email), await timed("nobody.else@example.org")];
    expect(Math.min(known, stranger)).toBeGreaterThan(190);
  });

  test("a donor of another church is a stranger here", async () => {
    const { email } = await newDonor(other);
    const before = await mailedLinks(house.app, church.churchId);
    expect((await ask(email)).status).toBe(200);
    expect(await mailedLinks(house.app, church.churchId)).toHaveLength(before.length);
  });

  test("what is no address is said to be none, and kept for mending", async () => {
    const shown = await ask("ana at example");
    expect(shown.status).toBe(422);
    expect(shown.text).toContain("Write your e-mail");
    expect(shown.text).toContain('value="ana at example"');
  });

  test("more than three times in fifteen minutes is refused alike for donors and strangers, until it has passed", async () => {
    const { email } = await newDonor();
    for (const address of [email, "often@example.org"]) {
      for (let time = 0; time < 3; time++) expect((await ask(address)).status).toBe(200);
      const refused = await ask(address.toUpperCase());
      expect(refused.status).toBe(429);
      expect(refused.text).toContain("wait 15 minutes");
      expect(Number(refused.headers.get("retry-after"))).toBe(900);
    }
    house.clock.advance(minutes(15));
    expect((await ask(email)).status).toBe(200);
  });

  test("from a browser that did not get the form from us asks for nothing", async () => {
    const { email } = await newDonor();
    const before = await mailedLinks(house.app, church.churchId);
    const visitor = visitorOf(house.app);
    await visitor.get(door());
    expect((await visitor.post(door(), { email })).status).toBe(422);
    expect((await visitor.post(door(), { email, word: "guess" })).status).toBe(422);
    expect(await mailedLinks(house.app, church.churchId)).toHaveLength(before.length);
  });
});

describe("a link", () => {
  test("opened is only a page with a button: a mail scanner uses nothing up", async () => {
    const { email } = await newDonor();
    const link = await linkFor(email);
    const scanner = visitorOf(house.app);
    for (let time = 0; time < 3; time++) expect((await scanner.get(link)).text).toContain("Come in");
    expect((await enterBy(link)).shown.text).toContain("Hello, Ana");
  });

  test("comes in once; the second browser is told to ask for another, the first is in", async () => {
    const { email } = await newDonor();
    const link = await linkFor(email);
    const first = await enterBy(link);
    const second = await enterBy(link);
    expect(second.shown.status).toBe(404);
    expect(second.shown.text).toContain("no longer works");
    // The thumb that pressed twice.
    await first.visitor.get(link);
    expect((await first.visitor.send(`${door()}/enter`)).text).toContain("Hello, Ana");
  });

  test("of two browsers that press at once, one comes in", async () => {
    const { email } = await newDonor();
    const link = await linkFor(email);
    const [one, two] = [visitorOf(house.app), visitorOf(house.app)];
    await Promise.all([one.get(link), two.get(link)]);
    const shown = await Promise.all([one, two].map((each) => each.send(`${door()}/enter`)));
    expect(shown.map(({ status }) => status).sort()).toEqual([200, 404]);
  });

  test("holds for fifteen minutes and not a second longer", async () => {
    const { email } = await newDonor();
    const link = await linkFor(email);
    house.clock.advance(minutes(15) - 1000);
    const late = await linkFor(email);
    expect((await enterBy(link)).shown.status).toBe(200);
    house.clock.advance(minutes(15));
    expect((await enterBy(late)).shown.status).toBe(404);
  });

  test("opens no other church", async () => {
    const { email } = await newDonor();
    const link = await linkFor(email);
    const visitor = visitorOf(house.app);
    await visitor.get(link.replace(church.slug, other.slug));
    expect((await visitor.send(`${door(other)}/enter`)).status).toBe(404);
    expect((await enterBy(link)).shown.status).toBe(200);
  });

  test("is kept as a hash only, and never stands in what is mailed to others", async () => {
    const { email } = await newDonor();
    const token = new URL(await linkFor(email)).searchParams.get("t") ?? "";
    expect(token).toMatch(/^[\w-]{43}$/);
    const [row] = await house.database.superuser`
      select count(*)::int as n from portal_links l where l::text like ${`%${token}%`}`;
    expect(row?.n).toBe(0);
  });

  test("is made by API for a system that knows the donor, and for no other key or donor", async () => {
    const { id } = await newDonor();
    const given = await house.ask(church, "POST", `/v1/donors/${id}/portal-links`);
    expect(given.status).toBe(201);
    expect((await enterBy(String(given.body.url))).shown.text).toContain("Hello, Ana");
    expect((await house.ask(other, "POST", `/v1/donors/${id}/portal-links`)).status).toBe(404);
    const weak = await house.ask(church, "POST", "/v1/api-keys", {
      kind: "secret",
      mode: "test",
      label: "reader",
      scopes: ["donors:read", "donors:write"],
    });
    const refused = await house.ask(church, "POST", `/v1/donors/${id}/portal-links`, undefined, {
      authorization: `Bearer ${weak.body.key}`,
    });
    expect(refused.status).toBe(403);
  });
});

describe("a visit", () => {
  const isIn = (text: string) => text.includes("Hello, Ana");

  test("ends after half an hour without a sign, and after half a day in any case", async () => {
    const { email } = await newDonor();
    const { visitor } = await comeIn(house.app, church, email);
    for (let quarter = 0; quarter < 3; quarter++) {
      house.clock.advance(minutes(29));
      expect(isIn((await visitor.get(door())).text)).toBe(true);
    }
    house.clock.advance(minutes(31));
    expect(isIn((await visitor.get(door())).text)).toBe(false);
    const long = await comeIn(house.app, church, email);
    for (let time = 0; time < 24; time++) {
      house.clock.advance(minutes(29));
      expect(isIn((await long.visitor.get(door())).text)).toBe(true);
    }
    house.clock.advance(minutes(25));
    expect(isIn((await long.visitor.get(door())).text)).toBe(false);
  });

  test("ends when the donor leaves, here alone or everywhere", async () => {
    const { email } = await newDonor();
    const [one, two, three] = [
      await comeIn(house.app, church, email),
      await comeIn(house.app, church, email),
      await comeIn(house.app, church, email),
    ].map(({ visitor }) => visitor);
    if (!one || !two || !three) throw new Error("three visits");
    expect((await one.send(`${door()}/leave`)).text).toContain("You signed out");
    expect(isIn((await one.get(door())).text)).toBe(false);
    expect(isIn((await two.get(door())).text)).toBe(true);
    await two.send(`${door()}/leave-everywhere`);
    expect(isIn((await two.get(door())).text)).toBe(false);
    expect(isIn((await three.get(door())).text)).toBe(false);
  });

  test("is a cookie that script cannot read and no other site sends; over https it is bound to this host", async () => {
    const plain = await visitorOf(house.app).get(door());
    expect(plain.headers.getSetCookie()).toEqual([
      expect.stringMatching(new RegExp(`^portal-${church.slug}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Lax$`)),
    ]);
    const secure = await openHouse({
      wire: "in_process",
      database: house.database,
      publicUrl: "https://ofrenda.test",
    });
    const bound = await visitorOf(secure.app).get(door());
    expect(bound.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        new RegExp(`^__Host-portal-${church.slug}=[\\w-]{43}; Path=/; HttpOnly; Secure; SameSite=Lax$`),
      ),
    ]);
  });

  test("is a new secret, never the mark that was there before", async () => {
    const { email } = await newDonor();
    const visitor = visitorOf(house.app);
    await visitor.get(door());
    const planted = new Map(visitor.cookies);
    await visitor.get(await linkFor(email));
    await visitor.send(`${door()}/enter`);
    const thief = visitorOf(house.app);
    for (const [name, value] of planted) thief.cookies.set(name, value);
    expect(isIn((await thief.get(door())).text)).toBe(false);
  });

  test("changes nothing by a form from elsewhere", async () => {
    const { email, id } = await newDonor();
    const { visitor } = await comeIn(house.app, church, email);
    await visitor.get(`${door()}/me`);
    const forged = await visitor.post(`${door()}/me`, { name: "Mallory", language: "en" });
    expect(forged.location).toContain("said=stale");
    const read = await house.ask(church, "GET", `/v1/donors/${id}`);
    expect(read.body.name).toBe("Ana");
    await visitor.get(`${door()}/me`);
    const own = await visitor.send(`${door()}/me`, {
      name: "Ana María",
      phone: "+52 951 123 4567",
      language: "pt",
    });
    expect(own.text).toContain("Salvo.");
    expect((await house.ask(church, "GET", `/v1/donors/${id}`)).body).toMatchObject({
      name: "Ana María",
      phone: "+529511234567",
      locale: "pt-MX",
    });
  });

  test("of one church says nothing in another", async () => {
    const { email } = await newDonor();
    const { visitor } = await comeIn(house.app, church, email);
    const [secret] = visitor.cookies.values();
    visitor.cookies.set(`portal-${other.slug}`, secret ?? "");
    expect(isIn((await visitor.get(door(other))).text)).toBe(false);
  });
});

test("/portal leads to the church that is named, and says so where there is none", async () => {
  const visitor = visitorOf(house.app);
  expect((await visitor.get("/portal")).text).toContain("Which church do you give to?");
  const found = await visitor.get(`/portal?church=${church.slug}`);
  expect(found.location).toBe(`/portal/${church.slug}?lang=en`);
  expect((await visitor.get("/portal?church=nowhere")).status).toBe(404);
  expect((await visitor.get("/portal/nowhere")).status).toBe(404);
});

test("what is over is cleared away", async () => {
  const { email } = await newDonor();
  await comeIn(house.app, church, email);
  house.clock.advance(days(3));
  await comeIn(house.app, church, email);
  const old = new Date(house.clock.now().getTime() - hours(25));
  const [row] = await house.database.superuser`
    select (select count(*) from portal_links where expires_at < ${old})::int
         + (select count(*) from portal_sessions where created_at < ${old})::int
         + (select count(*) from portal_asks where asked_at < ${old})::int as n`;
  expect(row?.n).toBe(0);
});
