import { deSteuernummerDocument } from "./checks/de-steuernummer.ts";
import { acknowledgmentUnlike, defineCountry, donativo, text } from "./define.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { sepaDebit, sepaTransfer } from "./methods/banks.ts";
import { card, link, phoneWallets } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { paypal } from "./methods/wallets.ts";

/**
 * Germany. We do not speak German yet: pages are in English, with German numbers and dates. The Zuwendungsbestätigung has
 * an official wording that treasurers must not touch: another document (facts: tax).
 */
export const de = defineCountry({
  code: "de",
  name: text("Alemania", "Germany", "Alemanha"),
  currency: "EUR",
  timeZone: "Europe/Berlin",
  locales: ["en-DE", "es-ES", "pt-PT"],
  methods: [
    card(["stripe", "paypal"]),
    ...phoneWallets(),
    sepaDebit,
    sepaTransfer,
    paypal,
    link,
    ...everywhere,
  ],
  donorDocuments: [],
  entityDocument: deSteuernummerDocument,
  suggestedAmounts: [1_000n, 2_500n, 5_000n, 10_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "una Zuwendungsbestätigung (certificado de donación alemán)",
      "a Zuwendungsbestätigung (German donation receipt)",
      "uma Zuwendungsbestätigung (recibo de doação alemão)",
    ),
  ),
  words: donativo,
  bankHolidays: bankHolidays.de,
});
