import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { applyReturns } from "../../src/debits/apply-returns.ts";
import { buildDebitFile, rebuildDebitFile } from "../../src/debits/build-debit-file.ts";
import { markDebitFileSent } from "../../src/debits/send-debit-file.ts";
import { readDebitPaymentId } from "../../src/gateway/debit-files.ts";
import { days } from "../../src/kernel/clock.ts";
import { type GatewayAccountId, newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { secret } from "../../src/kernel/secret.ts";
import { connectGateway } from "../../src/routing/connect-gateway.ts";
import { agreement, returnsFile } from "../conformance/ach-file-under-test.ts";
import { type GivenDonation, giver } from "../support/gifts.ts";
import { type House, type HouseChurch, openHouse } from "../support/house.ts";
import { operatorHere } from "../support/operator.ts";

const masterKey = randomBytes(32).toString("base64");
const folder = mkdtempSync(join(tmpdir(), "ofrenda-ach-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let house: House;
let church: HouseChurch;
let bank: GatewayAccountId;
let ana: ReturnType<typeof giver>;
const number = "000123456789";

beforeAll(async () => {
  house = await openHouse({ platform: { masterKey: secret(masterKey) } });
  church = await house.church("us");
  ana = giver(house, church, "us");
  bank = await connected(church);
});

async function connected(of: HouseChurch): Promise<GatewayAccountId> {
  const made = await connectGateway(house.app.deps, {
    gateway: "ach_file",
    churchId: of.churchId,
    legalEntityId: of.legalEntityId,
    country: "us",
    mode: "test",
    label: "Example Bank",
    sandbox: true,
    credentials: agreement,
    webhookSecret: undefined,
  });
  if (!made.ok) throw new Error(made.error.detail);
  return made.value.accountId;
}

async function keptAccount(): Promise<string> {
  const kept = await ana.ask("POST", "/v1/debit-accounts", {
    routing_number: "110000000",
    account_number: number,
    account_type: "checking",
    holder: "Ana Pérez",
  });
  expect(kept.status).toBe(201);
  expect(kept.body).toEqual({
    id: expect.stringMatching(/^dba_[0-9a-f]{32}$/),
    display: "•••••••••789",
  });
  return String(kept.body.id);
}

const byAccount = (token: string) => ({
  type: "ach_debit",
  token,
  mandate_acceptance: { ip_address: "203.0.113.7", user_agent: "test" },
});

async function given(): Promise<GivenDonation> {
  const donation = await ana.give(byAccount(await keptAccount()));
  expect(donation.status).toBe("processing");
  return donation;
}

async function built() {
  const file = await buildDebitFile(house.app.deps, church.churchId, bank);
  if (!file.ok) throw new Error(file.error.detail);
  return file.value;
}

const referenceOf = (donation: GivenDonation): string =>
  readDebitPaymentId(donation.gateway_payment_id ?? "")?.reference ?? "";

const returned = (donation: GivenDonation, code: string, minor = 5_000n, own = "021000020000001"): string =>
  returnsFile([
    {
      order: {
        reference: referenceOf(donation),
        amount: money(minor, "USD"),
        account: { routing: "110000000", number, kind: "checking", holder: "Ana" },
        authorization: "online",
        occurrence: "single",
      },
      code,
      trace: own,
    },
  ]);

const bring = async (text: string) => {
  const applied = await applyReturns(house.app.deps, church.churchId, bank, text);
  if (!applied.ok) throw new Error(applied.error.detail);
  await house.settle();
  return applied.value.results;
};

const booksBalance = async () => {
  const { totals } = await house.trialBalance(church);
  expect(totals).toEqual([expect.objectContaining({ difference: { amount: 0, currency: "USD" } })]);
};

const nothing = { declined: 0, disputed: 0, already: 0, unknown: 0, other_amount: 0 };

describe("a debit by file", () => {
  test("waits, goes in one file, is sent, and is counted when nothing has come back; then its number is gone", async () => {
    const donation = await given();
    const file = await built();
    expect(file.text).toContain(`627110000000${number}     0000005000${referenceOf(donation)}`);
    expect(file.record).toMatchObject({ entries: 1, totalMinor: 5_000n, state: "built" });

    await house.pass(days(30));
    expect((await ana.read(donation.id)).status, "a file nobody brought to the bank proves nothing").toBe(
      "processing",
    );

    await markDebitFileSent(house.app.deps, church.churchId, file.record.id);
    await house.pass(days(1));
    expect((await ana.read(donation.id)).status).toBe("succeeded");
    await booksBalance();
    const again = await rebuildDebitFile(house.app.deps, church.churchId, file.record.id);
    expect(again.ok).toBe(false);
    const { superuser } = house.database;
    const [row] = await superuser`select account, forgotten_at from debit_accounts
      where id::text = ${hyphened(donation)}`;
    expect(row).toMatchObject({ account: null, forgotten_at: expect.any(Date) });
  });

  test("is in one file only, and a lost text can be made again to the byte", async () => {
    await given();
    const file = await built();
    const empty = await buildDebitFile(house.app.deps, church.churchId, bank);
    expect(empty).toMatchObject({ ok: false, error: { detail: "there is nothing to debit" } });
    const again = await rebuildDebitFile(house.app.deps, church.churchId, file.record.id);
    expect(again.ok && again.value.text).toBe(file.text);
  });

  test("that comes back is declined with its reason, once, however often the file is brought", async () => {
    const donation = await given();
    const { record } = await built();
    await markDebitFileSent(house.app.deps, church.churchId, record.id);
    const text = returned(donation, "R01");
    expect(await bring(text)).toEqual({ ...nothing, declined: 1 });
    expect(await ana.read(donation.id)).toMatchObject({ status: "failed" });
    expect(await bring(text)).toEqual({ ...nothing, already: 1 });
    await house.pass(days(14));
    expect((await ana.read(donation.id)).status).toBe("failed");
  });

  test("that comes back after it was counted is a dispute that is lost, and the books balance", async () => {
    const donation = await given();
    const { record } = await built();
    await markDebitFileSent(house.app.deps, church.churchId, record.id);
    await house.pass(days(14));
    expect((await ana.read(donation.id)).status).toBe("succeeded");
    expect(await bring(returned(donation, "R10", 5_000n, "021000020000007"))).toEqual({
      ...nothing,
      disputed: 1,
    });
    expect(await ana.read(donation.id)).toMatchObject({ disputed: true });
    await booksBalance();
  });

  test("of another amount, or of no gift of ours, waits for a person and changes nothing", async () => {
    const donation = await given();
    await built();
    expect(await bring(returned(donation, "R01", 4_999n))).toEqual({ ...nothing, other_amount: 1 });
    const stranger = { ...donation, gateway_payment_id: `${"Z".repeat(15)}.${newId("debitAccount")}` };
    expect(await bring(returned(stranger, "R01"))).toEqual({ ...nothing, unknown: 1 });
    expect((await ana.read(donation.id)).status).toBe("processing");
    const cut = returned(donation, "R01").slice(0, 300);
    expect((await applyReturns(house.app.deps, church.churchId, bank, cut)).ok).toBe(false);
  });

  test("by an account that is not kept is declined when the file is built", async () => {
    const donation = await ana.give(byAccount(newId("debitAccount")));
    const other = await given();
    const file = await built();
    expect(file).toMatchObject({ withoutAccount: 1, record: { entries: 1 } });
    await house.settle();
    expect((await ana.read(donation.id)).status).toBe("failed");
    expect((await ana.read(other.id)).status).toBe("processing");
  });

  test("two builders at once put no gift in two files", async () => {
    const gifts = [await given(), await given()];
    const both = await Promise.allSettled([
      buildDebitFile(house.app.deps, church.churchId, bank),
      buildDebitFile(house.app.deps, church.churchId, bank),
    ]);
    const texts = both.flatMap((each) =>
      each.status === "fulfilled" && each.value.ok ? [each.value.value.text] : [],
    );
    for (const gift of gifts) {
      expect(texts.filter((text) => text.includes(referenceOf(gift)))).toHaveLength(1);
    }
  });
});

describe("the operator", () => {
  const run = async (words: string) => {
    const settings = {
      DATABASE_URL: house.database.url,
      MASTER_KEY: masterKey,
      SANDBOX: "on",
      PUBLIC_URL: "https://give.example.org",
    };
    const answer = await operatorHere(settings, [...words.split(" "), "--church", church.slug, "--json"]);
    return { exit: answer.exit, said: JSON.parse(answer.out) as Record<string, unknown> };
  };

  test("writes the file for nobody else to read, says it was sent, and brings the returns", async () => {
    const donation = await given();
    const file = await run(`ach file --account ${bank} --into ${folder}`);
    expect(file).toMatchObject({
      exit: 0,
      said: { entries: 1, amount: 5_000, currency: "USD", without_account: 0 },
    });
    const path = String(file.said.path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, "utf8");
    expect(text).toContain(referenceOf(donation));

    rmSync(path);
    expect(await run(`ach file --again ${file.said.file} --into ${folder}`)).toMatchObject({ exit: 0 });
    expect(readFileSync(path, "utf8")).toBe(text);

    expect(await run(`ach sent --file ${file.said.file}`)).toMatchObject({
      exit: 0,
      said: { state: "sent" },
    });
    const returns = join(folder, "returns.txt");
    writeFileSync(returns, returned(donation, "R02", 5_000n, "021000020000009"));
    expect(await run(`ach returns --account ${bank} --file ${returns}`)).toMatchObject({
      exit: 0,
      said: { declined: 1, unknown: 0 },
    });
    expect((await ana.read(donation.id)).status).toBe("failed");
  }, 120_000);

  test("is told what is wrong: no file, no such account, a gateway that takes no files", async () => {
    const answers = await Promise.all([
      run(`ach sent --file ${newId("debitFile")}`),
      run(`ach file --account ${newId("gatewayAccount")}`),
      run(`ach returns --account ${bank} --file ${folder}/none`),
      run("ach file --into ."),
    ]);
    expect(answers.map(({ exit }) => exit)).toEqual([1, 1, 1, 1]);
  }, 120_000);
});

describe("a donor's account", () => {
  test("is refused with every field that is wrong, and the number is not repeated", async () => {
    const refused = await ana.ask("POST", "/v1/debit-accounts", {
      routing_number: "110000001",
      account_number: "12",
      account_type: "checking",
      holder: " ",
    });
    expect(refused.status).toBe(400);
    const pointers = (refused.body.errors as { pointer: string }[]).map(({ pointer }) => pointer);
    expect(pointers).toEqual(["/routing_number", "/account_number", "/holder"]);
  });

  test("stands nowhere in the clear: not in the database, not in an answer", async () => {
    const donation = await given();
    const { superuser } = house.database;
    const tables = await superuser<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`;
    for (const { name } of tables) {
      const rows = await superuser.unsafe(`select t::text as row from "${name}" t`);
      for (const { row } of rows) expect(String(row), name).not.toContain(number);
    }
    expect(JSON.stringify(donation)).not.toContain(number);
  });
});

const hyphened = (donation: GivenDonation): string => {
  const hex = readDebitPaymentId(donation.gateway_payment_id ?? "")?.account.slice(4) ?? "";
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

describe("on the church's own page", () => {
  const form = {
    amount: "5000",
    fund: "general",
    method: "ach_debit",
    name: "Ana Pérez",
    email: "ana@example.org",
  };
  const account = {
    account_holder: "Ana Pérez",
    account_routing: "110000000",
    account_number: number,
    account_type: "checking",
    account_agreed: "1",
  };
  const formKey = () => `form_${randomBytes(16).toString("hex")}`;
  let page: HouseChurch;
  beforeAll(async () => {
    page = await house.church("us");
    await connected(page);
    const { data } = (await house.ask(page, "GET", "/v1/gateway-accounts")).body as {
      data: { id: string; gateway: string }[];
    };
    // Where the church has a gateway for it, that gateway takes debits on pages of its own.
    const stripe = data.find(({ gateway }) => gateway === "stripe")?.id;
    await house.ask(page, "PATCH", `/v1/gateway-accounts/${stripe}`, { status: "disabled" });
    house.clock.advance(10_000);
  });
  const send = async (fields: Record<string, string>) => {
    const answer = await house.app.fetch(
      new Request(`http://ofrenda.test/give/${page.slug}?lang=en`, {
        method: "POST",
        headers: {
          "content-type": "application/x-www-form-urlencoded",
          "cf-connecting-ip": "203.0.113.7",
          "user-agent": "test",
        },
        body: new URLSearchParams({ key: formKey(), ...form, ...fields }).toString(),
      }),
    );
    return { status: answer.status, to: answer.headers.get("location") ?? "", text: await answer.text() };
  };
  const accountsKept = async () => {
    const [row] = await house.app.deps.db.inChurch(
      page.churchId,
      ({ sql }) => sql<{ kept: number }[]>`select count(*)::int as kept from debit_accounts`,
    );
    return row?.kept ?? -1;
  };

  test("a donor writes the account, allows the debit, and the gift goes into the next file", async () => {
    const shown = await house.app.fetch(new Request(`http://ofrenda.test/give/${page.slug}?lang=en`));
    expect(await shown.text()).toContain("Routing number");
    const sent = await send(account);
    expect(sent.status, sent.text).toBe(303);
    const { data } = (await house.ask(page, "GET", "/v1/donations")).body as { data: { status: string }[] };
    expect(data).toMatchObject([{ status: "processing" }]);
  });

  test("sent twice it is one gift and one account; with another number it is another gift", async () => {
    const key = formKey();
    const before = await accountsKept();
    const [one, two] = await Promise.all([send({ ...account, key }), send({ ...account, key })]);
    expect(one.to).toMatch(/gifts\/don_/);
    expect(two.to).toBe(one.to);
    expect(await accountsKept()).toBe(before + 1);
    const other = await send({ ...account, key, account_number: "000987654321" });
    expect(other).toMatchObject({ status: 422, text: expect.stringContaining("already started a gift") });
  });

  test.each([
    ["account_routing", "110000001", "nine digits"],
    ["account_number", "12", "4 to 17 digits"],
    ["account_holder", "", "the name the account is in"],
    ["account_agreed", "", "allow the debit"],
  ])("%s wrong is named, nothing is kept, and the number is not written back", async (field, value, said) => {
    const before = await accountsKept();
    const sent = await send({ ...account, [field]: value });
    expect(sent).toMatchObject({ status: 422, text: expect.stringContaining(said) });
    expect(sent.text).not.toContain(number);
    expect(await accountsKept()).toBe(before);
  });
});
