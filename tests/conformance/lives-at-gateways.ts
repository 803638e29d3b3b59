import { gateways } from "../../adapters/index.ts";
import { testToken } from "../../adapters/mercadopago/sandbox/tokens.ts";
import { countries } from "../../countries/index.ts";
import type { MethodCapability } from "../../src/gateway/manifest.ts";
import type { CollectOrder } from "../../src/gateway/payment.ts";
import type { DeskAction } from "../../src/gateway/sandbox-desk.ts";
import type { RawDelivery } from "../../src/gateway/webhook.ts";
import { present } from "../../src/kernel/assert.ts";
import { days } from "../../src/kernel/clock.ts";
import { newId } from "../../src/kernel/ids.ts";
import { money } from "../../src/kernel/money.ts";
import { now } from "./gateway-under-test.ts";
import { grantAt, mandateOrders } from "./mandates-at-gateways.ts";
import type { Answered } from "./promises.ts";
import { type Ask, type RecordedCall, record, type Told, type World } from "./recorded-calls.ts";
import { asked, handleOf, idIn, openSimulated, orderFor } from "./simulated-gateways.ts";

/** Every call of the contract that answers with an outcome, by the name it is tried under. */
export const callNames = [
  "collect",
  "lookup",
  "lookup without an id",
  "capture",
  "cancel",
  "refund",
  "lookup of a refund",
  "mandate",
  "lookup of a mandate",
  "charge",
  "withdrawal",
  "end of a mandate",
  "webhook",
  "settlements",
  "banks",
  "credentials",
] as const;
export type CallName = (typeof callNames)[number];

/** Told of each call right after it, while everything at the gateway is as the call left it. */
export type Listener = (name: CallName, call: RecordedCall) => Promise<void>;
type Keep = (name: CallName, world: World, ask: Ask, told?: Told) => Promise<RecordedCall["truth"]>;

/** What hosted fields would have made: by gateway and method, one for each way it can go. */
const tokens: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  stripe: {
    card: ["pm_card_visa", "pm_card_visa_chargeDeclined", "pm_card_authenticationRequired"],
    ach_debit: ["pm_usBankAccount_success"],
    sepa_debit: ["pm_success_de"],
    bacs_debit: ["pm_bacsDebit_success"],
    acss_debit: ["pm_acssDebit_success"],
  },
  mercadopago: { card: ["APRO", "CONT", "FUND"].map(testToken), yape: [testToken("APRO")] },
};

/** Lives through everything that gifts can meet at one simulated gateway, by each method, presentation and button. */
export async function liveAt(id: string, listener: Listener): Promise<void> {
  const keep: Keep = async (name, world, ask, told) => {
    const call = await record(world, ask);
    await listener(name, { ...call, ...(told ? { told } : {}) });
    return call.truth;
  };
  const worlds = new Map<string, World>();
  // The desk has the same buttons for many methods: each is pressed for the first that has it beside the same others.
  const pressed = new Set<string>();
  for (const method of present(gateways.get(id), "it is registered").factory.manifest.methods) {
    const home = (method.accounts ?? method.countries).find((each) => countries.has(each));
    const from = method.countries.find((each) => countries.has(each));
    if (!home || !from) continue;
    const world = worlds.get(home) ?? (await worldIn(id, home));
    worlds.set(home, world);
    for (const make of ordersOf(id, method, from)) await giveBy(world, make, pressed, keep);
    for (const order of mandateOrders(id, method, from)) await promiseBy(id, world, order, keep);
    if (world.sound.banks) {
      await keep("banks", world, async (adapter) => {
        const listed = await present(adapter.banks, "as before").list(
          { method: method.type, country: from },
          asked(),
        );
        return listed.ok ? { kind: "listed", banks: listed.value } : { kind: "unlisted" };
      });
    }
    await hearOf(world, keep);
  }
  for (const world of worlds.values()) await askOf(world, keep);
}

const token = "t".repeat(32);

