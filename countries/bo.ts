import { boCedulaDocument } from "./checks/bo-ci.ts";
import { boNitDocument } from "./checks/bo-nit.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { email, name, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { card } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";

/** Bolivia. Cards come across the border; QR Simple needs an agreement with a bank (facts: methods §11). */
export const bo = defineCountry({
  code: "bo",
  name: text("Bolivia", "Bolivia", "Bolívia"),
  currency: "BOB",
  timeZone: "America/La_Paz",
  locales: ["es-BO", "en-US"],
  methods: [
    card(["stripe"], [email, name, taxId]),

    ...everywhere,
  ],
  donorDocuments: [boCedulaDocument, boNitDocument],
  entityDocument: boNitDocument,
  suggestedAmounts: [2_000n, 5_000n, 10_000n, 20_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "una factura ni un comprobante tributario",
      "an invoice or a tax document",
      "uma nota fiscal nem um documento tributário",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.bo,
});
