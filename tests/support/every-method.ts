import { z } from "zod";
import { present } from "../../src/kernel/assert.ts";
import { type DonationId, parseId, uuidOf } from "../../src/kernel/ids.ts";
import { agreement } from "../conformance/ach-file-under-test.ts";
import { churchOf, type MethodChurch, type MethodHouse } from "./method-house.ts";

/** The countries the demo has a church in. */
export const seedCountries = ["mx", "co", "br", "ar", "us"] as const;

const offeredShape = z.object({
  type: z.string(),
  kind: z.string(),
  gateway: z.string(),
  currency: z.string(),
  presentations: z.array(z.string()),
  minimum: z.object({ amount: z.number() }).nullable(),
  maximum: z.object({ amount: z.number() }).nullable(),
  banks: z.array(z.object({ code: z.string(), name: z.string() })),
});
export type OfferedHere = z.infer<typeof offeredShape>;

const donationShape = z.object({
  id: z.string(),
  status: z.string(),
  gateway: z.string(),
  payment_method: z.object({ type: z.string() }),
  refunded_amount: z.number(),
  charged: z.object({ amount: z.number(), currency: z.string() }),
  disputed: z.boolean(),
  decline: z.object({ code: z.string() }).nullable(),
  gateway_payment_id: z.string().nullable(),
  next_action: z.looseObject({
    type: z.string(),
    url: z.string().nullish(),
    client_token: z.string().optional(),
    publishable_key: z.string().optional(),
    reference: z.string().nullish(),
  }),
});
export type Donation = z.infer<typeof donationShape>;

/** What a church offers its donors, as the API says it. */
export async function offeredTo(house: MethodHouse, church: MethodChurch): Promise<readonly OfferedHere[]> {
  const reply = await house.ask(church, "GET", `/v1/payment-methods?country=${church.country}`);
  return z.array(offeredShape).parse(reply.body.data);
}

/** A telephone and an address, as people there write them. */
const livesIn = {
  mx: {
    phone: "+52 951 123 4567",
    address: {
      street: "Av. Morelos",
      number: "403",
      district: "Centro",
      city: "Oaxaca",
      region: "OAX",
      postal_code: "68000",
    },
  },
  co: {
    phone: "+57 300 123 4567",
    address: {
      street: "Carrera 43A",
      number: "14-57",
      district: "El Poblado",
      city: "Medellín",
      region: "ANT",
      postal_code: "050021",
    },
  },
  br: {
    phone: "+55 11 98765-4321",
    address: {
      street: "Rua das Acácias",
      number: "250",
      district: "Vila Mariana",
      city: "São Paulo",
      region: "SP",
      postal_code: "04101-300",
    },
  },
  ar: {
    phone: "+54 9 11 2345-6789",
    address: {
      street: "Av. Rivadavia",
      number: "4870",
      district: "Caballito",
      city: "Buenos Aires",
      region: "C",
      postal_code: "1424",
    },
  },
  us: {
    phone: "+1 713 555 0123",
    address: { street: "Main St", number: "1200", city: "Houston", region: "TX", postal_code: "77002" },
  },
} as const;

const homes: ReadonlyMap<string, (typeof livesIn)[keyof typeof livesIn]> = new Map(Object.entries(livesIn));

/** A donor with all that any method of the country may ask; no two are the same person. */
function donorOf(house: MethodHouse, country: string) {
  const [document] = present(house.app.deps.countries.get(country), "a served country").donorDocuments;
  return {
    name: "María José Peñúñuri",
    email: `maria.${crypto.randomUUID().slice(0, 8)}@example.org`,
    ...(document ? { tax_id: document.example, tax_id_type: document.type } : {}),
    ...homes.get(country),
  };
}

/** A usual amount, within the method's limits; for PayPal in dollars where the country has another currency: 50. */
function amountOf(house: MethodHouse, country: string, { currency, minimum, maximum }: OfferedHere): number {
  const profile = present(house.app.deps.countries.get(country), "a served country");
  const usual = currency === profile.currency ? Number(profile.suggestedAmounts[1] ?? 0n) : 5_000;
  return Math.min(Math.max(usual, minimum?.amount ?? 0), maximum?.amount ?? usual);
}

const device = { ip_address: "203.0.113.7", user_agent: "Mozilla/5.0 (Linux; Android 14)" } as const;

export type Way = { readonly presentation?: string; readonly token?: string };