async function worldIn(id: string, country: string): Promise<World> {
  const world = openSimulated(id, country);
  const heard = await world.simulator.listen(world.account, `https://ofrenda.test/webhooks/${id}/${token}`);
  if (!heard.ok) throw new Error(heard.error);
  return world;
}

/** An order by each presentation and token of the method, made anew each time. */
function ordersOf(id: string, method: MethodCapability, from: string): readonly (() => CollectOrder)[] {
  return method.presentations.flatMap((presentation) => {
    const given = presentation === "token" ? (tokens[id]?.[method.type] ?? []) : [undefined];
    return given.map((token) => (): CollectOrder => {
      const order = orderFor(method, from);
      const way = {
        type: method.type,
        presentation,
        bank: "1007",
        ...(token === undefined ? {} : { token }),
      };
      return { ...order, method: way, mandateAcceptance: { ipAddress: "203.0.113.7", userAgent: "test" } };
    });
  });
}

/** Gives, asks, gives back and cancels: once as it comes, and once after each thing the bank can do. */
async function giveBy(
  world: World,
  make: () => CollectOrder,
  pressed: Set<string>,
  keep: Keep,
): Promise<void> {
  const order = make();
  const call = asked();
  const id = idIn(await keep("collect", world, (adapter) => adapter.payments.collect(order, call)));
  const now = await lookAt(world, order, id, keep);
  const buttons = (await onDesk(world, order))?.actions ?? [];
  await stop(world, order, now, keep);
  for (const button of buttons) {
    const name = `${order.method.presentation} ${buttons.map(({ id }) => id).join(" ")}: ${button.id}`;
    if (pressed.has(name)) continue;
    pressed.add(name);
    const other = make();
    const otherId = idIn(await world.sound.payments.collect(other, asked()));
    await press(world, other, button);
    await stop(world, other, await lookAt(world, other, otherId, keep), keep);
  }
}

async function press(world: World, order: CollectOrder, { id, field }: DeskAction): Promise<void> {
  const payment = await onDesk(world, order);
  // Some are on it only once the donor has been on the gateway's page.
  if (!payment) return;
  const amount = field?.kind === "amount" ? { amount: String(field.value.minor) } : {};
  const choice = field?.kind === "choice" ? { choice: field.options[0]?.value ?? "" } : {};
  await world.simulator.desk.play({ payment: payment.id, action: id, fields: { ...amount, ...choice } });
}

const onDesk = async (world: World, order: CollectOrder) =>
  (await world.simulator.desk.payments()).find(({ donation }) => donation === order.donationId);

/** Asks, and takes what waits to be taken; tells the id by which it is known then. */
async function lookAt(
  world: World,
  order: CollectOrder,
  id: string | undefined,
  keep: Keep,
): Promise<string | undefined> {
  const call = asked();
  await keep("lookup without an id", world, (adapter) => adapter.payments.lookup(handleOf(order), call));
  if (id === undefined) return undefined;
  const handle = handleOf(order, id);
  const found = await keep("lookup", world, (adapter) => adapter.payments.lookup(handle, call));
  if (!world.sound.holds) return idIn(found) ?? id;
  const taken = await keep("capture", world, (adapter) =>
    present(adapter.holds, "as before").capture(handle, call),
  );
  const now = idIn(taken) ?? idIn(found) ?? id;
  await keep("lookup", world, (adapter) => adapter.payments.lookup(handleOf(order, now), call));
  return now;
}

async function stop(world: World, order: CollectOrder, id: string | undefined, keep: Keep): Promise<void> {
  const call = asked();
  if (id !== undefined) {
    const refund = {
      refundId: newId("refund"),
      gatewayPaymentId: id,
      method: order.method.type,
      amount: money(order.amount.minor / 2n, order.amount.currency),
    };
    const given = { ...refund, refundable: order.amount, reason: "requested_by_donor" } as const;
    const made = await keep("refund", world, (adapter) => adapter.payments.refund(given, call));
    const known = typeof made.gatewayRefundId === "string" ? { gatewayRefundId: made.gatewayRefundId } : {};
    for (const handle of [refund, { ...refund, ...known }]) {
      await keep("lookup of a refund", world, (adapter) => adapter.payments.lookupRefund(handle, call));
    }
  }
  await keep("cancel", world, (adapter) => adapter.payments.cancel(handleOf(order, id), asked()));
}

