import { randomBytes } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { operate } from "../../src/cli/program.ts";
import { secret } from "../../src/kernel/secret.ts";
import { byToken, type Giver, giver, uuid } from "../support/gifts.ts";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";
import { type CliAnswer, operatorHere, terminalOf } from "../support/operator.ts";

const masterKey = randomBytes(32).toString("base64");
let house: House;
let church: HouseChurch;
let ana: Giver;
let settings: Record<string, string>;

beforeAll(async () => {
  house = await openHouse({ platform: { masterKey: secret(masterKey) } });
  church = await house.church("mx");
  ana = giver(house, church, "mx");
  settings = {
    DATABASE_URL: house.database.url,
    MASTER_KEY: masterKey,
    SANDBOX: "on",
    PUBLIC_URL: "https://give.example.org",
  };
});

const run = (words: string, piped = ""): Promise<CliAnswer> =>
  operatorHere(settings, words.split(" "), { piped });
const done = async (words: string, piped = ""): Promise<string> => {
  const answer = await run(words, piped);
  expect(answer.err).toBe("");
  expect(answer.exit).toBe(0);
  return answer.out;
};
let made = 0;
const newKeys = () => {
  made += 1;
  return [`sk_test_mx_cli${made}`, `pk_test_mx_cli${made}`] as const;
};

describe("an account at a gateway", () => {
  test("is connected with what is piped: keys, then the signing secret", async () => {
    const out = await done(
      `gateway connect --church ${church.slug} --label North`,
      `${newKeys().join("\n")}\nwhsec_a\n`,
    );
    expect(out).toContain("Give the gateway that address for its webhooks.");
    const [, account = "", url = ""] = /Account +(gwa_\w+)\nWebhook address +(\S+)/.exec(out) ?? [];
    const listed = await done(`gateway list --church ${church.slug}`);
    expect(listed).toContain(`${account}  stripe  mx  test  active  "North"  ${url}`);
  });

  test("without its signing secret says how to set it, and takes it later from the environment", async () => {
    const answer = await run(`gateway connect --church ${church.slug}`, newKeys().join("\n"));
    expect(answer.exit).toBe(0);
    expect(answer.err).toContain(
      "Give the gateway this address for its webhooks:\n  https://give.example.org/",
    );
    const [, command = ""] = /npm run ofrenda -- (gateway webhook-secret .+)/.exec(answer.out) ?? [];
    const set = await operatorHere({ ...settings, WEBHOOK_SECRET: "whsec_b" }, command.split(" "));
    expect(set).toMatchObject({ exit: 0, err: "", out: expect.stringMatching(/^Set\. /) });
  });

  test.each([
    ["whsec_typed", "Its signing secret is set."],
    ["", "Until its signing secret is set, its webhooks are refused"],
  ])("at a terminal the signing secret is asked for once the address is known: %o", async (typed, says) => {
    const [key, publishable] = newKeys();
    const { terminal, input, answered, said } = terminalOf({ typed: true, environment: settings });
    const words = `gateway connect --church ${church.slug} --credential secret_key=${key} publishable_key=${publishable}`;
    const exit = operate(words.split(" "), terminal);
    await expect.poll(said, { timeout: 15_000 }).toContain("The signing secret it shows for it");
    expect(said()).toContain("https://give.example.org/webhooks/stripe/");
    input.write(`${typed}\r`);
    expect(await exit).toBe(0);
    expect(answered()).toContain(says);
    expect(answered() + said()).not.toContain("whsec_typed");
  });

  test("gets new credentials, after the gateway has accepted them; wrong ones are refused and not shown", async () => {
    const out = await done(`gateway connect --church ${church.slug}`, `${newKeys().join("\n")}\nwhsec_c\n`);
    const [account = ""] = /gwa_\w+/.exec(out) ?? [];
    const rotate = `gateway credentials --church ${church.slug} --account ${account}`;
    expect(await done(rotate, newKeys().join("\n"))).toContain("Replaced.");
    const foreign = await run(rotate, "sk_test_us_other\npk_test_us_other\n");
    expect(foreign).toMatchObject({
      exit: 1,
      out: "",
      err: expect.stringContaining("this account is of us"),
    });
    expect(foreign.err).not.toContain("sk_test");
    const none = await run(rotate);
    expect(none).toMatchObject({ exit: 1, err: expect.stringContaining("STRIPE_SECRET_KEY") });
  });

  test("of a church with several legal entities needs its owner named, and the answer lists them", async () => {
    const second = await house.ask(church, "POST", "/v1/legal-entities", {
      name: "Fundación Luz",
      country: "mx",
    });
    expect(second.status).toBe(201);
    const asked = await run(`gateway connect --church ${church.slug} --sandbox`);
    expect(asked.exit).toBe(1);
    for (const id of [church.legalEntityId, String(second.body.id)]) expect(asked.err).toContain(id);
    const out = await done(
      `gateway connect --church ${church.slug} --sandbox --legal-entity ${second.body.id}`,
    );
    expect(out).toContain("A simulated account");
    const listed = await done(`gateway list --church ${church.slug} --json`);
    expect(JSON.parse(listed)).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({ legal_entity: second.body.id, sandbox: true }),
      ]),
    });
    const empty = await house.church("us");
    await house.database.superuser`delete from gateway_accounts where church_id = ${uuid(empty.churchId)}`;
    expect(await done(`gateway list --church ${empty.slug}`)).toBe("None.\n");
  });
});

