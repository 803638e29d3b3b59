import { beforeAll, describe, expect, test } from "vitest";
import { days } from "../../src/kernel/clock.ts";
import { bankChurch, linesOf, referenceOf, resultsOf, table, upload } from "../support/bank-house.ts";
import { type House, openHouse } from "../support/house.ts";

let house: House;
beforeAll(async () => {
  house = await openHouse();
});

const spei = { type: "spei" } as const;
const wire = { type: "wire" } as const;

describe("a transfer to the church's own account", () => {
  test("is announced with where to send and what to quote, and captured when the statement shows it", async () => {
    const bank = await bankChurch(house);
    const gift = await bank.giver.give(spei);
    expect(gift).toMatchObject({
      status: "requires_action",
      next_action: {
        type: "display_bank_transfer",
        clabe: "032180000118359719",
        bank: "Banco de Ejemplo",
        beneficiary: "Iglesia Luz A.R.",
        amount: { amount: 50_000, currency: "MXN" },
      },
    });
    expect(await bank.giver.books()).toEqual({});
    const file = table({ amount: "500.00", said: `SPEI RECIBIDO ref ${referenceOf(gift)} ofrenda` });
    expect(resultsOf(await upload(house, bank.ana, bank.accountId, file))).toEqual({
      matched: 1,
      already: 0,
    });
    expect(await bank.giver.read(gift.id)).toMatchObject({
      status: "succeeded",
      next_action: { type: "none" },
    });
    expect(await bank.giver.books()).toEqual({ "1010": 50_000, "4100": -50_000 });
    expect(await bank.giver.history(gift)).toEqual(["submitted", "action_required", "captured"]);
    expect(await bank.giver.announced(gift.id)).toEqual(["created", "requires_action", "succeeded"]);
  });

  test("is known by its creditor reference in lower case, in groups, and broken over two lines", async () => {
    const bank = await bankChurch(house);
    const gift = await bank.giver.give(wire);
    const reference = referenceOf(gift);
    expect(reference).toMatch(/^RF/);
    const spelled = reference.toLowerCase().replace(/(.{4})/g, "$1 ");
    const mt940 = [
      ":20:X",
      ":25:00011835971",
      ":28C:1",
      ":60F:C261119MXN0,",
      ":61:2611201120C500,NTRFNONREF//B1",
      `:86:WIRE FROM ABROAD ${spelled.slice(0, 9)}`,
      `${spelled.slice(9)} THANK YOU`,
      ":62F:C261120MXN500,",
      "-",
    ].join("\r\n");
    const reply = await upload(house, bank.ana, bank.accountId, mt940, "text/plain");
    expect(resultsOf(reply)).toEqual({ matched: 1, already: 0 });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "succeeded" });
  });

  test("that comes after its time was over is a late settlement, not a loss", async () => {
    const bank = await bankChurch(house);
    const gift = await bank.giver.give(spei);
    await house.pass(days(9));
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "expired" });
    const file = table({ amount: "500.00", said: referenceOf(gift), on: "2026-11-28" });
    expect(resultsOf(await upload(house, bank.ana, bank.accountId, file))).toMatchObject({ matched: 1 });
    expect(await bank.giver.read(gift.id)).toMatchObject({ status: "succeeded" });
    house.clock.set("2026-11-20T15:00:00Z");
  });

  test("can be canceled, and money that comes all the same is still the gift", async () => {
    const bank = await bankChurch(house);
    const gift = await bank.giver.give(spei);
    expect(await house.ask(bank.ana, "POST", `/v1/donations/${gift.id}/cancel`)).toMatchObject({
      body: { status: "canceled" },
    });
    const file = table({ amount: "500.00", said: referenceOf(gift) });
    expect(resultsOf(await upload(house, bank.ana, bank.accountId, file))).toMatchObject({ matched: 1 });
  });

  test("is not asked about over and over: until it is over nothing is announced again", async () => {
    const bank = await bankChurch(house);
    const gift = await bank.giver.give(spei);
    await house.ask(bank.ana, "GET", `/v1/donations/${gift.id}`);
    await house.pass(days(3));
    expect(await bank.giver.announced(gift.id)).toEqual(["created", "requires_action"]);
    house.clock.set("2026-11-20T15:00:00Z");
  });

  test("in a currency the account does not take is refused, with what would help", async () => {
    const bank = await bankChurch(house);
    const body = {
      amount: 5_000,
      currency: "JPY",
      country: "mx",
      payment_method: wire,
      donor: { name: "Ana", email: "ana@example.org" },
    };
    const reply = await house.ask(bank.ana, "POST", "/v1/donations", body);
    expect(reply.status).toBe(422);
  });

  test("sealed: neither the payer's name nor what was written stands in the clear", async () => {
    const bank = await bankChurch(house);
    await upload(house, bank.ana, bank.accountId, table({ amount: "12.00", said: "ofrenda de Marta" }));
    const rows = await house.database
      .superuser`select l::text as row from bank_lines l where details is not null`;
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) expect(row).not.toMatch(/Marta|Ana Pérez/);
    const [line] = await linesOf(house, bank.ana, "unmatched");
    expect(line).toMatchObject({ texts: ["ofrenda de Marta"], counterparty: { name: "Ana Pérez" } });
  });
});
