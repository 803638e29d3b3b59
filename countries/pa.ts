import { paCedulaDocument } from "./checks/pa-cedula.ts";
import { paRucDocument } from "./checks/pa-ruc.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { inDollars } from "./methods/everywhere.ts";

/** Panama. The balboa is the dollar, and gateways charge in dollars (facts: methods §2). Deductible gifts need the church on the DGI's list (facts: tax). */
export const pa = defineCountry({
  code: "pa",
  name: text("Panamá", "Panama", "Panamá"),
  currency: "USD",
  timeZone: "America/Panama",
  locales: ["es-PA", "en-US"],
  methods: inDollars,
  donorDocuments: [paCedulaDocument, paRucDocument],
  entityDocument: paRucDocument,
  suggestedAmounts: [500n, 1_000n, 2_500n, 5_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un recibo de donación deducible ante la DGI",
      "a receipt of a gift deductible before the DGI",
      "um recibo de doação dedutível perante a DGI",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.pa,
});
