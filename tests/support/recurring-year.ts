import { Temporal } from "temporal-polyfill";
import { z } from "zod";
import { type RecurringGiftId, toId } from "../../src/kernel/ids.ts";
import { churchOf, type MethodChurch, type MethodHouse } from "./method-house.ts";
import { type Dice, dice, drawn } from "./seeded.ts";
import { stripeControl } from "./stripe-control.ts";

/**
 * Months of many recurring gifts at the simulated Stripe: cards run out of money and come back on payday, get lost, fail
 * for an hour; donors read their mail, or do not; vouchers are paid on time, late or never. Everything is drawn from a
 * seed, so a run can be repeated.
 *
 * The mix is a guess kept near what is published (facts: intelligence §4): one charge in twelve fails at first, half of
 * those for want of money.
 */
export type YearOrder = {
  readonly seed: number;
  readonly gifts: number;
  /** How many days are lived through, from 1 January 2027. */
  readonly days: number;
  readonly progress?: (text: string) => void;
};

const zone = "America/Mexico_City";
const firstDay = Temporal.PlainDate.from("2027-01-01");

const cadences = [
  ["monthly", 78],
  ["quincena", 8],
  ["weekly", 5],
  ["biweekly", 4],
  ["quarterly", 3],
  ["yearly", 2],
] as const;

/** Stripe's test cards: what a card does from now on. */
const cards = {
  well: "4242424242424242",
  no_funds: "4000000000009995",
  refused: "4000000000000002",
  technical: "4000000000000119",
  lost: "4000000000009987",
  expired: "4000000000000069",
  authenticate: "4000000000003220",
} as const;

const failsAtFirst = 1 / 12;
const troubles = [
  ["no_funds", 48],
  ["refused", 22],
  ["technical", 12],
  ["lost", 5],
  ["expired", 8],
  ["authenticate", 5],
] as const;

const habits = {
  /** A donor whose card is of no more use gives another one. */
  newCard: 0.45,
  restarts: 0.25,
  paysVoucher: [
    ["on_time", 62],
    ["after_the_day", 9],
    ["told_late", 4],
    ["never", 25],
  ],
} as const;

type World = {
  readonly house: MethodHouse;
  readonly church: MethodChurch;
  readonly random: Dice;
  readonly order: YearOrder;
  /** By day of the run: what happens in the morning, before anything is charged. */
  readonly plans: Map<number, (() => Promise<void>)[]>;
  /** Vouchers, occurrences and gifts somebody has acted on already. */
  readonly met: Set<string>;
  /** Each recurring gift's place in the order they were drawn in. */
  readonly numbers: Map<string, number>;
  readonly fates: Map<string, (typeof habits.paysVoucher)[number][0]>;
  readonly done: { newCards: number; restarts: number };
};

/** Lives through it. Everything that can be counted afterwards is in the database. */
export async function liveYear(house: MethodHouse, order: YearOrder): Promise<World["done"]> {
  const world: World = {
    house,
    church: churchOf(house, "mx"),
    random: dice(order.seed),
    order,
    plans: new Map(),
    met: new Set(),
    numbers: new Map(),
    fates: new Map(),
    done: { newCards: 0, restarts: 0 },
  };
  house.clock.set(at(-1, 18));
  await startAll(world);
  for (let day = 0; day < order.days; day++) {
    order.progress?.(`day ${day + 1} of ${order.days}`);
    house.clock.set(at(day, 5));
    for (const plan of world.plans.get(day) ?? []) await plan();
    world.plans.delete(day);
    await drawTroubles(world, day);
    // The morning's charges, then two looks at what was to be tried again the same day.
    for (const hour of [10, 13, 20]) {
      const wait = at(day, hour).getTime() - house.clock.now().getTime();
      await house.pass(wait);
    }
    await meetDonors(world, day);
  }
  return world.done;
}

const at = (day: number, hour: number): Date =>
  new Date(
    firstDay
      .add({ days: day })
      .toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from({ hour, minute: 5 }) })
      .epochMilliseconds,
  );

function plan({ plans, order }: World, day: number, what: () => Promise<void>): void {
  if (day < order.days) plans.set(day, [...(plans.get(day) ?? []), what]);
}

/** Requests on their way at once. */
const atOnce = 8;

async function startAll(world: World): Promise<void> {
  const { house, church, random, order, numbers } = world;
  const asked = Array.from({ length: order.gifts }, (_, n) => {
    const reminder = random.chance(0.2);
    const body = {
      amount: 100 * (100 + random.upTo(900)),
      currency: "MXN",
      country: "mx",
      payment_method: reminder ? { type: "oxxo" } : { type: "card", token: "pm_card_visa" },
      donor: { name: `Donante ${n}`, email: `donante${n}@example.org` },
      frequency: drawn(random, cadences),
      starts_on: firstDay.add({ days: random.upTo(Math.min(31, order.days)) }).toString(),
    };
    return { n, body };
  });
  const queue = asked[Symbol.iterator]();
  const asker = async () => {
    for (const { n, body } of queue) {
      if (n % 100 === 0) order.progress?.(`${n} of ${order.gifts} gifts started`);
      const { status, body: made } = await house.ask(church, "POST", "/v1/recurring-gifts", body);
      if (status !== 201) throw new Error(`gift ${n} was refused: ${JSON.stringify(made)}`);
      numbers.set(String(made.id), n);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, asker));
}

/** In the order in which they were drawn, so that a seed is one year, whoever was quicker. */
const inOrder = <T extends { readonly gift: string }>({ numbers }: World, rows: readonly T[]): T[] => {
  const placeOf = ({ gift }: T) => numbers.get(recurringGift(gift)) ?? 0;
  return rows.toSorted((one, other) => placeOf(one) - placeOf(other));
};

