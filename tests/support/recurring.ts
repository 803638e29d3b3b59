import { expect } from "vitest";
import { z } from "zod";
import { recurringGiftSchema } from "../../src/recurring/recurring-json.ts";
import type { MethodChurch, MethodHouse, MethodReply } from "./method-house.ts";

/** A recurring gift as the API shows it. */
export type Standing = z.infer<typeof recurringGiftSchema>;

const maria = { name: "María José", email: "maria@example.org" };

/** A body that starts one; what is given replaces what is usual. */
export const standingBody = (country: string, method: object, change: object = {}): object => ({
  amount: 50_000,
  currency: { mx: "MXN", us: "USD", br: "BRL", de: "EUR", co: "COP" }[country] ?? "USD",
  country,
  payment_method: method,
  donor: maria,
  frequency: "monthly",
  starts_on: "2026-12-01",
  ...change,
});

export const saved = { type: "card", token: "pm_card_visa" };

/** Starts one that must be taken, and lets what it rang for happen. */
export async function startStanding(
  house: MethodHouse,
  church: MethodChurch,
  method: object,
  change: object = {},
): Promise<Standing> {
  const reply = await house.ask(
    church,
    "POST",
    "/v1/recurring-gifts",
    standingBody(church.country, method, change),
  );
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  await house.settle();
  return recurringGiftSchema.parse(reply.body);
}

export async function readStanding(house: MethodHouse, church: MethodChurch, id: string): Promise<Standing> {
  const reply = await house.ask(church, "GET", `/v1/recurring-gifts/${id}`);
  expect(reply.status).toBe(200);
  return recurringGiftSchema.parse(reply.body);
}

/** `POST …/{id}/{verb}`. */
export const order = (
  house: MethodHouse,
  church: MethodChurch,
  { id }: Pick<Standing, "id">,
  verb: string,
  body: object = {},
): Promise<MethodReply> => house.ask(church, "POST", `/v1/recurring-gifts/${id}/${verb}`, body);

/** A command that must be carried out; the gift as it answers. */
export async function ordered(
  house: MethodHouse,
  church: MethodChurch,
  gift: Pick<Standing, "id">,
  verb: string,
  body: object = {},
): Promise<Standing> {
  const reply = await order(house, church, gift, verb, body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(200);
  await house.settle();
  return recurringGiftSchema.parse(reply.body);
}

const rows = z.array(z.object({ period: z.string(), due_on: z.string(), state: z.string() }));

/** What fell due from it, newest first: `2026-12 2026-12-01 skipped`. */
export async function fellDue(
  house: MethodHouse,
  church: MethodChurch,
  id: string,
): Promise<readonly string[]> {
  const reply = await house.ask(church, "GET", `/v1/recurring-gifts/${id}/occurrences`);
  return rows.parse(reply.body.data).map((row) => `${row.period} ${row.due_on} ${row.state}`);
}

/** Presses a button of a simulated bank's desk for the newest thing that has it. */
export async function pressNewest(house: MethodHouse, gateway: string, button: string): Promise<void> {
  const desk = house.app.simulators.get(gateway)?.desk;
  const things = (await desk?.payments()) ?? [];
  const thing = things.find(({ actions }) => actions.some(({ id }) => id === button));
  if (!desk || !thing) throw new Error(`the desk of ${gateway} has no button ${button}`);
  const played = await desk.play({ payment: thing.id, action: button, fields: {} });
  if (!played.ok) throw new Error(played.error);
  await house.settle(gateway);
}

/** Fills in a page the donor is sent to. */
export async function onPage(house: MethodHouse, url: string, form: Record<string, string>): Promise<void> {
  const answer = await house.app.fetch(
    new Request(url, { method: "POST", body: new URLSearchParams(form), redirect: "manual" }),
  );
  expect([200, 302, 303], await answer.clone().text()).toContain(answer.status);
  await house.settle();
}