test("an API key is printed in words with what it may do", async () => {
  const out = await done(
    `key create --church ${church.slug} --scope donations:read funds:read --expires-at 2999-01-01T00:00:00Z`,
  );
  expect(out).toMatch(/^ofr_test_\w+\n\nkey_\w+, test, may: donations:read, funds:read\.\n/);
});

describe("the books", () => {
  test("are proved up to a head kept from an earlier run; a head they never had is a break", async () => {
    await ana.give(byToken());
    await house.settle();
    await house.pass(60_000);
    const sound = await done(`ledger verify --church ${church.slug}`);
    const [, head = ""] = /head (\d+:[0-9a-f]{64})/.exec(sound) ?? [];
    expect(sound).toContain("All is as it was booked.");
    expect(await done(`ledger verify --church ${church.slug} --head ${head}`)).toContain("ok, ");
    const cut = await run(`ledger verify --church ${church.slug} --head 999:${"a".repeat(64)} --json`);
    expect(cut).toMatchObject({ exit: 1, err: "" });
    expect(JSON.parse(cut.out)).toMatchObject({
      ok: false,
      churches: [{ ok: false, break: { kind: "head_missing", number: "999" } }],
    });
    const said = await run(`ledger verify --church ${church.slug} --head 999:${"a".repeat(64)}`);
    expect(said.out).toContain("BROKEN: head missing (number 999)\n\n1 of 1 ledgers are broken.");
  });

  test("of a church with nothing booked are sound, and have no head", async () => {
    const young = await house.church("us");
    expect(await done(`ledger verify --church ${young.slug}`)).toMatch(/ok, 0 sealed, 0 waiting\n/);
  });
});

describe("encryption keys", () => {
  test("a new data key seals the church's donors again, and they stay readable", async () => {
    const donation = await ana.give(byToken());
    const out = await done(`keys rotate --church ${church.slug}`);
    expect(out).toMatch(/key 2, .*[1-9]\d* donors.* sealed again/);
    expect((await ana.ask("GET", `/v1/donors/${donation.donor}`)).body).toMatchObject({ name: "Ana Pérez" });
  });

  test("a new master key wraps every data key again, and says when the old one may go", async () => {
    const next = randomBytes(32).toString("base64");
    settings = { ...settings, MASTER_KEY: next, MASTER_KEY_PREVIOUS: masterKey };
    expect(await done("keys rotate --master")).toContain("Run it once more");
    expect(await done("keys rotate --master")).toContain("MASTER_KEY_PREVIOUS may go");
  });
});

describe("what failed", () => {
  test("webhooks and jobs that are dead are listed in words with what to do next", async () => {
    const { superuser } = house.database;
    expect(await done("webhooks dead")).toBe("None.\n");
    await superuser`
      insert into inbox (church_id, id, gateway_account_id, verdict, event_key, order_key, type, headers, target, key_version,
                         body, state, received_at, tries)
      select church_id, gen_random_uuid(), id, 'genuine', 'evt_1', 'pi_1', null, '{}', '', 1, '\\x00', 'dead', now(), 8
      from gateway_accounts where church_id = ${uuid(church.churchId)} limit 1`;
    const dead = await done(`webhooks dead --church ${church.slug}`);
    expect(dead).toMatch(/^inb_\w+ {2}\S+ {2}\? {2}\S+ {2}8 tries/);
    const [id = ""] = /inb_\w+/.exec(dead) ?? [];
    expect(JSON.parse(await done("webhooks dead --json"))).toMatchObject({ data: [{ id, tries: 8 }] });
    expect(await done(`webhooks replay --church ${church.slug} --id ${id}`)).toMatch(/^1 in the queue again/);
    expect(await done("jobs dead")).toBe("None.\n");
    await superuser`
      insert into pgboss.job (name, output, source_name, keep_until)
      values ('dead-jobs', '{"message": "disk full"}', 'seal-ledger', now() + interval '1 day'),
             ('dead-jobs', null, 'drain-inbox', now() + interval '1 day'),
             ('dead-jobs', '{"value": 7}', null, now() + interval '1 day')`;
    const told = await done("jobs dead");
    for (const line of [
      "seal-ledger  ",
      "disk full",
      "drain-inbox",
      "no reason was kept",
      "unknown",
      '{"value":7}',
    ]) {
      expect(told).toContain(line);
    }
    expect(told).toContain("\n\nNo work is lost");
  });
});