/** Gives by one method through the API; throws what the service refused. */
export async function give(
  house: MethodHouse,
  church: MethodChurch,
  offered: OfferedHere,
  way: Way = {},
): Promise<Donation> {
  const reply = await house.ask(church, "POST", "/v1/donations", {
    amount: amountOf(house, church.country, offered),
    currency: offered.currency,
    country: church.country,
    payment_method: {
      type: offered.type,
      ...way,
      ...(offered.banks[0] ? { bank: offered.banks[0].code } : {}),
      ...(way.token !== undefined && offered.kind === "bank_debit" ? { mandate_acceptance: device } : {}),
    },
    donor: donorOf(house, church.country),
    device,
    return_url: "https://church.example.org/thanks",
  });
  if (reply.status !== 201) throw new Error(`refused with ${reply.status}: ${JSON.stringify(reply.body)}`);
  return donationShape.parse(reply.body);
}

export async function read(house: MethodHouse, church: MethodChurch, id: string): Promise<Donation> {
  return donationShape.parse((await house.ask(church, "GET", `/v1/donations/${id}`)).body);
}

const donationId = (donation: Donation): DonationId =>
  present(parseId("donation", donation.id), "a donation has an id");

/** What the books and the attempts say of a gift. */
export type Trail = {
  /** States of all its attempts, in order. */
  readonly states: readonly string[];
  /** How it was presented, by the attempt that counts. */
  readonly presentation: string;
  /** Times its money was booked as captured. */
  readonly captures: number;
  /** Where its refunds stand. */
  readonly refunds: readonly string[];
  /** The sum of all differences of the church's trial balance, in minor units: 0, always. */
  readonly difference: number;
};

const changes = z.array(z.object({ to_state: z.string(), presentation: z.string() }));
const refundRows = z.array(z.object({ state: z.string() }));
const totalsShape = z.array(z.object({ difference: z.object({ amount: z.number() }) }));

export async function trailOf(house: MethodHouse, church: MethodChurch, donation: Donation): Promise<Trail> {
  const id = uuidOf(donationId(donation));
  const [rows, booked, back] = await house.db.inChurch(church.churchId, async ({ sql }) => [
    await sql`select c.to_state, a.presentation from attempt_changes c
      join payment_attempts a on a.church_id = c.church_id and a.id = c.attempt_id
      where a.donation_id = ${id} order by a.number, c.version`,
    await sql`select 1 from journal_entries e
      join payment_attempts a on a.church_id = e.church_id and 'att_' || replace(a.id::text, '-', '') = e.source_id
      where a.donation_id = ${id} and e.purpose = 'capture'`,
    await sql`select state from refunds where donation_id = ${id} order by id`,
  ]);
  const passed = changes.parse([...rows]);
  const { body } = await house.ask(church, "GET", "/v1/ledger/trial-balance");
  return {
    states: passed.map((row) => row.to_state),
    presentation: passed.at(-1)?.presentation ?? "",
    captures: booked.length,
    refunds: refundRows.parse([...back]).map(({ state }) => state),
    difference: totalsShape
      .parse(body.totals)
      .reduce((sum, { difference }) => sum + Math.abs(difference.amount), 0),
  };
}

/** A bank account of nobody, of the kind the country's transfers go to. */
const ownAccount = {
  kind: "clabe",
  number: "032180000118359719",
  bank: "Banco de Prueba",
  beneficiary: "Iglesia de un solo camino",
} as const;

/** A way a gift can go that is not the first choice of its country: its gateway is the church's only one. */
export type SecondChoice = { readonly church: MethodChurch; readonly offered: OfferedHere };

/** Every method of a country through every further gateway that carries it. */
export async function secondChoices(house: MethodHouse, country: string): Promise<readonly SecondChoice[]> {
  const first = new Map(
    (await offeredTo(house, churchOf(house, country))).map(({ type, gateway }) => [type, gateway]),
  );
  const profile = present(house.app.deps.countries.get(country), "a served country");
  const gateways = new Set(
    profile.methods.flatMap(({ type, gateways: able }) => able.filter((id) => first.get(type) !== id)),
  );
  const found: SecondChoice[] = [];
  for (const gateway of gateways) {
    const manifest = present(house.app.adapters.get(gateway), "a country names what is registered").manifest;
    // From abroad where the gateway opens no accounts here: Stripe for a church of Colombia.
    const at = [country, "us"].find((each) => manifest.accountCountries.includes(each));
    if (at === undefined) continue;
    const credentials = { transfer: ownAccount, ach_file: agreement }[gateway];
    const church = await house.churchWith({ country, gateway, accountIn: at, credentials });
    for (const offered of await offeredTo(house, church)) {
      if (first.get(offered.type) !== gateway) found.push({ church, offered });
    }
  }
  return found;
}
