import { gtDpiDocument } from "./checks/gt-dpi.ts";
import { gtNitDocument } from "./checks/gt-nit.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { email, name, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { card } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { paypalInDollars } from "./methods/wallets.ts";

/** Guatemala. Cards come across the border, PayPal in dollars (facts: methods §11). The deductible receipt is a FEL document of type RDON (facts: tax). */
export const gt = defineCountry({
  code: "gt",
  name: text("Guatemala", "Guatemala", "Guatemala"),
  currency: "GTQ",
  timeZone: "America/Guatemala",
  locales: ["es-GT", "en-US"],
  methods: [card(["stripe"], [email, name, taxId]), paypalInDollars, ...everywhere],
  donorDocuments: [gtDpiDocument, gtNitDocument],
  entityDocument: gtNitDocument,
  suggestedAmounts: [5_000n, 10_000n, 20_000n, 50_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un recibo por donación FEL de la SAT",
      "a FEL donation receipt of the SAT",
      "um recibo de doação FEL da SAT",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.gt,
});
