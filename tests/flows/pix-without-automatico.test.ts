import { beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { createApiKey } from "../../src/access/api-keys.ts";
import { createChurch } from "../../src/churches/create-church.ts";
import type { GatewayCredentials } from "../../src/gateway/adapter.ts";
import { present } from "../../src/kernel/assert.ts";
import { connectGateway, rotateCredentials } from "../../src/routing/connect-gateway.ts";
import { testDatabase } from "../support/database.ts";
import { type MethodChurch, type MethodHouse, openMethodHouse } from "../support/method-house.ts";
import { startStanding } from "../support/recurring.ts";

let house: MethodHouse;
let church: MethodChurch;
let whole: GatewayCredentials;
let bare: GatewayCredentials;

/** A church whose Pix account names no bank account: its provider can be asked for Pix, and for nothing that pulls. */
beforeAll(async () => {
  house = await openMethodHouse((await testDatabase()).db);
  const { deps } = house.app;
  const created = await createChurch(deps, {
    name: "Igreja do Pix",
    slug: "igreja-do-pix",
    country: "br",
    legalEntity: { name: "Igreja do Pix", address: "Rua 1" },
  });
  if (!created.ok) throw new Error(created.error.detail);
  const { church: made } = created.value;
  const simulator = present(house.app.simulators.get("pix"), "the sandbox is on");
  const account = simulator.openAccount({ country: "br", name: "no_bank_account" });
  whole = account.credentials;
  const left = new Set(["account_branch", "account_number", "account_type"]);
  bare = Object.fromEntries(Object.entries(whole).filter(([field]) => !left.has(field)));
  const connected = await connect(bare, made.id, created.value.legalEntityId);
  if (!connected.ok) throw new Error(connected.error.detail);
  const given = { kind: "secret", mode: "test", label: "test", scopes: ["*"] } as const;
  const { text } = await createApiKey(deps.db, made.id, given, house.clock.now());
  const bankAccount = connected.value.accountId;
  church = { churchId: made.id, slug: "igreja-do-pix", country: "br", key: text.reveal(), bankAccount };
});

type Order = Parameters<typeof connectGateway>[1];
const connect = (
  credentials: GatewayCredentials,
  churchId: Order["churchId"],
  legalEntityId: Order["legalEntityId"],
) =>
  connectGateway(house.app.deps, {
    gateway: "pix",
    churchId,
    legalEntityId,
    country: "br",
    mode: "test",
    label: "Pix",
    sandbox: true,
    credentials,
    webhookSecret: undefined,
  });

const offer = z.object({
  data: z.array(z.object({ type: z.string(), recurring: z.string().nullish() })),
});
const offered = async () => {
  const { body } = await house.ask(
    church,
    "GET",
    "/v1/payment-methods?country=br&currency=BRL&frequency=monthly",
  );
  return offer.parse(body).data.map(({ type, recurring }) => `${type} ${recurring ?? ""}`);
};
const donor = { name: "Ana Souza", email: "ana@example.org", tax_id: "39053344705" };

test("Pix Automático is never offered, Pix is as a reminder, before the donor chooses", async () => {
  expect(await offered()).toEqual(["pix reminder"]);
  const page = await (
    await house.app.fetch(new Request(`http://ofrenda.test/give/${church.slug}?frequency=monthly&lang=pt`))
  ).text();
  expect(page).not.toContain("Pix Automático");
  expect(page).toContain('value="pix"');
  const gift = await startStanding(house, church, { type: "pix" }, { amount: 5_000, donor });
  expect(gift).toMatchObject({ collection: "reminder", status: "active" });
});

test("asked for all the same it is refused with what to choose instead, and nothing is begun", async () => {
  const body = {
    amount: 5_000,
    currency: "BRL",
    country: "br",
    payment_method: { type: "pix_automatico" },
    donor,
    frequency: "monthly",
    starts_on: "2026-12-01",
  };
  const reply = await house.ask(church, "POST", "/v1/recurring-gifts", body);
  expect(reply).toMatchObject({
    status: 422,
    body: {
      code: "payment_method_not_offered",
      errors: [{ pointer: "/payment_method/type", detail: expect.stringMatching(/reminder instead: pix$/) }],
    },
  });
});

test("an account that names a bank account whose provider has not opened it is told so when it is connected", async () => {
  const { deps } = house.app;
  const id = present(church.bankAccount, "an account");
  const scopes = "cob.read cob.write cobv.read cobv.write pix.read pix.write webhook.read webhook.write";
  const refused = await rotateCredentials(deps, church.churchId, id, { ...whole, scopes });
  expect(refused).toMatchObject({
    ok: false,
    error: { code: "gateway_refused", detail: expect.stringContaining("leave account_number") },
  });
  expect(await offered()).toEqual(["pix reminder"]);
});

test("once the account is named and open it is offered, and again no more when it is taken out", async () => {
  const { deps } = house.app;
  const id = present(church.bankAccount, "an account");
  expect(await rotateCredentials(deps, church.churchId, id, whole)).toMatchObject({ ok: true });
  await house.pass(30_000);
  expect(await offered()).toEqual(["pix_automatico automatic", "pix reminder"]);
  expect(await rotateCredentials(deps, church.churchId, id, bare)).toMatchObject({ ok: true });
  await house.pass(30_000);
  expect(await offered()).toEqual(["pix reminder"]);
});
