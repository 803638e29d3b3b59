import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { z } from "zod";
import { callerOf } from "../../adapters/stripe/sandbox/accounts.ts";
import type { Result } from "../../src/kernel/result.ts";
import { secret } from "../../src/kernel/secret.ts";
import { connectGateway } from "../../src/routing/connect-gateway.ts";
import type { House, HouseChurch, Reply } from "./house.ts";

/** What tests read of a donation; matched further by each test. */
const donationShape = z.looseObject({
  id: z.string(),
  status: z.string(),
  attempt: z.string(),
  donor: z.string(),
  gateway_payment_id: z.string().nullable(),
  next_action: z.looseObject({ type: z.string() }),
});
export type GivenDonation = z.infer<typeof donationShape> & { readonly payment: string };

const ana = { name: "Ana Pérez", email: "ana@example.org" } as const;

const bodies = {
  mx: { amount: 50_000, currency: "MXN", country: "mx", donor: ana },
  us: { amount: 5_000, currency: "USD", country: "us", donor: ana },
} as const;

/** The body of a gift: 500 pesos or 50 dollars from Ana. */
export const giftBody = (country: "mx" | "us", method: object, more: object = {}) => ({
  ...bodies[country],
  payment_method: method,
  ...more,
});

export const byToken = (token = "pm_card_visa") => ({ type: "card", token }) as const;
export const newKey = (): Record<string, string> => ({ "idempotency-key": crypto.randomUUID() });

/** Who a test plays with: one church in one country. */
export function giver(house: House, church: HouseChurch, country: "mx" | "us") {
  const ask = (method: string, path: string, body?: object, headers?: Record<string, string>) =>
    house.ask(church, method, path, body, headers);
  const read = async (id: string): Promise<GivenDonation> =>
    donationOf(await ask("GET", `/v1/donations/${id}`));
  return {
    house,
    church,
    ask,
    read,
    /** Gives and expects a 201. */
    give: async (
      method: object,
      more: object = {},
      headers?: Record<string, string>,
    ): Promise<GivenDonation> => {
      const reply = await ask("POST", "/v1/donations", giftBody(country, method, more), headers);
      expect(reply.body).toMatchObject({ object: "donation" });
      expect(reply.status).toBe(201);
      return donationOf(reply);
    },
    refund: (id: string, body: object = {}, headers?: Record<string, string>) =>
      ask("POST", `/v1/donations/${id}/refunds`, body, headers),
    /** Balances by account code, in minor units, debit positive; zero balances left out. */
    books: async (): Promise<Record<string, number>> => {
      const { accounts, totals } = trialShape.parse(await house.trialBalance(church));
      for (const { difference } of totals) expect(difference.amount).toBe(0);
      const byCode: Record<string, number> = {};
      for (const { code, balance } of accounts) byCode[code] = (byCode[code] ?? 0) + balance.amount;
      return Object.fromEntries(Object.entries(byCode).filter(([, amount]) => amount !== 0));
    },
    /** Types of the announcements about one donation, in order. */
    announced: async (id: string): Promise<string[]> => {
      const rows = await house.database.superuser`
        select type, sequence from events where object_id = ${id} order by sequence`;
      expect(rows.map((row) => Number(row.sequence))).toEqual(rows.map((_, n) => n + 1));
      return rows.map((row) => String(row.type).replace("donation.", ""));
    },
    /** States the attempts of a donation went through, in order. */
    history: async (donation: GivenDonation): Promise<string[]> => {
      const rows = await house.database.superuser`
        select c.to_state from attempt_changes c join payment_attempts a on a.id = c.attempt_id
        where a.donation_id = ${uuid(donation.id)} order by a.number, c.version`;
      return rows.map((row) => String(row.to_state));
    },
    /** Journal entries of this church: `source/purpose`, sorted. */
    entries: async (): Promise<string[]> => {
      const rows = await house.database.superuser`
        select source_kind, purpose from journal_entries where church_id = ${uuid(church.churchId)}`;
      return rows.map((row) => `${row.source_kind}/${row.purpose}`).sort();
    },
    /** The donor's browser at the gateway: confirms a form with a test payment method. */
    confirm: async (payment: string, clientToken: string, paymentMethod: string): Promise<number> => {
      const answer = await house.sandbox.fetch(
        new Request(`https://api.stripe.com/v1/payment_intents/${payment}/confirm`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${church.stripeKey.replace("sk_", "pk_")}`,
            "content-type": "application/x-www-form-urlencoded",
          },
          body: new URLSearchParams({ client_secret: clientToken, payment_method: paymentMethod }).toString(),
        }),
      );
      return answer.status;
    },
    /** Payments of this church's account at the gateway, newest first, as the gateway counts them. */
    paymentsAtGateway: async (stripeKey = church.stripeKey) => {
      const caller = callerOf(stripeKey);
      if (caller.kind !== "secret") throw new Error("not a secret key");
      const all = await house.sandbox.control.payments(5_000);
      return all.filter((one) => one.account.id === caller.account.id);
    },
  };
}

export type Giver = ReturnType<typeof giver>;

const amountShape = z.object({ amount: z.number(), currency: z.string() });
const trialShape = z.object({
  accounts: z.array(z.object({ code: z.string(), balance: amountShape })),
  totals: z.array(z.object({ difference: amountShape })),
});

/** Connects another account of the church at the gateway: what a gift may fall back to. */
export async function secondAccount(
  house: House,
  church: HouseChurch,
  country: "mx" | "us",
): Promise<string> {
  const stripeKey = `sk_test_${country}_${randomBytes(8).toString("hex")}`;
  const webhookSecret = `whsec_${randomBytes(24).toString("hex")}`;
  const connected = await connectGateway(house.app.deps, {
    gateway: "stripe",
    churchId: church.churchId,
    legalEntityId: church.legalEntityId,
    country,
    mode: "test",
    label: "Stripe, second",
    sandbox: false,
    credentials: { secret_key: stripeKey, publishable_key: stripeKey.replace("sk_", "pk_") },
    webhookSecret: secret(webhookSecret),
  });
  if (!connected.ok) throw new Error(connected.error.detail);
  const url = connected.value.webhookUrl;
  await house.sandbox.control.registerWebhookEndpoint(stripeKey, { url, secret: webhookSecret });
  return stripeKey;
}

/** A donation from an answer; its `payment` is the gateway's id, or empty while there is none. */
function donationOf(reply: Reply): GivenDonation {
  const donation = donationShape.parse(reply.body);
  return { ...donation, payment: donation.gateway_payment_id ?? "" };
}

/** What the bank did, or the test's failure when it refused. */
export async function played<T>(work: Promise<Result<T, string>>): Promise<T> {
  const done = await work;
  if (!done.ok) throw new Error(`the sandbox refused: ${done.error}`);
  return done.value;
}

/** The bare UUID of a prefixed id. */
export function uuid(id: string): string {
  const h = id.slice(id.indexOf("_") + 1);
  return `${h.slice(0, 8)}-${h.slice(8, 12)}-${h.slice(12, 16)}-${h.slice(16, 20)}-${h.slice(20)}`;
}

/** How many rows every table of the service has, for saying that nothing was written. */
export async function rowCounts(house: House): Promise<Record<string, number>> {
  const { superuser } = house.database;
  const tables = await superuser`
    select table_name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`;
  const counts: Record<string, number> = {};
  for (const { table_name } of tables) {
    const [row] = await superuser.unsafe(`select count(*)::int as n from "${table_name}"`);
    counts[String(table_name)] = Number(row?.n);
  }
  return counts;
}
