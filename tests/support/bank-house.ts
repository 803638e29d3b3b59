import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { z } from "zod";
import { createApiKey } from "../../src/access/api-keys.ts";
import type { Scope } from "../../src/access/principal.ts";
import { createChurch } from "../../src/churches/create-church.ts";
import { createFund } from "../../src/churches/funds.ts";
import type { GatewayCredentials } from "../../src/gateway/adapter.ts";
import type { GatewayAccountId } from "../../src/kernel/ids.ts";
import { connectGateway } from "../../src/routing/connect-gateway.ts";
import { giver } from "./gifts.ts";
import type { House, HouseChurch, Reply } from "./house.ts";

/** The numbers are those that documents print as examples. */
export const ownClabe: GatewayCredentials = {
  kind: "clabe",
  number: "032180000118359719",
  bank: "Banco de Ejemplo",
  beneficiary: "Iglesia Luz A.R.",
  bic: "BNMXMXMM",
};

/** A church of Mexico whose only gateway is its own bank account, and two people with a key each. */
export async function bankChurch(house: House) {
  const { app, clock } = house;
  const created = await createChurch(app.deps, {
    name: "Iglesia Luz",
    slug: `luz-${randomBytes(5).toString("hex")}`,
    country: "mx",
    legalEntity: { name: "Iglesia Luz A.R.", address: "Calle 1, Oaxaca" },
  });
  if (!created.ok) throw new Error(created.error.detail);
  const { church, legalEntityId, fundId } = created.value;
  const now = clock.now();
  await createFund(app.deps.db, church.id, { code: "missions", name: "Misiones", restricted: true }, now);
  const accountId = await connectBank(house, { churchId: church.id, legalEntityId }, ownClabe);
  const keyed = (key: string): HouseChurch => ({
    churchId: church.id,
    slug: church.slug,
    legalEntityId,
    fundId,
    key,
    stripeKey: "",
    webhookUrl: "",
    webhookSecret: "",
  });
  const person = async (scopes: readonly Scope[] = ["*"], mode: "test" | "live" = "test") => {
    const made = { kind: "secret", mode, label: "person", scopes: [...scopes] } as const;
    return keyed((await createApiKey(app.deps.db, church.id, made, now)).text.reveal());
  };
  const ana = await person();
  return { accountId, ana, luis: await person(), person, giver: giver(house, ana, "mx") };
}
export type BankChurch = Awaited<ReturnType<typeof bankChurch>>;

/** Connects a bank account of the church's own. */
export async function connectBank(
  { app }: House,
  church: Pick<HouseChurch, "churchId" | "legalEntityId">,
  credentials: GatewayCredentials,
): Promise<GatewayAccountId> {
  const connected = await connectGateway(app.deps, {
    gateway: "transfer",
    churchId: church.churchId,
    legalEntityId: church.legalEntityId,
    country: "mx",
    mode: "test",
    label: "Banco",
    sandbox: false,
    credentials,
    webhookSecret: undefined,
  });
  if (!connected.ok) throw new Error(connected.error.detail);
  return connected.value.accountId;
}

/** Sends a bank's file. */
export async function upload(
  house: House,
  church: HouseChurch,
  account: string,
  file: string | Uint8Array,
  type = "text/csv",
  more = "",
): Promise<Reply> {
  const response = await house.app.fetch(
    new Request(`${house.app.deps.config.publicUrl}/v1/bank-statements?account=${account}${more}`, {
      method: "POST",
      headers: { authorization: `Bearer ${church.key}`, "content-type": type },
      body: typeof file === "string" ? file : Buffer.from(file),
    }),
  );
  const body: unknown = await response.json();
  return {
    status: response.status,
    headers: response.headers,
    body: z.record(z.string(), z.unknown()).parse(body),
  };
}

const heading = "fecha,monto,concepto,folio,ordenante";
export type Row = {
  readonly amount: string;
  readonly said: string;
  readonly id?: string;
  readonly on?: string;
};
/** A treasurer's table, one line for each movement; amounts in pesos as text. */
export const table = (...rows: readonly Row[]): string =>
  [
    heading,
    ...rows.map(({ amount, said, id = "", on = "2026-11-20" }) => `${on},${amount},${said},${id},Ana Pérez`),
  ].join("\n");

const action = z.object({ type: z.literal("display_bank_transfer"), reference: z.string() });
/** What the donor was told to quote. */
export const referenceOf = (gift: { readonly next_action: unknown }): string =>
  action.parse(gift.next_action).reference;

/** What became of the lines of an answered import. */
export const resultsOf = (reply: Reply) => {
  expect(reply.status).toBe(200);
  const { results, already } = z
    .object({ results: z.record(z.string(), z.number()), already: z.number() })
    .parse(reply.body);
  return { ...Object.fromEntries(Object.entries(results).filter(([, many]) => many > 0)), already };
};

const lineShape = z.object({ data: z.array(z.looseObject({ id: z.string(), state: z.string() })) });
export async function linesOf(house: House, church: HouseChurch, state: string) {
  return lineShape.parse((await house.ask(church, "GET", `/v1/bank-statements/lines?state=${state}`)).body)
    .data;
}

const idShape = z.looseObject({ id: z.string(), status: z.string() });
/** Asks, and expects to be allowed to. */
export async function request(house: House, church: HouseChurch, body: object): Promise<string> {
  const reply = await house.ask(church, "POST", "/v1/approvals", body);
  expect(reply.body).toMatchObject({ object: "approval", status: "pending" });
  return idShape.parse(reply.body).id;
}
export const decide = (
  house: House,
  church: HouseChurch,
  id: string,
  verdict: "approve" | "reject",
  note?: string,
) => house.ask(church, "POST", `/v1/approvals/${id}/${verdict}`, note === undefined ? {} : { note });
/** One asks, the other agrees. */
export async function agree(house: House, { ana, luis }: BankChurch, body: object): Promise<string> {
  const id = await request(house, ana, body);
  const reply = await decide(house, luis, id, "approve");
  expect(reply.body).toMatchObject({ status: "approved" });
  return id;
}
