import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { transferQr } from "../../src/gateway/transfer-qr.ts";
import { nextAction, nextActionSchema } from "../../src/giving/donation-json.ts";
import { epcCode } from "../../src/kernel/bank-numbers/epc-code.ts";
import { money } from "../../src/kernel/money.ts";

const transfer = {
  iban: "DE89 3704 0044 0532 0130 00",
  beneficiary: "Gemeinde Köln e.V.",
  amount: money(5_000n, "EUR"),
  reference: "RF18539007547034",
};

describe("the code of a transfer in euros (EPC069-12)", () => {
  test("is the guidelines' lines, with a creditor reference in its own place", () => {
    expect(epcCode(transfer)).toBe(
      "BCD\n002\n1\nSCT\n\nGemeinde Köln e.V.\nDE89370400440532013000\nEUR50.00\n\nRF18539007547034",
    );
  });

  test("has the bank's BIC where there is one, and any other reference as the donor's words", () => {
    const text = epcCode({ ...transfer, bic: "COBADEFFXXX", reference: "Juli 7" });
    expect(text?.split("\n").slice(4)).toEqual([
      "COBADEFFXXX",
      "Gemeinde Köln e.V.",
      "DE89370400440532013000",
      "EUR50.00",
      "",
      "",
      "Juli 7",
    ]);
    expect(epcCode({ ...transfer, reference: "rf18 5390 0754 7034" })).toBe(epcCode(transfer));
    expect(epcCode({ ...transfer, reference: undefined })?.endsWith("\nEUR50.00")).toBe(true);
  });

  test.each([
    ["an account overseas", { iban: "CR05015202001026284066" }],
    ["another currency", { amount: money(5_000n, "USD") }],
    ["nothing", { amount: money(0n, "EUR") }],
    ["more than a transfer may carry", { amount: money(100_000_000_000n, "EUR") }],
    ["a church without a name", { beneficiary: " \n" }],
    ["words that do not fit", { reference: "x".repeat(300) }],
  ])("%s has none", (_, change) => {
    expect(epcCode({ ...transfer, ...change })).toBeUndefined();
  });

  test("no name and no reference can begin an element of their own, or pass the length a code may have", () => {
    const words = fc.string({ unit: "grapheme", maxLength: 200 });
    fc.assert(
      fc.property(words, words, (beneficiary, reference) => {
        const text = epcCode({ ...transfer, beneficiary, reference });
        if (text === undefined) return;
        const lines = text.split(/[\n\r\u2028\u2029]/u);
        expect(lines.length).toBeLessThanOrEqual(11);
        expect(lines.slice(6, 8)).toEqual(["DE89370400440532013000", "EUR50.00"]);
        expect([...(lines[5] ?? "")].length).toBeLessThanOrEqual(70);
        expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(331);
      }),
    );
  });

  test("stands in the donation's next action, as text and as a picture", () => {
    const action = {
      type: "display_bank_transfer",
      account: { kind: "iban", number: "ES9121000418450200051332" },
      bank: "CaixaBank",
      beneficiary: "Iglesia Luz",
      amountRemaining: money(1_250n, "EUR"),
    } as const;
    const told = nextActionSchema.parse(nextAction(action, "transfer"));
    expect(told).toMatchObject({ qr_payload: transferQr(action), image_svg: expect.stringMatching(/^<svg/) });
    const elsewhere = nextAction({ ...action, amountRemaining: money(1_250n, "USD") }, "transfer");
    expect(elsewhere).not.toHaveProperty("qr_payload");
  });

  test("is made of what is still to be sent, and only for an IBAN", () => {
    const action = {
      type: "display_bank_transfer",
      account: { kind: "iban", number: "ES9121000418450200051332" },
      route: { kind: "bic", number: "CAIXESBBXXX" },
      bank: "CaixaBank",
      beneficiary: "Iglesia Luz",
      reference: "RF18539007547034",
      amountRemaining: money(1_250n, "EUR"),
    } as const;
    expect(transferQr(action)).toContain("CAIXESBBXXX\nIglesia Luz\nES9121000418450200051332\nEUR12.50");
    expect(transferQr({ ...action, account: { kind: "account", number: "123456" } })).toBeUndefined();
    expect(transferQr({ ...action, route: { kind: "sort_code", number: "123456" } })).toContain("SCT\n\n");
  });
});
