import { beforeAll, describe, expect, test } from "vitest";
import { days, hours, minutes } from "../../src/kernel/clock.ts";
import { type GivenDonation, type Giver, giver, newKey, uuid } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";
import { type Dice, dice } from "../support/seeded.ts";

/*
 * Gifts, payments, refunds and disputes in random order, while webhooks come twice, late and newest first and the
 * gateway's answers get lost. Afterwards the books must say what the gateway says. A run is repeated by its seed.
 */
const gifts = 200;
const seed = Number(process.env.SIMULATION_SEED ?? 20_261_120);

type World = {
  readonly house: House;
  readonly mx: Giver;
  readonly given: GivenDonation[];
  readonly random: Dice;
};

const tokens = [
  "pm_card_visa",
  "pm_card_visa",
  "pm_card_visa",
  "pm_card_chargeDeclined",
  "pm_card_createDispute",
  "pm_card_pendingRefund",
  "pm_card_refundFail",
];
const donors = Array.from({ length: 7 }, (_, n) => ({
  name: `Donante ${n}`,
  email: `donante${n}@example.org`,
}));
const modes = [
  { mode: "normal" },
  { mode: "duplicated", times: 3 },
  { mode: "late" },
  { mode: "out_of_order" },
] as const;
const faults = ["timeout_after", "timeout_before", "connection_refused", "429", "malformed"] as const;

let world: World;
beforeAll(async () => {
  const house = await openHouse();
  const mx = giver(house, await house.church("mx"), "mx");
  world = { house, mx, given: [], random: dice(seed) };
});

async function giveOne({ mx, given, random }: World): Promise<void> {
  const amount = 1_000 + random.upTo(90_000);
  const method = random.one([
    { type: "card", token: random.one(tokens) },
    { type: "card", token: "pm_card_visa" },
    { type: "oxxo" },
    { type: "spei" },
  ]);
  const body = {
    amount,
    currency: "MXN",
    country: "mx",
    payment_method: method,
    donor: random.one(donors),
    cover_fees: random.chance(0.3),
    allocations: random.chance(0.5)
      ? []
      : [
          { fund: "general", amount: 400 },
          { fund: "missions", amount: amount - 400 },
        ],
  };
  const key = newKey();
  const times = random.chance(0.2) ? 3 : 1;
  const replies = await Promise.all(
    Array.from({ length: times }, () => mx.ask("POST", "/v1/donations", body, key)),
  );
  for (const { status } of replies) expect([201, 409, 502, 503]).toContain(status);
  const made = replies.find(({ status }) => status === 201);
  if (made) given.push(await mx.read(String(made.body.id)));
}

/** Something happens to a gift: by the donor, the bank, the church or the gateway's dashboard. */
async function happen({ house, mx, given, random }: World): Promise<void> {
  const gift = random.one(given);
  if (!gift) return;
  const { payment } = await mx.read(gift.id);
  const bank = house.sandbox.control;
  const half = () => 1 + random.upTo(45_000);
  const happenings: readonly (() => Promise<unknown>)[] = [
    () => bank.payVoucher(payment),
    () => bank.payVoucher(payment),
    () => bank.payVoucher(payment, { late: true }),
    () => bank.expireVoucher(payment),
    () => bank.transfer(payment, half()),
    () => bank.transfer(payment, 2 * half()),
    () => mx.refund(gift.id, { amount: half() }),
    () => Promise.all([1, 2, 3].map(() => mx.refund(gift.id, { amount: half() }))),
    () => dashboardRefund(world, payment, half()),
    () => bank.openDispute(payment),
    async () => {
      const open = (await bank.payment(payment))?.disputes[0];
      if (open) await bank.closeDispute(open.id, random.chance(0.5) ? "won" : "lost");
    },
    async () => {
      const pending = (await bank.payment(payment))?.refunds.find((refund) => refund.status !== "succeeded");
      if (pending) await (random.chance(0.5) ? bank.succeedRefund(pending.id) : bank.failRefund(pending.id));
    },
    () => mx.ask("POST", `/v1/donations/${gift.id}/cancel`),
  ];
  await random.one(happenings)?.();
}

