import { pyCedulaDocument } from "./checks/py-ci.ts";
import { pyRucDocument } from "./checks/py-ruc.ts";
import { acknowledgmentUnlike, defineCountry, ofrenda, text } from "./define.ts";
import { email, name, taxId } from "./fields.ts";
import { bankHolidays } from "./generated/bank-holidays.ts";
import { card } from "./methods/cards.ts";
import { everywhere } from "./methods/everywhere.ts";

/** Paraguay. Guaraníes have no decimals. Cards come across the border; Bancard's own rails need a contract (facts: methods §11). */
export const py = defineCountry({
  code: "py",
  name: text("Paraguay", "Paraguay", "Paraguai"),
  currency: "PYG",
  timeZone: "America/Asuncion",
  locales: ["es-PY", "en-US", "pt-BR"],
  methods: [
    card(["stripe"], [email, name, taxId]),

    ...everywhere,
  ],
  donorDocuments: [pyCedulaDocument, pyRucDocument],
  entityDocument: pyRucDocument,
  suggestedAmounts: [30_000n, 50_000n, 100_000n, 200_000n],
  acknowledgment: acknowledgmentUnlike(
    text(
      "un comprobante de donación para la DNIT",
      "a donation voucher for the DNIT",
      "um comprovante de doação para a DNIT",
    ),
  ),
  words: ofrenda,
  bankHolidays: bankHolidays.py,
});