const dueRow = z.object({ gift: z.string(), card: z.string() });

/** What goes wrong with the cards that are charged today. */
async function drawTroubles(world: World, day: number): Promise<void> {
  const { house, church, random } = world;
  const today = firstDay.add({ days: day }).toString();
  const rows = await house.db.inChurch(
    church.churchId,
    ({ sql }) => sql`
      select g.id as gift, m.gateway_mandate_id as card from recurring_gifts g
      join mandates m on m.church_id = g.church_id and m.id = g.mandate_id
      where g.status = 'active' and g.collection = 'automatic' and g.next_due_on = ${today}`,
  );
  for (const { card } of inOrder(world, z.array(dueRow).parse([...rows]))) {
    if (!random.chance(failsAtFirst)) continue;
    const trouble = drawn(random, troubles);
    await become(world, card, trouble);
    const days = healsIn(random, trouble, firstDay.add({ days: day }));
    if (days !== undefined) plan(world, day + days, () => become(world, card, "well"));
  }
}

async function become({ house }: World, card: string, what: keyof typeof cards): Promise<void> {
  const done = await stripeControl(house.app).cardTreatedAs(card, cards[what]);
  if (!done.ok) throw new Error(done.error);
}

/** After how many days the card works again by itself; `undefined`: never. */
function healsIn(
  random: Dice,
  trouble: (typeof troubles)[number][0],
  today: Temporal.PlainDate,
): number | undefined {
  switch (trouble) {
    case "no_funds": {
      // Most are paid on the quincena; some have money sooner, some not for weeks.
      const payday = today.day < 15 ? 15 - today.day : today.daysInMonth - today.day;
      return random.chance(0.6) ? Math.max(1, payday) : 1 + random.upTo(25);
    }
    case "refused":
      return random.chance(0.5) ? 1 + random.upTo(4) : undefined;
    case "technical":
      return 1;
    case "authenticate":
      return random.chance(0.4) ? 2 : undefined;
    case "lost":
    case "expired":
      return undefined;
  }
}

const waitingRow = z.object({
  id: z.string(),
  gift: z.string(),
  collection: z.string(),
  state: z.string(),
  status: z.string(),
  payment: z.string().nullable(),
  attempt: z.string().nullable(),
  due_on: z.string(),
});

/** What donors make of what they were sent today. */
async function meetDonors(world: World, day: number): Promise<void> {
  const { house, church } = world;
  const rows = await house.db.inChurch(
    church.churchId,
    ({ sql }) => sql`
      select o.id, g.id as gift, g.collection, o.state, g.status, a.gateway_payment_id as payment, a.state as attempt,
             o.due_on::text as due_on
      from occurrences o
      join recurring_gifts g on g.church_id = o.church_id and g.id = o.recurring_gift_id
      left join donations d on d.church_id = o.church_id and d.id = o.donation_id
      left join payment_attempts a on a.church_id = d.church_id and a.id = d.current_attempt_id
      where o.state in ('collecting', 'retrying', 'failed') and o.updated_at > ${at(day - 2, 0)}
      order by o.due_on`,
  );
  for (const row of inOrder(world, z.array(waitingRow).parse([...rows]))) {
    if (row.collection === "reminder") {
      if (row.attempt === "action_required" && row.payment) meetVoucher(world, day, row, row.payment);
    } else if (row.status === "dormant") restart(world, day, row.gift);
    else if (row.state === "failed" || row.state === "retrying") replaceCard(world, day, row.id, row.gift);
  }
}

/** A voucher in somebody's hand: what they do with it was drawn when they met the first of the period. */
function meetVoucher(world: World, day: number, row: z.infer<typeof waitingRow>, payment: string): void {
  if (world.met.has(payment)) return;
  const fate = world.fates.get(row.id) ?? drawn(world.random, habits.paysVoucher);
  world.fates.set(row.id, fate);
  // Who pays after the day lets the vouchers before it lapse.
  const today = firstDay.add({ days: day }).toString();
  if (fate === "never" || (fate === "after_the_day" && today < row.due_on)) return;
  world.met.add(payment);
  const late = fate === "told_late";
  plan(world, day + (late ? 4 : 1 + world.random.upTo(2)), async () => {
    await stripeControl(world.house.app).payVoucher(payment, { late });
    await world.house.settle("stripe");
  });
}

function replaceCard(world: World, day: number, occurrence: string, gift: string): void {
  if (world.met.has(occurrence)) return;
  world.met.add(occurrence);
  if (!world.random.chance(habits.newCard)) return;
  plan(world, day + 1 + world.random.upTo(9), async () => {
    const rows = await world.house.db.inChurch(
      world.church.churchId,
      ({ sql }) =>
        sql`select state from occurrences where id = ${occurrence} and state in ('retrying', 'failed')`,
    );
    // Whose money came meanwhile changes nothing.
    if (rows.length === 0) return;
    const id = recurringGift(gift);
    const { status } = await world.house.ask(
      world.church,
      "POST",
      `/v1/recurring-gifts/${id}/payment-method`,
      {
        payment_method: { type: "card", token: "pm_card_visa" },
      },
    );
    if (status === 200) world.done.newCards += 1;
    await world.house.settle("stripe");
  });
}

function restart(world: World, day: number, gift: string): void {
  const key = `restart:${gift}`;
  if (world.met.has(key)) return;
  world.met.add(key);
  if (!world.random.chance(habits.restarts)) return;
  plan(world, day + 1 + world.random.upTo(9), async () => {
    const id = recurringGift(gift);
    const { status } = await world.house.ask(world.church, "POST", `/v1/recurring-gifts/${id}/restart`);
    if (status === 200) world.done.restarts += 1;
  });
}

const recurringGift = (uuid: string): RecurringGiftId => toId("recurringGift", uuid);