const dashboardRefund = ({ house, mx }: World, payment: string, amount: number) =>
  house.sandbox.fetch(
    new Request("https://api.stripe.com/v1/refunds", {
      method: "POST",
      headers: {
        authorization: `Bearer ${mx.church.stripeKey}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: `payment_intent=${payment}&amount=${amount}`,
    }),
  );

async function weather({ house, random }: World): Promise<void> {
  if (random.chance(0.1)) {
    const mode = random.one(modes);
    if (mode) await house.sandbox.control.deliverWebhooks(mode);
  }
  if (random.chance(0.1)) {
    const kind = random.one(faults);
    if (kind) await house.sandbox.control.nextCall({ kind });
  }
  if (random.chance(0.4)) await house.settle();
  if (random.chance(0.06)) await house.pass(random.chance(0.3) ? days(1) : minutes(1 + random.upTo(90)));
}

/** Good weather, and time enough for every look-up. */
async function calm({ house }: World): Promise<void> {
  await house.sandbox.control.releaseHeld();
  for (const wait of [minutes(6), hours(1.2), hours(7), days(1.1), days(1.1), days(4), days(8)])
    await house.pass(wait);
}

describe(`after ${gifts} gifts in bad weather (SIMULATION_SEED=${seed})`, () => {
  beforeAll(async () => {
    while (world.given.length < gifts) {
      await giveOne(world);
      await happen(world);
      await weather(world);
    }
    await calm(world);
  }, 120_000);

  test("the books balance", async () => {
    await world.mx.books();
  });

  test("every attempt that holds money was booked exactly once, with what it holds; no other was", async () => {
    const church = uuid(world.mx.church.churchId);
    const rows = await world.house.database.superuser`
      select a.id, a.state, a.captured_minor,
        (select count(*)::int from journal_entries e where e.church_id = a.church_id and e.purpose = 'capture'
           and e.source_id = 'att_' || replace(a.id::text, '-', '')) as entries,
        (select coalesce(sum(p.amount_minor), 0)::bigint from postings p
           join journal_entries e on e.church_id = p.church_id and e.id = p.entry_id
           where e.church_id = a.church_id and e.purpose = 'capture' and p.amount_minor > 0
           and e.source_id = 'att_' || replace(a.id::text, '-', '')) as booked
      from payment_attempts a where a.church_id = ${church}`;
    const captured = rows.filter((row) => row.state === "captured");
    expect(captured.length).toBeGreaterThan(gifts / 4);
    for (const row of rows) {
      const holds = row.state === "captured";
      expect([row.id, row.entries, row.booked]).toEqual([
        row.id,
        holds ? 1 : 0,
        holds ? row.captured_minor : 0n,
      ]);
    }
  });

  test("what the gateway captured is what we captured, payment by payment", async () => {
    const church = uuid(world.mx.church.churchId);
    const ours = await world.house.database.superuser`
      select gateway_payment_id, captured_minor::int as minor from payment_attempts
      where church_id = ${church} and state = 'captured'`;
    const theirs = (await world.mx.paymentsAtGateway()).filter(({ intent }) => intent.status === "succeeded");
    expect(Object.fromEntries(ours.map((row) => [row.gateway_payment_id, row.minor]))).toEqual(
      Object.fromEntries(theirs.map(({ intent }) => [intent.id, intent.amount_received])),
    );
  });

  test("refunds never pass what was captured, and ours are the gateway's", async () => {
    const church = uuid(world.mx.church.churchId);
    const rows = await world.house.database.superuser`
      select a.gateway_payment_id, a.captured_minor, a.refunded_minor,
        coalesce(sum(r.amount_minor) filter (where r.state = 'succeeded'), 0)::bigint as done
      from payment_attempts a left join refunds r on r.church_id = a.church_id and r.attempt_id = a.id
      where a.church_id = ${church} group by a.church_id, a.id`;
    const theirs = new Map<string, bigint>();
    for (const { intent, refunds } of await world.mx.paymentsAtGateway()) {
      const done = refunds.filter((refund) => refund.status === "succeeded");
      theirs.set(
        intent.id,
        done.reduce((sum, refund) => sum + BigInt(refund.amount), 0n),
      );
    }
    for (const row of rows) {
      expect(row.refunded_minor <= row.captured_minor && row.done <= row.refunded_minor).toBe(true);
      const there = theirs.get(String(row.gateway_payment_id)) ?? 0n;
      expect([row.gateway_payment_id, row.done]).toEqual([row.gateway_payment_id, there]);
    }
    const done = rows.reduce((sum, row) => sum + BigInt(row.done), 0n);
    const { "4900": booked = 0 } = await world.mx.books();
    // What covered the fee is taken from 4300, the rest from 4900.
    expect(BigInt(booked) <= done).toBe(true);
  });

  test("what is withheld is what is disputed and undecided", async () => {
    const payments = await world.mx.paymentsAtGateway();
    const undecided = payments
      .flatMap(({ disputes }) => disputes)
      .filter((dispute) => dispute.status === "needs_response" || dispute.status === "under_review")
      .reduce((sum, dispute) => sum + dispute.amount, 0);
    const { "1120": withheld = 0 } = await world.mx.books();
    expect(withheld).toBe(undecided);
  });

  test("no event is left waiting or dead, and nothing is left to ask about at once", async () => {
    const left = await world.house.database.superuser`
      select state, type, remark from inbox where state in ('received', 'parked', 'dead')`;
    expect(left.map((row) => [row.state, row.type, row.remark])).toEqual([]);
    const unsure = await world.house.database.superuser`
      select state, checks from payment_attempts where state in ('submitted', 'in_doubt', 'needs_review', 'conflicted')`;
    expect(unsure.map((row) => [row.state, row.checks])).toEqual([]);
  });
});
