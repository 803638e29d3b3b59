import { expect, test } from "vitest";
import type { DonorAction } from "../../src/gateway/payment.ts";
import { readAction, storedText } from "../../src/giving/stored-json.ts";
import { money } from "../../src/kernel/money.ts";

const expiresAt = new Date("2026-12-01T05:59:59.000Z");
const actions: { readonly [T in DonorAction["type"]]: readonly Extract<DonorAction, { type: T }>[] } = {
  redirect: [
    { type: "redirect", url: "https://bank.example/pay" },
    { type: "redirect", url: "https://bank.example/pay", expiresAt },
  ],
  display_voucher: [
    { type: "display_voucher", reference: "93000012345", expiresAt },
    {
      type: "display_voucher",
      reference: "110 757 890",
      payee: "11249",
      barcode: { format: "itf", text: "23794167700000050001234567890123456789012345" },
      url: "https://gateway.example/voucher.pdf",
      expiresAt,
    },
  ],
  display_qr: [
    { type: "display_qr", payload: "00020126…6304BB1E", url: "https://psp.example/qr", expiresAt },
  ],
  display_bank_transfer: [
    {
      type: "display_bank_transfer",
      account: { kind: "account", number: "000123456789" },
      route: { kind: "aba", number: "110000000" },
      bank: "Test Bank",
      beneficiary: "Grace Harbor",
      reference: "RF18539007547034",
      amountRemaining: money(12_550n, "USD"),
      expiresAt,
    },
  ],
  use_sdk: [{ type: "use_sdk", clientToken: "pi_1_secret_2", publishableKey: "pk_test_3" }],
};

test.each(Object.values(actions).flat())("what a donor must do survives the database: $type", (action) => {
  expect(readAction(JSON.parse(storedText(action) ?? "null"))).toEqual(action);
});