/** Asks the donor for a standing permission, charges by it, and ends it. */
async function promiseBy(
  id: string,
  world: World,
  order: ReturnType<typeof mandateOrders>[number],
  keep: Keep,
): Promise<void> {
  const mandatesOf = ({ mandates }: typeof world.sound) => present(mandates, "it has mandates");
  const call = asked();
  const begun = await keep("mandate", world, (adapter) => mandatesOf(adapter).request(order, call));
  const { reference } = order;
  const setup = begun.gatewayMandateId;
  if (typeof setup !== "string") return;
  await keep("lookup of a mandate", world, (adapter) => mandatesOf(adapter).lookup({ reference }, call));
  await grantAt(id, world, setup);
  const handle = { reference, gatewayMandateId: setup };
  const active = await keep("lookup of a mandate", world, (adapter) =>
    mandatesOf(adapter).lookup(handle, call),
  );
  const gatewayMandateId = typeof active.gatewayMandateId === "string" ? active.gatewayMandateId : setup;
  const attempt = {
    attemptId: newId("attempt"),
    method: order.method.type,
    country: order.country,
    amount: present(order.amount, "each is for an amount"),
    createdAt: now,
  };
  const { donor, description } = order;
  const dueOn = new Date(now.getTime() + days(5)).toISOString().slice(0, 10);
  const charge = {
    mandate: { gatewayMandateId, method: order.method.type },
    attempt,
    description,
    dueOn,
    donor,
  };
  await keep("charge", world, (adapter) => mandatesOf(adapter).charge(charge, call));
  if (mandatesOf(world.sound).withdraw) {
    await keep("withdrawal", world, (adapter) =>
      present(mandatesOf(adapter).withdraw, "as before")(attempt, asked()),
    );
  }
  const ended = { reference, gatewayMandateId };
  await keep("end of a mandate", world, (adapter) => mandatesOf(adapter).cancel(ended, asked()));
  await keep("lookup of a mandate", world, (adapter) => mandatesOf(adapter).lookup(ended, asked()));
}

/** What was announced meanwhile and is asked back at the gateway. */
async function hearOf(world: World, keep: Keep): Promise<void> {
  for (const { url, headers, body } of await world.settle()) {
    const target = url.slice(url.indexOf(token) + token.length);
    const tell = async ({ webhooks }: typeof world.sound, text: string): Promise<Answered> => {
      const delivery: RawDelivery = { headers, body: new TextEncoder().encode(text), target };
      const envelope = webhooks.envelope(delivery);
      const read = await (webhooks.inquire?.(delivery, asked()) ?? webhooks.read(delivery));
      return { kind: "read", envelope, events: read.ok ? read.value : [] };
    };
    await keep("webhook", world, (adapter) => tell(adapter, body), { body, tell });
  }
}

async function askOf(world: World, keep: Keep): Promise<void> {
  await keep("credentials", world, async (adapter) => {
    const checked = await adapter.payments.checkCredentials(asked());
    return checked.ok
      ? { kind: "good", country: checked.value.country }
      : { kind: "bad", why: checked.error };
  });
  if (world.sound.settlements) await keep("settlements", world, linesOf);
}

/** The account's booked lines as one answer: every one of them, or that they could not be read. */
const linesOf: Ask = async (adapter) => {
  const window = { from: new Date(now.getTime() - days(1)), to: new Date(now.getTime() + days(1)) };
  const lines: unknown[] = [];
  try {
    const booked = present(adapter.settlements, "there are lines").lines(window, asked());
    for await (const line of booked) lines.push(line);
    return { kind: "read", lines };
  } catch (error) {
    if (!(error instanceof Error && error.name === "SettlementUnread")) throw error;
    return { kind: "unread" };
  }
};
