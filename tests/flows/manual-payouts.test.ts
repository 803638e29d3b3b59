import { beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { createApiKey } from "../../src/access/api-keys.ts";
import { days } from "../../src/kernel/clock.ts";
import {
  agree,
  type BankChurch,
  bankChurch,
  decide,
  referenceOf,
  request,
  table,
  upload,
} from "../support/bank-house.ts";
import { type GivenDonation, giver, played } from "../support/gifts.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});

const payee = { name: "Ana Pérez", account: { kind: "clabe", number: "646180157000000004" } } as const;
const paidBody = { paid_on: "2026-11-20", bank_reference: "SPEI-1" };
const refundShape = z.looseObject({ id: z.string(), status: z.string() });

async function paid(more: object = {}): Promise<{ bank: BankChurch; gift: GivenDonation }> {
  const bank = await bankChurch(house);
  const gift = await bank.giver.give({ type: "spei" }, more);
  await upload(house, bank.ana, bank.accountId, table({ amount: "500.00", said: referenceOf(gift) }));
  return { bank, gift };
}
async function refunded(bank: BankChurch, gift: GivenDonation, body: object = {}) {
  const reply = await bank.giver.refund(gift.id, body);
  expect(reply.status).toBe(201);
  return refundShape.parse(reply.body);
}
const pay = (bank: BankChurch, id: string) =>
  house.ask(bank.ana, "POST", `/v1/approvals/${id}/paid`, paidBody);

describe("a refund of a method that gives nothing back", () => {
  test("is open until two agree and the bank has paid, and only then leaves the books", async () => {
    const { bank, gift } = await paid();
    const refund = await refunded(bank, gift, { amount: 20_000 });
    expect(refund).toMatchObject({ status: "awaiting_payout", amount: 20_000 });
    expect(await bank.giver.read(gift.id)).toMatchObject({ refunded_amount: 0 });
    const id = await agree(house, bank, { kind: "manual_payout", refund: refund.id, payee });
    expect(await house.ask(bank.ana, "GET", `/v1/approvals/${id}`)).toMatchObject({
      body: { awaits_payment: true },
    });
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "4100": -50_000 });
    expect(await pay(bank, id)).toMatchObject({ status: 200, body: { awaits_payment: false } });
    expect(await bank.giver.read(gift.id)).toMatchObject({ refunded_amount: 20_000 });
    expect(await bank.giver.books()).toEqual({ "1010": 30_000, "4100": -50_000, "4900": 20_000 });
    expect(await bank.giver.announced(gift.id)).toEqual([
      "created",
      "requires_action",
      "succeeded",
      "refunded",
    ]);
    expect(await pay(bank, id)).toMatchObject({ status: 409 });
  });

  test("counts against what was captured from the moment it is asked for, also twenty at once", async () => {
    const { bank, gift } = await paid();
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => bank.giver.refund(gift.id, { amount: 30_000 })),
    );
    expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(await bank.giver.refund(gift.id, { amount: 20_001 })).toMatchObject({
      status: 422,
      body: { code: "refund_exceeds_remaining" },
    });
  });

  test("refused by the other person gives its amount back to be asked for again", async () => {
    const { bank, gift } = await paid();
    const refund = await refunded(bank, gift);
    const id = await request(house, bank.ana, { kind: "manual_payout", refund: refund.id, payee });
    expect(await decide(house, bank.luis, id, "reject", "no es su cuenta")).toMatchObject({ status: 200 });
    expect(await pay(bank, id)).toMatchObject({ status: 409 });
    const again = await refunded(bank, gift);
    await agree(house, bank, { kind: "manual_payout", refund: again.id, payee });
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "4100": -50_000 });
  });

  test("cannot be paid before it is agreed to, nor asked for twice", async () => {
    const { bank, gift } = await paid();
    const refund = await refunded(bank, gift);
    const body = { kind: "manual_payout", refund: refund.id, payee };
    const id = await request(house, bank.ana, body);
    expect(await pay(bank, id)).toMatchObject({ status: 409 });
    expect(await house.ask(bank.luis, "POST", "/v1/approvals", body)).toMatchObject({ status: 409 });
    await decide(house, bank.luis, id, "approve");
    expect(await house.ask(bank.luis, "POST", "/v1/approvals", body)).toMatchObject({ status: 409 });
  });

  test("in parts is spread over the funds like every other", async () => {
    const allocations = [
      { fund: "general", amount: 33_333 },
      { fund: "missions", amount: 16_667 },
    ];
    const { bank, gift } = await paid({ allocations });
    for (const amount of [1, 9_999, 40_000]) {
      const refund = await refunded(bank, gift, { amount });
      const id = await agree(house, bank, { kind: "manual_payout", refund: refund.id, payee });
      expect(await pay(bank, id)).toMatchObject({ status: 200 });
    }
    expect(await bank.giver.books()).toEqual({ "4100": -33_333, "4200": -16_667, "4900": 50_000 });
  });

  test("of a voucher is paid out of the church's bank, while the gateway still owes what it took", async () => {
    const church = await house.church("mx");
    const mx = giver(house, church, "mx");
    const gift = await mx.give({ type: "oxxo" });
    await played(house.sandbox.control.payVoucher(gift.payment));
    await house.settle();
    const before = await mx.books();
    const refund = refundShape.parse((await mx.refund(gift.id)).body);
    const made = { kind: "secret", mode: "test", label: "second", scopes: ["approvals:decide"] } as const;
    const second = await createApiKey(house.app.deps.db, church.churchId, made, house.clock.now());
    const id = await request(house, church, { kind: "manual_payout", refund: refund.id, payee });
    expect(await decide(house, { ...church, key: second.text.reveal() }, id, "approve")).toMatchObject({
      status: 200,
    });
    await house.pass(days(2));
    expect(await house.ask(church, "POST", `/v1/approvals/${id}/paid`, paidBody)).toMatchObject({
      status: 200,
    });
    expect(await mx.read(gift.id)).toMatchObject({ refunded_amount: 50_000 });
    expect(await mx.books()).toEqual({ ...before, "1010": -50_000, "4900": 50_000 });
    expect(await mx.refund(gift.id)).toMatchObject({ status: 422 });
    house.clock.set("2026-11-20T15:00:00Z");
  });

  test("the payee is sealed, and told only in full to who may see requests", async () => {
    const { bank, gift } = await paid();
    const refund = await refunded(bank, gift);
    const id = await request(house, bank.ana, { kind: "manual_payout", refund: refund.id, payee });
    const [row] = await house.database
      .superuser`select p::text as row from approvals p order by requested_at desc limit 1`;
    expect(row?.row).not.toMatch(/Ana Pérez|646180157/);
    const list = await house.ask(bank.luis, "GET", "/v1/approvals");
    expect(JSON.stringify(list.body)).not.toContain("646180157");
    expect(await house.ask(bank.luis, "GET", `/v1/approvals/${id}`)).toMatchObject({
      body: { payee: { name: "Ana Pérez" } },
    });
  });
});
