import { describe, expect, test } from "vitest";
import type { CollectOrder } from "../../src/gateway/payment.ts";
import { money } from "../../src/kernel/money.ts";
import { outsideTheContract } from "./promises.ts";
import { asked, openSimulated, orderFor, simulatedMethods } from "./simulated-gateways.ts";

/**
 * A donor tells what they like, and a church asks what it likes: an order that lacks one thing, or has it in a shape
 * nobody expects, is taken all the same, or refused or declined by name. It never throws, and is never left in doubt.
 */
const changes: readonly (readonly [how: string, change: (order: CollectOrder) => CollectOrder])[] = [
  ...(["name", "email", "phone", "taxId", "address", "device"] as const).map(
    (field) =>
      [
        `no ${field}`,
        (order: CollectOrder) => {
          const { [field]: _, ...donor } = order.donor;
          return { ...order, donor };
        },
      ] as const,
  ),
  ...(["number", "district", "region", "postalCode"] as const).map(
    (field) =>
      [
        `an address without ${field}`,
        (order: CollectOrder) => {
          if (!order.donor.address) return order;
          const { [field]: _, ...address } = order.donor.address;
          return { ...order, donor: { ...order.donor, address } };
        },
      ] as const,
  ),
  ["nothing of the donor", (order) => ({ ...order, donor: { reference: order.donor.reference } })],
  ["one name", (order) => ({ ...order, donor: { ...order.donor, name: "Madonna" } })],
  ["an empty name", (order) => ({ ...order, donor: { ...order.donor, name: " " } })],
  ["a very long name", (order) => ({ ...order, donor: { ...order.donor, name: "Ana López ".repeat(40) } })],
  [
    "a company's document",
    (order) => ({ ...order, donor: { ...order.donor, taxId: { type: "cnpj", number: "11222333000181" } } }),
  ],
  [
    "a document of a NIT",
    (order) => ({ ...order, donor: { ...order.donor, taxId: { type: "nit", number: "9001234567" } } }),
  ],
  [
    "a document that is none",
    (order) => ({ ...order, donor: { ...order.donor, taxId: { type: "zz", number: "?" } } }),
  ],
  ["a telephone that is none", (order) => ({ ...order, donor: { ...order.donor, phone: "no" } })],
  ["a due date", (order) => ({ ...order, dueOn: "2026-12-10" })],
  ["a due date that is none", (order) => ({ ...order, dueOn: "2026-02-30" })],
  ["no bank", ({ method: { bank: _, ...method }, ...order }) => ({ ...order, method })],
  ["a bank nobody knows", (order) => ({ ...order, method: { ...order.method, bank: "zz" } })],
  ["a token where none is needed", (order) => ({ ...order, method: { ...order.method, token: "zz:zz:1" } })],
  ["a token that is missing", (order) => ({ ...order, method: { ...order.method, presentation: "token" } })],
  ["a language nobody speaks", (order) => ({ ...order, locale: "tlh" })],
  ["a very long description", (order) => ({ ...order, description: "Iglesia ".repeat(60) })],
  ["nothing to give", (order) => ({ ...order, amount: money(0n, order.amount.currency) })],
  ["less than nothing", (order) => ({ ...order, amount: money(-order.amount.minor, order.amount.currency) })],
  ["one of the smallest coin", (order) => ({ ...order, amount: money(1n, order.amount.currency) })],
  ["more than there is", (order) => ({ ...order, amount: money(10n ** 17n + 1n, order.amount.currency) })],
  ["another currency", (order) => ({ ...order, amount: money(order.amount.minor, "JPY") })],
  ["another country", (order) => ({ ...order, country: "jp" })],
];

// Pix Automático is charged by a mandate, and never collected.
const collected = simulatedMethods.filter(([, type]) => type !== "pix_automatico");
const gateways = [...new Set(collected.map(([id]) => id))];

type Method = (typeof simulatedMethods)[number];

/** What becomes of the method's order after each change, where that is what must not become of it. */
async function faultsOf([, type, , from, method]: Method, world: ReturnType<typeof openSimulated>) {
  const collect = (order: CollectOrder) => world.sound.payments.collect(order, asked());
  const usual = (await collect(orderFor(method, from))).kind;
  const faults: string[] = usual === "refused" ? [`${type}: refused as it is`] : [];
  for (const [how, change] of changes) {
    const told = await collect(change(orderFor(method, from))).catch((error: unknown) => String(error));
    const fault = typeof told === "string" ? told : (outsideTheContract(told) ?? strange(told.kind, usual));
    if (fault) faults.push(`${type} with ${how}: ${fault}, where it is ${usual}`);
  }
  return faults;
}

/** A document that is none, some gateways only see when the payment is made: then it is declined. */
const strange = (kind: string, usual: string): string | undefined =>
  [usual, "refused", "declined"].includes(kind) ? undefined : kind;

describe.each(gateways)("%s", (id) => {
  test("an order that lacks something is taken or refused by name", async () => {
    const worlds = new Map<string, ReturnType<typeof openSimulated>>();
    const faults: string[] = [];
    for (const row of collected.filter(([each]) => each === id)) {
      const [, , home] = row;
      const world = worlds.get(home) ?? openSimulated(id, home);
      worlds.set(home, world);
      faults.push(...(await faultsOf(row, world)));
    }
    if (faults.length > 0) expect.fail(faults.join("\n"));
  }, 60_000);
});
