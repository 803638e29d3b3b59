import { doCedulaDocument } from "./checks/do-cedula.ts";
import { doRncDocument } from "./checks/do-rnc.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { email, name, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { card } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";
import { paypalInDollars } from "./methods/wallets.ts";

/** The Dominican Republic, whose code `do` is a word of the language. Cards come across the border, PayPal in dollars (facts: methods §11). */
export const dominicanRepublic = defineCountry({
  code: "do",
  name: text("República Dominicana", "Dominican Republic", "República Dominicana"),
  currency: "DOP",
  timeZone: "America/Santo_Domingo",
  locales: ["es-DO", "en-US"],
  methods: [card(["stripe"], [email, name, taxId]), paypalInDollars, ...everywhere],
  donorDocuments: [doCedulaDocument, doRncDocument],
  entityDocument: doRncDocument,
  suggestedAmounts: [30_000n, 50_000n, 100_000n, 250_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un comprobante fiscal (NCF) de la DGII",
      "a DGII tax document (NCF)",
      "um comprovante fiscal (NCF) da DGII",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.do,
});
