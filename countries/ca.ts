import { caBusinessNumberDocument } from "./checks/ca-bn.ts";
import { acknowledgmentUnlike, defineCountry, donativo, text } from "./define.ts";
import { email, nameForTaxes } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { debit } from "./methods/banks.ts";
import { card, link, phoneWallets } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { paypal } from "./methods/wallets.ts";

const personal = [email, nameForTaxes];

/**
 * Canada. Social insurance numbers are never asked (facts: methods §2). An official receipt has fields and a
 * serial number set by law, and what is not one should say so (facts: tax). We do not speak French yet.
 */
export const ca = defineCountry({
  code: "ca",
  name: text("Canadá", "Canada", "Canadá"),
  currency: "CAD",
  timeZone: "America/Toronto",
  locales: ["en-CA", "es-US", "pt-BR"],
  methods: [
    card(["stripe", "paypal"], personal),
    ...phoneWallets(personal),
    link,
    debit({
      type: "acss_debit",
      label: text("Débito preautorizado (PAD)", "Pre-authorized debit (PAD)", "Débito pré-autorizado (PAD)"),
      hint: text(
        "Se carga a tu cuenta de banco; tarda hasta cinco días hábiles.",
        "Taken from your bank account; it takes up to five business days.",
        "É debitado da sua conta; demora até cinco dias úteis.",
      ),
      gateways: ["stripe"],
    }),
    paypal,
    ...everywhere,
  ],
  donorDocuments: [],
  entityDocument: caBusinessNumberDocument,
  suggestedAmounts: [2_500n, 5_000n, 10_000n, 25_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un recibo oficial para el impuesto sobre la renta",
      "an official receipt for income tax purposes",
      "um recibo oficial para o imposto de renda",
    ),
  ),
  words: donativo,
  bankHolidays: bankHolidays.ca,
});
