import { days } from "../../src/kernel/clock.ts";
import {
  type Donation,
  give,
  type OfferedHere,
  read,
  type Trail,
  trailOf,
  type Way,
} from "./every-method.ts";
import type { MethodChurch, MethodHouse } from "./method-house.ts";
import { bringStatement, playThrough, press } from "./play-method.ts";

/** One way a gift can go: who collects, and how it is presented. */
export type Route = {
  readonly country: string;
  readonly church: MethodChurch;
  readonly offered: OfferedHere;
  readonly way: Way;
};

/** What life does to gifts, beyond paying them. */
export const variants = ["declined", "short", "over", "twice", "late", "refunded", "disputed"] as const;
export type Variant = (typeof variants)[number];

/** How a gift ended. */
export type Ending = Trail & {
  /** The donation's public status, and what qualifies it. */
  readonly ended: string;
  /** Why the gateway's own side would not have it. */
  readonly refusedThere?: string;
};

type World = Route & { readonly house: MethodHouse; readonly gift: Donation };
type Played = { readonly happened: boolean; readonly refusedThere?: string };

const nothing: Played = { happened: false };

async function pressed(world: World, buttons: readonly string[], minor?: number): Promise<Played> {
  const fields = minor === undefined ? {} : { amount: String(minor) };
  const answer = await press(world.house, world.gift, buttons, fields);
  if (answer === undefined) return nothing;
  const [, refusal] = answer.split(": ");
  return { happened: true, ...(refusal === undefined ? {} : { refusedThere: refusal }) };
}

/** Another amount than was asked for arrives. */
async function otherAmount(world: World, minor: number): Promise<Played> {
  const { house, church, gift } = world;
  if (gift.gateway === "transfer") {
    await bringStatement(house, church, gift, minor);
    await house.settle(gift.gateway);
    return { happened: true };
  }
  const arrived = await pressed(world, ["pay_other", "transfer"], minor);
  if (!arrived.happened || arrived.refusedThere !== undefined) return arrived;
  // Coins are counted when the chain has them; what is short waits for the rest, which does not come.
  await press(house, gift, ["confirm"]);
  if ((await read(house, church, gift.id)).status === "requires_action") await press(house, gift, ["expire"]);
  return arrived;
}

const plays: Readonly<Record<Variant, (world: World) => Promise<Played>>> = {
  declined: async ({ house, church, gift }) => {
    if (gift.gateway === "transfer" || gift.gateway === "ach_file") return nothing;
    const after = await playThrough(house, church, gift, "refused");
    const unmoved = after.status === gift.status && after.decline === null;
    return unmoved ? nothing : { happened: true };
  },
  short: (world) => otherAmount(world, Math.floor(world.gift.charged.amount / 2)),
  over: (world) => otherAmount(world, world.gift.charged.amount * 2),
  twice: async (world) => {
    const { house, church, gift } = world;
    await playThrough(house, church, gift);
    if (gift.gateway === "ach_file") return nothing;
    if (gift.gateway === "transfer") return otherAmount(world, gift.charged.amount);
    const again = await pressed(world, ["pay_again", "again", "transfer", "pay_other"], gift.charged.amount);
    if (again.happened || !gift.next_action.url) return again;
    // The donor goes back to the gateway's page and presses its button once more.
    const page = await playThrough(house, church, gift).then(
      () => undefined,
      () => "Its page is closed.",
    );
    return { happened: true, ...(page === undefined ? {} : { refusedThere: page }) };
  },
  late: async (world) => {
    const { house, church, gift } = world;
    if (!(await pressed(world, ["expire"])).happened) return nothing;
    const lapsed = await read(house, church, gift.id);
    const paid = await pressed(world, ["pay_late", "pay"]);
    await press(house, gift, ["confirm"]);
    return lapsed.status === "expired" ? paid : { happened: true, refusedThere: `It was ${lapsed.status}.` };
  },
  refunded: async ({ house, church, gift }) => {
    await playThrough(house, church, gift);
    const reply = await house.ask(church, "POST", `/v1/donations/${gift.id}/refunds`, {
      reason: "requested_by_donor",
    });
    await house.settle(gift.gateway);
    for (const button of [["claim"], ["pay_out"], ["return_ok"], ["refund_ok"]]) {
      await press(house, gift, button);
    }
    return reply.status === 201
      ? { happened: true }
      : { happened: true, refusedThere: String(reply.body.code ?? reply.status) };
  },
  disputed: async (world) => {
    await playThrough(world.house, world.church, world.gift);
    return pressed(world, ["dispute", "return", "fraud", "reverse"]);
  },
};

/** Gives once more by this route and lets it happen. */
export async function playVariant(
  house: MethodHouse,
  route: Route,
  variant: Variant,
): Promise<{ readonly gift: Donation; readonly ending: Ending } | undefined> {
  const gift = await give(house, route.church, route.offered, route.way);
  const played = await plays[variant]({ ...route, house, gift });
  if (!played.happened) return undefined;
  return { gift, ending: await endingOf(house, route, gift, played.refusedThere) };
}

/** How a gift stands now. */
export async function endingOf(
  house: MethodHouse,
  { church }: Pick<Route, "church">,
  gift: Donation,
  refusedThere?: string,
): Promise<Ending> {
  const now = await read(house, church, gift.id);
  const trail = await trailOf(house, church, gift);
  const more = [
    ...trail.refunds.filter((state) => state !== "succeeded").map((state) => `refund ${state}`),
    ...(now.refunded_amount > 0
      ? [now.refunded_amount < now.charged.amount ? "partly refunded" : "refunded"]
      : []),
    ...(now.disputed ? ["disputed"] : []),
    ...(now.decline ? [now.decline.code] : []),
  ];
  return {
    ...trail,
    ended: [now.status, ...more].join(", "),
    ...(refusedThere === undefined ? {} : { refusedThere }),
  };
}

export type Abandoned = {
  readonly route: Route;
  readonly expired: Ending;
  readonly late: Ending | undefined;
};

/** Nobody does anything for seven weeks; then the money comes after all. */
export async function abandon(house: MethodHouse, routes: readonly Route[]): Promise<readonly Abandoned[]> {
  const gifts: { route: Route; gift: Donation }[] = [];
  for (const route of routes) {
    // What is given by token is paid, or waits for a bank: nobody can walk away from it.
    if (route.way.token !== undefined) continue;
    gifts.push({ route, gift: await give(house, route.church, route.offered, route.way) });
  }
  // Some gateways are told an end by the machine's own clock: a day or two more than it takes covers every hour of it.
  const waits = [...Array.from({ length: 10 }, () => days(1)), days(39)];
  for (const ms of waits) await house.pass(ms);
  const ended: Abandoned[] = [];
  for (const { route, gift } of gifts) {
    const expired = await endingOf(house, route, gift);
    ended.push({ route, expired, late: await payLate(house, route, gift) });
  }
  return ended;
}

async function payLate(house: MethodHouse, route: Route, gift: Donation): Promise<Ending | undefined> {
  if (gift.gateway === "transfer") await bringStatement(house, route.church, gift, gift.charged.amount);
  else {
    const played = await pressed({ ...route, house, gift }, ["pay_late", "pay", "transfer"]);
    if (!played.happened) return undefined;
    if (played.refusedThere !== undefined) return endingOf(house, route, gift, played.refusedThere);
    await press(house, gift, ["confirm"]);
  }
  await house.settle(gift.gateway);
  return endingOf(house, route, gift);
}
