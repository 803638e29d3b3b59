import { ecCedulaDocument } from "./checks/ec-cedula.ts";
import { ecRucDocument } from "./checks/ec-ruc.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { inDollars } from "./methods/everywhere.ts";

/** Ecuador. Its money is the US dollar, which PayPal carries. Gifts to churches are not deductible in general (facts: tax). */
export const ec = defineCountry({
  code: "ec",
  name: text("Ecuador", "Ecuador", "Equador"),
  currency: "USD",
  timeZone: "America/Guayaquil",
  locales: ["es-EC", "en-US"],
  methods: inDollars,
  donorDocuments: [ecCedulaDocument, ecRucDocument],
  entityDocument: ecRucDocument,
  suggestedAmounts: [500n, 1_000n, 2_000n, 5_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un comprobante de venta autorizado por el SRI",
      "a document authorised by the SRI",
      "um documento autorizado pelo SRI",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.ec,
});
